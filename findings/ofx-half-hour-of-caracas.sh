#!/bin/sh
# OFX, 16:00 in Caracas at the time of its half hour: three readings of the offset in two libraries.
#
# From 2007-12-09 to 2016-05-01 Venezuela was four and a half hours behind. ofxparse takes -4.30 for
# a number of hours, ofxtools for hours and minutes; without a zone's name ofxparse drops the offset.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" ofxparse==0.21 ofxtools==1.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
import io

from ofxparse import OfxParser
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
<DTSERVER>20110105120000<LANGUAGE>SPA</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>0102<ACCTID>0001234567<ACCTTYPE>CHECKING
</BANKACCTFROM><BANKTRANLIST><DTSTART>20110101<DTEND>20110105
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>TIME<TRNAMT>-10.00<FITID>1<NAME>Seeds</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>850.00<DTASOF>20110105120000</LEDGERBAL></STMTRS></STMTTRNRS>
</BANKMSGSRSV1></OFX>
"""
for offset in ("-4.30:VET", "-4:VET", "-4"):
    file = STATEMENT.replace("TIME", f"20110102160000[{offset}]").encode()
    one = OfxParser.parse(io.BytesIO(file)).account.statement.transactions[0].date
    tree = OFXTree()
    tree.parse(io.BytesIO(file))
    other = tree.convert().statements[0].transactions[0].dtposted
    print(f"[{offset}] {one:%H:%M} {other:%H:%M}", end="; ")
END
)
echo "Version:  ofxparse 0.21, ofxtools 1.1.1 (Python)"
echo "Expected: universal time [-4.30:VET] 20:30 20:30; [-4:VET] 20:00 20:00; [-4] 20:00 20:00; "
echo "Seen:     universal time $seen"
[ "$seen" = "[-4.30:VET] 20:18 20:30; [-4:VET] 20:00 20:00; [-4] 16:00 20:00; " ] ||
    { echo "Changed."; exit 1; }
