#!/bin/sh
# rlacalc: an audit cannot have found more differences than it drew ballots, and still says so.
#
# nmin() never goes below the number of differences already found. It adds the understatements by
# one vote twice and those by two votes not at all.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" rlacalc==0.4.0
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from rlacalc import nmin

print(f"by one vote {nmin(margin=0.5, u1=400)}, by two votes {nmin(margin=0.5, u2=400)}")
END
)
echo "Version:  rlacalc 0.4.0 (Python)"
echo "Expected: smallest sample with 400 understatements: by one vote 400, by two votes 400"
echo "Seen:     $seen"
[ "$seen" = "by one vote 800, by two votes 0" ] || { echo "Changed."; exit 1; }
