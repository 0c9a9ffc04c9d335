#!/bin/sh
# pyrcv, two elected in one round: the first one's surplus goes to the second and never leaves.
#
# Three seats, 100 ballots, quota 26. A (50) and B (35) are elected together. The second preference
# of A's ballots is B, the third C. Every transfer value that STV knows passes A's 24 on to C, who
# has 8, so C reaches the quota. pyrcv leaves 43.8 votes with B and elects D on 16.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pyrcv==1.2.6
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from pyrcv.pyrcv import run_rcv
from pyrcv.types import RaceData, RaceMetadata

names = ["A", "B", "C", "D"]
race = RaceData(
    RaceMetadata("council", 3, names), [[1, 2, 3], [2, 1, 4], [3], [4]], [50, 35, 8, 7]
)
rounds = run_rcv(race).rounds
elected = sorted(names[int(who) - 1] for a_round in rounds for who in a_round.elected)
print(f"elected {' '.join(elected)}; B keeps {rounds[-1].count[2]:.1f} of a quota of 26")
END
)
echo "Version:  pyrcv 1.2.6 (Python)"
echo "Expected: elected A B C; B keeps 26.0 of a quota of 26"
echo "Seen:     $seen"
[ "$seen" = "elected A B D; B keeps 43.8 of a quota of 26" ] || { echo "Changed."; exit 1; }
