#!/bin/sh
# Babel writes 1.234,5 in Spanish where CLDR, its own source of data, asks for 1234,5.
#
# CLDR's minimumGroupingDigits of 2 means that four digits are not grouped and five are. The page in
# a member's browser follows it, so page and letter differ.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" babel==2.19.0
export PYTHONPATH="$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" cldr-numbers-full@48.0.0

seen=$(python3 - "$folder/node_modules/cldr-numbers-full/main" <<'END'
import json
import pathlib
import sys

from babel.numbers import format_decimal

for language in ("es", "es-VE"):
    data = json.loads((pathlib.Path(sys.argv[1]) / language / "numbers.json").read_text())
    least = data["main"][language]["numbers"]["minimumGroupingDigits"]
    written = [format_decimal(n, locale=language.replace("-", "_")) for n in (1234, 12345)]
    print(language, least, *written, end="; ")
END
)
echo "Version:  babel 2.19.0 (Python), cldr-numbers-full 48.0.0 (npm)"
echo "Expected: es 2 1234 12.345; es-VE 1 1.234 12.345; "
echo "Seen:     $seen"
[ "$seen" = "es 2 1.234 12.345; es-VE 1 1.234 12.345; " ] ||
    { echo "Changed."; exit 1; }
