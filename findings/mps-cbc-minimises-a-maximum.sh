#!/bin/sh
# CBC passes over the section OBJSENSE of an MPS file and minimises what is to be maximised.
#
# HiGHS maximises. Neither refuses the file, and CBC calls its answer optimal.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 pulp==3.3.2
export PYTHONPATH="$folder"

cat > "$folder/sense.mps" <<'END'
NAME          SENSE
OBJSENSE
    MAX
ROWS
 N  WORTH
 L  LAND
COLUMNS
    MAIZE     WORTH           2.0   LAND            1.0
RHS
    RHS       LAND            4.0
ENDATA
END
seen=$(python3 - "$folder/sense.mps" <<'END'
import pathlib
import subprocess
import sys

import highspy
import pulp

highs = highspy.Highs()
highs.setOptionValue("output_flag", False)
highs.readModel(sys.argv[1])
highs.run()
print(f"HiGHS {highs.getInfo().objective_function_value:g}", end=", ")
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
echo "Expected: 8 from both"
echo "Seen:     $seen"
[ "$seen" = "HiGHS 8, CBC Optimal - objective value 0.00000000" ] || { echo "Changed."; exit 1; }
