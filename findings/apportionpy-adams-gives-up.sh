#!/bin/sh
# apportionpy looks for Adams' divisor only up to three times the mean, and then gives up.
#
# Four seats for four regions: Adams gives each its first seat before any second, whatever the
# populations. One region of 90 in 100 needs a divisor of 90, the mean is 25.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" apportionpy==0.3.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from apportionpy.apportionment import Apportion

for populations in ([70, 15, 10, 5], [90, 5, 3, 2]):
    try:
        print(Apportion(4, populations, "adam").fair_shares, end="; ")
    except Exception as refusal:
        print(refusal, end="; ")
END
)
echo "Version:  apportionpy 0.3.1 (Python)"
echo "Expected: [1, 1, 1, 1]; [1, 1, 1, 1]; "
echo "Seen:     $seen"
[ "$seen" = "[1, 1, 1, 1]; Incalculable values.; " ] || { echo "Changed."; exit 1; }
