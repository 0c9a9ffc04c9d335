"""A decision among options: counted by the method that the statute names, by a rule fixed before
anyone votes; what the chosen options do is what is done."""

import json
from itertools import zip_longest

import pytest

from comuna.audit.verify import verify
from comuna.count.lots import draw_order
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import CheckOut
from comuna.rules.choosing import CastBallot, CountBallots
from comuna.rules.contest import Contest, Option, Papers, joined, lot_line, result_of, rule_of
from comuna.rules.office import Elect
from comuna.rules.roll import Leave
from comuna.rules.vocabulary import BY_TOTALS, MARKS
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.rules.village import MEMBERS

A, B, C = "1", "2", "3"


@pytest.fixture(autouse=True)
def proven(village):
    """Whatever the guards let in here, the proofs prove: written apart, they count again."""
    yield
    report = verify(village.path)
    assert [(f.where, f.name, f.en) for f in report.findings] == []


def option(name, *effects, **more):
    return Option(id=name, title=f"Option {name}", effects=effects, **more)


def contest(by, *options, **more):
    return Contest(count=by, options=options or (option(A), option(B), option(C)), **more)


def seats_of(by):
    """Seats where the method takes them."""
    return {"seats": 2} if by not in ("plurality", "two-round", "irv", "schulze", "again") else {}


def posed(v, *options, by="plurality", **more):
    """A contest proposed and an assembly on it: (assembly, proposal)."""
    number = v.propose(contest=contest(by, *options, **more))
    return v.meet(number), number


def cast(v, ballot, *ballots):
    """Ballots by the first members entitled, one each; the others leave theirs blank."""
    entitled = sorted(v.state.ballots[ballot].entitled)
    for member, marks in zip_longest(entitled, ballots, fillvalue={}):
        v.do(member, CastBallot(ballot=ballot, marks=marks))


def counting(v, ballot, *papers, blank=None, **more):
    """A count signed by the tellers, as a call that can be refused. Whoever is not on these papers
    left theirs blank, unless it is said how many did."""
    lines = tuple(Papers(marks=marks, number=number) for marks, number in papers)
    left = v.state.ballots[ballot].present - sum(number for _, number in papers)
    act = CountBallots(
        ballot=ballot, papers=lines, blank=max(0, left) if blank is None else blank, **more
    )
    first, *others = v.tellers
    return lambda: v.send(first, act, *others)


def outcome(v, proposal):
    return v.state.proposals[proposal].outcome


# --- proposing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("count_unknown", contest("by-drum")),
        ("options_too_few", contest("irv", option(A))),
        ("options_too_many", contest("again", *(option(n) for n in "1234"))),
        ("option_names_unclear", contest("irv", option(A), option(A))),
        ("option_names_unclear", contest("irv", option(A), option("ñu"))),
        ("seats_or_budget_missing", contest("approval")),
        ("seats_or_budget_missing", contest("equal-shares", seats=2, budget=100)),
        ("count_takes_none", contest("irv", seats=2)),
        ("count_takes_none", contest("one-project", seats=2)),
        ("count_takes_none", contest("approval", budget=100)),
        ("more_seats_than_options", contest("approval", seats=4)),
        ("option_unknown", contest("greedy", budget=100, exclusive=((A, "9"),))),
        ("exclusive_without_budget", contest("approval", seats=1, exclusive=((A, B),))),
        ("option_without_cost", contest("greedy", budget=100)),
        ("amount_out_of_range", contest("greedy", budget=2**62)),
        ("options_too_many", contest("irv", *(option(str(n)) for n in range(201)))),
    ],
)
def test_a_contest_that_its_rule_does_not_fit_is_refused(village, rule, asked):
    v = village
    v.refused(rule, lambda: v.send(v.plain[0], v.proposal(contest=asked)))


def test_a_project_that_costs_more_than_the_whole_budget_is_refused(village):
    v = village
    dear = contest(
        "greedy",
        option(A, v.authorisation(limit=200, name="a")),
        option(B, v.authorisation(limit=50, name="b")),
        budget=100,
    )
    v.refused("option_above_budget", lambda: v.send(v.plain[0], v.proposal(contest=dear)))


def test_a_rule_of_count_is_for_the_matters_it_names(village):
    v = village
    options = (option(A, v.authorisation()), option(B))
    asked = contest("elections", *options, seats=1)
    said = v.refused(
        "count_of_other_matters", lambda: v.send(v.plain[0], v.proposal(contest=asked))
    )
    assert said.article == "test"


