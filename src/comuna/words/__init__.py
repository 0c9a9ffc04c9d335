"""All words for people, in Spanish and English, from one place: pages, terminal and paper say the
same thing in the same words. Nothing here decides anything.

Refusals, acts, effects and the vocabulary are catalogues (TOML) with both languages side by side; a
test holds them complete.
"""

from comuna.words import counts
from comuna.words.catalogue import LANGS, act, act_meaning, effect_name, term
from comuna.words.counts import ballot
from comuna.words.fields import account, office, payee, quoted
from comuna.words.figures import Lang, date, duration, moment, money, number
from comuna.words.sentences import Words, effect, refusal

__all__ = [
    "LANGS",
    "Lang",
    "Words",
    "account",
    "act",
    "act_meaning",
    "ballot",
    "counts",
    "date",
    "duration",
    "effect",
    "effect_name",
    "moment",
    "money",
    "number",
    "office",
    "payee",
    "quoted",
    "refusal",
    "term",
]
