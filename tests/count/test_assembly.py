import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.count.assembly import (
    ChannelCount,
    Estimate,
    MemberBody,
    count_motion,
    double_majority,
    quorum_met,
)
from comuna.count.consent import Deliberation
from comuna.count.errors import BallotError, CountError, LotNeededError
from comuna.count.rule import Rule


def rule(**said: str) -> Rule:
    return Rule.from_options("majority", {"ties": "status-quo", **said})


def box(yes: int, no: int, **more: int) -> ChannelCount:
    return ChannelCount("box", yes, no, **more, evidence=("minutes of the box",))


def test_the_worked_example_of_two_thirds_with_a_quorum() -> None:
    """Yes 61, no 20, abstain 9; base 81; needed 54; roll 300, present 90, quorum 30 % met."""
    outcome = count_motion(
        rule(majority=">=2/3", quorum=">=30%"), 300, 90, [box(61, 20, abstain=9)]
    )
    assert outcome.winners == ("yes",)
    facts = outcome.rounds[0].facts
    assert (facts["base"], facts["needed"], facts["quorum"]) == (81, 54, 90)


@pytest.mark.parametrize(
    ("base", "adopted"),
    [("yes-no", True), ("valid", True), ("cast", True), ("present", True), ("roll", False)],
)
def test_the_base_of_a_majority_decides_what_it_takes(base: str, adopted: bool) -> None:
    outcome = count_motion(rule(majority_base=base), 130, 100, [box(60, 30, blank=3, null=2)])
    assert outcome.winners == (("yes",) if adopted else ("no",))


def test_blanks_and_abstentions_count_only_where_the_rule_says_so() -> None:
    votes = [box(5, 4, blank=2, abstain=3)]
    assert count_motion(rule(majority_base="valid"), 20, 14, votes).winners == ("yes",)
    with_blanks = rule(majority_base="valid", blanks="count")
    assert count_motion(with_blanks, 20, 14, votes).winners == ("no",)
    cast = rule(majority_base="cast", abstentions="count")
    assert count_motion(cast, 20, 14, votes).rounds[0].facts["base"] == 14


def test_without_a_quorum_there_is_no_decision() -> None:
    outcome = count_motion(rule(quorum=">1/2"), 100, 50, [box(50, 0)])
    assert outcome.winners == ()
    assert outcome.explanations[0].key == "motion-no-quorum"


def test_a_second_call_has_its_own_quorum_and_later_ones_the_last() -> None:
    quorums = (">=2/3", "half-plus-one", "10")
    assert quorum_met(quorums, 1, 50, 99) == (False, 66)
    assert quorum_met(quorums, 2, 51, 99) == (True, 51)
    assert quorum_met(quorums, 3, 10, 99) == (True, 10)
    assert quorum_met(quorums, 4, 9, 99) == (False, 10)


def test_an_approval_quorum_asks_for_enough_yes_of_the_roll_not_for_attendance() -> None:
    asked = rule(approval_quorum=">=25%")
    assert count_motion(asked, 100, 26, [box(25, 1)]).winners == ("yes",)
    assert count_motion(asked, 100, 90, [box(24, 1)]).winners == ("no",)


@pytest.mark.parametrize(
    ("ties", "more", "winners"),
    [
        ("status-quo", {}, ("no",)),
        ("repeat", {}, ()),
        ("casting-vote", {"casting_vote": "yes"}, ("yes",)),
        ("lot", {"lot": "no"}, ("no",)),
    ],
)
def test_a_tie_is_broken_as_the_statute_says(
    ties: str, more: dict[str, str], winners: tuple[str, ...]
) -> None:
    assert count_motion(rule(ties=ties), 40, 40, [box(20, 20)], **more).winners == winners


def test_a_tie_whose_casting_vote_or_lot_is_missing_is_not_decided() -> None:
    with pytest.raises(BallotError, match="casting vote: record it"):
        count_motion(rule(ties="casting-vote"), 40, 40, [box(20, 20)])
    with pytest.raises(LotNeededError):
        count_motion(rule(ties="lot"), 40, 40, [box(20, 20)])


def test_a_casting_vote_cannot_make_two_thirds_of_a_half() -> None:
    asked = rule(ties="casting-vote", majority=">=2/3")
    assert count_motion(asked, 40, 40, [box(20, 20)], casting_vote="yes").winners == ("no",)


def test_channels_add_up_and_each_keeps_its_evidence() -> None:
    channels = [
        ChannelCount("hands", 12, 9, evidence=("teller Ana: 12-9", "teller Luis: 12-9")),
        ChannelCount("online", 4, 8, evidence=("list of ballots",)),
        ChannelCount("delegates", 6, 1, evidence=("mandates",)),
    ]
    outcome = count_motion(rule(), 60, 40, channels)
    assert outcome.winners == ("yes",)
    assert [each["channel"] for each in outcome.rounds[0].facts["channels"]] == [
        "hands",
        "online",
        "delegates",
    ]


