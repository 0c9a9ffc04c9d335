"""Judging without a clerk: the state of a village, and entries signed by whom one likes (whether
signatures fit is the clerk's affair)."""

from comuna.book import keys, store
from comuna.rules.act import Author, Entry, Seen, Signature
from tests.rules.kept import Kept
from tests.rules.village import MEMBERS, seed

KEYS = {n: keys.key_id(keys.public_key(seed(n))) for n in range(1, MEMBERS + 1)}


def entry_of(state, member, act, others=(), at=None):
    """The next entry of a state, signed by its author and these others."""
    signers = sorted({member, *others})
    signatures = tuple(Signature(member=n, key=KEYS[n], value="") for n in signers)
    # Whether the book seen fits is the clerk's affair too; before the founding there is none.
    seen = Seen(size=state.head, root="0" * 64) if state.head else None
    author = Author(member=member, form="signed", signatures=signatures, seen=seen)
    number, when = state.head + 1, state.now if at is None else at
    return Entry(body=state.body, number=number, at=when, by=author, act=act, nonce=f"p{number}")


class Prepared:
    """A furnished village with three authorisations, and its entries."""

    def __init__(self, village):
        general = village.authorisation(limit=120_000)
        roof = village.authorisation(fund="grants:roof", limit=60_000, name="roof")
        small = village.authorisation(limit=40_000, each=5_000, line="transport", name="small")
        decided = village.decide_all((general,), (roof,), (small,))
        self.names = (str(decided[0]), f"{decided[1]}/roof", f"{decided[2]}/small")
        self.requester, self.keeper = village.requester, village.treasurer
        self.approvers, self.overseer = village.approvers, village.overseer
        self.state = Kept(village.state).fresh()
        self.entries = [bytes(row[1]) for row in store.entries(village.database, village.body)]
