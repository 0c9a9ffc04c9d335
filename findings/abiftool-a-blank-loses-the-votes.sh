#!/bin/sh
# abiftool: three votes vanish without a word where a blank stands before the colon.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" abiftool==0.34.0
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from abiflib import convert_abif_to_jabmod

for votes in ("3:Ana>Beto\n1:Beto>Ana\n", "3: Ana > Beto\n1:Beto>Ana\n", "3 :Ana>Beto\n1:Beto>Ana\n"):
    print(convert_abif_to_jabmod(votes)["metadata"]["ballotcount"], end=" ")
END
)
echo "Version:  abiftool 0.34.0 (Python)"
echo "Expected: 4 4 4, or a refusal"
echo "Seen:     $seen"
[ "$seen" = "4 4 1 " ] || { echo "Changed."; exit 1; }
