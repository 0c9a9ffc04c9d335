"""The proofs over the bytes: every entry, hash, column, tile and checkpoint is what the entries
themselves give, and every checkpoint ever signed is a prefix of this book."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from comuna.audit import tiles
from comuna.audit.canonical import Malformed
from comuna.audit.entries import Entry, entry_of
from comuna.audit.findings import Finding, finding
from comuna.audit.merkle import leaf_of, roots_at
from comuna.audit.record import Record, Row, Unreadable
from comuna.audit.seal import BookKey, Checkpoint, checkpoint_of

Progress = Callable[[int, int], None]

RECEIPT = b"comuna receipt v1\n"


@dataclass(slots=True)
class Sealed:
    """A book whose bytes were looked at: its tree, and what was found. `hashes` are findings about
    stored hashes, `entries` about entries, `findings` about what vouches for them."""

    leaves: list[bytes] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)  # by size, where one is spoken of
    hashes: list[Finding] = field(default_factory=list)
    entries: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    said: list[tuple[int, str, int, str]] = field(default_factory=list)
    """(entry, finding, size, root): what entries say of the book before them."""
    vouched: int = 0  # entries that a member's own signature names by their root


def read_entries(record: Record, sealed: Sealed) -> Iterator[Entry]:
    """Every entry that has its one form, while each is looked at: its stored hash, its form, its
    place and its time; and whether it is named once."""
    expected, last, nonces = 1, 0, dict[str, int]()
    for row in record.rows:
        leaf = leaf_of(row.data)
        sealed.leaves.append(leaf)
        if record.folder is None and row.leaf != leaf:
            sealed.hashes.append(finding("leaf_mismatch", f"entry {row.number}"))
        where = expected if row.number is None else row.number
        try:
            e = entry_of(row.data)
        except Malformed as fault:
            sealed.entries.append(finding("entry_malformed", f"entry {where}", detail=str(fault)))
            expected += 1
            continue
        if record.folder is None and not (_is(row.number, e.number) and _is(row.nonce, e.nonce)):
            sealed.entries += _columns(row, e)
        if e.number != expected:
            gap = finding("number_gap", f"entry {where}", expected=expected, number=e.number)
            sealed.entries.append(gap)
        if e.at < last and e.kind != "set-hour":
            sealed.entries.append(finding("time_runs_backwards", f"entry {where}"))
        if e.nonce in nonces:
            first = nonces[e.nonce]
            twice = finding("nonce_reused", f"entry {where}", nonce=e.nonce, first=first)
            sealed.entries.append(twice)
        if e.body != record.body:
            sealed.entries.append(finding("other_body", f"entry {where}", body=e.body))
        expected, last = e.number + 1, e.at if e.kind == "set-hour" else max(e.at, last)
        nonces.setdefault(e.nonce, e.number)
        sealed.said += _said(e)
        yield e


def _is(stored: object, said: object) -> bool:
    return stored == said and type(stored) is type(said)


def _columns(row: Row, e: Entry) -> Iterator[Finding]:
    """The columns that a database keeps beside an entry say what the entry says."""
    for column, stored, said in (("number", row.number, e.number), ("nonce", row.nonce, e.nonce)):
        if not _is(stored, said):
            where = f"entry {row.number}"
            yield finding("column_differs", where, column=column, stored=stored, said=said)


def prove_files(record: Record, sealed: Sealed) -> None:
    """Every file of hashes of an exported book, and no file beside them."""
    whats = {"missing": "file_missing", "differs": "tile_differs", "strange": "file_strange"}
    if record.folder is not None and not record.faults:
        for path, what in tiles.differences(record.folder, sealed.leaves):
            record.faults.append((whats[what], path, ""))


def read_checkpoints(record: Record, sealed: Sealed) -> list[tuple[str, Checkpoint]]:
    """Every stored checkpoint of this body that has its one form, and where it lies."""
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
    return read


def compute_roots(sealed: Sealed, checkpoints: Iterable[Checkpoint]) -> None:
    """The roots of this book at every size at which something speaks of it."""
    said = (size for _, _, size, _ in sealed.said)
    sizes = {len(sealed.leaves), *said, *(c.size for c in checkpoints)}
    sealed.roots = roots_at(sealed.leaves, sizes)


def prove_prefixes(
    sealed: Sealed, checkpoints: Sequence[tuple[str, Checkpoint]], key: BookKey | None
) -> None:
    """Each checkpoint is signed by the book and an earlier state of it."""
    for where, checkpoint in checkpoints:
        size, stored = checkpoint.size, len(sealed.leaves)
        if key and not checkpoint.is_signed_by(key):
            sealed.findings.append(finding("checkpoint_unsigned", where))
        if size > stored:
            sealed.findings.append(finding("size_went_back", where, size=size, stored=stored))
        elif sealed.roots[size] != checkpoint.root:
            sealed.findings.append(finding("not_consistent", where, size=size))


def read_aloud(root: bytes) -> str:
    """What people read out of a root: its first 12 characters in base64."""
    return b64encode(root).decode()[:12]


def prove_vouched(sealed: Sealed) -> None:
    """The books that members had before them when they signed, and the checkpoints that were read
    aloud at the openings of assemblies, are the beginning of this one. Whoever rewrote it would
    need the keys of all who signed since."""
    for number, name, size, root in sealed.said:
        known = sealed.roots.get(size, b"") if 1 <= size < number else b""
        aloud = name == "checkpoint_differs"
        if not known or root != (read_aloud(known) if aloud else known.hex()):
            sealed.findings.append(finding(name, f"entry {number}", size=size, root=root))
        elif name == "seen_differs":
            sealed.vouched = max(sealed.vouched, size)


def _said(e: Entry) -> Iterator[tuple[int, str, int, str]]:
    if "seen" in e.by and "signatures" in e.by:
        yield e.number, "seen_differs", e.by["seen"]["size"], e.by["seen"]["root"]
    if e.kind == "open-assembly":
        yield e.number, "checkpoint_differs", e.act["size"], e.act["root"]


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
