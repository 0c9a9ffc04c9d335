#!/bin/sh
# pint: "12,5 kg" is 125 kilograms and "1 000 kg" is none.
#
# It drops the comma, and multiplies numbers that a blank parts: 1 times 000.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pint==0.25.3
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import pint

units = pint.UnitRegistry()
for weight in ("12.5 kg", "12,5 kg", "1 000 kg", "12 500 kg"):
    print(units(weight).to("kg").magnitude, end="; ")
END
)
echo "Version:  pint 0.25.3 (Python)"
echo "Expected: 12.5; 12.5; 1000; 12500; or a refusal"
echo "Seen:     $seen"
[ "$seen" = "12.5; 125; 0; 6000; " ] || { echo "Changed."; exit 1; }
