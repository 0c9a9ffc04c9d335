#!/bin/sh
# ofxtools refuses every statement in bolívares: its list of currencies ends before VES.
#
# VES replaced VEF in ISO 4217 in August 2018. The whole statement fails, not the one field.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" ofxtools==1.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import io

from ofxtools.Parser import OFXTree

STATEMENT = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>
<DTSERVER>20260105120000<LANGUAGE>SPA</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>CURRENCY<BANKACCTFROM><BANKID>0102<ACCTID>0001234567<ACCTTYPE>CHECKING
</BANKACCTFROM><BANKTRANLIST><DTSTART>20260101<DTEND>20260105
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260102<TRNAMT>-10.00<FITID>1<NAME>Seeds</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>850.00<DTASOF>20260105120000</LEDGERBAL></STMTRS></STMTTRNRS>
</BANKMSGSRSV1></OFX>
"""
for currency in ("VEF", "VES"):
    tree = OFXTree()
    tree.parse(io.BytesIO(STATEMENT.replace("CURRENCY", currency).encode()))
    try:
        print(currency, tree.convert().statements[0].transactions[0].trnamt, end="; ")
    except ValueError as refusal:
        print(str(refusal).split(" is not OneOf")[0], end="; ")
END
)
echo "Version:  ofxtools 1.1.1 (Python)"
echo "Expected: VEF -10.00; VES -10.00; "
echo "Seen:     $seen"
[ "$seen" = "VEF -10.00; Can't set STMTRS.curdef to VES: 'VES'; " ] || { echo "Changed."; exit 1; }
