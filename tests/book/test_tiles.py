"""Books as plain files: written whole or not at all, read strictly, every changed byte noticed."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import checkpoint, export, tiles, tree
from comuna.book.checkpoint import Checkpoint
from comuna.book.strict import Malformed
from comuna.book.tiles import ENTRIES, Tile
from tests.book.example import SEED, Book, book_of


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _check(folder: Path, book: Book) -> list[tiles.Problem]:
    return list(tiles.check(folder, book.checkpoint))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0, 256), "tile/0/000"),
        (Tile(0, 273, 112), "tile/0/273.p/112"),
        (Tile(ENTRIES, 1234067, 256), "tile/entries/x001/x234/067"),
        (Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path() == path
    assert Tile.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p",
        "tile/0/000/",
        "tile/0/٠٠٠",
        "/tile/0/000",
        "tile/data/000",
        "tile/0/000\n",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        Tile.parse_path(path)


def test_the_example_of_the_specification_has_its_tiles() -> None:
    found = [tile for tile in tiles.tiles_of(70_000) if tile.level >= 0]
    assert len([tile for tile in found if tile.level == 0 and tile.width == 256]) == 273
    assert [tile for tile in found if tile.level > 0 or tile.width < 256] == [
        Tile(0, 273, 112),
        Tile(1, 0, 256),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert list(tiles.tiles_of(0)) == []
    assert Tile(1, 0, 1) in list(tiles.tiles_of(256))


def test_the_roots_of_the_tiles_give_the_root_of_the_tree() -> None:
    # The leaves are made up; 66,000 of them reach the third level of tiles.
    leaves = tree.leaf_hashes(n.to_bytes(3, "big") for n in range(66_000))
    for size in (0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000):
        assert tiles.root_of(tiles.levels(leaves[:size])) == tree.root(leaves[:size])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 600])
def test_an_exported_book_is_read_back_and_found_in_order(size: int, tmp_path: Path) -> None:
    book = book_of(size)
    export.export(tmp_path, iter(book.entries), book.signed)
    assert tiles.read_checkpoint(tmp_path) == book.signed
    assert list(tiles.entries(tmp_path, size)) == book.entries
    assert _check(tmp_path, book) == []
    node_at, in_memory = tiles.node_at(tmp_path, size), tree.nodes_of(book.leaves)
    for index in range(0, size, 1 + size // 20):
        proof = tree.inclusion_proof(index, size, node_at)
        assert proof == tree.inclusion_proof(index, size, in_memory)
    for old in range(0, size + 1, 1 + size // 20):
        proof = tree.consistency_proof(old, size, node_at)
        assert proof == tree.consistency_proof(old, size, in_memory)


def test_a_book_grows_where_it_lies(tmp_path: Path) -> None:
    for size in (3, 3, 5, 256, 300, 520):
        book = book_of(size)
        export.export(tmp_path, book.entries, book.signed)
        assert _check(tmp_path, book) == []
    paths = _files(tmp_path)
    assert "tile/0/000.p/5" not in paths  # outgrown by its full tile
    assert "tile/1/000.p/1" in paths  # an older checkpoint still needs it
    assert "tile/1/000.p/2" in paths


@given(st.randoms(use_true_random=False))
def test_one_changed_byte_anywhere_is_noticed(random: random.Random) -> None:
    folder, book = _exported()
    path = folder / random.choice(sorted(p for p in _files(folder) if p != "checkpoint"))
    data = path.read_bytes()
    at = random.randrange(len(data))
    try:
        path.write_bytes(data[:at] + bytes([data[at] ^ random.randint(1, 255)]) + data[at + 1 :])
        assert _check(folder, book)
    finally:
        path.write_bytes(data)


@given(st.randoms(use_true_random=False))
def test_a_longer_shorter_or_missing_file_is_noticed(random: random.Random) -> None:
    folder, book = _exported()
    path = folder / random.choice(sorted(p for p in _files(folder) if p != "checkpoint"))
    data = path.read_bytes()
    try:
        for changed in (data + b"\0", data[:-1], data + data[-32:], b""):
            path.write_bytes(changed)
            assert _check(folder, book)
        path.unlink()
        older = path == folder / "tile/1/000.p/2"  # nothing of today's tree needs it
        assert _check(folder, book) or older
    finally:
        path.write_bytes(data)


_KEPT: list[tuple[Path, Book]] = []


@pytest.fixture(autouse=True, scope="module")
def _exported_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("book")
    for size in (712, 714, 770):
        book = book_of(size)
        export.export(folder, book.entries, book.signed)
    _KEPT.append((folder, book))


def _exported() -> tuple[Path, Book]:
    return _KEPT[0]


def test_what_is_wrong_is_named_with_its_place(tmp_path: Path) -> None:
    book = book_of(300)
    export.export(tmp_path, book.entries, book.signed)
    path = tmp_path / "tile/0/000"
    data = path.read_bytes()
    path.write_bytes(data[:64] + bytes(32) + data[96:])
    (tmp_path / "tile/0/notes.txt").write_bytes(b"x")
    (tmp_path / "tile/0/007").write_bytes(data)
    assert _check(tmp_path, book) == [
        ("tile/0/000", "hash 2 is not that of entry 3 below it"),
        ("tile/0/007", "a book of 300 entries has no such tile"),
        ("tile/0/notes.txt", "'tile/0/notes.txt' is not the path of a tile"),
    ]


def test_a_bundle_that_cannot_be_read_does_not_hide_the_rest(tmp_path: Path) -> None:
    book = book_of(300)
    export.export(tmp_path, book.entries, book.signed)
    (tmp_path / "tile/entries/000").unlink()
    (tmp_path / "tile/1/000.p/1").write_bytes(bytes(32))
    where = [problem.where for problem in _check(tmp_path, book)]
    assert where == ["tile/entries/000", "tile/1/000.p/1"]
    (tmp_path / "tile/0/000").unlink()
    assert [problem.where for problem in _check(tmp_path, book)] == ["tile/entries/000", "tile"]


def test_a_checkpoint_of_other_entries_is_noticed(tmp_path: Path) -> None:
    book = book_of(5)
    export.export(tmp_path, book.entries, book.signed)
    other = Checkpoint(book.key.name, 5, bytes(32))
    assert [problem.where for problem in tiles.check(tmp_path, other)] == ["checkpoint"]


def test_entries_that_are_not_those_of_the_checkpoint_leave_the_folder_as_it_was(
    tmp_path: Path,
) -> None:
    book, more = book_of(270), book_of(400)
    export.export(tmp_path, book.entries, book.signed)
    before = _files(tmp_path)
    swapped = [*more.entries[:300], more.entries[301], more.entries[300], *more.entries[302:]]
    for entries in (more.entries[:-1], swapped, [*more.entries[:-1], b"x" * 65_536]):
        with pytest.raises(Malformed):
            export.export(tmp_path, entries, more.signed)
        assert _files(tmp_path) == before


def test_another_book_is_not_written_over_this_one(tmp_path: Path) -> None:
    book = book_of(5)
    export.export(tmp_path, book.entries, book.signed)
    before = _files(tmp_path)
    other = Book([*book.entries[:4], b"{}", book.entries[4]])
    export_of_six = Book([b"{}", *other.entries[1:]])
    with pytest.raises(Malformed, match="never goes back"):
        export.export(tmp_path, book.entries[:4], book_of(4).signed)
    same_size = Book([*book.entries[:4], b"{}"])
    with pytest.raises(Malformed, match="holds other bytes"):
        export.export(tmp_path, same_size.entries, same_size.signed)
    assert _files(tmp_path) == before
    export.export(tmp_path, export_of_six.entries, export_of_six.signed)
    # The tiles of the older checkpoint now contradict the newer: two books, and it shows.
    assert {problem.where for problem in _check(tmp_path, export_of_six)} == {
        "tile/0/000.p/5",
        "tile/entries/000.p/5",
    }


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_at_any_moment_leaves_the_last_checkpoint_readable(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = book_of(250), book_of(520)
    export.export(tmp_path, old.entries, old.signed)
    for moment in range(1, 40):
        with monkeypatch.context() as patch:
            calls = _fail_at(moment, call, patch)
            try:
                export.export(tmp_path, new.entries, new.signed)
            except OSError:
                assert not (tmp_path / ".unfinished").exists()
                signed = tiles.read_checkpoint(tmp_path)
                book = old if signed == old.signed else new
                assert signed == book.signed
                assert list(tiles.entries(tmp_path, len(book.entries))) == book.entries
                assert _check(tmp_path, book) == []
        if calls[0] < moment:
            break
    assert moment > 5
    assert tiles.read_checkpoint(tmp_path) == new.signed
    assert _check(tmp_path, new) == []


def _fail_at(moment: int, call: str, patch: pytest.MonkeyPatch) -> list[int]:
    calls = [0]
    owner = os if call == "fsync" else Path
    real = getattr(owner, call)

    def failing(*arguments: object) -> object:
        calls[0] += 1
        if calls[0] == moment:
            raise OSError(28, "No space left on device")
        return real(*arguments)

    patch.setattr(owner, call, failing)
    return calls


def test_the_checkpoint_is_moved_to_its_place_after_everything_else_is_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_replace, real_fsync = Path.replace, os.fsync

    def replace(self: Path, target: Path) -> Path:
        done.append(target.relative_to(tmp_path).as_posix())
        return real_replace(self, target)

    def fsync(descriptor: int) -> None:
        done.append(
            "flush " + os.path.relpath(os.readlink(f"/proc/self/fd/{descriptor}"), tmp_path)
        )
        real_fsync(descriptor)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(os, "fsync", fsync)
    book = book_of(2)
    export.export(tmp_path, book.entries, book.signed)
    flushed_file = "flush .unfinished"
    assert done == [
        *(flushed_file, "tile/entries/000.p/2"),
        *(flushed_file, "tile/0/000.p/2"),
        *("flush .", "flush tile", "flush tile/0", "flush tile/0/000.p"),
        *("flush tile/entries", "flush tile/entries/000.p"),
        *(flushed_file, "checkpoint"),
        "flush .",
    ]


def test_a_folder_without_a_book_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="checkpoint cannot be read"):
        tiles.read_checkpoint(tmp_path)
    with pytest.raises(Malformed, match=r"tile/entries/000\.p/3"):
        list(tiles.entries(tmp_path, 3))


def test_the_longest_entries_fill_a_bundle(tmp_path: Path) -> None:
    book = Book([bytes([n]) * 65_535 for n in range(3)] + [b""])
    export.export(tmp_path, book.entries, checkpoint.sign(book.checkpoint, SEED))
    assert list(tiles.entries(tmp_path, 4)) == book.entries
