#!/bin/sh
# ofxparse reads a time without seconds, 15:30, as 15:03; ofxtools reads it as it stands.
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
file = STATEMENT.replace("TIME", "201101021530").encode()
one = OfxParser.parse(io.BytesIO(file)).account.statement.transactions[0].date
tree = OFXTree()
tree.parse(io.BytesIO(file))
other = tree.convert().statements[0].transactions[0].dtposted
print(f"ofxparse {one:%H:%M:%S}, ofxtools {other:%H:%M:%S}")
END
)
echo "Version:  ofxparse 0.21, ofxtools 1.1.1 (Python)"
echo "Expected: ofxparse 15:30:00, ofxtools 15:30:00, or a refusal"
echo "Seen:     $seen"
[ "$seen" = "ofxparse 15:03:00, ofxtools 15:30:00" ] || { echo "Changed."; exit 1; }
