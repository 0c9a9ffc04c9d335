"""A village on any pack: twenty members with keys, offices filled, money in the bank, and helpers
that let it live through a clerk on SQLite. `refused` holds every refusal to its promise: the named
rule, words in both languages, and nothing written anywhere."""

from __future__ import annotations

import copy
import hashlib
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from comuna import pen, words
from comuna.book import checkpoint, keys, store
from comuna.book.database import Database
from comuna.clerk import Clerk, Recorded, Submission
from comuna.readings import tables
from comuna.rules.accounts import AcceptGrant, AnnounceReversal, OpenAccount, Receive, Reverse
from comuna.rules.act import Author, Paper, Refusal, Refused, Signature
from comuna.rules.assembly import (
    AgendaItem,
    CallAssembly,
    CheckIn,
    CheckOut,
    CloseAssembly,
    CulturalOpening,
    OpenAssembly,
    TakeItem,
)
from comuna.rules.authorship import EnrolKey
from comuna.rules.ballot import awaited
from comuna.rules.contest import rule_of
from comuna.rules.decision import Enact, decision_state
from comuna.rules.judge import KINDS, decode
from comuna.rules.names import day, member_of
from comuna.rules.office import Elect, Seat
from comuna.rules.period import ApproveAccounts, ClosePeriod, fingerprint, measured
from comuna.rules.prices import ProductPrice, SetPrices
from comuna.rules.production import LogWork, Worked
from comuna.rules.proposal import Propose
from comuna.rules.result import income_fits
from comuna.rules.roll import Apply, Declare, Found, Founder
from comuna.rules.state import DAY, State
from comuna.rules.statute import Count
from comuna.rules.surplus import AllocateSurplus, Destination, people_shares, table
from comuna.rules.treasury import ApprovePayment, Authorise, Pay, RequestPayment
from comuna.rules.vocabulary import MARKS
from comuna.rules.vote import CloseVote, OpenVote, Vote
from comuna.statutes import load
from tests.rules.kept import Kept

START = 1_767_225_600  # 2026-01-01
NEXT_YEAR = START + 366 * 86_400
HOUR = 3600
CHOICES = {
    "simple": {"reserve": "1/10", "education": 0, "social": 0, "return": "rest"},
    "br-5764-1971": {},
    "ve-comunas-2010": {
        "productive_maintenance": "1/10",
        "producer_care": 0,
        "social_reinvestment": "rest",
    },
    "us-colab": {},
    "es-27-1999": {"return": "rest"},
}
MEMBERS = 24
BOOK_KEY = bytes(32)
OFFICES_WITH_POWERS = 3  # seats filled of each office that has powers
each_pack = pytest.mark.parametrize("pack", ["br-5764-1971", "ve-comunas-2010", "us-colab"])


def seed(member):
    """The key of a member: known to the tests, and to nobody who matters."""
    return hashlib.sha256(b"village %d" % member).digest()


def public(member):
    return keys.to_wire(keys.public_key(seed(member)))


def paper(text):
    """A document by its fingerprint."""
    return Paper(sha256=hashlib.sha256(text.encode()).hexdigest(), size=len(text))


def seats_of(law):
    """Three seats of every office with powers, and one alternate where there may be one."""
    number, seats = 0, []
    for office in law.offices:
        if not office.powers:
            continue
        for _ in range(min(office.seats, OFFICES_WITH_POWERS)):
            number += 1
            seats.append(Seat(office=office.id, member=number))
    return tuple(seats)


def count_by(method, **more):
    """A rule of count for the tests, named as its method unless `id` says otherwise."""
    title = {"en": method, "es": method}
    given = {"id": method, "matters": ("general", "elect", "authorise"), **more}
    return Count(article="test", title=title, method=method, **given)


