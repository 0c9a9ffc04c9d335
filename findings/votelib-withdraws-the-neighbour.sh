#!/bin/sh
# votelib: a BLT file read and written again has somebody else withdrawn.
#
# The number written is twice the place counted from 0: right for the second of the list, another
# person for the third, and for the first a 0, which ends the ballots before they begin.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" votelib==0.4.0
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import votelib.io.blt as blt

council = '4 1\n-3\n2 1 2 0\n1 4 0\n0\n"Ana"\n"Beto"\n"Caro"\n"Dora"\n"Council"\n'
read = blt.loads(council)
again = blt.loads(blt.dumps(*read))
for election in (read, again):
    print(" ".join(person.name for person in election[2] if person.withdrawn), end="; ")
END
)
echo "Version:  votelib 0.4.0 (Python)"
echo "Expected: Caro; Caro; "
echo "Seen:     $seen"
[ "$seen" = "Caro; Dora; " ] || { echo "Changed."; exit 1; }
