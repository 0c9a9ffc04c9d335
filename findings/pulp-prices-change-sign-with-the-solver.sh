#!/bin/sh
# PuLP: the prices of one maximisation are positive from CBC and negative from HiGHS.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pulp==3.3.2 highspy==1.16.0
export PYTHONPATH="$folder"

seen=$(cd "$folder" && python3 - <<'END'
import pulp

for solver in (pulp.PULP_CBC_CMD(msg=False), pulp.HiGHS(msg=False)):
    problem = pulp.LpProblem("workshop", pulp.LpMaximize)
    doors, windows = pulp.LpVariable("doors", 0), pulp.LpVariable("windows", 0)
    problem += 3 * doors + 5 * windows
    problem += doors + windows <= 8, "wood"
    problem += 3 * doors + 2 * windows <= 18, "hours"
    problem.solve(solver)
    prices = " ".join(f"{row.pi + 0.0:.1f}" for row in problem.constraints.values())
    print("#", solver.name, prices)
END
)
seen=$(printf '%s\n' "$seen" | sed -n 's/^# //p' | tr '\n' ';')
echo "Version:  pulp 3.3.2 with its CBC 2.10.3, highspy 1.16.0"
echo "Expected: PULP_CBC_CMD 5.0 0.0;HiGHS 5.0 0.0; (another piece of wood adds 5)"
echo "Seen:     $seen"
[ "$seen" = "PULP_CBC_CMD 5.0 0.0;HiGHS -5.0 0.0;" ] || { echo "Changed."; exit 1; }
