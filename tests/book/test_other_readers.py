"""Books read by other people's programs: Go's x/mod/sumdb, and tlog-scales.

Debian's packages golang-go and golang-golang-x-mod-dev are needed; without them these tests fail.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint as OtherCheckpoint

from comuna.book import checkpoint, keys, tiles, tree
from comuna.book.export import export
from comuna.book.note import COSIGNATURE, VerifierKey
from comuna.book.strict import base64_text
from tests.book.example import Book, book_of

PROGRAM = Path(__file__).with_name("oracle") / "main.go"
GO_LIBRARIES = Path("/usr/share/gocode")
SIZES = [1, 2, 255, 256, 257, 700]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built from Debian's packages alone."""
    go = shutil.which("go")
    if go is None:
        pytest.fail("Go is missing: install Debian's package golang-go")
    if not (GO_LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.fail("x/mod/sumdb is missing: install Debian's package golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("oracle")
    settings = {
        "GO111MODULE": "off",
        "GOPATH": str(GO_LIBRARIES),
        "GOPROXY": "off",
        "GOFLAGS": "",
        "GOCACHE": str(folder / "cache"),
    }
    program = folder / "reader"
    built = subprocess.run(
        [go, "build", "-o", program, PROGRAM],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return program


def _read_with_go(oracle: Path, folder: Path, book: Book, old: int) -> subprocess.CompletedProcess:
    return subprocess.run(
        [oracle, folder, book.key.encode(), str(old)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("size", SIZES)
def test_go_verifies_every_entry_and_the_growth_of_the_book(
    size: int, oracle: Path, tmp_path: Path
) -> None:
    book, old = book_of(size), (size + 1) // 2
    export(tmp_path, book.entries, book.signed)
    read = _read_with_go(oracle, tmp_path, book, old)
    assert read.stderr == ""
    root, old_root = base64_text(book.checkpoint.root), base64_text(tree.root(book.leaves[:old]))
    assert read.stdout == f"{size} {root} {size} {old_root}\n"


def test_go_refuses_a_book_whose_bytes_were_changed(oracle: Path, tmp_path: Path) -> None:
    book = book_of(300)
    for where in ("checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/44"):
        folder = tmp_path / where.replace("/", "-")
        export(folder, book.entries, book.signed)
        path = folder / where
        data = path.read_bytes()
        path.write_bytes(data[:20] + bytes([data[20] ^ 1]) + data[21:])
        assert _read_with_go(oracle, folder, book, 150).returncode == 1, where


@pytest.mark.parametrize("size", SIZES)
def test_tlog_scales_reads_the_same_book(size: int, tmp_path: Path) -> None:
    book, old = book_of(size), (size + 1) // 2
    export(tmp_path, book.entries, book.signed)
    reader = TilesReader(LocalBackend(tmp_path))
    found = reader.get_checkpoint()
    found.verify(Vkey.from_string(book.key.encode()))
    assert found.root_hash == reader.calculate_root_hash() == book.checkpoint.root
    node_at = tiles.node_at(tmp_path, size)
    for index in range(0, size, 1 + size // 60):
        assert reader.get_entry(index) == book.entries[index]
        theirs = reader.get_inclusion_proof(index, size).node_hashes
        assert theirs == tree.inclusion_proof(index, size, node_at)
    theirs = reader.get_consistency_proof(old, size).node_hashes
    assert theirs == tree.consistency_proof(old, size, node_at)


def test_tlog_scales_accepts_our_cosignature() -> None:
    book, seed = book_of(3), bytes(32)
    witness = VerifierKey("witness.example/w", COSIGNATURE, keys.public_key(seed))
    signed = checkpoint.cosign(book.signed, witness.name, seed, 1_700_000_000)
    OtherCheckpoint.from_text(signed.decode()).verify(Vkey.from_string(witness.encode()))
