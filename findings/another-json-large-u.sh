#!/bin/sh
# another-json writes a control character as \U001B, which no reader of JSON takes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" another-json@0.2.0

cat > "$folder/finding.mjs" <<'END'
import another from "another-json";

const text = another.stringify({ note: "cut here \u001b" });
let read = "read back";
try {
  JSON.parse(text);
} catch (refusal) {
  read = refusal.name;
}
console.log(text, read);
END
seen=$(node "$folder/finding.mjs")
echo "Version:  another-json 0.2.0 (npm)"
echo 'Expected: {"note":"cut here \u001b"} read back'
echo "Seen:     $seen"
[ "$seen" = '{"note":"cut here \U001B"} SyntaxError' ] || { echo "Changed."; exit 1; }
