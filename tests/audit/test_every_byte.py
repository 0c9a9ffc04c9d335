"""Every stored byte of entry, tree and checkpoint: changed, deleted, inserted, exchanged, the
verifier finds it. Whoever does this owns the file; the guards in the database go first.

A checkpoint that is deleted as a whole leaves nothing to find and takes nothing away: it only
signed what the entries say themselves. What it would have held is held by whoever kept a copy.
"""

import shutil
import sqlite3

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comuna.audit.record import Unreadable
from comuna.audit.verify import verify
from comuna.book import keys, store, tree
from comuna.book.database import Database
from comuna.book.export import export
from tests.audit.story import names
from tests.postgres import fresh_database
from tests.rules.village import BOOK_KEY

HASHES = ("bytes", "leaf")
MANY = settings(max_examples=40, deadline=None)
CHANGES = st.integers(1, 255)


SIZE = 60  # entries in the home that is attacked
LAST = 60  # entries in the last tile of the exported book


def home_of(server, folder, address=""):
    """A home with the beginning of the honest book: its database with all guards, the settings, the
    book's key; checkpoints at two sizes."""
    folder.mkdir()
    database = Database(address or folder / "comuna.db")
    store.create(database)
    leaves = tree.leaf_hashes(server.honest[:SIZE])
    rows = zip(server.entries, server.honest, leaves, strict=False)
    store.append(
        database, server.body, [(e["number"], e["nonce"], data, leaf) for e, data, leaf in rows]
    )
    for size in (20, SIZE):
        store.put_checkpoint(database, server.body, size, server.signed(leaves[:size]))
    database.close()
    (folder / "settings.toml").write_text(f'database = "{address}"\nsecret = "s"\n')
    (folder / "book.key").write_text(keys.recovery_text(BOOK_KEY))
    return folder


@pytest.fixture(scope="session")
def home(server, tmp_path_factory):
    folder = home_of(server, tmp_path_factory.mktemp("homes") / "home")
    report = verify(folder)
    assert not report.findings
    assert report.books[0].covered == SIZE
    return folder


@pytest.fixture(scope="session")
def attacked(home, tmp_path_factory):
    """A function that lets an attacker into a copy of the home and verifies what is left."""
    folder = tmp_path_factory.mktemp("attacked") / "home"

    def run(attack):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(home, folder)
        database = sqlite3.connect(folder / "comuna.db")
        for (name,) in list(
            database.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ):
            database.execute(f"DROP TRIGGER {name}")
        attack(database)
        database.commit()
        database.close()
        return verify(folder)

    return run


