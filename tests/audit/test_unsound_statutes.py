"""A statute under which nobody could ever meet, agree or sign, or under which something moves on
the word of the server alone, is none: for the guard, and for the proof, which has its own list."""

import msgspec
import pytest

from comuna.audit.canonical import Malformed
from comuna.audit.law import Law
from comuna.audit.sound import SHARES
from comuna.audit.verify import verify
from comuna.rules import amendment
from comuna.rules.act import Refused
from comuna.rules.amendment import AmendStatute, Change, amended
from comuna.rules.pack_checks import _FRACTIONS
from comuna.statutes import load, names
from tests.audit import story
from tests.rules.village import law_of

UNSOUND = [
    {"decisions.execution_days": 30, "decisions.challenge_hours": 720},
    {"majorities.amend-statute.quorum": "1"},
    {"majorities.default.approval_quorum": "1"},
    {"majorities.default.more_than": "1"},
    {"majorities.default.more_than": "3/2"},
    {"majorities.default.more_than": ""},
    {"majorities.default.agreement": "consent"},
    {"assembly.callers": "2"},
    {"decisions.suspend_support": "11/10"},
    {"assembly.calls.2.count": 3},
    {"assembly.calls.1.gap_hours": 1, "assembly.notice_days": 100},
    {"assembly.open_within_days": 100, "assembly.silence_days": 100},
    {"treasury.signatures": 99},
    {"assembly.participation": "0"},
    {"assembly.participation": ""},
]


def plain(statute):
    return msgspec.json.decode(msgspec.json.encode(statute))


@pytest.mark.parametrize("pack", names())
def test_every_pack_is_sound(pack):
    Law(plain(load(pack)))


@pytest.mark.parametrize(
    "change", UNSOUND, ids=lambda c: ", ".join(f"{p}={v}" for p, v in c.items())
)
def test_guard_and_proof_find_a_statute_unsound(change):
    law = law_of("simple")
    changes = tuple(Change(place=place, value=value) for place, value in change.items())
    with pytest.raises(Refused):
        amended(law, changes)
    with pytest.raises(Malformed):
        Law(plain(law)).amended([plain(c) for c in changes])


@pytest.mark.parametrize(
    "rules",
    [
        [{"acts": ["*"], "forms": ["signed", "attested"], "article": "1"}],
        [{"acts": ["vote"], "forms": ["attested"], "article": "1"}],
        [{"acts": ["vote"], "forms": ["signed"], "article": "1"}],
    ],
    ids=["everything attested", "votes attested", "nothing for acts in general"],
)
def test_signatures_cannot_be_spared(rules):
    statute = plain(load("simple"))
    general = [] if rules[0]["acts"] == ["*"] else statute["authorship"]
    statute["authorship"] = rules + (general if rules[0]["forms"] != ["signed"] else [])
    with pytest.raises(Malformed):
        Law(statute)


def test_where_every_office_enters_paper_nobody_is_left_to_witness():
    statute = plain(load("simple"))
    for office in statute["offices"]:
        office["powers"].append("record-paper")
    with pytest.raises(Malformed):
        Law(statute)


def test_both_know_the_same_parts_of_a_whole():
    assert set(_FRACTIONS) == SHARES


def test_an_unsound_amendment_that_was_adopted_is_found(village, monkeypatch):
    v = village
    monkeypatch.setattr(amendment, "check", lambda _law: [])
    monkeypatch.setattr(amendment, "check_lives_on", lambda *_: None)
    v.decide(AmendStatute(changes=(Change(place="majorities.amend-statute.quorum", value="1"),)))
    assert "statute_malformed" in story.names(verify(v.path))
