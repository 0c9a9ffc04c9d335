"""Signed notes and checkpoints: the specification's own vectors, and every loose form refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import checkpoint, keys, note
from comuna.book.checkpoint import Checkpoint
from comuna.book.note import COSIGNATURE, ED25519, Note, VerifierKey
from comuna.book.strict import Malformed
from comuna.book.tree import EMPTY_ROOT
from tests.book.example import SEED, book_of

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501 - a vector of c2sp.org/signed-note
OTHER_SEED = bytes(32)
WITNESS = VerifierKey("witness.example/w", COSIGNATURE, keys.public_key(OTHER_SEED))


def test_the_example_of_the_specification_verifies() -> None:
    key = VerifierKey.parse(VKEY)
    assert key.encode() == VKEY
    parsed = note.parse(NOTE.encode())
    assert parsed.encode() == NOTE.encode()
    assert [signed.key for signed in note.verified(parsed, [key])] == [key]


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=60))
def test_any_text_can_be_signed_and_read_back(text: str) -> None:
    text = text + "\n\n" + text + "\n"
    signed = Note(text, (note.sign(text, "a.example", SEED),))
    assert note.parse(signed.encode()) == signed
    key = VerifierKey("a.example", ED25519, keys.public_key(SEED))
    assert note.verified(signed, [key])[0].key == key


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("message.", "message!"),
        ("Uw2QO", "Uw2QP"),
        ("IneyaQM=", "IneyaQN="),
        ("IneyaQM=", "IneyaQM"),
        ("IneyaQM=\n", "IneyaQM="),
        ("IneyaQM=\n", "IneyaQM=\n\n"),
        ("IneyaQM=\n", "IneyaQM=\r\n"),
        ("message.", "message.\r"),
        ("message.", "message.\t"),
        ("\n\n", "\n"),
        ("— ", "- "),
        ("— ", "—"),
        ("/foo Uw", "/foo  Uw"),
        ("/foo Uw", "/fo+o Uw"),
        ("/foo Uw", "/fo\u00a0o Uw"),
        ("example.com/foo Uw", " Uw"),
    ],
)
def test_a_note_changed_anywhere_is_refused(old: str, new: str) -> None:
    assert old in NOTE
    with pytest.raises(Malformed):
        note.verified(note.parse(NOTE.replace(old, new).encode()), [VerifierKey.parse(VKEY)])


def test_two_lines_by_one_key_are_refused() -> None:
    doubled = NOTE + NOTE.split("\n")[2] + "\n"
    with pytest.raises(Malformed, match="two signatures by one key"):
        note.parse(doubled.encode())


def test_signatures_of_strangers_are_ignored_but_never_suffice() -> None:
    parsed = note.parse(NOTE.encode())
    stranger = VerifierKey("example.com/foo", ED25519, keys.public_key(SEED))
    with_both = parsed.with_signature(note.sign(parsed.text, stranger.name, SEED))
    assert len(note.verified(with_both, [VerifierKey.parse(VKEY)])) == 1
    with pytest.raises(Malformed, match="not signed by any"):
        note.verified(parsed, [stranger])


def test_one_false_signature_of_a_known_key_condemns_the_note() -> None:
    parsed = note.parse(NOTE.encode())
    false = note.sign("other text\n", "b.example", SEED)
    both = [VerifierKey.parse(VKEY), VerifierKey("b.example", ED25519, keys.public_key(SEED))]
    with pytest.raises(Malformed, match=r"signature of b\.example is false"):
        note.verified(parsed.with_signature(false), both)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        VKEY.replace("530d903a", "530D903A"),
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/bar"),
        VKEY.replace("+Aeky", "+Beky"),
        VKEY[:-1],
        VKEY + "\n",
        VKEY + "=",
        " " + VKEY,
    ],
)
def test_a_verifier_key_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\x1fb", "a\u2003b", "\ud800"])
def test_a_key_name_that_could_not_be_told_apart_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="key name"):
        note.sign("text\n", name, SEED)


def test_text_without_its_newline_is_not_signed() -> None:
    for text in ("text", "text\r\n", "te\0xt\n", "\ud800\n"):
        with pytest.raises(Malformed):
            note.sign(text, "a.example", SEED)


def test_a_signed_checkpoint_is_read_and_verified() -> None:
    book = book_of(7)
    assert checkpoint.verify(book.signed, book.key) == checkpoint.Verified(book.checkpoint, ())
    assert checkpoint.parse(book.signed)[0] == book.checkpoint


def test_a_witness_adds_its_line_and_its_time() -> None:
    book = book_of(7)
    signed = checkpoint.cosign(book.signed, WITNESS.name, OTHER_SEED, 1_700_000_000)
    found = checkpoint.verify(signed, book.key, [WITNESS])
    assert [(w.key, w.at) for w in found.witnesses] == [(WITNESS, 1_700_000_000)]
    assert checkpoint.verify(signed, book.key).witnesses == ()
    with pytest.raises(Malformed, match="two signatures"):
        checkpoint.parse(checkpoint.cosign(signed, WITNESS.name, OTHER_SEED, 1_700_000_001))


def test_a_cosignature_of_another_time_is_false() -> None:
    book = book_of(7)
    parsed = note.parse(book.signed)
    line = note.cosign(parsed.text, WITNESS.name, OTHER_SEED, 1_700_000_000)
    later = note.Signature(line.name, line.key_hash, (5).to_bytes(8, "big") + line.value[8:])
    with pytest.raises(Malformed, match="is false"):
        checkpoint.verify(parsed.with_signature(later).encode(), book.key, [WITNESS])


def test_only_the_books_own_key_makes_its_checkpoint() -> None:
    book = book_of(7)
    with pytest.raises(Malformed, match="not signed by any"):
        checkpoint.verify(checkpoint.sign(book.checkpoint, OTHER_SEED), book.key)
    with pytest.raises(Malformed, match="under its own origin"):
        checkpoint.verify(book.signed, VerifierKey("other", ED25519, book.key.public))
    text = book.checkpoint.text()
    cosigned_only = Note(text, (note.cosign(text, WITNESS.name, OTHER_SEED, 1),)).encode()
    with pytest.raises(Malformed, match="not signed by comuna/"):
        checkpoint.verify(cosigned_only, book.key, [WITNESS])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n+7\n"),
        ("\n7\n", "\n7 \n"),
        ("\n7\n", "\n٧\n"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n9223372036854775808\n"),
        ("\n7\n", "\n\n7\n"),
        ("=\n", "=\nextension\n"),
        ("=\n", "=\n\n"),
        ("=\n", "\n"),
        ("=\n", "==\n"),
        ("comuna/", "\ncomuna/"),
    ],
)
def test_a_checkpoint_in_any_other_form_is_refused(old: str, new: str) -> None:
    text = book_of(7).checkpoint.text()
    assert Checkpoint.parse_text(text).text() == text
    with pytest.raises(Malformed):
        Checkpoint.parse_text(text.replace(old, new, 1))


def test_an_empty_book_has_the_root_of_nothing() -> None:
    assert Checkpoint("o", 0, EMPTY_ROOT).size == 0
    with pytest.raises(Malformed, match="empty book"):
        Checkpoint("o", 0, bytes(32))
