#!/bin/sh
# An integer column of an MPS file that has only a lower bound: GLPK still keeps it at 1 or less.
#
# Between the markers INTORG and INTEND, a column without bounds is 0 or 1: all the readers tried
# keep to that. Once it has any bound of its own, HiGHS lets it grow without limit; GLPK does not.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 swiglpk==5.0.13
export PYTHONPATH="$folder"

cat > "$folder/lower.mps" <<'END'
NAME          LOWER
ROWS
 N  COST
 L  CART
COLUMNS
    MARK0000  'MARKER'                 'INTORG'
    SACKS     COST           -2.0   CART            1.0
    MARK0001  'MARKER'                 'INTEND'
RHS
    RHS       CART            4.0
BOUNDS
 LO BND       SACKS           1.0
ENDATA
END
seen=$(python3 - "$folder/lower.mps" <<'END'
import sys

import highspy
import swiglpk

highs = highspy.Highs()
highs.setOptionValue("output_flag", False)
highs.readModel(sys.argv[1])
highs.run()
print(f"HiGHS {highs.getSolution().col_value[0]:g} sacks", end=", ")
swiglpk.glp_term_out(swiglpk.GLP_OFF)
glpk = swiglpk.glp_create_prob()
swiglpk.glp_read_mps(glpk, swiglpk.GLP_MPS_FILE, None, sys.argv[1])
swiglpk.glp_simplex(glpk, None)
swiglpk.glp_intopt(glpk, None)
print(f"GLPK {swiglpk.glp_mip_col_val(glpk, 1):g}")
END
)
# HiGHS greets on the standard output.
seen=$(printf '%s\n' "$seen" | grep '^HiGHS')
echo "Version:  highspy 1.16.0, swiglpk 5.0.13 (GLPK 5.0)"
echo "Expected: 4 sacks from both"
echo "Seen:     $seen"
[ "$seen" = "HiGHS 4 sacks, GLPK 1" ] || { echo "Changed."; exit 1; }
