from collections.abc import Mapping
from fractions import Fraction
from itertools import islice

import pytest

from comuna.count.errors import BallotError, RuleError
from comuna.count.paper import Entry, settle
from comuna.count.risk_limit import AUDITED, Batch, BatchAudit, ballot_polling, draw_papers
from comuna.count.rule import METHODS


def entry(batch: str, by: str, yes: int, no: int, blank: int = 0, null: int = 0) -> Entry:
    counts = {"yes": yes, "no": no}
    return Entry(batch, by, yes + no + blank + null, counts, blank, null)


def test_a_batch_counted_alike_by_two_people_is_agreed() -> None:
    state = settle(
        ["box 1", "box 2"], [entry("box 1", "ana", 10, 4), entry("box 1", "luis", 10, 4)]
    )
    assert state.votes == {"no": 4, "yes": 10}
    assert state.agreed == ("box 1",)
    assert state.missing == ("box 2",)
    assert not state.complete()


def test_a_difference_orders_a_recount_that_says_what_differs() -> None:
    entries = [entry("box 1", "ana", 10, 4), entry("box 1", "luis", 9, 4, null=1)]
    state = settle(["box 1"], entries)
    assert state.votes == {}
    assert state.recounts[0].by == ("ana", "luis")
    assert state.recounts[0].differences == {"votes yes": (10, 9), "null": (0, 1)}
    again = [*entries, entry("box 1", "eva", 9, 4, null=1), entry("box 1", "ana", 9, 4, null=1)]
    settled = settle(["box 1"], again)
    assert settled.complete()
    assert (settled.votes["yes"], settled.null) == (9, 1)


def test_nobody_counts_a_batch_against_themselves_nor_a_batch_that_is_agreed() -> None:
    with pytest.raises(BallotError, match="another person"):
        settle(["b"], [entry("b", "ana", 1, 0), entry("b", "ana", 1, 0)])
    with pytest.raises(BallotError, match="is agreed"):
        settle(["b"], [entry("b", n, 1, 0) for n in ("ana", "luis", "eva")])
    with pytest.raises(BallotError, match="handed out"):
        settle(["b"], [entry("c", "ana", 1, 0)])


def test_an_entry_must_add_up_to_its_papers() -> None:
    with pytest.raises(BallotError, match="add up to 5, but 6"):
        Entry("b", "ana", 6, {"yes": 3, "no": 2})
    with pytest.raises(BallotError, match="negative"):
        Entry("b", "ana", 1, {"yes": 2, "no": -1})


A, B = frozenset({"A"}), frozenset({"B"})


def test_papers_are_drawn_once_each_and_by_the_public_seed() -> None:
    drawn = list(draw_papers("dice", 50))
    assert sorted(drawn) == list(range(50))
    assert drawn == list(draw_papers("dice", 50))
    assert drawn != list(draw_papers("other dice", 50))


def test_a_wide_margin_is_confirmed_from_few_papers() -> None:
    papers = [A] * 7000 + [B] * 3000
    sample = [papers[at] for at in islice(draw_papers("dice", 10_000), 200)]
    risk = ballot_polling(
        "plurality", {"A": 7000, "B": 3000}, ["A"], 10_000, sample, Fraction(1, 20)
    )
    assert risk.confirmed


def test_looking_at_every_paper_leaves_no_risk_when_the_result_is_right() -> None:
    papers = [A] * 51 + [B] * 49
    sample = [papers[at] for at in draw_papers("dice", 100)]
    risk = ballot_polling("plurality", {"A": 51, "B": 49}, ["A"], 100, sample, Fraction(1, 20))
    assert risk.pairs["A", "B"] == 0


def test_a_wrong_result_is_confirmed_no_more_often_than_the_risk_limit() -> None:
    papers = [A] * 500 + [B] * 500  # a tie, announced as 600 to 400: the hardest wrong result
    limit = Fraction(1, 5)
    confirmed = 0
    for seed in range(200):
        drawn = [papers[at] for at in islice(draw_papers(f"dice {seed}", 1000), 300)]
        risk = ballot_polling("plurality", {"A": 600, "B": 400}, ["A"], 1000, drawn, limit)
        confirmed += risk.confirmed
    # 200 draws at 1/5 are 40 expected at most; 57 is three standard deviations more.
    assert confirmed <= 57


BATCHES = {f"box {n:02}": Batch(100, {"A": 56, "B": 44}) for n in range(60)}


def counted(audit: BatchAudit, many: int, wrong: int) -> list[tuple[str, Mapping[str, int]]]:
    """Every batch says A has `wrong` fewer votes and B as many more than announced."""
    return [(name, {"A": 56 - wrong, "B": 44 + wrong}) for name in audit.draw("dice", many)]


def test_batches_that_agree_confirm_and_batches_that_do_not_never_do() -> None:
    audit = BatchAudit("plurality", BATCHES, ["A"])
    assert audit.risk(counted(audit, 60, 0), Fraction(1, 20)).confirmed
    assert not audit.risk(counted(audit, 5, 0), Fraction(1, 20)).confirmed
    # Six votes moved in each box make a tie of it: no number of boxes may confirm that.
    assert not audit.risk(counted(audit, 400, 6), Fraction(1, 20)).confirmed


def test_announced_winners_who_do_not_lead_are_not_audited() -> None:
    with pytest.raises(BallotError, match="does not lead"):
        ballot_polling("plurality", {"A": 5, "B": 5}, ["A"], 10, [], Fraction(1, 20))
    with pytest.raises(BallotError, match="does not lead"):
        BatchAudit("plurality", {"b": Batch(10, {"A": 1, "B": 2})}, ["A"])
    audit = BatchAudit("plurality", BATCHES, ["A"])
    with pytest.raises(BallotError, match="box 99"):
        audit.risk([("box 99", {})], Fraction(1, 20))


@pytest.mark.parametrize("method", [each for each in METHODS if each not in AUDITED])
def test_what_no_sample_can_confirm_is_not_audited(method: str) -> None:
    with pytest.raises(RuleError, match=f"result of {method} .* count all of them again"):
        ballot_polling(method, {"A": 7, "B": 3}, ["A"], 10, [], Fraction(1, 20))
    with pytest.raises(RuleError, match=method):
        BatchAudit(method, BATCHES, ["A"])
