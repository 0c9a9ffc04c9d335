#!/bin/sh
# canonical-json does not sort names made of figures: 9 stands before 10, before and after sorting.
#
# Names are sorted as text, where "10" comes before "9"; a hash over the text of another writer in
# any other language differs. JavaScript keeps such names in the order of numbers, whatever is asked.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" canonical-json@0.4.0 canonicalize@5.1.0

cat > "$folder/finding.mjs" <<'END'
import canonicalize from "canonicalize";
import stringify from "canonical-json";

const shares = { 9: 400, 10: 250, b: 1, a: 2 };
console.log(`canonicalize ${canonicalize(shares)} canonical-json ${stringify(shares)}`);
END
seen=$(node "$folder/finding.mjs")
echo "Version:  canonical-json 0.4.0, canonicalize 5.1.0 (npm)"
echo 'Expected: {"10":250,"9":400,"a":2,"b":1} from both'
echo "Seen:     $seen"
[ "$seen" = 'canonicalize {"10":250,"9":400,"a":2,"b":1} '\
'canonical-json {"9":400,"10":250,"a":2,"b":1}' ] || { echo "Changed."; exit 1; }
