#!/bin/sh
# num2words: 2.50 in the money of Venezuela, Colombia or Costa Rica is "two and five cents".
#
# The Spanish of Spain and the Portuguese of Brazil say fifty.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" num2words==0.5.14
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from num2words import num2words

for language in ("es", "pt_BR", "es_VE", "es_CO", "es_CR"):
    print(language, num2words(2.50, lang=language, to="currency"))
END
)
echo "Version:  num2words 0.5.14 (Python)"
echo "Expected: fifty cents (cincuenta, cinquenta) in each"
echo "Seen:"
echo "$seen"
[ "$seen" = "es dos euros con cincuenta céntimos
pt_BR dois reais e cinquenta centavos
es_VE dos bolívares fuertes y cinco centavos
es_CO dos pesos y cinco centavos
es_CR dos colónes y cinco céntimos" ] || { echo "Changed."; exit 1; }
