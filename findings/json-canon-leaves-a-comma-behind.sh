#!/bin/sh
# json-canon: an absent member that comes first leaves its comma, and the canonical text is not JSON.
#
# JSON.stringify and the other canonical writers leave out a member whose value is undefined.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" json-canon@1.0.1 canonicalize@5.1.0

cat > "$folder/finding.mjs" <<'END'
import canonicalize from "canonicalize";
import serialize from "json-canon";

const payment = { note: undefined, to: "Caja Verde" };
console.log(`canonicalize ${canonicalize(payment)} json-canon ${serialize(payment)}`);
END
seen=$(node "$folder/finding.mjs")
echo "Version:  json-canon 1.0.1, canonicalize 5.1.0 (npm)"
echo 'Expected: canonicalize {"to":"Caja Verde"} json-canon {"to":"Caja Verde"}'
echo "Seen:     $seen"
[ "$seen" = 'canonicalize {"to":"Caja Verde"} json-canon {,"to":"Caja Verde"}' ] ||
    { echo "Changed."; exit 1; }
