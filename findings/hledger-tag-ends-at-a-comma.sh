#!/bin/sh
# A tag's value with a comma: ledger keeps it whole, hledger ends it at the comma.
#
# Needs Debian 12, from which it takes ledger and hledger without installing them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(
    cd "$folder"
    apt-get -qq download ledger=3.3.0-3 hledger=1.25-2+b5 libboost-filesystem1.74.0 \
        libboost-iostreams1.74.0 libboost-python1.74.0 libboost-regex1.74.0 libicu72 libgmp10 \
        libmpfr6 libpython3.11 libffi8
    for package in *.deb; do dpkg -x "$package" .; done
)
LD_LIBRARY_PATH=$(echo "$folder"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
ledger() { "$folder/usr/bin/ledger" --args-only -f "$folder/book.journal" "$@"; }
hledger() { "$folder/usr/bin/hledger" -f "$folder/book.journal" "$@"; }

cat > "$folder/book.journal" <<'END'
2026/01/02 seeds
    ; from: Ana Mora, treasurer
    cash      1 EUR
    sales
END
seen="ledger: $(ledger register cash --format '%(tag("from"))\n'), \
hledger: $(hledger tags --values from)"
echo "Version:  ledger 3.3.0, hledger 1.25 (Debian 12)"
echo "Expected: Ana Mora, treasurer from both"
echo "Seen:     $seen"
[ "$seen" = "ledger: Ana Mora, treasurer, hledger: Ana Mora" ] || { echo "Changed."; exit 1; }
