"""A game against the law: somebody holds the keys of a few members and of as many invented people
as they like, plays any acts at any time, and wins when something has moved that the members did not
move. The judge is the real one; whether a signature fits is the clerk's affair, so a key is its
name."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from comuna.book import keys
from comuna.rules.act import (
    PREPARES,
    Act,
    Author,
    Entry,
    Paper,
    Refusal,
    Refused,
    Seen,
    Signature,
)
from comuna.rules.judge import apply, judge
from comuna.rules.names import day, folded
from comuna.rules.state import DAY, Movement, State
from tests.rules.in_memory import KEYS
from tests.rules.kept import Kept

HOUR = 3600
HORIZON = 60 * DAY
"""After the last act nobody does anything for so long: what was to take effect has taken effect."""


class Scene:
    """A body at the moment when the adversary begins: its state, and numbers of what stands in
    it."""

    def __init__(self, name: str, pack: str, state: State, **numbers: Any) -> None:
        self.name, self.pack, self.numbers = name, pack, numbers
        self.kept = Kept(state)
        self.before = self.kept.fresh()


class Game:
    """One game. `hands` are the members whose keys the adversary holds."""

    def __init__(self, scene: Scene, hands: Sequence[int], random: Random) -> None:
        self.scene, self.random = scene, random
        self.state, self.before = scene.kept.fresh(), scene.before
        self.now = self.state.now + 60
        self.hands = list(hands)
        self.invented: dict[int, str] = {}  # number → public key
        self.tried = self.done = 0
        self.played: list[str] = []
        self.sent: dict[int, tuple[int, set[int]]] = {}  # number → when, and who signed

    # --- playing ----------------------------------------------------------------------------------

    def wait(self, days: int = 0, hours: int = 0) -> None:
        self.now += days * DAY + hours * HOUR

    def key(self, member: int) -> str:
        public = self.invented.get(member)
        return KEYS[member] if public is None else name_of(public)

    def invent(self) -> str:
        """The public key of somebody who does not exist."""
        seed = hashlib.sha256(b"invented %d" % self.random.getrandbits(60)).digest()
        return keys.to_wire(keys.public_key(seed))

    @property
    def own(self) -> list[int]:
        """All in whose name the adversary can sign."""
        return [*self.hands, *self.invented]

    def send(self, by: Author, act: Act) -> int | Refusal:
        """Give it to the judge; the number of the entry, or the refusal."""
        number = self.state.head + 1
        entry: Any = Entry(
            body=self.state.body, number=number, at=self.now, by=by, act=act, nonce=f"game {number}"
        )
        self.tried += 1
        verdict = judge(self.state, entry)
        if isinstance(verdict, Refusal):
            return verdict
        apply(self.state, verdict)
        self.done += 1
        self.played.append(type(act).__name__)
        self.sent[number] = self.now, {s.member for s in by.signatures}
        self.now += 1
        return number

    def seen(self) -> Seen:
        return Seen(size=self.state.head, root=f"{self.state.head:064x}")

    def signatures(self, members: Iterable[int]) -> tuple[Signature, ...]:
        return tuple(Signature(member=m, key=self.key(m), value="") for m in sorted(set(members)))

    def signed(self, member: int, act: Act, *others: int) -> int | Refusal:
        """By its author's own key, and by those who sign with them."""
        signatures = self.signatures((member, *others))
        author = Author(member=member, form="signed", signatures=signatures, seen=self.seen())
        return self.send(author, act)

    def on_paper(self, member: int, act: Act, happened: int = 0) -> int | Refusal:
        """From a false paper, by all the keys at hand; others are named as witnesses who know of
        nothing."""
        own = self.own
        signers = [m for m in own if m != member] or own
        known = {member, *own}
        others = [m for m in self.state.people if m not in known]
        named = (*signers, *self.random.sample(others, min(2, len(others))))
        author = Author(
            member=member,
            form="witnessed",
            signatures=self.signatures(signers),
            witnesses=named[:6],
            paper=Paper(sha256=f"{self.random.getrandbits(256):064x}", size=9),
            happened=happened,
            seen=self.seen(),
        )
        return self.send(author, act)

    def attempt(self, member: int, act: Act) -> int:
        """An act of a member in whichever way it is accepted: with the member's own key, alone or
        with all the keys at hand, or from paper, today or of days ago. 0: the law stood."""
        ways: list[Any] = []
        if member in self.own:
            others = [m for m in self.own if m != member]
            ways += [(self.signed, []), *((self.signed, [m]) for m in others)]
            ways += [(self.signed, others)] if len(others) > 1 else []
        for way, others in ways:
            found = way(member, act, *others)
            if isinstance(found, int):
                return found
        for happened in (0, self.now - self.random.randrange(1, 15) * DAY):
            found = self.on_paper(member, act, happened)
            if isinstance(found, int):
                return found
        return 0

    # --- what came of it --------------------------------------------------------------------------

    def won(self) -> list[str]:
        """What has moved, once all that was to take effect has: money, seats, things, keys,
        rights, the statute, and what a surplus is shared by. Nothing else of the world has moved
        meanwhile."""
        then = self.now + HORIZON
        before, after = self.before, self.state
        moved = []
        if money(after) < money(before) or self.promised() > 0:
            moved.append("money")
        if result_moved(before, after):
            moved.append("result")
        if self.seats_moved(then):
            moved.append("seat")
        if gone(after) != gone(before):
            moved.append("asset")
        if keys_of_others(after, then, self.own) != keys_of_others(before, then, self.own):
            moved.append("key")
        if belonging(after, then, self.own) != belonging(before, then, self.own):
            moved.append("right")
        if len(after.statutes) != len(before.statutes):
            moved.append("statute")
        if self.measures_moved():
            moved.append("measures")
        return moved

    def seats_moved(self, when: int) -> bool:
        """Whether somebody has an office who had it not, or somebody else has lost one. Whoever
        leaves may leave their own."""
        before, after = seats(self.before, when), seats(self.state, when)
        lost = {(member, office) for member, office in before - after if member not in self.own}
        return bool(lost or after - before)

    def promised(self) -> int:
        """How much more the body owes the adversary than it did, but for a sharing that the
        members had voted."""
        sharing = self.scene.numbers.get("sharing")
        due = 0
        if sharing and self.state.proposals[sharing].enacted_at is not None:
            [effect] = self.before.proposals[sharing].effects
            due = sum(effect.allocations.get(str(m), 0) for m in self.hands)
        return owed(self.state, self.hands) - owed(self.before, self.hands) - due

    def measures_moved(self) -> bool:
        """Whether a surplus would be shared by something else than before the game, or a sharing
        that was voted could not be done any more."""
        before, after = self.before, self.state
        if any(after.periods[n].measures != p.measures for n, p in before.periods.items()):
            return True
        if after.prices != before.prices:
            return True
        return self.blocked() or any(self.false_entry(number) for number in after.put_in)

    def blocked(self) -> bool:
        sharing = self.scene.numbers.get("sharing")
        if not sharing or self.state.proposals[sharing].enacted_at is not None:
            return False
        [effect] = self.state.proposals[sharing].effects
        try:
            PREPARES[type(effect)](self.state, effect, self.now, True)
        except Refused:
            return True
        return False

    def false_entry(self, number: int) -> bool:
        """Whether hours or a delivery stand there that nobody can have worked or brought, at a
        value that the members did not decide, or that only plain members say came."""
        entered, before = self.state.put_in[number], self.before
        law = before.statute.production
        when, signers = self.sent.get(number, (0, set()))
        if when and entered.date < day(when - law.late_days * DAY):
            return True
        for member, amount in entered.amounts.items():
            person = self.state.people[member]
            ended = person.ended_at or self.now
            if not day(person.admitted_at or self.now) <= entered.date <= day(ended):
                return True
            if entered.product is None:
                if self.state.days[entered.date][member] > law.minutes_a_day:
                    return True
                continue
            listed = before.prices_on(entered.date)
            price = listed and listed.prices.get(entered.product)
            together = self.state.brought[entered.date][member, *entered.product]
            if not price or together > price.most:
                return True
            if entered.value > Fraction(amount * price.price, price.per):
                return True
            if when and not any(before.offices(m, when) for m in signers - {member}):
                return True
        return False


