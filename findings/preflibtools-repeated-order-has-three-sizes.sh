#!/bin/sh
# preflibtools: six voters, of whom two lines say the same, are six, four and seven.
#
# It keeps the voters as the header counts them, the last of two counts for an order, and in the
# profile both lines with that last count.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" preflibtools==2.0.33
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from preflibtools.instances import OrdinalInstance

council = """# FILE NAME: council.soi
# TITLE: Council
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Ana
# ALTERNATIVE NAME 2: Beto
# ALTERNATIVE NAME 3: Caro
2: 1,2
1: 2,1
3: 1,2
"""
instance = OrdinalInstance()
instance.parse_str(council, "soi")
print(
    instance.num_voters, "voters,",
    sum(instance.multiplicity.values()), "ballots,",
    len(instance.full_profile()), "in the profile",
)
END
)
echo "Version:  preflibtools 2.0.33 (Python)"
echo "Expected: 6 voters, 6 ballots, 6 in the profile, or a refusal"
echo "Seen:     $seen"
[ "$seen" = "6 voters, 4 ballots, 7 in the profile" ] || { echo "Changed."; exit 1; }
