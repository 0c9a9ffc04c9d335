"""The acts of an assembly, ready to be sent."""

from comuna.rules.assembly import (
    FEWEST,
    AgendaItem,
    CallAssembly,
    OpenAssembly,
)
from comuna.rules.quorum import required
from comuna.rules.state import DAY
from comuna.rules.vote import OpenVote
from tests.rules.village import MEMBERS

OPENING = AgendaItem(title="Drum", purpose="opening")


def opening_vote(v, assembly, proposal, digest="", method="roll-call"):
    digest = digest or v.state.proposals[proposal].digest
    return OpenVote(assembly=assembly, proposal=proposal, digest=digest, method=method)


def opening(v, assembly):
    size, root = v.reading()
    return OpenAssembly(assembly=assembly, size=size, root=root)


def calling(v, *agenda, days=None):
    starts_at = v.now + (v.law.assembly.notice_days if days is None else days) * DAY
    return CallAssembly(starts_at=starts_at, place="School", agenda=agenda)


def needed(v, call):
    return max(required(v.law.call(call), MEMBERS), FEWEST)


def item(proposal):
    return AgendaItem(title="Item", purpose="decision", proposal=proposal)
