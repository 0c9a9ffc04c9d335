"""A choice among options is proven by counting it again, by the rule fixed before the vote."""

import pytest

from tests.audit.story import names, resign, where


def signers(e):
    return {s["member"] for s in e["by"]["signatures"]}


def forged(server, kind, change, at=-1, **said):
    """What is found when one act of a kind is changed, and everyone who signed it signs again."""
    entries = server.copy()
    e = entries[where(entries, kind, **said)[at]]
    change(e["act"])
    resign(e, signers(e))
    return names(server.verify(entries))


def test_the_honest_choice_is_proven(server):
    assert names(server.verify(server.copy())) == set()
    assert set(server.story.funded) == {"roof", "road"}


def test_another_rule_of_the_count_than_the_statutes_is_found(server):
    assert "count_altered" in forged(server, "open-vote", lambda act: act.update(count="0" * 64))


@pytest.mark.parametrize(
    ("found", "change"),
    [
        ("ballots_exceed_voters", lambda act: act["papers"][0].update(number=200)),
        ("ballot_unreadable", lambda act: act["papers"][0]["marks"].update(pump=2)),
        ("ballot_unreadable", lambda act: act["papers"][0]["marks"].update(villa=1)),
        ("ballot_unreadable", lambda act: act["papers"][0].update(number=0)),
    ],
)
def test_papers_that_cannot_be_are_found(server, found, change):
    assert found in forged(server, "count-ballots", change)


def test_a_ballot_for_what_does_not_stand_is_found(server):
    change = {"marks": {"black": 1}}
    assert "ballot_unreadable" in forged(server, "cast-ballot", lambda act: act.update(change))


def test_a_tie_decided_without_dice_is_found(server):
    entries = server.copy()
    vote = entries[where(entries, "cast-ballot")[0]]["act"]["ballot"]
    found = forged(server, "close-vote", lambda act: act.pop("dice"), ballot=vote)
    assert "lot_missing" in found


def test_what_other_papers_did_not_choose_is_a_payment_without_a_decision(server):
    """Whoever changes the papers changes what was chosen: what was paid then has no ground."""
    only_the_pump = {"papers": [{"marks": {"pump": 1}, "number": 20}]}
    found = forged(server, "count-ballots", lambda act: act.update(only_the_pump))
    assert "movement_without_decision" in found


def test_options_that_do_not_fit_their_rule_are_found(server):
    def poorer(act):
        act["contest"]["budget"] = 1

    said = {"contest": server.entries[server.story.projects - 1]["act"]["contest"]}
    assert "contest_malformed" in forged(server, "propose", poorer, **said)
