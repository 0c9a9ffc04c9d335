#!/bin/sh
# pyrcv reads a form's ranks as 1, 2, 3 and reads gaps, but not both in one column.
#
# The description of the reader allows raw numbers as well as "1st", and a candidate left blank.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pyrcv==1.2.6 pandas==3.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import io

from pyrcv.transform import parse_google_form_csv

heading = "Mayor [Ana],Mayor [Beto],Mayor [Caro]\n"
for rows in ("1st,2nd,3rd\n2nd,,1st\n", "1,2,3\n2,1,\n", "1,2,3\n2,3,1\n"):
    try:
        print(parse_google_form_csv(io.StringIO(heading + rows))[0].ballots, end="; ")
    except ValueError as refusal:
        print(refusal, end="; ")
END
)
echo "Version:  pyrcv 1.2.6 (Python), pandas 3.1.1"
echo "Expected: ballots from 1st,2nd,3rd / 2nd,,1st as from 1,2,3 / 2,1, and from 1,2,3 / 2,3,1"
echo "Seen:     $seen"
[ "$seen" = "[[1, 2, 3], [3, 1, 0]]; Cannot use float for candidate index: 3.0; \
[[1, 2, 3], [3, 1, 2]]; " ] || { echo "Changed."; exit 1; }