COUNTS = (
    *(count_by(method) for method in MARKS if MARKS[method] != ("points",)),
    count_by("score", points_max=5),
    count_by("equal-shares", id="points", marks="points", points_total=10),
    count_by("approval", id="parity", settings={"guarantees": "women:1"}),
    count_by("plurality", id="again", tie="repeat", options_max=3, ways=("roll-call",)),
    count_by("consulta", id="one-project", settings={"seats": "1"}),
    count_by("approval", id="elections", matters=("elect",)),
    count_by("plurality", id="of-law", matters=("amend-statute",)),
)
"""Every method, and the ways of a statute to narrow one."""


def law_of(pack):
    """The statute of a pack, as if it were in force whenever the village is founded: the tests of
    different laws share one calendar, and the rules of count."""
    always = {"valid_from": "2000-01-01", "valid_until": "", "counts": COUNTS}
    return msgspec.structs.replace(load(pack), **always)


def founding_act(pack, members=MEMBERS, **changes):
    law = law_of(pack)
    founders = tuple(
        Founder(
            commitment=hashlib.sha256(b"commitment %d" % n).hexdigest(),
            kind=law.members.kinds[0].id,
            key=public(n),
        )
        for n in range(1, members + 1)
    )
    given = {"name": "Village", "founders": founders, "offices": seats_of(law), **changes}
    return Found(unit="USD", statute=law, **given)


