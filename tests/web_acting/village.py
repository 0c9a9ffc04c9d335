"""A small body whose members all have keys, for tests of what its members do on the pages."""

from __future__ import annotations

import hashlib
import itertools
from contextlib import closing
from dataclasses import dataclass, field

from comuna import pen
from comuna.book import checkpoint, keys
from comuna.clerk import Recorded
from comuna.rules.act import Paper
from comuna.rules.assembly import (
    AgendaItem,
    CallAssembly,
    CheckIn,
    CloseAssembly,
    CulturalOpening,
    OpenAssembly,
    TakeItem,
)
from comuna.rules.ballot import awaited
from comuna.rules.decision import Enact
from comuna.rules.office import Seat
from comuna.rules.proposal import Propose
from comuna.rules.roll import Found, Founder
from comuna.rules.vote import CloseVote, OpenVote, Vote
from comuna.statutes import load
from comuna.web import desk

DAY = 86_400
MEMBERS = 12
_names = itertools.count(1)


def seed_of(member: int) -> bytes:
    return hashlib.sha256(b"village %d" % member).digest()


def paper(text: str) -> Paper:
    return Paper(sha256=hashlib.sha256(text.encode()).hexdigest(), size=len(text))


@dataclass
class Village:
    """A body founded on the simple statute; `now` is its clock, moved by hand."""

    clock: list[int]
    body: str = ""
    seeds: dict[int, bytes] = field(
        default_factory=lambda: {n: seed_of(n) for n in range(1, MEMBERS + 1)}
    )
    nonces: itertools.count = field(default_factory=itertools.count)

    @classmethod
    def found(cls, clock: list[int], without_keys: tuple[int, ...] = ()) -> Village:
        """Found one; the members `without_keys` sign on paper only."""
        village = cls(clock)
        law = load("simple")
        with closing(desk.home().database()) as database:
            register = desk.home().register(database)
            commitments = [
                register.add({"name": f"Persona {n}", "contact": f"0412-{n:07d}"})
                for n in range(1, MEMBERS + 1)
            ]
        seats, people = [], iter(range(1, MEMBERS + 1))
        for office in law.offices:
            for _ in range(min(office.seats, 3)):
                member = next(people, None)
                if member is not None:
                    seats.append(Seat(office=office.id, member=member))
        founders = tuple(
            Founder(
                commitment=commitment,
                kind=law.members.kinds[0].id,
                key=""
                if number in without_keys
                else keys.to_wire(keys.public_key(village.seeds[number])),
            )
            for number, commitment in enumerate(commitments, start=1)
        )
        act = Found(
            name=f"Aldea {next(_names)}",
            unit="USD",
            statute=law,
            founders=founders,
            offices=tuple(seats),
        )
        signing = {n: s for n, s in village.seeds.items() if n not in without_keys}
        submission = pen.founding(act, signing, "found", paper("founding"))
        village.body = submission.body
        assert isinstance(desk.clerk().submit(submission), Recorded)
        return village

    @property
    def state(self):
        return desk.clerk().state(self.body)

    def who(self, power: str) -> list[int]:
        return [m for m in self.state.people if self.state.holds(m, power, self.clock[0])]

    def submission(self, member: int, act, also=()):
        signing = {m: self.seeds[m] for m in (member, *also)}
        seen = desk.clerk().seen(self.body)
        return pen.signed(self.body, member, act, f"v{next(self.nonces)}", signing, seen)

    def do(self, member: int, act, also=()) -> int:
        """Record an act; it must be lawful."""
        result = desk.clerk().submit(self.submission(member, act, also))
        assert isinstance(result, Recorded), result
        return result.number

    def propose(self, *effects, title="Una propuesta", **more) -> int:
        return self.do(1, Propose(title=title, text="Lo que dice", effects=effects, **more))

    def meet(self, *proposals: int) -> int:
        """Call and open an assembly with everyone present."""
        chair = self.who("preside")[0]
        agenda = (
            AgendaItem(title="Canto", purpose="opening"),
            *(AgendaItem(title="Punto", purpose="decision", proposal=p) for p in proposals),
        )
        notice = self.state.statute.assembly.notice_days * DAY + DAY
        assembly = self.do(
            chair, CallAssembly(starts_at=self.clock[0] + notice, place="Casa", agenda=agenda)
        )
        self.clock[0] += notice
        for member in range(1, MEMBERS + 1):
            self.do(member, CheckIn(assembly=assembly, members=(member,)))
        tree = desk.clerk().desk(self.body).tree
        opening = OpenAssembly(
            assembly=assembly, size=tree.size, root=checkpoint.read_aloud(tree.root())
        )
        self.do(chair, opening)
        self.do(chair, CulturalOpening(assembly=assembly, title="Tambor"))
        for item in range(1, len(agenda))[:1]:
            self.do(chair, TakeItem(assembly=assembly, item=item))
        return assembly

    def open_vote(self, assembly: int, proposal: int, method: str = "roll-call") -> int:
        sitting, digest = self.state.assemblies[assembly], self.state.proposals[proposal].digest
        lines = [item.proposal for item in sitting.agenda]
        if sitting.taken != lines.index(proposal):
            item = TakeItem(assembly=assembly, item=lines.index(proposal))
            self.do(self.who("preside")[0], item)
        act = OpenVote(assembly=assembly, proposal=proposal, digest=digest, method=method)
        return self.do(self.who("preside")[0], act)

    def close_vote(self, ballot: int, **more) -> int:
        """Close a roll call; whoever gave no answer stands on a list that a teller signs, as they
        do dice."""
        silent = tuple(sorted(awaited(self.state, self.state.ballots[ballot])))
        act = CloseVote(ballot=ballot, unanswered=silent, **more)
        told = silent or act.dice
        return self.do(self.who("preside")[0], act, self.who("tell")[:1] if told else ())

    def decide(self, *proposals: int) -> None:
        """Adopt proposals in an assembly and put them in force."""
        chair = self.who("preside")[0]
        assembly = self.meet(*proposals)
        for proposal in proposals:
            ballot = self.open_vote(assembly, proposal)
            for member in sorted(self.state.ballots[ballot].entitled):
                self.do(member, Vote(ballot=ballot, choice="yes"))
            self.do(chair, CloseVote(ballot=ballot))
        self.do(chair, CloseAssembly(assembly=assembly))
        self.clock[0] += self.state.statute.decisions.challenge_hours * 3600 + 60
        for proposal in proposals:
            if self.state.proposals[proposal].enacted_at is None:
                self.do(chair, Enact(decision=proposal))
