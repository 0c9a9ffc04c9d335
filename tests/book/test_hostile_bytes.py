"""No bytes and no text make a parser do anything but read them or say that they are malformed."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.book import canonical, checkpoint, entry, keys, note, receipt, strict, tiles, tree
from comuna.book.checkpoint import Checkpoint
from comuna.book.note import VerifierKey
from comuna.book.receipt import Proof
from comuna.book.strict import Malformed
from comuna.book.tiles import Tile
from tests.book.example import book_of

BOOK = book_of(3)
RECEIPT = receipt.make(BOOK.entries[1], tree.nodes_of(BOOK.leaves), BOOK.signed, BOOK.key)
BUNDLE = tiles.encode_bundle(BOOK.entries)

BYTES_PARSERS: list[tuple[Callable[[bytes], object], bytes]] = [
    (canonical.decode, BOOK.entries[1]),
    (entry.decode, BOOK.entries[1]),
    (note.parse, BOOK.signed),
    (checkpoint.parse, BOOK.signed),
    (lambda data: checkpoint.verify(data, BOOK.key), BOOK.signed),
    (Proof.parse, RECEIPT.partition(b"\n\n")[2]),
    (receipt.check, RECEIPT),
    (lambda data: tiles.decode_bundle(data, 3), BUNDLE),
    (lambda data: tiles.decode_hashes(data, 3), b"".join(BOOK.leaves)),
]
TEXT_PARSERS: list[tuple[Callable[[str], object], str]] = [
    (VerifierKey.parse, BOOK.key.encode()),
    (Checkpoint.parse_text, BOOK.checkpoint.text()),
    (Tile.parse_path, "tile/0/x001/067.p/5"),
    (keys.from_wire, keys.to_wire(BOOK.key.public)),
    (keys.seed_from_recovery, keys.recovery_text(BOOK.seed)),
    (strict.decimal, "1234"),
    (strict.base64_bytes, "AAAA"),
]


@st.composite
def spoilt(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with a piece cut out, doubled, or replaced."""
    start = draw(st.integers(0, len(good)))
    end = draw(st.integers(start, min(len(good), start + 40)))
    middle = draw(
        st.binary(max_size=8)
        | st.sampled_from([b"\n", b"\n\n", b"\0", b"\r", b" ", b'"', b"{", b"\xe2\x80\x94 ", b"="])
        | st.just(good[start:end] * 2)
    )
    return good[:start] + middle + good[end:]


@pytest.mark.parametrize(("parse", "good"), BYTES_PARSERS)
@settings(max_examples=150)
@given(data=st.data())
def test_hostile_bytes_are_read_or_called_malformed(
    parse: Callable[[bytes], object], good: bytes, data: st.DataObject
) -> None:
    parse(good)
    hostile = data.draw(st.binary(max_size=200) | spoilt(good))
    with suppress(Malformed):
        parse(hostile)


@pytest.mark.parametrize(("parse", "good"), TEXT_PARSERS)
@settings(max_examples=150)
@given(data=st.data())
def test_hostile_text_is_read_or_called_malformed(
    parse: Callable[[str], object], good: str, data: st.DataObject
) -> None:
    parse(good)
    spoilt_text = spoilt(good.encode()).map(lambda b: b.decode("utf-8", "surrogateescape"))
    hostile = data.draw(st.text(max_size=80) | spoilt_text)
    with suppress(Malformed):
        parse(hostile)


@given(st.data())
def test_what_is_read_from_spoilt_bytes_is_written_back_the_same(data: st.DataObject) -> None:
    hostile = data.draw(spoilt(BOOK.signed))
    with suppress(Malformed):
        assert note.parse(hostile).encode() == hostile
    hostile = data.draw(spoilt(RECEIPT.partition(b"\n\n")[2]))
    with suppress(Malformed):
        assert Proof.parse(hostile).encode() == hostile
    hostile = data.draw(spoilt(BUNDLE))
    with suppress(Malformed):
        assert tiles.encode_bundle(tiles.decode_bundle(hostile, 3)) == hostile


def test_files_that_are_far_too_large_are_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "checkpoint").open("wb") as file:
        file.truncate(tiles.LARGEST_FILE * 100)
    with pytest.raises(Malformed, match="more than"):
        tiles.read_checkpoint(tmp_path)


@pytest.mark.parametrize("parse", [note.parse, receipt.check, Proof.parse, canonical.decode])
def test_texts_that_are_far_too_long_are_refused_at_once(parse: Callable[[bytes], object]) -> None:
    with pytest.raises(Malformed):
        parse(b"a" * 2_000_000)