def test_options_and_effects_of_its_own_do_not_stand_side_by_side(village):
    v = village
    act = v.proposal(v.authorisation(), contest=contest("plurality"))
    v.refused("contest_beside_effects", lambda: v.send(v.plain[0], act))


def test_two_options_that_can_both_win_do_not_draw_on_one_thing(village):
    v = village
    same = v.authorisation(limit=40, name="pump")
    asked = contest("greedy", option(A, same), option(B, same), budget=100)
    v.refused("two_effects_on_one_thing", lambda: v.send(v.plain[0], v.proposal(contest=asked)))


def test_of_two_texts_one_is_chosen_though_both_change_the_same_thing(village):
    """Where one option wins, no other draws beside it."""
    v = village
    days = [AmendStatute(changes=(Change(place="assembly.notice_days", value=n),)) for n in (9, 12)]
    asked = contest("of-law", option(A, days[0]), option(B, days[1]))
    number = v.propose(contest=asked)
    assembly = v.meet(number)
    ballot = v.open_vote(assembly, number)
    cast(v, ballot, {B: 1})
    v.do(v.chair, CloseVote(ballot=ballot))
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(number)
    assert v.state.statute.assembly.notice_days == 12


def test_a_choice_that_could_fill_more_seats_than_there_are_is_refused(village):
    v = village
    office = next(o for o in v.law.offices if o.choose == "election")
    few = v.plain[: office.seats + 1]
    options = [option(str(m), Elect(office=office.id, members=(m,))) for m in few]
    asked = contest("approval", *options, seats=len(few))
    v.refused("more_than_the_seats", lambda: v.send(v.plain[0], v.proposal(contest=asked)))


# --- opening ----------------------------------------------------------------------------------


def test_the_rule_of_the_count_is_fixed_before_anyone_votes(village):
    v = village
    assembly, proposal = posed(v)
    other = v.opening_vote(assembly, proposal, count="0" * 64)
    said = v.refused("count_altered", lambda: v.send(v.chair, other))
    known = v.law.count("plurality")
    assert said.params["expected"] == rule_of(known, contest("plurality"), frozenset()).hash()


def test_a_motion_has_no_rule_of_a_count_and_no_papers(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    named = v.opening_vote(assembly, proposal, count="0" * 64)
    v.refused("motion_has_no_count", lambda: v.send(v.chair, named))
    papers = v.opening_vote(assembly, proposal, method="papers")
    v.refused("motion_not_on_papers", lambda: v.send(v.chair, papers))


def test_a_vote_is_taken_only_in_a_way_that_the_statute_allows(village):
    v = village
    assembly, proposal = posed(v, by="again")
    act = v.opening_vote(assembly, proposal, method="hands")
    v.refused("way_not_allowed", lambda: v.send(v.chair, act))


@pytest.mark.parametrize("by", sorted(set(MARKS) - BY_TOTALS - {"greedy"}))
def test_raised_hands_do_not_show_a_ranking(village, by):
    v = village
    assembly, proposal = posed(v, by=by, **seats_of(by) if by not in ("ranked-pairs",) else {})
    act = v.opening_vote(assembly, proposal, method="hands")
    v.refused("hands_do_not_show_it", lambda: v.send(v.chair, act))


def test_a_count_that_could_not_end_is_refused_before_people_come_together(village):
    v = village
    asked = contest("parity", seats=2)  # no option is of the group
    v.refused("count_impossible", lambda: v.send(v.plain[0], v.proposal(contest=asked)))


def test_a_count_that_can_end_no_more_is_refused_before_people_vote(village):
    v = village
    options = option(A, groups=("women",)), option(B), option(C)
    proposal = v.propose(contest=contest("parity", *options, seats=2))
    both = Change(place="counts.parity.settings.guarantees", value="women:2")
    v.decide(AmendStatute(changes=(both,)))
    act = v.opening_vote(v.meet(proposal), proposal)
    v.refused("count_impossible", lambda: v.send(v.chair, act))


def test_a_contest_is_opened_only_under_a_rule_still_open_to_its_matters(village):
    """What the statute took out of the hands of a count since it was proposed is not counted."""
    v = village
    proposal = v.propose(contest=contest("plurality"))
    change = Change(place="counts.plurality.matters", value=["elect"])
    v.decide(AmendStatute(changes=(change,)))
    act = v.opening_vote(v.meet(proposal), proposal)
    v.refused("count_of_other_matters", lambda: v.send(v.chair, act))


def test_a_contest_is_amended_by_a_vote_of_yes_or_no_on_other_options(village):
    v = village
    proposal = v.propose(contest=contest("plurality"))
    other = contest("irv", option(A), option("new"))
    amendment = v.propose(contest=other, amends=proposal)
    assembly = v.meet(proposal)
    v.vote(assembly, amendment)
    assert v.state.proposals[proposal].contest == other
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {"new": 1})
    v.do(v.chair, CloseVote(ballot=ballot))
    assert outcome(v, proposal).winners == ("new",)


