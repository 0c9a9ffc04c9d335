#!/bin/sh
# Two libraries for Sainte-Laguë settle an exact tie of quotients by "round half to even".
#
# Two seats, 100 and 300 votes: the second seat is due to 100/1 as much as to 300/3. A third
# library says so; these two give it to the larger party and mention nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" \
    apportionpy==0.3.1 biprop==1.0.4 apportionment==1.0 numpy==2.4.6 pandas==3.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import apportionment.methods
import biprop
from apportionpy.apportionment import Apportion

print("apportionpy", Apportion(2, [100, 300], "webster").fair_shares, end=", ")
regional = biprop.Election([[100], [300]])
print("biprop", regional.upper_apportionment(total_seats=2, which="parties").tolist(), end=", ")
try:
    third = apportionment.methods.compute(
        "saintelague", [100, 300], 2, tiesallowed=False, verbose=False
    )
except apportionment.methods.TiesException:
    third = "a tie"
print("apportionment", third)
END
)
echo "Version:  apportionpy 0.3.1, biprop 1.0.4, apportionment 1.0 (Python)"
echo "Expected: a tie from each"
echo "Seen:     $seen"
[ "$seen" = "apportionpy [0, 2], biprop [0, 2], apportionment a tie" ] ||
    { echo "Changed."; exit 1; }
