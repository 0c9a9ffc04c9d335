#!/bin/sh
# rlacalc: the switch "Round up 1-vote differences" turns that rounding off.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" rlacalc==0.4.0
export PYTHONPATH="$folder"

# The number of ballots to draw stands in "KM_exp_rnd  = 267 for margin …".
draw() { "$folder/bin/rlacalc" -m 2 "$@" | sed -n 's/^KM_exp_rnd *= \([0-9]*\) .*/\1/p'; }
seen="plain $(draw), --roundUp1 $(draw --roundUp1), --roundUp2 $(draw --roundUp2)"
echo "Version:  rlacalc 0.4.0 (Python)"
echo "Expected: ballots to draw at a margin of 2 %: more with either switch than without"
echo "Seen:     $seen"
[ "$seen" = "plain 267, --roundUp1 240, --roundUp2 538" ] || { echo "Changed."; exit 1; }