def test_hands_need_two_tellers_and_every_channel_its_evidence() -> None:
    with pytest.raises(BallotError, match="two tellers"):
        ChannelCount("hands", 3, 2, evidence=("teller Ana",))
    with pytest.raises(BallotError, match="its evidence"):
        ChannelCount("box", 3, 2)
    with pytest.raises(BallotError, match="not one of"):
        ChannelCount("shouting", 3, 2, evidence=("x",))
    with pytest.raises(BallotError, match="negative"):
        box(-1, 0)


def test_more_votes_than_people_are_refused() -> None:
    with pytest.raises(BallotError, match="one channel only"):
        count_motion(rule(), 40, 10, [box(6, 5)])
    with pytest.raises(BallotError, match="between 0 and the roll"):
        count_motion(rule(), 40, 41, [])


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_one_more_yes_never_defeats_a_motion(yes: int, no: int, abstain: int) -> None:
    roll = 100
    for majority in (">1/2", ">=2/3", "half-plus-one"):
        asked = rule(majority=majority, majority_base="present")
        before = count_motion(asked, roll, 91, [box(yes, no, abstain=abstain)])
        after = count_motion(asked, roll, 91, [box(yes + 1, no, abstain=abstain)])
        assert before.winners != ("yes",) or after.winners == ("yes",)


def test_an_estimate_stands_until_it_is_challenged_and_then_hands_are_counted() -> None:
    assert Estimate("yes").stands() == "yes"
    assert Estimate("yes", challenged=True).stands() is None
    with pytest.raises(BallotError):
        Estimate("many").stands()


def test_a_double_majority_needs_bodies_and_people() -> None:
    small = [MemberBody(f"small {n}", 6, 4) for n in range(3)]
    assert double_majority(small, ">1/2", ">1/2")
    assert not double_majority([*small, MemberBody("large", 0, 100)], ">1/2", ">1/2")
    assert not double_majority([MemberBody("large", 100, 0), *[
        MemberBody(f"small {n}", 4, 6) for n in range(3)
    ]], ">1/2", ">1/2")  # fmt: skip
    assert not double_majority([MemberBody("split", 5, 5)], ">1/2", ">=1/2")


PRESENT = frozenset({"ana", "luis", "eva"})


def test_consent_stands_when_every_objection_is_integrated() -> None:
    round_one = (
        Deliberation("consent", PRESENT).agree("ana").object("luis", "too dear").agree("eva")
    )
    blocked = round_one.test()
    assert blocked.state == "blocked"
    reworded = blocked.reword(["luis"], "half the size")
    assert (reworded.state, reworded.wording, reworded.heard) == ("open", 2, frozenset())
    adopted = reworded.agree("ana").agree("luis").agree("eva").test()
    assert adopted.state == "adopted"
    assert adopted.objections[0].settled == "integrated"
    assert adopted.objections[0].how == "half the size"


def test_consensus_minus_one_stands_with_one_objection_and_not_with_two() -> None:
    one = Deliberation("consensus", PRESENT, minus=1).agree("ana").agree("eva")
    assert one.object("luis", "no").test().state == "adopted"
    two = Deliberation("consensus", PRESENT, minus=1).agree("ana").object("eva", "no")
    assert two.object("luis", "no").test().state == "blocked"


def test_nobody_is_silent_into_consent() -> None:
    with pytest.raises(CountError, match="not yet heard on this wording: eva, luis"):
        Deliberation("consent", PRESENT).agree("ana").test()
    with pytest.raises(CountError, match="not present"):
        Deliberation("consent", PRESENT).agree("rosa")
    with pytest.raises(CountError, match="has been heard"):
        Deliberation("consent", PRESENT).agree("ana").agree("ana")


def test_an_objection_needs_a_reason_and_only_the_rule_lets_others_set_it_aside() -> None:
    with pytest.raises(CountError, match="in words"):
        Deliberation("consent", PRESENT).object("ana", " ")
    objected = Deliberation("consent", PRESENT).object("ana", "it is unsafe")
    with pytest.raises(CountError, match="only its author"):
        objected.find_no_reason("ana", 2, "it is safe")
    allowed = Deliberation("consent", PRESENT, overrule=">=2/3").object("ana", "unsafe")
    with pytest.raises(CountError, match="2 of the 3"):
        allowed.find_no_reason("ana", 1, "it is safe")
    settled = allowed.find_no_reason("ana", 2, "it is safe").agree("luis").agree("eva").test()
    assert settled.state == "adopted"
    assert settled.objections[0].how == "it is safe"


def test_standing_aside_is_kept_in_the_record_and_blocks_nothing() -> None:
    done = Deliberation("consensus", PRESENT).agree("ana").agree("eva")
    done = done.stand_aside("luis", "not my way").test()
    assert done.state == "adopted"
    assert done.aside == {"luis"}
    assert done.objections[0].reason == "not my way"
    with pytest.raises(CountError, match="adopted"):
        done.reword([], "again")