def test_a_motion_is_amended_into_a_choice_and_back(village):
    v = village
    first, second = v.propose(), v.propose(contest=contest("plurality"))
    assembly = v.meet(first, second)
    v.vote(assembly, v.propose(contest=contest("plurality"), amends=first))
    v.vote(assembly, v.propose(amends=second))
    ballot = v.open_vote(assembly, first)
    cast(v, ballot, {A: 1})
    v.do(v.chair, CloseVote(ballot=ballot))
    v.vote(assembly, second)
    assert (outcome(v, first).winners, outcome(v, second).adopted) == ((A,), True)


def test_between_two_rounds_the_options_do_not_change(village):
    v = village
    assembly, proposal = posed(v, by="two-round")
    earlier = v.propose(contest=contest("irv"), amends=proposal)
    ballot = v.open_vote(assembly, proposal, "hands")
    assert counting(v, ballot, ({A: 1}, 8), ({B: 1}, 6), ({C: 1}, 5))()
    later = v.proposal(contest=contest("irv"), amends=proposal)
    v.refused("contest_between_rounds", lambda: v.send(v.plain[0], later))
    act = v.opening_vote(assembly, earlier)
    v.refused("contest_between_rounds", lambda: v.send(v.chair, act))


# --- ballots ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "by", "marks"),
    [
        ("option_unknown", "plurality", {"9": 1}),
        ("mark_not_one", "plurality", {A: 2}),
        ("marks_too_many", "plurality", {A: 1, B: 1}),
        ("marks_too_many", "block", {A: 1, B: 1, C: 1}),
        ("marks_too_many", "limited", {A: 1, B: 1}),
        ("mark_not_one", "approval", {A: 0}),
        ("places_not_in_order", "schulze", {A: 1, B: 3}),
        ("places_not_in_order", "irv", {A: 2, B: 3}),
        ("place_shared", "irv", {A: 1, B: 1}),
        ("points_out_of_range", "score", {A: 6}),
        ("points_out_of_range", "score", {A: -1}),
    ],
)
def test_a_ballot_that_the_rule_cannot_count_is_refused(village, rule, by, marks):
    v = village
    assembly, proposal = posed(v, by=by, **seats_of(by))
    ballot = v.open_vote(assembly, proposal)
    member = min(v.state.ballots[ballot].entitled)
    v.refused(rule, lambda: v.send(member, CastBallot(ballot=ballot, marks=marks)))


def test_a_ballot_gives_no_more_points_than_there_are(village):
    v = village
    assembly, proposal = posed(v, by="points", seats=2)
    ballot = v.open_vote(assembly, proposal)
    act = CastBallot(ballot=ballot, marks={A: 6, B: 5})
    v.refused("points_too_many", lambda: v.send(v.plain[0], act))


def test_a_member_casts_one_ballot(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal)
    act = CastBallot(ballot=ballot, marks={A: 1})
    v.do(v.plain[0], act)
    v.refused("voted_twice", lambda: v.send(v.plain[0], act))


def test_a_vote_among_options_is_not_answered_with_yes(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal)
    yes = Vote(ballot=ballot, choice="yes")
    v.refused("vote_is_among_options", lambda: v.send(v.plain[0], yes))


def test_a_motion_is_not_answered_with_a_ballot(village):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal)
    act = CastBallot(ballot=ballot, marks={A: 1})
    v.refused("vote_is_on_a_motion", lambda: v.send(v.plain[0], act))


def test_tellers_count_no_more_ballots_than_people(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal, "papers")
    present = v.state.ballots[ballot].present
    v.refused("more_hands_than_people", counting(v, ballot, ({A: 1}, present), blank=1))
    v.refused("count_negative", counting(v, ballot, ({A: 1}, 0)))
    v.refused("blank_among_ballots", counting(v, ballot, ({}, 1), blank=0))


