#!/bin/sh
# mt-940: a structured note erases the payment's own reference and puts the account into the name.
#
# Line 61 says REF-1. In the note that German banks write, 30 and 31 are the payer's bank and
# account, 32 and 33 the name; it has no reference (KREF+) of its own.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" mt-940==5.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import io

import mt940

statement = """:20:STMT1
:25:10010010/0001234567
:28C:1/1
:60F:C260101EUR1000,00
:61:2601020102D100,00NTRFREF-1//BANK1
:86:%s
:62F:C260103EUR900,00
-
"""
for note in ("Seeds", "166?00TRANSFER?20SVWZ+Seeds?30BANKDEFF?31DE02120300000000202051?32Caja?33 Verde"):
    (payment,) = mt940.parse(io.StringIO(statement % note))
    print(payment.data["customer_reference"], payment.data.get("applicant_name"), end="; ")
END
)
echo "Version:  mt-940 5.1.1 (Python)"
echo "Expected: REF-1 None; REF-1 Caja Verde; "
echo "Seen:     $seen"
[ "$seen" = "REF-1 None; None DE02120300000000202051Caja Verde; " ] || { echo "Changed."; exit 1; }