def owed(state: State, members: Sequence[int]) -> int:
    """What stands on these members' accounts."""
    return -sum(state.balances.get((f"member_accounts:{m}", state.unit), 0) for m in members)


def name_of(public: str) -> str:
    return keys.key_id(keys.from_wire(public))


def money(state: State) -> int:
    """All that lies in the boxes and bank accounts."""
    return sum(state.balances.get((account, state.unit), 0) for account in state.listed)


def result_moved(before: State, after: State) -> bool:
    """Whether more was entered in a month than two may (an entry without money or the reversal
    of one, income of one payer or of all), or something as capital or as a loan. Summed
    over the movements themselves."""
    law = after.statute.treasury
    entry_share, income_share = Fraction(law.entry_share), Fraction(law.income_share)
    entered: dict[tuple[str, str], int] = defaultdict(int)
    reversals = {m.reversed_by for m in after.movements.values()}
    for number in after.movements.keys() - before.movements.keys():
        movement = after.movements[number]
        kinds = kinds_of(after, movement)
        undone = number in reversals
        if kinds & {"share_capital", "loans"} and not movement.sealing and not movement.commitment:
            return True
        debits = sum(amount for _, amount in movement.lines if amount > 0)
        if "money" not in kinds and (undone or not movement.sealing):
            entered[movement.date[:7], "entries"] += debits
            continue
        decided = movement.sealing or movement.commitment or movement.asset
        if "income" in kinds and not (undone or decided):
            entered[movement.date[:7], f"from {folded(movement.party)}"] += debits
            entered[movement.date[:7], "income"] += debits
    return any(
        amount > (income_share if what == "income" else entry_share) * wealth(before, after, month)
        for (month, what), amount in entered.items()
    )