def test_hands_are_counted_option_by_option(village):
    v = village
    assembly, proposal = posed(v, by="approval", seats=1)
    ballot = v.open_vote(assembly, proposal, "hands")
    present = v.state.ballots[ballot].present
    v.refused("hands_one_option_a_line", counting(v, ballot, ({A: 1, B: 1}, 3)))
    v.refused("more_hands_than_people", counting(v, ballot, ({A: 1}, present + 1)))
    assert counting(v, ballot, ({A: 1}, present), ({B: 1}, present - 1), blank=0)()
    assert outcome(v, proposal).winners == (A,)


def test_hands_are_no_more_than_all_may_raise(village):
    """Two each: what everyone may raise in all is twice those present."""
    v = village
    assembly, proposal = posed(v, by="block", seats=2)
    ballot = v.open_vote(assembly, proposal, "hands")
    most = v.state.ballots[ballot].present
    raised = ({A: 1}, most), ({B: 1}, most), ({C: 1}, 1)
    v.refused("more_hands_than_people", counting(v, ballot, *raised))
    assert counting(v, ballot, *raised[:2])()


def test_a_count_of_ballots_without_tellers_is_refused(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal, "papers")
    papers = (Papers(marks={A: 1}, number=3),)
    act = CountBallots(ballot=ballot, papers=papers)
    v.refused("tellers_missing", lambda: v.send(v.plain[0], act))


# --- the choice -------------------------------------------------------------------------------


BALLOTS = [
    *[{A: 1, B: 2, C: 3}] * 6,
    *[{B: 1, C: 2, A: 3}] * 5,
    *[{C: 1, B: 2, A: 3}] * 3,
]
WINNERS = {"irv": (B,), "schulze": (B,), "ranked-pairs": (B,), "borda": (B, A)}


@pytest.mark.parametrize("by", sorted(WINNERS))
def test_a_roll_call_is_counted_by_the_method_of_the_statute(village, by):
    v = village
    assembly, proposal = posed(v, by=by, **({"seats": 2} if by == "borda" else {}))
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, *BALLOTS, {})
    v.do(v.chair, CloseVote(ballot=ballot))
    found = outcome(v, proposal)
    blank = MEMBERS - len(BALLOTS)
    assert (found.adopted, found.winners, found.blank) == (True, WINNERS[by], blank)


@pytest.mark.parametrize("by", sorted(MARKS))
def test_any_method_can_be_named_for_a_decision(village, by):
    """Every one of them from the proposal to what the chosen options do."""
    v = village
    projects = by in ("equal-shares", "greedy", "phragmen")
    options = [
        option(n, v.authorisation(limit=30 + int(n), name=f"p{n}")) if projects else option(n)
        for n in (A, B, C)
    ]
    several = by not in ("plurality", "two-round", "irv", "ranked-pairs", "schulze")
    extent = {"budget": 70} if projects else {"seats": 2} if several else {}
    assembly, proposal = posed(v, *options, by=by, **extent)
    ballot = v.open_vote(assembly, proposal)
    kind = MARKS[by][0]
    likes = {
        "one": [{B: 1}] * 9 + [{A: 1}] * 5 + [{C: 1}] * 2,
        "several": [{B: 1}] * 9 + [{A: 1}] * 5 + [{C: 1}] * 2,
        "points": [{B: 5, A: 2}] * 9 + [{C: 1}] * 2,
        "ranked": [{B: 1, A: 2}] * 9 + [{A: 1, B: 2}] * 5 + [{C: 1}] * 2,
    }[kind]
    cast(v, ballot, *likes)
    v.do(v.chair, CloseVote(ballot=ballot))
    found = outcome(v, proposal)
    assert found.winners[0] == B
    assert v.state.proposals[proposal].effects == joined(
        v.state.proposals[proposal].contest, found.winners
    )


