"""A short year of a village with everything in it that somebody could want to forge, and the hands
of whoever keeps its server: the database and the book's key, but no member's key."""

import copy
import hashlib
import json
import sqlite3
from types import SimpleNamespace

from comuna import pen
from comuna.audit.verify import verify
from comuna.book import canonical, checkpoint, entry, keys, store, tree
from comuna.book.note import ED25519, VerifierKey
from comuna.book.strict import base64_text
from comuna.readings import tables
from comuna.rules.accounts import TransferFund
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import CloseAssembly
from comuna.rules.authorship import RevokeKey
from comuna.rules.choosing import CastBallot, CountBallots
from comuna.rules.contest import Contest, Option, Papers
from comuna.rules.decision import Repeal
from comuna.rules.office import AnswerPetition, Elect, PetitionRecall, RecallHolder, SupportPetition
from comuna.rules.period import ApproveAccounts
from comuna.rules.production import CorrectWork, LogWork, Worked
from comuna.rules.surplus import AllocateSurplus, Destination, people_shares, table
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.rules.village import BOOK_KEY, MEMBERS, Village, founding_act, seed

OWN_KEY = hashlib.sha256(b"a key that the server made").digest()


class Commune(Village):
    """A village whose members' devices may name, in what they sign, the book they have seen."""

    vouching = False

    @classmethod
    def founded(cls, path, vouching):
        """Two communes with the same members and keys; only their names in the book differ."""
        act = founding_act("simple", decimals=3 if vouching else 2)
        submission = pen.founding(act, {n: seed(n) for n in range(1, MEMBERS + 1)}, "founding")
        commune = cls(path, "simple", submission.body)
        commune.vouching = vouching
        store.create(commune.database)
        tables.create(commune.database)
        commune.clerk.submit(submission)
        commune.furnish()
        return commune

    def send(self, member, act, *others):
        seeds = {n: seed(n) for n in (member, *others)}
        named = self.vouching or act.names_book
        seen = self.clerk.seen(self.body) if named else None
        return self.clerk.submit(pen.signed(self.body, member, act, self.nonce(), seeds, seen))

    def live(self):
        """Everything that is attacked later; gives names for the numbers of what happened."""
        story = SimpleNamespace(body=self.body)
        story.zinc = self.decide(self.authorisation())
        story.paid, story.payment = self.pay(story.zinc)
        self.vote_on_two(story)
        self.by_hands(story)
        self.new_key(story)
        self.recall(story)
        self.repeal(story)
        self.two_requests(story)
        self.by_options(story)
        self.share(story)
        self.by_lot(story)
        self.clerk.checkpoint(self.body)
        return story

    def vote_on_two(self, story):
        """In one assembly a popular proposal is adopted, an unpopular one rejected."""
        popular = self.authorisation(purpose="school", limit=10_000)
        unpopular = self.authorisation(purpose="villa", limit=90_000, payee="Contractor")
        story.school, story.villa = self.propose(popular), self.propose(unpopular)
        assembly = self.meet(story.school, story.villa)
        story.school_vote = self.vote(assembly, story.school)
        story.villa_vote = self.open_vote(assembly, story.villa)
        for member in sorted(self.state.ballots[story.villa_vote].entitled):
            choice = "yes" if member <= 10 else "no"
            self.do(member, Vote(ballot=story.villa_vote, choice=choice))
        self.do(self.chair, CloseVote(ballot=story.villa_vote))
        self.do(self.chair, CloseAssembly(assembly=assembly))
        self.pass_window()
        self.put_in_force(story.school)

    def by_hands(self, story):
        story.wire = self.propose(self.authorisation(purpose="wire", limit=5_000))
        assembly = self.meet(story.wire)
        vote = self.open_vote(assembly, story.wire, "hands")
        tellers = self.holders("tell")[:2]
        self.do(tellers[0], CountHands(ballot=vote, yes=15, no=3), *tellers)
        self.do(self.chair, CloseAssembly(assembly=assembly))
        self.pass_window()
        self.put_in_force(story.wire)

    def new_key(self, story):
        """Somebody asks for a key in the name of a member, who notices in time and stops it."""
        victim = self.plain[-1]
        thief = keys.to_wire(keys.public_key(OWN_KEY))
        story.enrolment = self.enrol(victim, thief)
        identity = keys.key_id(keys.public_key(OWN_KEY))
        story.revocation = self.do(victim, RevokeKey(key=identity))
        story.victim = victim

    def recall(self, story):
        held = self.approvers[-1]
        story.recalled = held
        petition = PetitionRecall(office="coordination", member=held, text="spent on a villa")
        story.petition = self.do(self.plain[0], petition)
        for member in self.plain[1:4]:
            self.do(member, SupportPetition(petition=story.petition))
        self.do(held, AnswerPetition(petition=story.petition, text="it was not I"))
        story.recall = self.decide(RecallHolder(petition=story.petition))

    def repeal(self, story):
        story.mistake = self.decide(self.authorisation(purpose="mistake", limit=7_000))
        story.repeal = self.decide(Repeal(decision=story.mistake))

    def two_requests(self, story):
        """Two requests under one decision; only the first is approved and paid."""
        story.approved = self.request(story.zinc, 4_000, "Sawmill")
        story.unapproved = self.request(story.zinc, 4_000, "Cousin")
        self.approve(story.approved)
        self.do(self.treasurer, self.paying(story.approved, 4_000, receipt="sawmill"))

    def by_options(self, story):
        """Two projects of three from papers, and the colour of the door by roll call and lot."""
        projects = tuple(
            Option(id=name, title=name, effects=(self.authorisation(limit=limit, name=name),))
            for name, limit in (("pump", 5_000), ("roof", 4_000), ("road", 3_000))
        )
        colours = tuple(Option(id=name, title=name) for name in ("blue", "green", "red"))
        shared = Contest(count="equal-shares", options=projects, budget=8_000)
        story.projects = self.propose(contest=shared)
        story.colour = self.propose(contest=Contest(count="irv", options=colours))
        assembly = self.meet(story.projects, story.colour)
        vote = self.open_vote(assembly, story.projects, "papers")
        tellers = self.holders("tell")[:2]
        papers = (
            Papers(marks={"pump": 1, "roof": 1}, number=10),
            Papers(marks={"road": 1}, number=8),
        )
        self.do(tellers[0], CountBallots(ballot=vote, papers=papers, blank=2), *tellers)
        vote = self.open_vote(assembly, story.colour)
        for member, colour in zip(self.plain, ("blue", "red") * 6, strict=False):
            self.do(member, CastBallot(ballot=vote, marks={colour: 1}))
        self.close_vote(vote, dice="4 1 6 2 5")
        self.do(self.chair, CloseAssembly(assembly=assembly))
        self.pass_window()
        self.put_in_force(story.projects)
        story.roof, _ = self.pay(f"{story.projects}/roof", 4_000, "Carpenter")
        story.funded = self.state.proposals[story.projects].outcome.winners

    def by_lot(self, story):
        """The office of the tellers comes to be drawn, and three of six are."""
        self.decide(AmendStatute(changes=(Change(place="offices.tellers.choose", value="lot"),)))
        lot = Elect(office="tellers", candidates=tuple(self.plain[:6]), seats=3)
        story.lot = self.propose(lot)
        assembly = self.meet(story.lot)
        vote = self.open_vote(assembly, story.lot)
        for member in sorted(self.state.ballots[vote].entitled):
            self.do(member, Vote(ballot=vote, choice="yes"))
        self.do(self.chair, CloseVote(ballot=vote, dice="5 1 1 3 6"), self.tellers[0])
        self.do(self.chair, CloseAssembly(assembly=assembly))
        self.pass_window()
        self.put_in_force(story.lot)
        story.drawn = self.state.proposals[story.lot].effects[0].members

    def share(self, story):
        """The year is closed and its surplus shared out."""
        for member in self.plain[:6]:
            work = (Worked(member=member, minutes=100 + member),)
            act = LogWork(date=self.today, production_unit="mill", task="milling", work=work)
            entered = self.do(member, act, self.plain[7])
        right = CorrectWork(about=entered, member=member, right=100, reason="a break")
        story.corrected = self.do(self.treasurer, right, self.plain[7])
        self.wait(days=366 - (self.now - self.founded_at) // 86_400)
        story.period = self.do(self.treasurer, self.closing(), self.second, self.overseer)
        self.decide(ApproveAccounts(period=story.period))
        period = self.state.periods[story.period]
        choices = {"reserve": "1/2", "education": 0, "social": 0, "return": "rest"}
        lawful = table(self.state, period, "hours", choices)
        story.shared = self.decide(
            AllocateSurplus(
                period=story.period,
                key="hours",
                choices=choices,
                steps=tuple(
                    Destination(fund=s.fund, amount=s.amount, article=s.article)
                    for s in lawful.steps
                ),
                allocations=people_shares(lawful),
            )
        )
        story.moved = self.decide(TransferFund(source="reserve", target="education", amount=1))

    @property
    def founded_at(self):
        return self.state.founded_at


class Server:
    """Whoever keeps the server. They may write what they like into a database of their own making,
    compute every hash again and sign with the book's key. They hold what members signed."""

    def __init__(self, folder, path, story):
        self.folder, self.story, self.body = folder, story, story.body
        rows = sqlite3.connect(path).execute("SELECT bytes FROM book_entry ORDER BY number")
        self.honest = [bytes(row[0]) for row in rows]
        self.entries = [json.loads(data) for data in self.honest]
        self.written = 0

    def copy(self):
        return copy.deepcopy(self.entries)

    def write(self, entries, renumber=True, sign=True):
        """A database with these entries and everything recomputed. Gives its path."""
        if renumber:
            for number, e in enumerate(entries, 1):
                e["number"] = number
        self.written += 1
        path = self.folder / f"forged-{self.written}.db"
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE book_entry (body, number, nonce, bytes BLOB, leaf BLOB)")
        database.execute("CREATE TABLE book_checkpoint (body, size, signed BLOB)")
        data = [canonical.encode(e) for e in entries]
        leaves = tree.leaf_hashes(data)
        database.executemany(
            "INSERT INTO book_entry VALUES (?, ?, ?, ?, ?)",
            [
                (e["body"], e["number"], e["nonce"], *row)
                for e, row in zip(entries, zip(data, leaves, strict=True), strict=True)
            ],
        )
        if sign:
            row = (self.body, len(leaves), self.signed(leaves))
            database.execute("INSERT INTO book_checkpoint VALUES (?, ?, ?)", row)
        database.commit()
        database.close()
        return path

    def signed(self, leaves):
        """A checkpoint over these leaves, with the book's own key."""
        head = checkpoint.Checkpoint(entry.origin(self.body), len(leaves), tree.root(leaves))
        return checkpoint.sign(head, BOOK_KEY)

    def read_aloud(self, size):
        """What was read aloud when the honest book had this size."""
        return checkpoint.read_aloud(tree.root(tree.leaf_hashes(self.honest[:size])))

    def kept(self, size):
        """The checkpoint that a member wrote down when the honest book had this size."""
        path = self.folder / f"kept-{size}"
        path.write_bytes(self.signed(tree.leaf_hashes(self.honest[:size])))
        return path

    @property
    def key(self):
        """The book's public key, as minutes print it."""
        origin = entry.origin(self.body)
        return VerifierKey(origin, ED25519, keys.public_key(BOOK_KEY)).encode()

    def verify(self, entries, against=None, **options):
        """The report on the one book that they wrote."""
        path = self.write(entries, **options)
        return verify(path, against, key=self.key)

    def act(self, member, act, form="attested", **by):
        """An entry of the server's own making."""
        last = self.entries[-1]["at"]
        return {
            "act": act,
            "at": last,
            "body": self.body,
            "by": {"member": member, "form": form, **by},
            "nonce": f"forged-{hashlib.sha256(repr((member, act, by)).encode()).hexdigest()[:16]}",
            "number": 1,
        }

    def self_signed(self, member, act, seed_used=OWN_KEY, at=None):
        """An entry signed with a key that the server made, in a member's name."""
        made = self.act(member, act, "signed")
        if at is not None:
            made["at"] = at
        message = entry.signed_bytes(made["act"], made["body"], made["by"], made["nonce"])
        signature = {
            "member": member,
            "key": keys.key_id(keys.public_key(seed_used)),
            "value": base64_text(keys.sign(seed_used, message)),
        }
        made["by"]["signatures"] = [signature]
        return made


def names(report):
    """The names of what was found."""
    return {f.name for f in report.findings}


def where(entries, kind, **said):
    """The places (from 0) of the acts of a kind that say this."""
    return [
        i
        for i, e in enumerate(entries)
        if e["act"]["kind"] == kind and all(e["act"].get(k) == v for k, v in said.items())
    ]


def resign(made, members):
    """Sign an entry as those members would: for what they really signed and the clerk refused."""
    made["by"].pop("signatures", None)
    message = entry.signed_bytes(made["act"], made["body"], made["by"], made["nonce"])
    made["by"]["signatures"] = [
        {
            "member": m,
            "key": keys.key_id(keys.public_key(seed(m))),
            "value": base64_text(keys.sign(seed(m), message)),
        }
        for m in sorted(members)
    ]
