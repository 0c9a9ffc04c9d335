#!/bin/sh
# An MPS file with two sets of right-hand sides: HiGHS solves the first, OR-Tools the last.
#
# The format lets a file carry several sets, by name, of which one is solved. Neither says which.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 ortools==9.15.6755
export PYTHONPATH="$folder"

cat > "$folder/sets.mps" <<'END'
NAME          SETS
ROWS
 N  COST
 G  NEED
COLUMNS
    WATER     COST            1.0   NEED            1.0
RHS
    WET       NEED            4.0
    DRY       NEED            6.0
ENDATA
END
seen=$(python3 - "$folder/sets.mps" <<'END'
import sys

import highspy
from ortools.linear_solver.python import model_builder

highs = highspy.Highs()
highs.setOptionValue("output_flag", False)
highs.readModel(sys.argv[1])
highs.run()
print(f"HiGHS {highs.getInfo().objective_function_value:g}", end=", ")
model = model_builder.Model()
model.import_from_mps_file(sys.argv[1])
solver = model_builder.Solver("glop")
solver.solve(model)
print(f"OR-Tools {solver.objective_value:g}")
END
)
# HiGHS greets on the standard output.
seen=$(printf '%s\n' "$seen" | grep '^HiGHS')
echo "Version:  highspy 1.16.0, ortools 9.15.6755"
echo "Expected: the same set from both"
echo "Seen:     $seen"
[ "$seen" = "HiGHS 4, OR-Tools 6" ] || { echo "Changed."; exit 1; }
