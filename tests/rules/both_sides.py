"""Guard and proof, held to one act: the clerk refuses it, and whoever writes it into the book past
the clerk, with every signature in order, is found by the verifier."""

from types import SimpleNamespace

import msgspec

from comuna.book.tree import leaf_hashes, root
from tests.audit.story import Server, resign


def found(village, member, act, *others, at=0):
    """The names of what the verifier finds in the book of a village with this act at its end."""
    folder = village.path.parent
    server = Server(folder, village.path, SimpleNamespace(body=village.body))
    server.written = village.sent * 1000 + len(list(folder.glob("forged-*")))
    made = server.act(member, msgspec.json.decode(msgspec.json.encode(act)), "signed")
    made["at"] = at or village.now
    first = root(leaf_hashes(server.honest[:1])).hex()
    made["by"]["seen"] = {"size": 1, "root": first}
    resign(made, {member, *others})
    report = server.verify([*server.copy(), made])
    last = f"entry {len(server.entries) + 1}"
    assert {f.where for f in report.findings} <= {last}, report.findings
    return {f.name for f in report.findings}


def refused(village, rule, finding, member, act, *others):
    """Refused by this rule with nothing written, and found under this name if it is written."""
    said = village.refused(rule, lambda: village.send(member, act, *others))
    assert found(village, member, act, *others) == {finding}
    return said


def proven(village, member, act, *others):
    """Lawful for the guard, and for the proof."""
    number = village.do(member, act, *others)
    folder = village.path.parent
    server = Server(folder, village.path, SimpleNamespace(body=village.body))
    server.written = len(list(folder.glob("forged-*"))) + 1
    report = server.verify(server.copy())
    assert not report.findings
    return number
