#!/bin/sh
# One journal, two totals: in ledger "1,000" is a thousand or one by what stands above it.
#
# Both dates and amounts are the same in the two journals; only the order of the entries differs.
# ledger reads 1,000 as a thousand until an amount such as 1,50 shows the mark of that money, and
# keeps what it read before. hledger reads a lone comma as the decimal mark, above and below.
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

first='2026/01/01 market
    cash      1,50 EUR
    sales
'
second='2026/01/02 market
    cash      1,000 EUR
    sales
'
seen=
for order in "$first
$second" "$second
$first"; do
    printf '%s' "$order" > "$folder/book.journal"
    in_ledger=$(ledger balance cash | awk '{ print $1 }')
    in_hledger=$(hledger balance -N cash | awk '{ print $1 }')
    seen="${seen}ledger $in_ledger hledger $in_hledger; "
done
echo "Version:  ledger 3.3.0, hledger 1.25 (Debian 12)"
echo "Expected: one total, whatever the order, or a refusal to guess"
echo "Seen:     $seen"
[ "$seen" = "ledger 2,500 hledger 2,500; ledger 1.001,50 hledger 2,500; " ] ||
    { echo "Changed."; exit 1; }