class Village:
    """A body, its clerk, its clock. Acts are signed by member number."""

    def __init__(self, path, pack, body, now=START, sent=0):
        self.path, self.pack, self.body, self.now, self.sent = path, pack, body, now, sent
        self.law = law_of(pack)
        self.database = Database(path)
        self.database.execute("PRAGMA synchronous=OFF")  # the law is tested here, not the disk
        self.clerk = Clerk(self.database, BOOK_KEY, clock=lambda: self.now)

    @classmethod
    def founded(cls, path, pack, **changes):
        """Founded, with a bank account, a cash box and a grant accepted, money in all of them.
        `changes` are those of the founding act."""
        act = founding_act(pack, **changes)
        submission = pen.founding(act, {n: seed(n) for n in range(1, MEMBERS + 1)}, "founding")
        village = cls(path, pack, submission.body)
        store.create(village.database)
        tables.create(village.database)
        assert isinstance(village.clerk.submit(submission), Recorded)
        village.furnish()
        return village

    def furnish(self):
        self.decide(OpenAccount(account="bank:main", title="Bank", in_name_of_body=True))
        self.decide(OpenAccount(account="cash", title="Cash box", in_name_of_body=True))
        self.decide(
            AcceptGrant(
                name="roof",
                grantor="Ministry",
                purpose="a new roof",
                amount=100_000,
                since="2026-01-01",
                until="2026-12-31",
            )
        )
        self.receive("grants:roof", 100_000)
        self.receive("sales_members", 300_000)

    def clone(self, path):
        """The same village in a file of its own."""
        shutil.copy(self.path, path)
        return Village(path, self.pack, self.body, self.now, self.sent)

    def close(self):
        self.clerk.close()

    # --- who is who -----------------------------------------------------------------------------

    @property
    def state(self):
        return self.clerk.state(self.body)

    def holders(self, power):
        state = self.state
        return [n for n in sorted(state.people) if state.holds(n, power, self.now)]

    @property
    def chair(self):
        return self.holders("preside")[0]

    @property
    def secretary(self):
        return self.holders("record-paper")[0]

    @property
    def treasurer(self):
        return self.holders("keep-accounts")[0]

    @property
    def requester(self):
        return self.holders("request-payment")[0]

    @property
    def approvers(self):
        return [m for m in self.holders("approve-payment") if m != self.requester]

    @property
    def second(self):
        """Who signs with the treasurer."""
        return next(m for m in self.holders("approve-payment") if m != self.treasurer)

    @property
    def overseer(self):
        """One who oversees; elected again when the term of all is over."""
        if not self.holders("oversee"):
            office = next(o for o in self.law.offices if "oversee" in o.powers)
            self.decide(Elect(office=office.id, members=(self.plain[-1],)))
        return self.holders("oversee")[0]

    @property
    def tellers(self):
        """As many as sign a count, of those in that office."""
        return self.holders("tell")[: self.law.assembly.tellers]

    @property
    def plain(self):
        """Members without any office."""
        held = {s.member for s in seats_of(self.law)}
        return [n for n in range(1, MEMBERS + 1) if n not in held]

    # --- acting -----------------------------------------------------------------------------------

    def wait(self, days=0, hours=0):
        self.now += days * DAY + hours * HOUR

    def live_on(self, days):
        """Let so many days pass without falling asleep: now and then somebody signs something."""
        silence = self.law.assembly.silence_days
        end = self.now + days * DAY
        while self.now < end:
            self.now = min(end, self.now + (silence - 1) * DAY)
            self.do(self.plain[0], Declare())

    @property
    def today(self):
        return day(self.now)

    def nonce(self):
        self.sent += 1
        return f"n{self.sent}"

    def send(self, member, act, *others):
        """Submit an act signed by its author and by others with them; a member takes up whoever
        applies."""
        if isinstance(act, Apply) and not others:
            others = (self.plain[0],)
        seeds = {n: seed(n) for n in (member, *others)}
        seen = self.clerk.seen(self.body)
        return self.clerk.submit(pen.signed(self.body, member, act, self.nonce(), seeds, seen))

    def on_paper(self, member, act, witnesses=None, happened=0, others=(), sheet="sheet"):
        """Submit an act of a member from paper, by the secretary; as many witnesses sign as the
        statute asks for."""
        chosen = self.witnesses(member) if witnesses is None else witnesses
        law = self.law.paper
        signing = chosen[: law.deciding_keys if act.deciding else law.keys]
        seeds = {n: seed(n) for n in (self.secretary, *signing, *others)}
        return self.clerk.submit(
            pen.witnessed(
                *(self.body, member, act, self.nonce(), seeds, chosen, paper(sheet), happened),
                self.clerk.seen(self.body),
            )
        )

    def witnesses(self, member):
        """A plain member and one in an office that enters no paper, neither of them this member."""
        state = self.state
        paper_offices = {o.id for o in self.law.offices if "record-paper" in o.powers}
        in_office = [
            n
            for n in sorted(state.people, reverse=True)
            if (held := state.offices(n, self.now)) and not held & paper_offices and n != member
        ]
        plain = [n for n in self.plain if n != member]
        return plain[-1], in_office[0]

    def sponsors(self, member):
        """Who keeps the register, somebody of another office, and one more; none is this member."""
        keeps = next(n for n in self.holders("keep-register") if n != member)
        powers = {o.id: o.powers for o in self.law.offices}
        other = next(
            n
            for n in sorted(self.state.people, reverse=True)
            if n not in (member, keeps)
            and any(
                "keep-register" not in powers[office] for office in self.state.offices(n, self.now)
            )
        )
        plain = next(n for n in reversed(self.plain) if n not in (member, keeps, other))
        return keeps, other, plain

    def enrol(self, member, wire):
        """A new key for a member, asked for as the law wants it."""
        keeps, *others = self.sponsors(member)
        return self.do(keeps, EnrolKey(member=member, public=wire), *others)

    def do(self, member, act, *others):
        """An act that is lawful; gives its number."""
        return number_of(self.send(member, act, *others))

    def raw(self, member, act, form="signed", signatures=()):
        """An act with signatures as they are given: (member, key, value)."""
        given = tuple(Signature(member=m, key=k, value=v) for m, k, v in signatures)
        author = Author(member=member, form=form, signatures=given)
        return self.clerk.submit(Submission(body=self.body, by=author, act=act, nonce=self.nonce()))

    # --- assemblies -------------------------------------------------------------------------------

    def proposal(self, *effects, title="Proposal", **more):
        return Propose(title=title, text="As the effects say.", effects=effects, **more)

    def propose(self, *effects, member=None, **more):
        return self.do(member or self.plain[0], self.proposal(*effects, **more))

    def call(self, *proposals):
        """Call an assembly on these proposals and wait for its day."""
        agenda = [AgendaItem(title="Drum", purpose="opening")]
        agenda += [AgendaItem(title="Item", purpose="decision", proposal=p) for p in proposals]
        starts_at = self.now + self.law.assembly.notice_days * DAY + HOUR
        call = CallAssembly(starts_at=starts_at, place="School", agenda=tuple(agenda))
        number = self.do(self.chair, call)
        self.now = starts_at
        return number

    def enter(self, assembly, members=None):
        present = members or [n for n, p in self.state.people.items() if p.member_at(self.now)]
        own = self.state.offices(self.secretary, self.now)
        there = [n for n in present if n != self.secretary]
        signs = [n for n in there if not self.state.offices(n, self.now) & own][-1:]
        self.do(self.secretary, CheckIn(assembly=assembly, members=tuple(present)), *signs)

    def check_out(self, assembly, members):
        """The secretary enters who goes, and somebody who stays signs with them."""
        stays = next(n for n in self.plain if n not in members)
        self.do(self.secretary, CheckOut(assembly=assembly, members=tuple(members)), stays)

    def reading(self):
        tree = self.clerk.desk(self.body).tree
        return tree.size, checkpoint.read_aloud(tree.root())

    def open(self, assembly):
        size, root = self.reading()
        self.do(self.chair, OpenAssembly(assembly=assembly, size=size, root=root))
        self.do(self.chair, CulturalOpening(assembly=assembly, title="Drum"))

    def meet(self, *proposals, members=None):
        """Call, gather and open."""
        assembly = self.call(*proposals)
        self.enter(assembly, members)
        self.open(assembly)
        for proposal in proposals[:1]:
            self.take(assembly, proposal)
        return assembly

    def opening_vote(self, assembly, proposal, method="roll-call", **changes):
        """What opens a vote: the text as it stands, and in a contest the rule of its count."""
        voted = self.state.proposals[proposal]
        count = ""
        if voted.choice is not None:
            known = self.state.statute.count(voted.choice.count)
            count = rule_of(known, voted.choice, voted.standing).hash()
        given = {"digest": voted.digest, "method": method, "count": count, **changes}
        return OpenVote(assembly=assembly, proposal=proposal, **given)

    def take(self, assembly, proposal):
        """Turn to the item of a proposal, or of what it amends, where it stands on the agenda."""
        about = self.state.proposals[proposal].amends or proposal
        sitting = self.state.assemblies[assembly]
        lines = [item.proposal for item in sitting.agenda]
        if about in lines and sitting.taken != lines.index(about):
            self.do(self.chair, TakeItem(assembly=assembly, item=lines.index(about)))

    def open_vote(self, assembly, proposal, method="roll-call"):
        self.take(assembly, proposal)
        return self.do(self.chair, self.opening_vote(assembly, proposal, method))

    def unanswered(self, ballot):
        """Those who are there and have not voted, called by name in vain."""
        return tuple(sorted(awaited(self.state, self.state.ballots[ballot])))

    def close_vote(self, ballot, **more):
        """Close a roll call in which some gave no answer: the chair and a teller sign the list."""
        act = CloseVote(ballot=ballot, unanswered=self.unanswered(ballot), **more)
        return self.do(self.chair, act, self.tellers[0])

    def vote(self, assembly, proposal, choice="yes"):
        """A whole roll call in which all agree."""
        ballot = self.open_vote(assembly, proposal)
        for member in sorted(self.state.ballots[ballot].entitled):
            self.do(member, Vote(ballot=ballot, choice=choice))
        self.do(self.chair, CloseVote(ballot=ballot))
        return ballot

    def adjourn(self, assembly):
        """Close an assembly for good."""
        self.do(self.chair, CloseAssembly(assembly=assembly))

    def decide(self, *effects, choice="yes", enact=True, **more):
        """Propose, meet, vote, wait out the window, put in force; gives the decision's number."""
        return self.decide_all(effects, choice=choice, enact=enact, **more)[0]

    def decide_all(self, *proposals, choice="yes", enact=True, **more):
        """Several proposals, each a tuple of effects, in one assembly."""
        numbers = [self.propose(*effects, **more) for effects in proposals]
        assembly = self.meet(*numbers)
        for number in numbers:
            self.vote(assembly, number, choice)
        self.adjourn(assembly)
        if enact and choice == "yes":
            self.pass_window()
            for number in numbers:
                self.put_in_force(number)
        return numbers

    def carry(self, proposal):
        """Put what was proposed to the vote, adopt it and put it in force."""
        assembly = self.meet(proposal)
        self.vote(assembly, proposal)
        self.adjourn(assembly)
        self.pass_window()
        self.put_in_force(proposal)

    def pass_window(self):
        self.wait(hours=self.law.decisions.challenge_hours)

    def put_in_force(self, decision):
        if self.standing(decision) == "adopted":
            self.do(self.plain[0], Enact(decision=decision))
        assert self.standing(decision) == "in_force"

    def standing(self, decision):
        return decision_state(self.state, self.state.proposals[decision], self.now)

    def set_prices(self, *prices, since="2026-01-01"):
        """The members decide a price list, and its first day comes; without more, 18 for 100 g of
        cacao and at most 20 kg of it a day."""
        cacao = ProductPrice(product="cacao", measure="g", price=18, per=100, most=20_000)
        decision = self.decide(SetPrices(since=since, prices=prices or (cacao,)))
        self.wait(days=1)
        return decision

    # --- money ------------------------------------------------------------------------------------

    def receive(self, source, amount, money="bank:main"):
        """Money comes in from a payer, signed by as many as it takes."""
        member = member_of(source, "share_capital")
        act = Receive(
            date=self.today,
            money=money,
            source=source,
            amount=amount,
            payer="Payer",
            text="money",
            receipt=paper(f"receipt {self.sent}"),
        )
        brings = [] if member is None else [member]
        return self.do(self.treasurer, act, self.second, *brings, *self.third(act))

    def third(self, act):
        """One who oversees, where two may not enter so much income."""
        account = self.law.account(act.source)
        income = account is not None and account.group == "income"
        if not income or income_fits(self.state, act.date, act.payer, act.amount):
            return []
        return [next(m for m in (self.overseer, *self.holders("oversee")) if m != self.second)]

    def authorisation(self, **changes):
        """An authorisation of 60,000 from the general means for materials, all year."""
        given = {
            "purpose": "zinc",
            "fund": "general",
            "line": "materials",
            "limit": 60_000,
            "since": "2026-01-01",
            "until": "2026-12-31",
            **changes,
        }
        return Authorise(**given)

    def payment(self, authorisation, amount=50_000, payee="Supplier", **changes):
        given = {
            "authorisation": str(authorisation),
            "payee": payee,
            "amount": amount,
            "money": "bank:main",
            "text": "zinc",
            **changes,
        }
        return RequestPayment(**given)

    def request(self, authorisation, amount=50_000, payee="Supplier", **changes):
        return self.do(self.requester, self.payment(authorisation, amount, payee, **changes))

    def approve(self, payment, *members):
        for member in members or self.approvers[: self.law.treasury.signatures]:
            self.do(member, ApprovePayment(payment=payment))
        self.wait(hours=self.law.treasury.objection_hours)

    def paying(self, payment, amount=50_000, date="", receipt="receipt of the payment"):
        return Pay(
            payment=payment,
            amount=amount,
            date=date or self.today,
            receipt=paper(receipt) if receipt else None,
        )

    def pay(self, authorisation, amount=50_000, payee="Supplier", receipt=""):
        """Ask, approve, let members object and pay; gives (payment, movement)."""
        payment = self.request(authorisation, amount, payee)
        self.approve(payment)
        receipt = receipt or f"receipt of payment {payment}"
        return payment, self.do(self.treasurer, self.paying(payment, amount, receipt=receipt))

    def take_back(self, movement, reason="a figure too many"):
        """Reverse an entry that brought money in: announced by three, then reversed by two."""
        announced = self.announce(movement, reason)
        self.wait(hours=self.law.treasury.objection_hours)
        reverse = Reverse(movement=movement, reason=reason)
        return announced, self.do(self.treasurer, reverse, self.approvers[0])

    def announce(self, movement, reason="a figure too many"):
        act = AnnounceReversal(movement=movement, reason=reason)
        return self.do(self.treasurer, act, self.approvers[0], self.overseer)

    # --- the year ---------------------------------------------------------------------------------

    def work(self, members=None):
        """A day of work of these members, each a little more than the one before."""
        chosen = members or range(1, MEMBERS + 1)
        rows = tuple(Worked(member=m, minutes=300 + m) for m in chosen)
        log = LogWork(date=self.today, production_unit="mill", task="grinding", work=rows)
        return self.do(self.plain[0], log, self.plain[1])

    def closing(self, since="2026-01-01", until="2026-12-31"):
        try:
            measures = fingerprint(measured(self.state, since, until))
        except Refused:
            measures = ""
        return ClosePeriod(since=since, until=until, measures=measures)

    def close_year(self):
        """Wait for the end of 2026 and seal it; gives the period."""
        self.now = max(self.now, NEXT_YEAR)
        overseer = self.overseer
        return self.do(self.treasurer, self.closing(), self.second, overseer)

    def year(self):
        """A year with work and a result, closed, its accounts approved; gives the period."""
        self.work()
        period = self.close_year()
        self.decide(ApproveAccounts(period=period))
        return period

    def sharing(self, period, choices=None, key="hours"):
        """The table that the statute gives for these choices, as an effect."""
        chosen = CHOICES[self.pack] if choices is None else choices
        state = self.state
        lawful = table(state, state.periods[period], key, chosen)
        return AllocateSurplus(
            period=period,
            key=key,
            choices=chosen,
            steps=tuple(
                Destination(fund=s.fund, amount=s.amount, article=s.article) for s in lawful.steps
            ),
            allocations=people_shares(lawful),
        )

    def reserve(self):
        """The fund of the pack that can never be shared out."""
        return next(f.id for f in self.law.treasury.funds if f.indivisible)

    # --- promises ---------------------------------------------------------------------------------

    def stored(self):
        """Everything in the database, row by row."""
        return list(self.database.connection.iterdump())

    def snapshot(self):
        """Everything as it stands, to be restored."""
        kept = sqlite3.connect(":memory:")
        self.database.connection.backup(kept)
        self.state  # noqa: B018 - the desk is laid
        desk = self.clerk.desks[self.body]
        rest = replace(desk, state=State()), self.now, self.sent
        return kept, Kept(desk.state), copy.deepcopy(rest)

    def restore(self, snapshot):
        kept, state, rest = snapshot
        kept.backup(self.database.connection)
        desk, self.now, self.sent = copy.deepcopy(rest)
        self.clerk.desks[self.body] = replace(desk, state=state.fresh())

    def last_kind(self):
        """The kind of the last act in the book."""
        *_, (_, data, _) = store.entries(self.database, self.body)
        return KINDS[type(decode(bytes(data)).act)]

    trial = None  # with --switched-off: what becomes of a book whose clerk left a rule out

    def refused(self, rule, send):
        """Run `send`, which must be refused by this rule, and prove that nothing was written."""
        state, rows = Kept(self.state).fresh(), self.stored()
        verdict = send()
        assert isinstance(verdict, Refusal), verdict
        assert verdict.rule == rule, verdict
        assert self.stored() == rows
        assert self.state == state
        for lang in words.LANGS:
            said = words.refusal(verdict, lang, state)
            assert said.message
            assert said.remedy
        if self.trial is not None:
            self.trial.without(self, rule, send)
        return verdict


def number_of(result):
    assert isinstance(result, Recorded), result
    return result.number


def template(folder: Path, pack: str) -> Village:
    """A furnished village, closed, ready to be cloned."""
    village = Village.founded(folder / f"{pack}.db", pack)
    village.close()
    return village