def test_the_elected_take_their_seats_together(village):
    v = village
    office = next(o for o in v.law.offices if o.seats >= 2 and o.choose == "election")
    free = [m for m in v.plain if m not in (v.chair, v.secretary)][:3]
    options = [option(str(m), Elect(office=office.id, members=(m,))) for m in free]
    assembly, proposal = posed(v, *options, by="stv-scottish", seats=2)
    ballot = v.open_vote(assembly, proposal)
    first, second, third = (str(m) for m in free)
    cast(v, ballot, *[{second: 1, first: 2}] * 8, *[{first: 1}] * 7, *[{third: 1}] * 2)
    v.do(v.chair, CloseVote(ballot=ballot))
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(proposal)
    assert v.state.proposals[proposal].effects == (
        Elect(office=office.id, members=(int(second), int(first))),
    )
    assert {int(first), int(second)} <= set(v.state.holders(office.id, v.now))
    assert int(third) not in v.state.holders(office.id, v.now)


def test_projects_share_a_budget_and_only_those_chosen_are_paid(village):
    v = village
    options = [
        option(name, v.authorisation(limit=limit, name=name, purpose=name))
        for name, limit in (("pump", 50_000), ("roof", 40_000), ("road", 30_000))
    ]
    assembly, proposal = posed(v, *options, by="equal-shares", budget=80_000)
    ballot = v.open_vote(assembly, proposal, "papers")
    done = counting(v, ballot, ({"pump": 1, "roof": 1}, 10), ({"road": 1}, 8), blank=2)()
    assert done
    assert set(outcome(v, proposal).winners) == {"road", "roof"}
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(proposal)
    names = {a.purpose for a in v.state.authorisations.values()}
    assert {"roof", "road"} <= names
    assert "pump" not in names


def test_rivals_are_not_both_funded(village):
    v = village
    options = [
        option(name, v.authorisation(limit=30_000, name=name))
        for name in ("field", "meadow", "well")
    ]
    rivals = (("field", "meadow"),)
    assembly, proposal = posed(v, *options, by="greedy", budget=90_000, exclusive=rivals)
    ballot = v.open_vote(assembly, proposal, "hands")
    assert counting(v, ballot, ({"field": 1}, 9), ({"meadow": 1}, 8), ({"well": 1}, 2))()
    assert set(outcome(v, proposal).winners) == {"field", "well"}


def test_nobody_is_chosen_by_no_ballots(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {}, {})
    v.do(v.chair, CloseVote(ballot=ballot))
    assert (outcome(v, proposal).adopted, outcome(v, proposal).blank) == (False, MEMBERS)
    assert v.standing(proposal) == "rejected"


def test_ballots_without_a_single_point_choose_nobody_and_end_the_vote(village):
    v = village
    assembly, proposal = posed(v, by="score", seats=1)
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {A: 0}, {A: 0, B: 0})
    v.do(v.chair, CloseVote(ballot=ballot))
    assert not outcome(v, proposal).adopted


# --- ties and second rounds -------------------------------------------------------------------


def test_a_tie_waits_for_the_dice_and_then_anyone_can_draw_the_lot_again(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {A: 1}, {B: 1}, {C: 1}, {A: 1}, {B: 1})
    close = CloseVote(ballot=ballot)
    said = v.refused("lot_needed", lambda: v.send(v.chair, close))
    assert said.params["options"] == f"{A}, {B}"
    thrown = CloseVote(ballot=ballot, dice="3 5  1 6 2")
    v.refused("list_unsigned_by_teller", lambda: v.send(v.chair, thrown))
    v.do(v.chair, thrown, v.tellers[0])
    winner = outcome(v, proposal).winners[0]
    known, asked = v.law.count("plurality"), contest("plurality")
    rule = rule_of(known, asked, frozenset())
    papers = [({A: 1}, 2), ({B: 1}, 2), ({C: 1}, 1)]
    head = v.state.ballots[ballot].head
    again = result_of(known, rule, asked.options, papers, "3 5 1 6 2", head)
    assert again.winners == (winner,)
    other = [({A: 1}, 2), ({B: 1}, 2)]
    line = lot_line(rule, papers, "3 5 1 6 2", head)
    assert line != lot_line(rule, other, "3 5 1 6 2", head)
    assert line != lot_line(rule, papers, "3 5 1 6 2", "f" * 64)


@pytest.mark.parametrize("dice", ["3-5", "7", "three", "１", "3 5.", "3 5 1 6 7"])
def test_dice_have_one_spelling(village, dice):
    """Or whoever writes them down could look for the spelling that lets a friend win."""
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {A: 1}, {B: 1})
    act = CloseVote(ballot=ballot, dice=dice)
    v.refused("dice_unclear", lambda: v.send(v.chair, act, v.tellers[0]))
    papers = [({A: 1}, 1), ({B: 1}, 1)]
    rule = rule_of(v.law.count("plurality"), contest("plurality"), frozenset())
    assert lot_line(rule, papers, "3 5 1 2 3", "") == lot_line(rule, papers, " 351 23\n", "")


