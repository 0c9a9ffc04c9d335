"""The same methods once more, ballot by ballot and in fractions, as slow and plain as their texts.

Written apart from the product and sharing nothing with it: what both say alike, two people said.
Ties go to the smallest id; in each tie the smallest id is preferred.
"""

from collections.abc import Sequence
from fractions import Fraction

Votes = Sequence[tuple[int, ...]]  # each ballot: candidates from the first choice


def first_standing(ballot: Sequence[int], standing: set[int]) -> int | None:
    return next((each for each in ballot if each in standing), None)


def look_back(tied: list[int], history: list[dict[int, Fraction]], lowest: bool) -> int:
    """The tied one that was lowest (or highest) at the latest stage where they differed."""
    for stage in reversed(history):
        extreme = (min if lowest else max)(stage[each] for each in tied)
        tied = [each for each in tied if stage[each] == extreme]
        if len(tied) == 1:
            return tied[0]
    return max(tied) if lowest else min(tied)


def irv(count: int, votes: Votes) -> int:
    standing = set(range(count))
    history: list[dict[int, Fraction]] = []
    while True:
        tops = [first_standing(ballot, standing) for ballot in votes]
        tally = {each: Fraction(tops.count(each)) for each in standing}
        in_play = sum(tally.values())
        for each in sorted(standing):
            if 2 * tally[each] > in_play or len(standing) == 1:
                return each
        low = min(tally.values())
        standing.remove(
            look_back(sorted(e for e in standing if tally[e] == low), history, lowest=True)
        )
        history.append(tally)


def scottish_stv(count: int, votes: Votes, seats: int) -> list[int]:
    """Every ballot carries its own value; values are cut to five decimals."""
    hundred_thousandth = Fraction(1, 100_000)
    papers = [[list(ballot), Fraction(1)] for ballot in votes if ballot]
    continuing = set(range(count))
    quota = len(papers) // (seats + 1) + 1
    held: dict[int, list[list]] = {each: [] for each in range(count)}
    tally = dict.fromkeys(range(count), Fraction(0))
    for paper in papers:
        held[paper[0][0]].append(paper)
        tally[paper[0][0]] += 1
    history = [dict(tally)]
    elected: list[int] = []
    to_transfer: list[int] = []
    while True:
        reached = sorted((e for e in continuing if tally[e] >= quota), key=lambda e: (-tally[e], e))
        for each in reached:
            elected.append(each)
            to_transfer.append(each)
            continuing.remove(each)
        if len(elected) >= seats:
            return elected
        if len(continuing) == seats - len(elected):
            return elected + sorted(continuing, key=lambda e: (-tally[e], e))
        over = sorted(e for e in to_transfer if tally[e] > quota)
        if over:
            most = max(tally[e] for e in over)
            mover = look_back([e for e in over if tally[e] == most], history, lowest=False)
            to_transfer.remove(mover)
            surplus = tally[mover] - quota
            for paper in held[mover]:
                raw = surplus * paper[1] / tally[mover]
                paper[1] = raw // hundred_thousandth * hundred_thousandth
            tally[mover] = Fraction(quota)
        else:
            low = min(tally[e] for e in continuing)
            mover = look_back(
                sorted(e for e in continuing if tally[e] == low), history, lowest=True
            )
            continuing.remove(mover)
            tally[mover] = Fraction(0)
        for paper in held[mover]:
            after = paper[0][paper[0].index(mover) + 1 :]
            goes_to = first_standing(after, continuing)
            if goes_to is not None:
                held[goes_to].append(paper)
                tally[goes_to] += paper[1]
        held[mover] = []
        history.append(dict(tally))


def equal_shares(
    costs: Sequence[Fraction],
    ballots: Sequence[dict[int, int]],
    endowments: Sequence[Fraction],
    by_cost: bool,
) -> list[int]:
    """ballots: {project: points}; endowments: what each has. The order projects are funded in."""
    purse = list(endowments)
    open_ = {p for p in range(len(costs)) if any(b.get(p) for b in ballots)}
    funded: list[int] = []
    while True:
        best: tuple[Fraction, int, Fraction] | None = None
        for p in sorted(open_):
            backers = [i for i, b in enumerate(ballots) if b.get(p)]
            if sum(purse[i] for i in backers) < costs[p]:
                continue
            price = _price(costs[p], [(purse[i], ballots[i][p]) for i in backers])
            rate = price / costs[p] if by_cost else price
            if best is None or rate < best[0]:
                best = (rate, p, price)
        if best is None:
            return funded
        _, p, price = best
        for i, ballot in enumerate(ballots):
            if ballot.get(p):
                purse[i] -= min(purse[i], price * ballot[p])
        open_.remove(p)
        funded.append(p)


