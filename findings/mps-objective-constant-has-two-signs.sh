#!/bin/sh
# An MPS file's constant of the objective is subtracted by HiGHS and added by GLPK.
#
# Both read the same row, "RHS COST -5", without a warning and call their answer optimal.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 swiglpk==5.0.13
export PYTHONPATH="$folder"

cat > "$folder/constant.mps" <<'END'
NAME          CONSTANT
ROWS
 N  COST
 G  NEED
COLUMNS
    BREAD     COST            2.0   NEED            1.0
RHS
    RHS       COST           -5.0   NEED            1.0
ENDATA
END
seen=$(python3 - "$folder/constant.mps" <<'END'
import sys

import highspy
import swiglpk

highs = highspy.Highs()
highs.setOptionValue("output_flag", False)
highs.readModel(sys.argv[1])
highs.run()
print(f"HiGHS {highs.getInfo().objective_function_value:g}", end=", ")
swiglpk.glp_term_out(swiglpk.GLP_OFF)
glpk = swiglpk.glp_create_prob()
swiglpk.glp_read_mps(glpk, swiglpk.GLP_MPS_FILE, None, sys.argv[1])
swiglpk.glp_simplex(glpk, None)
print(f"GLPK {swiglpk.glp_get_obj_val(glpk):g}")
END
)
# HiGHS greets on the standard output.
seen=$(printf '%s\n' "$seen" | grep '^HiGHS')
echo "Version:  highspy 1.16.0, swiglpk 5.0.13 (GLPK 5.0)"
echo "Expected: the same least cost from both"
echo "Seen:     $seen"
[ "$seen" = "HiGHS 7, GLPK -3" ] || { echo "Changed."; exit 1; }