def test_a_lot_takes_five_dice_at_least(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {A: 1}, {B: 1})
    act = CloseVote(ballot=ballot, dice="3 5 1 6")
    v.refused("dice_too_few", lambda: v.send(v.chair, act, v.tellers[0]))


def test_the_lot_is_the_same_on_however_many_lines_the_tellers_write(village):
    v = village
    assembly, proposal = posed(v)
    ballot = v.open_vote(assembly, proposal, "papers")
    papers = (({B: 1}, 1), ({A: 1}, 2), ({B: 1}, 1))
    assert counting(v, ballot, *papers, dice="1 6 2 3 3")()
    rule = rule_of(v.law.count("plurality"), contest("plurality"), frozenset())
    seed = lot_line(rule, [({A: 1}, 2), ({B: 1}, 2)], "1 6 2 3 3", v.state.ballots[ballot].head)
    first = next(each for each in draw_order(seed, (A, B, C)) if each != C)
    assert outcome(v, proposal).winners == (first,)


def test_a_tie_is_voted_again_where_the_statute_says_so(village):
    v = village
    assembly, proposal = posed(v, by="again")
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, {A: 1}, {B: 1})
    v.do(v.chair, CloseVote(ballot=ballot))
    assert outcome(v, proposal).tie
    again = v.open_vote(assembly, proposal)
    cast(v, again, {A: 1}, {B: 1}, {B: 1})
    v.do(v.chair, CloseVote(ballot=again))
    assert outcome(v, proposal).winners == (B,)


def test_two_rounds_are_two_votes_and_the_second_is_between_two(village):
    v = village
    assembly, proposal = posed(v, by="two-round")
    ballot = v.open_vote(assembly, proposal, "hands")
    assert counting(v, ballot, ({A: 1}, 8), ({B: 1}, 6), ({C: 1}, 5))()
    assert outcome(v, proposal).tie
    assert v.state.proposals[proposal].standing == {A, B}
    second = v.open_vote(assembly, proposal)
    act = CastBallot(ballot=second, marks={C: 1})
    v.refused("option_unknown", lambda: v.send(v.plain[0], act))
    cast(v, second, *[{B: 1}] * 9, *[{A: 1}] * 8)
    v.do(v.chair, CloseVote(ballot=second))
    assert outcome(v, proposal).winners == (B,)


def test_whoever_is_out_of_the_second_round_cannot_keep_it_from_being_held(village):
    v = village
    office = next(o for o in v.law.offices if o.choose == "election")
    stand = v.plain[:3]
    options = [option(str(m), Elect(office=office.id, members=(m,))) for m in stand]
    assembly, proposal = posed(v, *options, by="two-round")
    ballot = v.open_vote(assembly, proposal, "hands")
    first, second, third = (str(m) for m in stand)
    assert counting(v, ballot, ({first: 1}, 8), ({second: 1}, 6), ({third: 1}, 5))()
    v.do(stand[2], Leave())
    again = v.open_vote(assembly, proposal)
    cast(v, again, {second: 1})
    v.do(v.chair, CloseVote(ballot=again))
    assert outcome(v, proposal).winners == (second,)


# --- motions ----------------------------------------------------------------------------------


def amended(v, place, value):
    v.decide(AmendStatute(changes=(Change(place=f"majorities.default.{place}", value=value),)))


def test_a_motion_needs_the_approval_that_the_statute_asks_of_the_whole_roll(village):
    v = village
    amended(v, "approval_quorum", "1/2")
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    first, *others = v.tellers
    v.do(first, CountHands(ballot=ballot, yes=11, no=1), *others)
    assert not outcome(v, proposal).adopted


def test_a_tied_motion_is_drawn_where_the_statute_leaves_it_to_the_lot(village):
    v = village
    amended(v, "tie", "lot")
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    first, *others = v.tellers
    tied = {"ballot": ballot, "yes": 9, "no": 9}
    v.refused("lot_needed", lambda: v.send(first, CountHands(**tied), *others))
    v.do(first, CountHands(**tied, dice="2 2 6 1 1"), *others)
    assert outcome(v, proposal).adopted in (True, False)
    assert not outcome(v, proposal).tie