def _price(cost: Fraction, backers: list[tuple[Fraction, int]]) -> Fraction:
    """Try every number of backers who give all they have."""
    ordered = sorted(backers, key=lambda each: each[0] / each[1])
    for poor in range(len(ordered)):
        left = cost - sum(have for have, _ in ordered[:poor])
        price = left / sum(points for _, points in ordered[poor:])
        if all(price * points <= have for have, points in ordered[poor:]):
            return price
    raise AssertionError("the backers can pay together")


def add1(
    costs: Sequence[Fraction],
    ballots: Sequence[dict[int, int]],
    endowments: Sequence[Fraction],
    step: Fraction,
    by_cost: bool,
) -> list[int]:
    """All endowments together are the budget; each step adds to each in proportion, `step` in the
    mean."""
    budget = sum(endowments, Fraction(0))
    supported = {p for p in range(len(costs)) if any(b.get(p) for b in ballots)}
    total = budget
    previous: list[int] | None = None
    while True:
        grown = [each * total / budget for each in endowments]
        funded = equal_shares(costs, ballots, grown, by_cost)
        spent = sum(costs[p] for p in funded)
        if spent > budget and previous is not None:
            return previous
        if all(spent + costs[p] > budget for p in supported - set(funded)):
            return funded
        previous = funded
        total += step * len(ballots)


def phragmen(costs: Sequence[Fraction], ballots: Sequence[set[int]], budget: Fraction) -> list[int]:
    load = [Fraction(0)] * len(ballots)
    open_ = {p for p in range(len(costs)) if costs[p] <= budget and any(p in b for b in ballots)}
    funded: list[int] = []
    while open_:
        new = {}
        for p in open_:
            backers = [i for i, b in enumerate(ballots) if p in b]
            new[p] = (costs[p] + sum(load[i] for i in backers)) / len(backers)
        least = min(new.values())
        tied = sorted(p for p in open_ if new[p] == least)
        spent = sum(costs[p] for p in funded)
        if any(spent + costs[p] > budget for p in tied):
            break
        for i, ballot in enumerate(ballots):
            if tied[0] in ballot:
                load[i] = least
        funded.append(tied[0])
        open_.remove(tied[0])
    return funded


def meek(count: int, votes: Votes, seats: int) -> tuple[list[int], Fraction]:
    """Keep values found by going round and round in thirty decimals, much finer than the product's
    nine. Also the least distance at which anything was decided: where it is tiny, the decimals of
    the arithmetic decide, and another number of them may elect others."""
    fine = 10**30
    keep = dict.fromkeys(range(count), Fraction(1))
    elected: list[int] = []
    continuing = set(range(count))
    closest = Fraction(1)

    def share() -> tuple[dict[int, Fraction], Fraction]:
        tally = dict.fromkeys(range(count), Fraction(0))
        for ballot in votes:
            rest = Fraction(1)
            for each in ballot:
                part = Fraction(-(-rest * keep[each] * fine // 1), fine)
                tally[each] += part
                rest -= part
        return tally, sum(tally.values(), Fraction(0)) / (seats + 1)

    while True:
        tally, quota = share()
        while sum((tally[each] - quota for each in elected), Fraction(0)) > Fraction(1, 10**15):
            for each in elected:
                keep[each] = Fraction(int(keep[each] * quota / tally[each] * fine) + 1, fine)
            tally, quota = share()
            if any(tally[each] > quota for each in continuing):
                break
        reached = sorted((e for e in continuing if tally[e] > quota), key=lambda e: (-tally[e], e))
        closest = min([closest, *(abs(tally[each] - quota) for each in continuing)])
        for each in reached:
            elected.append(each)
            continuing.remove(each)
        if len(elected) >= seats:
            return elected, closest
        if len(continuing) <= seats - len(elected):
            return elected + sorted(continuing, key=lambda e: (-tally[e], e)), closest
        if not reached:
            order = sorted(continuing, key=lambda e: (tally[e], e))
            closest = min(closest, tally[order[1]] - tally[order[0]])
            continuing.remove(order[0])
            keep[order[0]] = Fraction(0)
