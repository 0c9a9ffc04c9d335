"""The one home and the one clerk of this process, for every page and every form."""

from __future__ import annotations

from collections.abc import Callable

from comuna.book import checkpoint, store
from comuna.clerk import Clerk
from comuna.clock import Jumped
from comuna.home import Home
from comuna.rules.act import Seen
from comuna.rules.state import State

_home: Home | None = None
_clerk: Clerk | None = None


def open_home(home: Home, clock: Callable[[], int] | None = None) -> None:
    """Take this home for the process; `clock` gives UTC seconds where not the machine's."""
    global _home, _clerk
    _home, _clerk = home, home.clerk(clock)


def close() -> None:
    """Let the home go; its last checkpoints are stored."""
    global _home, _clerk
    if _clerk is not None:
        _clerk.close()
    _home = _clerk = None


def home() -> Home:
    """The home of this process."""
    assert _home is not None, "open_home comes first"
    return _home


def clerk() -> Clerk:
    """The only writer. Whoever reads a State holds `clerk().lock` meanwhile: acts change it."""
    assert _clerk is not None, "open_home comes first"
    return _clerk


def now() -> int:
    """The moment by the clerk's clock, in UTC seconds; while that made a jump, what is known of it,
    so that nothing ends or is cleared away by an hour under which nothing can be recorded."""
    try:
        return clerk().clock()
    except Jumped as jump:
        return jump.explained


def bodies() -> list[str]:
    """The bodies whose books are here."""
    with clerk().lock:
        return store.bodies(clerk().database)


def state(body: str) -> State | None:
    """The state of a body for reading, or None when its book is not here. Hold `clerk().lock`.
    Raises ReadOnly."""
    writer = clerk()
    if body not in writer.desks and not store.size(writer.database, body):
        return None
    return writer.state(body)


def signed_head(body: str) -> bytes:
    """The signed checkpoint of the head, for showing: it is stored with the next commit. Under the
    lock that `state` was called under."""
    writer = clerk()
    found = writer.desks[body]
    if found.signed is None or found.signed_size < found.tree.size:
        writer.sign(found)
    assert found.signed is not None
    return found.signed


def seen(body: str) -> Seen:
    """The book as it is now, to be named in what somebody is about to sign: their signature then
    vouches for it. Raises ReadOnly."""
    writer = clerk()
    with writer.lock:
        tree = writer.desk(body).tree
        return Seen(size=tree.size, root=tree.root().hex())


def short_root(body: str, size: int = 0) -> str:
    """The first 12 characters of the root over the first entries (0: over all), as they are read
    aloud when an assembly opens. Under the lock that `state` was called under."""
    writer = clerk()
    found = writer.desks[body]
    return checkpoint.read_aloud(writer.root_at(found, size or found.tree.size))
