#!/bin/sh
# condorcet: two who tie with each other and beat the third; the first on the list is "the winner".
#
# Nobody beats everyone else, so there is no Condorcet winner; with the same ballots and the list of
# candidates in another order, another person wins. And where two tie, neither is in the table.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install --quiet --target "$folder" condorcet==0.1.1
export PYTHONPATH="$folder"

seen=$(python3 - <<'END'
from condorcet import CondorcetEvaluator

ballots = [{"Ana": 1, "Beto": 2, "Caro": 3}, {"Ana": 2, "Beto": 1, "Caro": 3}]
for names in (["Ana", "Beto", "Caro"], ["Beto", "Ana", "Caro"], ["Ana", "Beto"]):
    print(CondorcetEvaluator(candidates=names, votes=ballots).get_n_winners(1), end=" ")
END
)
echo "Version:  condorcet 0.1.1 (Python)"
echo "Expected: no winner, three times, and Ana and Beto among those left over"
echo "Seen:     $seen"
case $seen in
"(['Ana'], "*"(['Beto'], "*"([], {}) "*) ;;
*) echo "Changed."; exit 1 ;;
esac
