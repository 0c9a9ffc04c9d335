#!/bin/sh
# fresh-blt calls a ballot with equal preferences valid and leaves out everybody who is equal.
#
# OpaVote, whose format it reads, writes equal preferences with "=".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" fresh-blt==0.3.0
export PYTHONPATH="$folder"

cat > "$folder/council.blt" <<'END'
3 1
2 1 2=3 0
1 3 0
0
"Ana"
"Beto"
"Caro"
"Council"
END
"$folder/bin/fresh_blt" validate "$folder/council.blt" > "$folder/said" || true
"$folder/bin/fresh_blt" ballots "$folder/council.blt" >> "$folder/said" || true
valid=$(grep -o 'completed successfully' "$folder/said")
seen="$valid, $(sed -n 's/^│ 1 *│ 2 *│ \(.*[^ ]\) *│$/2 × \1/p' "$folder/said")"
echo "Version:  fresh-blt 0.3.0 (Python)"
echo "Expected: completed successfully, 2 × Ana, Beto=Caro, or a refusal"
echo "Seen:     $seen"
[ "$seen" = "completed successfully, 2 × Ana" ] || { echo "Changed."; exit 1; }
