#!/bin/sh
# pycamt: a transfer ordered in dollars is booked with the number of dollars as euros.
#
# The entry books 90.00 EUR, and its balances say so: 100 before, 190 after. Its details name the
# 100.00 USD that were ordered before the 90.00 EUR that came.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pycamt==1.1.1
export PYTHONPATH="$folder"

cat > "$folder/statement.xml" <<'END'
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-05T00:00:00</CreDtTm></GrpHdr>
  <Stmt>
   <Id>S1</Id><CreDtTm>2026-01-05T00:00:00</CreDtTm>
   <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>
   <Bal>
    <Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt>
   </Bal>
   <Bal>
    <Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">190.00</Amt>
    <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt>
   </Bal>
   <Ntry>
    <Amt Ccy="EUR">90.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
    <BookgDt><Dt>2026-01-02</Dt></BookgDt><ValDt><Dt>2026-01-02</Dt></ValDt>
    <BkTxCd><Prtry><Cd>TRF</Cd></Prtry></BkTxCd>
    <NtryDtls><TxDtls>
     <Refs><EndToEndId>E1</EndToEndId></Refs>
     <AmtDtls>
      <InstdAmt><Amt Ccy="USD">100.00</Amt></InstdAmt>
      <TxAmt><Amt Ccy="EUR">90.00</Amt></TxAmt>
     </AmtDtls>
    </TxDtls></NtryDtls>
   </Ntry>
  </Stmt>
 </BkToCstmrStmt>
</Document>
END
seen=$(python3 - "$folder/statement.xml" <<'END'
import pathlib
import sys

from pycamt.parser import Camt053Parser

statement = Camt053Parser(pathlib.Path(sys.argv[1]).read_text())
(payment,) = statement.get_transactions()
print(payment["Amount"], payment["Currency"], payment["CreditDebitIndicator"])
END
)
echo "Version:  pycamt 1.1.1 (Python)"
echo "Expected: 90.00 EUR CRDT"
echo "Seen:     $seen"
[ "$seen" = "100.00 EUR CRDT" ] || { echo "Changed."; exit 1; }
