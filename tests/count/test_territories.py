"""Equal Shares where each territory's voters share out the territory's own part of the budget."""

from argparse import ArgumentParser
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.count.cli import add_commands
from comuna.count.errors import BallotError, CountError, RuleError
from comuna.count.files import read_ballots
from comuna.count.files.pabulib import write_pb
from comuna.count.methods import count
from comuna.count.rule import Rule
from comuna.count.supports import Projects, Supports

from . import naive
from .helpers import projects

VALLEY = """META
key;value
budget;100
vote_type;approval
PROJECTS
project_id;cost;name
path;40;Path on the hill
well;60;Well in the valley
VOTES
voter_id;district;vote
1;Hill;path
2;Hill;path
3;Valley;well
4;Valley;well
5;Valley;well
6;Valley;well
7;Valley;well
8;Valley;well
9;Valley;well
10;Valley;well
"""
SHARES = {"endowments": "Hill:40,Valley:60", "budget": "100"}


def rule(**options: str) -> Rule:
    return Rule.from_options("equal-shares", {**SHARES, **options})


def valley(text: str = VALLEY) -> Projects:
    ballots = read_ballots("x.pb", text.encode(), by_territory=True)[1]
    assert isinstance(ballots, Supports)
    return ballots


def test_a_territory_where_few_vote_still_decides_over_its_share() -> None:
    """The page's example: two on the hill have 20 each and pay the path; without it, 10 each."""
    with_shares = count(rule(), valley())
    assert with_shares.winners == ("well", "path")
    assert with_shares.notes["endowments"] == {"Hill": 20, "Valley": Fraction(15, 2)}
    alike = count(Rule(method="equal-shares", budget=Fraction(100)), valley())
    assert alike.winners == ("well",)
    assert alike.notes["endowment"] == 10


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["cost", "cardinality"]), st.booleans(), st.booleans())
def test_endowments_of_territories_agree_with_plain_fractions(
    data: st.DataObject, satisfaction: str, completed: bool, coarse: bool
) -> None:
    from comuna.count import purses

    many = data.draw(st.integers(1, 5))
    costs = [Fraction(data.draw(st.integers(1, 40))) for _ in range(many)]
    papers = data.draw(
        st.lists(
            st.tuples(st.sampled_from("NSE"), st.sets(st.integers(0, many - 1))),
            min_size=1,
            max_size=9,
        )
    )
    shares = {place: Fraction(data.draw(st.integers(1, 50)), 3) for place, _ in papers}
    budget = sum(shares.values(), Fraction(0))
    places = [place for place, _ in papers]
    endowments = [shares[place] / places.count(place) for place in places]
    ballots = [dict.fromkeys(chosen, 1) for _, chosen in papers]
    plain = projects({f"p{p}": cost for p, cost in enumerate(costs)}, [])
    voted = Supports.from_ballots(plain.candidates, "approval", [(1, b) for b in ballots], places)
    asked = Rule(
        method="equal-shares",
        budget=budget,
        endowments=tuple(sorted(shares.items())),
        satisfaction=satisfaction,
        completion="add1" if completed else "none",
        step="0.5" if completed else None,
        ties=("id",),
    )
    by_cost = satisfaction == "cost"
    expected = (
        naive.add1(costs, ballots, endowments, Fraction(1, 2), by_cost)
        if completed
        else naive.equal_shares(costs, ballots, endowments, by_cost)
    )
    room, fine = purses.ROOM, purses.FINE
    if coarse:  # nearly every choice is in doubt, and fractions decide
        purses.ROOM, purses.FINE = 1, 1
    try:
        result = count(asked, voted)
    finally:
        purses.ROOM, purses.FINE = room, fine
    assert result.winners == tuple(f"p{p}" for p in expected)


def test_a_territory_where_nobody_votes_keeps_its_share_unspent_until_completion() -> None:
    nobody = {"endowments": "Hill:20,Lake:20,Valley:60"}
    result = count(rule(**nobody), valley())
    assert result.winners == ("well",)
    assert result.notes["left"] == 40
    completed = count(rule(**nobody, completion="add1"), valley())
    assert completed.winners == ("well", "path")


def test_shares_that_do_not_add_up_or_fit_the_ballots_are_refused() -> None:
    with pytest.raises(RuleError, match="add up to 90, and 100"):
        rule(endowments="Hill:30,Valley:60")
    with pytest.raises(RuleError, match="'Hill' stands twice"):
        rule(endowments="Hill:40,Hill:60")
    with pytest.raises(BallotError, match=r"'Valley', to which .* Hill, Lake"):
        count(rule(endowments="Hill:40,Lake:60"), valley())
    with pytest.raises(BallotError, match="do not say which territory"):
        count(rule(), projects({"a": 1}, [(1, ["a"])]))
    with pytest.raises(RuleError, match="greedy takes no endowments"):
        Rule.from_options("greedy", SHARES)


def test_a_file_must_say_every_voters_territory_in_one_column() -> None:
    with pytest.raises(CountError, match=r"line 10: one column of VOTES .* district"):
        valley(VALLEY.replace("district", "shoe_size"))
    with pytest.raises(CountError, match=r"line 12: the voter's territory is not said"):
        valley(VALLEY.replace("2;Hill", "2; "))
    with pytest.raises(CountError, match=r"only a \.pb says"):
        read_ballots("x.blt", b"", by_territory=True)


def test_territories_are_written_only_where_they_were_read() -> None:
    contest, without = read_ballots("x.pb", VALLEY.encode())
    assert "Hill" not in write_pb(contest, without).partition("VOTES")[2]  # type: ignore[arg-type]
    again = valley(write_pb(contest, valley()))
    assert count(rule(), again).winners == count(rule(), valley()).winners


def test_the_command_line_shares_out_by_territory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "valley.pb").write_text(VALLEY)
    parser = ArgumentParser()
    add_commands(parser.add_subparsers())
    words = ["count", "equal-shares", str(tmp_path / "valley.pb")]
    args = parser.parse_args([*words, "--option", "endowments=Hill:40,Valley:60"])
    assert args.run(args) == 0
    assert capsys.readouterr().out.split("\n")[0] == "well Well in the valley"
