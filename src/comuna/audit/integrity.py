"""The proofs over the bytes: every entry, hash, column, tile and checkpoint is what the entries
themselves give, and every checkpoint ever signed is a prefix of this book."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from comuna.audit.canonical import Malformed
from comuna.audit.entries import Entry, entry_of
from comuna.audit.findings import Finding, finding
from comuna.audit.merkle import leaves_of, root_of, roots_at
from comuna.audit.record import Record, Unreadable
from comuna.audit.seal import BookKey, Checkpoint, checkpoint_of

Progress = Callable[[int, int], None]

RECEIPT = b"comuna receipt v1\n"


@dataclass(slots=True)
class Sealed:
    """A book whose bytes were looked at: its tree, its entries, what was found in them."""

    leaves: list[bytes]
    root: bytes
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    covered: int = 0  # entries under the largest checkpoint
    vouched: int = 0  # entries that a member's own signature names by their root


def prove_tree(record: Record) -> Sealed:
    """Every stored hash against its entry, and the root over them."""
    leaves = leaves_of([row.data for row in record.rows])
    sealed = Sealed(leaves, root_of(leaves))
    if record.folder is None:
        sealed.findings += [
            finding("leaf_mismatch", f"entry {row.number}")
            for row, leaf in zip(record.rows, leaves, strict=True)
            if row.leaf != leaf
        ]
    return sealed


def prove_entries(record: Record, sealed: Sealed) -> None:
    """Every entry in its one form, in its place and its time, named once."""
    expected, last, nonces = 1, 0, dict[str, int]()
    for row in record.rows:
        where = f"entry {expected if row.number is None else row.number}"
        try:
            e = entry_of(row.data)
        except Malformed as fault:
            sealed.findings.append(finding("entry_malformed", where, detail=str(fault)))
            expected += 1
            continue
        found = list(_columns(record, row.number, row.nonce, e))
        if e.number != expected:
            found.append(finding("number_gap", where, expected=expected, number=e.number))
        if e.at < last and e.kind != "set-hour":
            found.append(finding("time_runs_backwards", where))
        if e.nonce in nonces:
            first = nonces[e.nonce]
            found.append(finding("nonce_reused", where, nonce=e.nonce, first=first))
        if e.body != record.body:
            found.append(finding("other_body", where, body=e.body))
        expected, last = e.number + 1, e.at if e.kind == "set-hour" else max(e.at, last)
        nonces.setdefault(e.nonce, e.number)
        sealed.findings += found
        sealed.entries.append(e)


def _columns(record: Record, number: object, nonce: object, e: Entry) -> Iterator[Finding]:
    """The columns that a database keeps beside an entry say what the entry says."""
    if record.folder is None:
        for column, stored, said in (("number", number, e.number), ("nonce", nonce, e.nonce)):
            if stored != said or type(stored) is not type(said):
                where = f"entry {number}"
                yield finding("column_differs", where, column=column, stored=stored, said=said)


def prove_checkpoints(record: Record, sealed: Sealed, key: BookKey | None) -> None:
    """Every stored checkpoint: signed by the book, and a prefix of it."""
    read: list[tuple[str, Checkpoint]] = []
    for where, beside, data in record.checkpoints:
        try:
            checkpoint = checkpoint_of(data)
        except Malformed as fault:
            sealed.findings.append(finding("checkpoint_malformed", where, detail=str(fault)))
            continue
        if beside is not None and beside != checkpoint.size:
            said = checkpoint.size
            sealed.findings.append(
                finding("column_differs", where, column="size", stored=beside, said=said)
            )
        if checkpoint.origin != f"comuna/{record.body}":
            sealed.findings.append(finding("other_body", where, body=checkpoint.origin))
        read.append((where, checkpoint))
    sealed.findings += prefixes(sealed, read, key)
    sealed.covered = max((c.size for _, c in read if c.size <= len(sealed.leaves)), default=0)


def prefixes(
    sealed: Sealed, checkpoints: list[tuple[str, Checkpoint]], key: BookKey | None
) -> Iterator[Finding]:
    """What keeps these checkpoints from being earlier states of this book."""
    roots = roots_at(sealed.leaves, (c.size for _, c in checkpoints))
    for where, checkpoint in checkpoints:
        size, stored = checkpoint.size, len(sealed.leaves)
        if key and not checkpoint.is_signed_by(key):
            yield finding("checkpoint_unsigned", where)
        if size > stored:
            yield finding("size_went_back", where, size=size, stored=stored)
        elif roots[size] != checkpoint.root:
            yield finding("not_consistent", where, size=size)


def read_aloud(root: bytes) -> str:
    """What people read out of a root: its first 12 characters in base64."""
    return b64encode(root).decode()[:12]


def prove_vouched(sealed: Sealed) -> None:
    """The books that members had before them when they signed, and the checkpoints that were read
    aloud at the openings of assemblies, are the beginning of this one. Whoever rewrote it would
    need the keys of all who signed since."""
    said = [
        (e.number, name, size, root) for e in sealed.entries for name, size, root in _vouched(e)
    ]
    roots = roots_at(sealed.leaves, (size for _, _, size, _ in said))
    for number, name, size, root in said:
        known = roots[size] if 1 <= size < number and size in roots else b""
        aloud = name == "checkpoint_differs"
        if not known or root != (read_aloud(known) if aloud else known.hex()):
            sealed.findings.append(finding(name, f"entry {number}", size=size, root=root))
        elif name == "seen_differs":
            sealed.vouched = max(sealed.vouched, size)


def _vouched(e: Entry) -> Iterator[tuple[str, int, str]]:
    """(finding, size, root): what an entry says of the book before it."""
    if "seen" in e.by and "signatures" in e.by:
        yield "seen_differs", e.by["seen"]["size"], e.by["seen"]["root"]
    if e.kind == "open-assembly":
        yield "checkpoint_differs", e.act["size"], e.act["root"]


def kept_checkpoint(path: Path) -> Checkpoint:
    """A checkpoint that a member kept: the file itself, or a receipt, which ends in one. Raises
    `Unreadable`."""
    try:
        data = path.read_bytes()
        if data.startswith(RECEIPT):
            data = b"\n\n".join(data.split(b"\n\n")[-2:])
        return checkpoint_of(data)
    except (OSError, Malformed) as error:
        raise Unreadable(f"{path} is no checkpoint: {error}") from None
