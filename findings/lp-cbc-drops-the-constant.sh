#!/bin/sh
# CBC reads an LP file's objective "2 x + 5" as "2 x" and says nothing; HiGHS keeps the 5.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" highspy==1.16.0 pulp==3.3.2
export PYTHONPATH="$folder"

cat > "$folder/constant.lp" <<'END'
Minimize
 cost: 2 bread + 5
Subject To
 need: bread >= 1
End
END
seen=$(python3 - "$folder/constant.lp" <<'END'
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
run = subprocess.run(
    [pulp.PULP_CBC_CMD().path, sys.argv[1], "solve", "solution", str(answer)],
    check=True,
    capture_output=True,
    text=True,
)
print("CBC", answer.read_text().splitlines()[0], end=", ")
print("warnings", sum("warn" in line.lower() for line in run.stdout.splitlines()))
END
)
# HiGHS greets on the standard output.
seen=$(printf '%s\n' "$seen" | grep '^HiGHS')
echo "Version:  highspy 1.16.0, pulp 3.3.2 with its CBC 2.10.3"
echo "Expected: 7 from both, or a refusal"
echo "Seen:     $seen"
[ "$seen" = "HiGHS 7, CBC Optimal - objective value 2.00000000, warnings 0" ] ||
    { echo "Changed."; exit 1; }
