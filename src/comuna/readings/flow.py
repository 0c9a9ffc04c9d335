"""The way of the money: from which source, into which means or fund, by which decision, to whom.

A graph of weighted links between four ranks, left to right: sources, funds, decisions, payees. It
shows money, and beside it the sharing of a surplus (a decision that puts general means into funds
and members' accounts). What was reversed stays where it was, and its reversal is a way of its own:
out of the fund to "undone", or back in from "returned". What stays in a fund shows as a link to
"kept".
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple

from comuna.book.database import Database
from comuna.readings.law import restored
from comuna.readings.query import Row, rows, select, source
from comuna.rules.ledger import is_money
from comuna.rules.names import base, member_in, part_of
from comuna.rules.state import State
from comuna.rules.treasury import GENERAL

SOURCES, FUNDS, DECISIONS, PAYEES = range(4)
SHOWN = 12
"""How many decisions and how many payees have a node of their own; the others share one."""


class Node(NamedTuple):
    """`kind` is account, grant, before, returned, general, fund, owed, decision, reversal, payee,
    members, into, undone, kept or others; `name` what it is called in the book; `amount` what flows
    through it."""

    rank: int
    kind: str
    name: str
    amount: int = 0

    @property
    def key(self) -> tuple[int, str, str]:
        return self.rank, self.kind, self.name


class Link(NamedTuple):
    """So much from one node to another, by their keys."""

    source: tuple[int, str, str]
    target: tuple[int, str, str]
    amount: int


class Flow(NamedTuple):
    """The graph. Nodes come in the order of their ranks, within a rank beside what they join."""

    of: dict[str, Any]
    state: State
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    total: int  # what came in, without what was entered by mistake


Amounts = dict[tuple[Node, Node], int]


def flow(database: Database, body: str, since: str = "", until: str = "9") -> Flow:
    """The graph of the movements dated from `since` to `until`, both included. Raises
    NoSuchBody."""
    state = restored(database, body)
    moved = select(
        database,
        "SELECT * FROM reading_movement WHERE body = ? AND date >= ? AND date <= ? ORDER BY number",
        body,
        since,
        until,
    )
    amounts: Amounts = defaultdict(int)
    lines = lines_of(database, body)
    for movement in moved:
        add(amounts, state, movement, lines[movement["number"]])
    came = sum(n for (one, _), n in amounts.items() if one.rank == SOURCES and one != RETURNED)
    total = came - sum(n for (_, other), n in amounts.items() if other == UNDONE)
    keep_rest(amounts)
    gather(amounts, DECISIONS)
    gather(amounts, PAYEES)
    return Flow(source(database, body), state, *graph(amounts), total)


def lines_of(database: Database, body: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows(database, body, "line"):
        found[row["movement"]].append(row)
    return found


# --- movements into links ---------------------------------------------------------------------


def add(amounts: Amounts, state: State, movement: Row, lines: list[Row]) -> None:
    """The links of one movement."""
    if movement["kind"] == "receive":
        came_from = lines[1]["account"]
        amounts[source_node(came_from), entered(came_from)] += movement["amount"]
    elif movement["payment"]:
        decision = Node(DECISIONS, "decision", str(movement["decision"]))
        amounts[paid_from(lines), decision] += movement["amount"]
        amounts[decision, payee_node(movement["party"])] += movement["amount"]
    elif movement["decision"] and movement["kind"] != "journal":  # which moves no money
        share(amounts, Node(DECISIONS, "decision", str(movement["decision"])), lines)
    elif movement["reverses"]:
        undo(amounts, state, lines)


RETURNED, REVERSAL, UNDONE = (
    Node(SOURCES, "returned", ""),
    Node(DECISIONS, "reversal", ""),
    Node(PAYEES, "undone", ""),
)


def undo(amounts: Amounts, state: State, lines: list[Row]) -> None:
    """A reversal: a payment comes back to where it was drawn from, or what had been entered as
    received goes out again. One that leaves the money as it was has no way to show."""
    change = sum(row["amount"] for row in lines if is_money(state, row["account"]))
    if change > 0:
        amounts[RETURNED, paid_from(lines)] += change
    elif change < 0:
        amounts[entered(lines[1]["account"]), REVERSAL] -= change
        amounts[REVERSAL, UNDONE] -= change


def source_node(account: str) -> Node:
    """Where money came from: a grant, or a line of the chart."""
    if base(account) == "grants":
        return Node(SOURCES, "grant", part_of(account, "grants"))
    return Node(SOURCES, "account", base(account))


def entered(account: str) -> Node:
    """Where money that came in stands: a grant by itself, all other money in the general means."""
    if base(account) == "grants":
        return Node(FUNDS, "grant", part_of(account, "grants"))
    return Node(FUNDS, "general", GENERAL)


def paid_from(lines: list[Row]) -> Node:
    """What a payment was drawn on. What a member was allotted is theirs before it is paid."""
    if len(lines) > 2:
        fund = lines[2]["account"]
        return entered(fund) if base(fund) == "grants" else Node(FUNDS, "fund", fund)
    if base(lines[0]["account"]) == "member_accounts":
        return Node(FUNDS, "owed", "member_accounts")
    return Node(FUNDS, "general", GENERAL)


def payee_node(party: str) -> Node:
    """Whom a payment reached; members are one node, for the picture is public."""
    if member_in(party) is not None:
        return Node(PAYEES, "members", "")
    return Node(PAYEES, "payee", party)


def share(amounts: Amounts, decision: Node, lines: list[Row]) -> None:
    """A decision that shares a surplus or moves between funds: out of what is debited, into what is
    credited. A prepaid advance that is set off leaves so much less to come."""
    for line in lines:
        account, amount = line["account"], line["amount"]
        if base(account) == "member_accounts":
            amounts[decision, Node(PAYEES, "owed", "member_accounts")] -= amount
        elif account == "surplus":
            amounts[Node(FUNDS, "general", GENERAL), decision] += amount
        elif base(account) == "advances":
            continue
        elif amount > 0:
            amounts[Node(FUNDS, "fund", account), decision] += amount
        else:
            amounts[decision, Node(PAYEES, "into", account)] -= amount


# --- the graph --------------------------------------------------------------------------------


def keep_rest(amounts: Amounts) -> None:
    """What is left in the general means and in grants; where more went out than came in, the rest
    is from before, or from what is not money."""
    for fund in {n for pair in amounts for n in pair if n.kind in ("general", "grant")}:
        if fund.rank != FUNDS:
            continue
        into = sum(n for (_, target), n in amounts.items() if target == fund)
        out = sum(n for (origin, _), n in amounts.items() if origin == fund)
        if into > out:
            amounts[fund, Node(PAYEES, "kept", "")] += into - out
        elif out > into:
            amounts[Node(SOURCES, "before", ""), fund] += out - into


def gather(amounts: Amounts, rank: int) -> None:
    """The smallest nodes of a rank become one, when there are more than can be shown."""
    sizes = {n: size for n, size in weights(amounts).items() if n.rank == rank}
    small = sorted(sizes, key=lambda n: (-sizes[n], n.key))[SHOWN:]
    if len(small) < 2:
        return
    others = Node(rank, "others", str(len(small)))
    for (one, other), amount in list(amounts.items()):
        pair = (others if one in small else one, others if other in small else other)
        if pair != (one, other):
            del amounts[one, other]
            amounts[pair] += amount


def weights(amounts: Amounts) -> dict[Node, int]:
    """What flows through each node: the larger of what enters and what leaves."""
    into: dict[Node, int] = defaultdict(int)
    out: dict[Node, int] = defaultdict(int)
    for (one, other), amount in amounts.items():
        out[one] += amount
        into[other] += amount
    return {node: max(into[node], out[node]) for node in {**into, **out}}


def graph(amounts: Amounts) -> tuple[tuple[Node, ...], tuple[Link, ...]]:
    """Nodes and links with what flows through them; links in the order of their nodes."""
    flowing = {pair: amount for pair, amount in amounts.items() if amount > 0}
    sizes = weights(flowing)
    place = arranged(flowing, sizes)
    pairs = sorted(flowing, key=lambda pair: (place[pair[0]], place[pair[1]]))
    return (
        tuple(node._replace(amount=sizes[node]) for node in sorted(place, key=place.__getitem__)),
        tuple(Link(one.key, other.key, flowing[one, other]) for one, other in pairs),
    )


def arranged(flowing: Amounts, sizes: dict[Node, int]) -> dict[Node, int]:
    """The place of every node: the funds by size, every other rank beside what it is joined to, so
    that bands cross little."""
    place: dict[Node, int] = {}
    for rank in (FUNDS, SOURCES, DECISIONS, PAYEES):
        nodes = [n for n in sizes if n.rank == rank]
        nodes.sort(key=lambda n: (n.kind in LAST, middle(n, flowing, place), -sizes[n], n.key))
        place.update({node: rank * len(sizes) + number for number, node in enumerate(nodes)})
    return place


def middle(node: Node, flowing: Amounts, place: dict[Node, int]) -> Fraction:
    """The weighted mean of the places of the placed nodes that a node is joined to."""
    joined = [
        (place[other], amount)
        for (one, two), amount in flowing.items()
        if node in (one, two) and (other := two if node == one else one) in place
    ]
    total = sum(amount for _, amount in joined)
    return Fraction(sum(at * amount for at, amount in joined), total) if total else Fraction(0)


LAST = ("before", "returned", "reversal", "undone", "others", "kept")
"""Nodes that stand below the others of their rank."""
