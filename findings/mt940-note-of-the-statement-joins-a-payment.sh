#!/bin/sh
# mt-940: the note after the closing balance becomes part of the last payment's text.
#
# In the format a ":86:" that follows ":62F:" is about the whole statement.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" mt-940==5.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import io

import mt940

statement = """:20:STMT1
:25:0102/0001234567
:28C:1/1
:60F:C260101VES1000,00
:61:2601020102D100,00NTRFREF-1//BANK1
:86:Seeds
:62F:C260103VES900,00
:86:Fees change in March
-
"""
(payment,) = mt940.parse(io.StringIO(statement))
print(payment.data["transaction_details"].replace("\n", " / "))
END
)
echo "Version:  mt-940 5.1.1 (Python)"
echo "Expected: Seeds"
echo "Seen:     $seen"
[ "$seen" = "Seeds / Fees change in March" ] || { echo "Changed."; exit 1; }
