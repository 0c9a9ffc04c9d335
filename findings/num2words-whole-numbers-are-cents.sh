#!/bin/sh
# num2words: the whole number 300 is three euros in Spanish and three hundred reais in Portuguese.
#
# In Spanish a whole number is taken for cents and 300.0 for units; Portuguese, and Spanish as in
# Colombia, take it for units.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" num2words==0.5.14
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from num2words import num2words

for language in ("es", "es_CO", "pt_BR"):
    print(language, num2words(300, lang=language, to="currency"))
END
)
echo "Version:  num2words 0.5.14 (Python)"
echo "Expected: one meaning of 300 in all three"
echo "Seen:"
echo "$seen"
[ "$seen" = "es tres euros con cero céntimos
es_CO trescientos pesos
pt_BR trezentos reais" ] || { echo "Changed."; exit 1; }