def flip(data, at, change):
    """The bytes with one of them changed."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]


@MANY
@given(row=st.integers(1), at=st.integers(0), change=CHANGES, column=st.sampled_from(HASHES))
def test_a_changed_byte_of_an_entry_or_its_hash_is_found(attacked, row, at, change, column):
    def attack(database):
        number = row % SIZE + 1
        query = f"SELECT {column} FROM book_entry WHERE number = ?"
        (data,) = database.execute(query, (number,)).fetchone()
        changed = flip(data, at, change)
        database.execute(f"UPDATE book_entry SET {column} = ? WHERE number = ?", (changed, number))
        attack.number = number

    report = attacked(attack)
    assert f"entry {attack.number}" in {f.where for f in report.findings}


@MANY
@given(row=st.integers(0), at=st.integers(0), change=CHANGES)
def test_a_changed_byte_of_a_checkpoint_is_found(attacked, row, at, change):
    def attack(database):
        rows = database.execute("SELECT size, signed FROM book_checkpoint").fetchall()
        size, data = rows[row % len(rows)]
        changed = flip(data, at, change)
        database.execute("UPDATE book_checkpoint SET signed = ? WHERE size = ?", (changed, size))

    assert attacked(attack).findings


@MANY
@given(
    row=st.integers(1),
    column=st.sampled_from(["body", "number", "nonce"]),
    value=st.one_of(st.text(max_size=5), st.integers(-5, 10**6), st.binary(max_size=4)),
)
def test_a_changed_column_beside_an_entry_is_found(attacked, row, column, value):
    def attack(database):
        number = row % SIZE + 1
        assume(value != number)
        try:
            database.execute(
                f"UPDATE book_entry SET {column} = ? WHERE number = ?", (value, number)
            )
        except sqlite3.IntegrityError:
            assume(False)

    assert attacked(attack).findings


@pytest.mark.parametrize("column", ["body", "size"])
def test_a_changed_column_beside_a_checkpoint_is_found(attacked, column):
    change = f"UPDATE book_checkpoint SET {column} = '7' WHERE size = "
    size = "(SELECT MAX(size) FROM book_checkpoint)"
    assert attacked(lambda database: database.execute(change + size)).findings


@settings(max_examples=20, deadline=None)
@given(row=st.integers(1))
def test_a_deleted_entry_is_found(attacked, row):
    """Any but the last, which a checkpoint holds (and is found by it)."""

    def attack(database):
        database.execute("DELETE FROM book_entry WHERE number = ?", (row % SIZE + 1,))

    found = names(attacked(attack))
    assert found & {"number_gap", "size_went_back"}


@settings(max_examples=20, deadline=None)
@given(one=st.integers(0), other=st.integers(0), column=st.sampled_from(HASHES))
def test_exchanged_entries_or_hashes_are_found(attacked, one, other, column):
    def attack(database):
        pair = one % SIZE + 1, other % SIZE + 1
        assume(pair[0] != pair[1])
        read = f"SELECT {column} FROM book_entry WHERE number = ?"
        held = [database.execute(read, (n,)).fetchone()[0] for n in pair]
        write = f"UPDATE book_entry SET {column} = ? WHERE number = ?"
        database.executemany(write, zip(held, reversed(pair), strict=True))

    assert attacked(attack).findings


def test_an_inserted_entry_or_checkpoint_is_found(attacked):
    add = "INSERT INTO book_entry SELECT body, number + 1, nonce || 'x', bytes, leaf"
    last = " FROM book_entry ORDER BY number DESC LIMIT 1"
    assert attacked(lambda database: database.execute(add + last)).findings
    add = "INSERT INTO book_checkpoint SELECT body, size + 1, signed"
    last = " FROM book_checkpoint ORDER BY size DESC LIMIT 1"
    assert attacked(lambda database: database.execute(add + last)).findings


def test_a_book_in_postgresql_is_proven_and_its_damage_found(server, tmp_path):
    address = fresh_database()
    folder = home_of(server, tmp_path / "home", address)
    report = verify(folder)
    assert not report.findings
    assert (report.books[0].size, report.books[0].notes) == (SIZE, ["no_earlier"])
    database = Database(address)
    database.execute("DROP TRIGGER book_entry_keeps ON book_entry")
    database.execute("UPDATE book_entry SET leaf = bytes WHERE number = 7")
    database.execute("UPDATE book_entry SET nonce = 'other' WHERE number = 8")
    database.close()
    found = {(f.name, f.where) for f in verify(folder).findings}
    assert found == {("leaf_mismatch", "entry 7"), ("column_differs", "entry 8")}


def test_a_document_that_is_no_longer_itself_is_found(server, tmp_path):
    folder = home_of(server, tmp_path / "home")
    (folder / "files").mkdir()
    name = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    (folder / "files" / name).write_bytes(b"test")
    assert not verify(folder).findings
    (folder / "files" / name).write_bytes(b"tost")
    assert names(verify(folder)) == {"document_mismatch"}


# --- an exported book -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def exported(server, tmp_path_factory):
    """The honest book as plain files, with the key beside it, in three steps: tiles of 44 and 54
    entries stay as long as their full tile does not exist."""
    folder = tmp_path_factory.mktemp("exports") / "book"
    leaves = tree.leaf_hashes(server.honest)
    for size in (300, 310, 256 + LAST):
        export(folder, server.honest[:size], server.signed(leaves[:size]))
    (folder / "key").write_text(server.key + "\n")
    assert not verify(folder).findings
    return folder


@pytest.fixture(scope="session")
def damaged(exported, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged") / "book"

    def run(damage):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(exported, folder)
        damage(folder)
        return verify(folder)

    return run


def files_in(folder):
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


@settings(max_examples=25, deadline=None)
@given(data=st.data(), at=st.integers(0), change=CHANGES)
def test_a_changed_byte_of_any_exported_file_is_found(exported, damaged, data, at, change):
    path = data.draw(st.sampled_from(files_in(exported)))

    def damage(folder):
        (folder / path).write_bytes(flip((folder / path).read_bytes(), at, change))

    try:
        assert damaged(damage).findings
    except Unreadable:
        assert path.name == "key"


def test_a_missing_an_extra_and_a_renamed_file_are_found(exported, damaged):
    for path in files_in(exported):
        if path.name == "key":
            continue
        outgrown = path.name in ("44", "54")
        report = damaged(lambda folder, path=path: (folder / path).unlink())
        assert bool(report.findings) != outgrown, path
        if path.name != "checkpoint":
            renamed = path.with_name("x" + path.name)
            report = damaged(lambda f, path=path, to=renamed: (f / path).rename(f / to))
            assert report.findings, path
    for extra in ("tile/0/001", "tile/0/000.p/007", "tile/entries/001.p/255", "tile/note.txt"):

        def damage(folder, extra=extra):
            (folder / extra).parent.mkdir(parents=True, exist_ok=True)
            (folder / extra).write_bytes(b"something else")

        assert damaged(damage).findings, extra


def test_what_holds_no_book_is_said_to_be_unreadable(tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(Unreadable):
            verify(path)
    (tmp_path / "comuna.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(Unreadable):
        verify(tmp_path / "comuna.db")
