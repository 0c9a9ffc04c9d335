#!/bin/sh
# A negative upper bound in an MPS file: CBC drops the lower bound of zero, HiGHS finds no answer.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 pulp==3.3.2
export PYTHONPATH="$folder"

cat > "$folder/upper.mps" <<'END'
NAME          UPPER
ROWS
 N  COST
 G  NEED
COLUMNS
    STOCK     COST            1.0   NEED            1.0
RHS
    RHS       NEED           -9.0
BOUNDS
 UP BND       STOCK          -2.0
ENDATA
END
seen=$(python3 - "$folder/upper.mps" <<'END'
import pathlib
import subprocess
import sys

import highspy
import pulp

highs = highspy.Highs()
highs.setOptionValue("output_flag", False)
highs.readModel(sys.argv[1])
highs.run()
print("HiGHS", highs.modelStatusToString(highs.getModelStatus()), end=", ")
answer = pathlib.Path(sys.argv[1] + ".answer")
subprocess.run(
    [pulp.PULP_CBC_CMD().path, sys.argv[1], "solve", "solution", str(answer)],
    check=True,
    stdout=subprocess.DEVNULL,
)
print("CBC", answer.read_text().splitlines()[0])
END
)
# HiGHS greets on the standard output.
seen=$(printf '%s\n' "$seen" | grep '^HiGHS')
echo "Version:  highspy 1.16.0, pulp 3.3.2 with its CBC 2.10.3"
echo "Expected: infeasible from both, or -9 from both"
echo "Seen:     $seen"
[ "$seen" = "HiGHS Infeasible, CBC Optimal - objective value -9.00000000" ] ||
    { echo "Changed."; exit 1; }
