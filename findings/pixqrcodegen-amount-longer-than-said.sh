#!/bin/sh
# pixqrcodegen: ask for 10 reais and the code says "2 characters" and writes five of them, 10.00.
#
# A Pix code is a row of fields: two figures of name, two of length, the text. What is left of the
# amount swallows the next field, the country (58), into one named ".0"; the checksum at the end is
# over the whole and right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" pixqrcodegen==0.9.1
export PYTHONPATH="$folder"

seen=$(python3 - "$folder" <<'END'
import contextlib
import io
import sys

from pixqrcodegen import Payload


def fields(text):
    while text:
        name, length, text = text[:2], text[2:4], text[4:]
        yield name
        text = text[int(length):]


for amount in ("10.00", "10"):
    code = Payload("Caja Verde", "11122233344", amount, "Recife", "A1", sys.argv[1])
    with contextlib.redirect_stdout(io.StringIO()):
        code.gerarPayload()
    print(code.transactionAmount, " ".join(fields(code.payload_completa)), end="; ")
END
)
echo "Version:  pixqrcodegen 0.9.1 (Python)"
echo "Expected: 540510.00 00 26 52 53 54 58 59 60 62 63; twice"
echo "Seen:     $seen"
[ "$seen" = "540510.00 00 26 52 53 54 58 59 60 62 63; 540210.00 00 26 52 53 54 .0 59 60 62 63; " ] ||
    { echo "Changed."; exit 1; }
