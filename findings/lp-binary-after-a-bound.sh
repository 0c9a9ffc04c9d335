#!/bin/sh
# An LP file whose binary variable also stands under Bounds: HiGHS lets it reach 3, SCIP only 1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 pyscipopt==6.3.0
export PYTHONPATH="$folder"

cat > "$folder/binary.lp" <<'END'
Maximize
 worth: 3 well + path
Subject To
 days: well + path <= 4.5
Bounds
 well <= 3
Binary
 well
General
 path
End
END
seen=$(python3 - "$folder/binary.lp" <<'END'
import sys

import highspy
from pyscipopt import Model

highs = highspy.Highs()
highs.setOptionValue("output_flag", False)
highs.readModel(sys.argv[1])
highs.run()
wells = highs.getSolution().col_value[0]
print(f"HiGHS {highs.getInfo().objective_function_value:g} with {wells:g} wells", end=", ")
scip = Model()
scip.hideOutput()
scip.readProblem(sys.argv[1])
scip.optimize()
print(f"SCIP {scip.getObjVal():g} with {scip.getVal(scip.getVars()[0]):g}")
END
)
# HiGHS greets on the standard output.
seen=$(printf '%s\n' "$seen" | grep '^HiGHS')
echo "Version:  highspy 1.16.0, pyscipopt 6.3.0"
echo "Expected: the same from both: 6 with 1, for binary means 0 or 1"
echo "Seen:     $seen"
[ "$seen" = "HiGHS 10 with 3 wells, SCIP 6 with 1" ] || { echo "Changed."; exit 1; }
