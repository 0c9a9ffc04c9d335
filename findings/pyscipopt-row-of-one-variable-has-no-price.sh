#!/bin/sh
# PySCIPOpt: a row that stops the plan has the price 0 where it holds one variable only.
#
# Presolving, heuristics and propagation are off, so that no row is taken away before. The rows
# "2 windows <= 12" and "2 windows + 0.000001 doors <= 12" allow all but the same.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pyscipopt==6.3.0
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from pyscipopt import SCIP_PARAMSETTING, Model

for share in (0, 0.000001):
    model = Model()
    model.hideOutput()
    model.setPresolve(SCIP_PARAMSETTING.OFF)
    model.setHeuristics(SCIP_PARAMSETTING.OFF)
    model.disablePropagation()
    doors, windows = model.addVar("doors"), model.addVar("windows")
    row = model.addCons(2 * windows + share * doors <= 12)
    model.addCons(3 * doors + 2 * windows <= 18)
    model.setObjective(3 * doors + 5 * windows, "maximize")
    model.optimize()
    print(f"{abs(model.getDualsolLinear(row)):.1f}", end=" ")
END
)
echo "Version:  pyscipopt 6.3.0"
echo "Expected: 1.5 1.5"
echo "Seen:     $seen"
[ "$seen" = "0.0 1.5 " ] || { echo "Changed."; exit 1; }