def by_consensus(v, minus):
    """The general matter decided by consensus, from now on; a blocked motion comes back."""
    changes = {"more_than": "", "agreement": "consensus", "minus": minus, "tie": "repeat"}
    places = {f"majorities.default.{name}": value for name, value in changes.items()}
    v.decide(AmendStatute(changes=tuple(Change(place=p, value=x) for p, x in places.items())))


def said_by_all(v, ballot, objecting=0, reason="too dear"):
    """Everyone is heard; the first so many object, the next stands aside."""
    for at, member in enumerate(sorted(v.state.ballots[ballot].entitled)):
        choice = "no" if at < objecting else "abstain" if at == objecting else "yes"
        words = reason if choice == "no" else ""
        v.do(member, Vote(ballot=ballot, choice=choice, reason=words))


def test_consensus_minus_one_stands_with_one_objection_and_not_with_two(village):
    v = village
    by_consensus(v, 1)
    first, second = v.propose(), v.propose()
    assembly = v.meet(first, second)
    for proposal, objecting in ((first, 1), (second, 2)):
        ballot = v.open_vote(assembly, proposal)
        said_by_all(v, ballot, objecting)
        v.do(v.chair, CloseVote(ballot=ballot))
    assert (outcome(v, first).adopted, outcome(v, second).adopted) == (True, False)
    assert outcome(v, second).tie
    again = v.open_vote(assembly, second)
    said_by_all(v, again)
    v.do(v.chair, CloseVote(ballot=again))
    assert outcome(v, second).adopted


def test_agreement_takes_hearing_everyone_by_name_and_every_objection_a_reason(village):
    v = village
    by_consensus(v, 0)
    proposal = v.propose()
    assembly = v.meet(proposal)
    hands = v.opening_vote(assembly, proposal, method="hands")
    v.refused("agreement_by_name", lambda: v.send(v.chair, hands))
    ballot = v.open_vote(assembly, proposal)
    bare = Vote(ballot=ballot, choice="no")
    v.refused("objection_without_reason", lambda: v.send(v.plain[0], bare))
    v.do(v.plain[0], Vote(ballot=ballot, choice="yes"))
    v.refused("not_all_heard", lambda: v.send(v.chair, CloseVote(ballot=ballot)))


def test_whoever_left_unheard_agreed_to_nothing_and_does_not_keep_the_vote_open(village):
    v = village
    by_consensus(v, 1)
    proposal = v.propose()
    assembly = v.meet(proposal)
    ballot = v.open_vote(assembly, proposal)
    *heard, away = sorted(v.state.ballots[ballot].entitled)
    for member in heard:
        v.do(member, Vote(ballot=ballot, choice="yes"))
    v.refused("not_all_heard", lambda: v.send(v.chair, CloseVote(ballot=ballot)))
    v.do(away, CheckOut(assembly=assembly, members=(away,)))
    v.do(v.chair, CloseVote(ballot=ballot))
    assert (outcome(v, proposal).adopted, outcome(v, proposal).tie) == (False, True)


def test_a_vote_is_counted_by_the_law_under_which_it_was_opened(village):
    """A vote by hands cannot become one by agreement while the hands are up."""
    v = village
    changes = {"more_than": "", "agreement": "consent"}
    amendment = AmendStatute(
        changes=tuple(Change(place=f"majorities.default.{n}", value=x) for n, x in changes.items())
    )
    (law,) = v.decide_all((amendment,), enact=False)
    v.pass_window()
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    v.put_in_force(law)
    first, *others = v.tellers
    v.do(first, CountHands(ballot=ballot, yes=9, no=3), *others)
    assert outcome(v, proposal).adopted


def test_the_working_of_a_count_is_kept_with_its_vote(village):
    v = village
    assembly, proposal = posed(v, by="irv")
    ballot = v.open_vote(assembly, proposal)
    cast(v, ballot, *BALLOTS)
    v.do(v.chair, CloseVote(ballot=ballot))
    sql = "SELECT working, papers, winners FROM reading_ballot WHERE number = ?"
    ((working, papers, winners),) = v.database.execute(sql, (ballot,)).fetchall()
    told = json.loads(working)
    assert told["winners"] == json.loads(winners) == [B]
    assert len(told["rounds"]) >= 2
    assert {each["id"] for each in told["explanations"]} >= {A, B, C}
    assert sum(each["number"] for each in json.loads(papers)) == len(BALLOTS)
