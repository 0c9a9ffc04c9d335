#!/bin/sh
# pint: five "kilos" are five thousand seconds, and two "doz" are two tenths of an ounce.
#
# It takes any word apart into a prefix and a unit: kilo and s, d and oz, m and t.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pint==0.25.3
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import pint

units = pint.UnitRegistry()
for quantity in ("5 kilos", "2 doz", "3 mt"):
    print(units(quantity).units, end="; ")
END
)
echo "Version:  pint 0.25.3 (Python)"
echo "Expected: kilograms, a dozen, metric tons, or a refusal"
echo "Seen:     $seen"
[ "$seen" = "kilosecond; deciounce; millimetric_ton; " ] || { echo "Changed."; exit 1; }
