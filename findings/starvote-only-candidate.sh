#!/bin/sh
# A STAR election with one candidate is won by the first letter of the name.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" starvote==2.1.6
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import starvote

print(starvote.star_voting([{"Ana": 5}, {"Ana": 3}]))
END
)
echo "Version:  starvote 2.1.6 (Python)"
echo "Expected: ['Ana'], the only candidate of the two ballots"
echo "Seen:     $seen"
[ "$seen" = "['A']" ] || { echo "Changed."; exit 1; }
