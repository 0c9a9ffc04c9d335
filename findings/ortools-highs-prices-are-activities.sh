#!/bin/sh
# OR-Tools on HiGHS: dual_value() returns what a row uses, not what one more unit of it is worth.
#
# The textbook program: 3 doors + 5 windows, rows of 4, 12 and 18 hours. GLOP knows the prices.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" ortools==9.15.6755
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from ortools.linear_solver import pywraplp

for name in ("GLOP", "HIGHS_LP"):
    solver = pywraplp.Solver.CreateSolver(name)
    doors, windows = solver.NumVar(0, 100, "doors"), solver.NumVar(0, 100, "windows")
    rows = [
        solver.Add(doors <= 4),
        solver.Add(2 * windows <= 12),
        solver.Add(3 * doors + 2 * windows <= 18),
    ]
    solver.Maximize(3 * doors + 5 * windows)
    solver.Solve()
    print("#", name, " ".join(f"{abs(row.dual_value()):.1f}" for row in rows))
END
)
seen=$(printf '%s\n' "$seen" | sed -n 's/^# //p' | tr '\n' ';')
echo "Version:  ortools 9.15.6755 (Python, pywraplp)"
echo "Expected: prices GLOP 0.0 1.5 1.0;HIGHS_LP 0.0 1.5 1.0;"
echo "Seen:     $seen"
[ "$seen" = "GLOP 0.0 1.5 1.0;HIGHS_LP 2.0 12.0 18.0;" ] || { echo "Changed."; exit 1; }