def kinds_of(state: State, movement: Movement) -> set[str]:
    """What a movement touches: groups and lines of the chart, and whether a place for money."""
    lines = {account.partition(":")[0] for account, _ in movement.lines}
    money = {"money"} if any(state.chart[line].money for line in lines) else set()
    return lines | {state.chart[line].group for line in lines} | money


def wealth(before: State, after: State, month: str) -> int:
    """The most that what two may enter in a month was measured by."""
    year = f"{int(month[:4]) - 1}{month[4:]}"
    most = 0
    for state in (before, after):
        own = earned = 0
        for movement in state.movements.values():
            closes = movement.sealing and "income" in kinds_of(state, movement)
            for account, amount in movement.lines:
                line = account.partition(":")[0]
                group = state.chart[line].group
                own -= amount if group == "funds" or line in ("grants", "loans") else 0
                in_time = year <= movement.date[:7] < month and not closes
                earned -= amount if group == "income" and in_time else 0
        most = max(most, own, earned)
    return most


def seats(state: State, when: int) -> set[tuple[int, str]]:
    return {
        (m.member, m.office) for held in state.mandates.values() for m in held if m.in_force(when)
    }


def gone(state: State) -> set[str]:
    return {name for name, asset in state.assets.items() if asset.disposed}


def keys_of_others(state: State, when: int, own: Sequence[int]) -> set[str]:
    """The keys that count for members who are not the adversary's."""
    return {
        name for name, key in state.keys.items() if key.member not in own and key.in_force(when)
    }


def belonging(state: State, when: int, own: Sequence[int]) -> set[int]:
    """Who belongs to the body. The adversary may leave."""
    return {n for n, p in state.people.items() if p.member_at(when) and n not in own}
