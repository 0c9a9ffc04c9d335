"""The scripts write what the book reads: canonical JSON, recovery texts, keys, signatures."""

import json
import subprocess
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna import pen
from comuna.book import canonical, keys
from comuna.book.strict import base64_bytes
from comuna.clerk import signed_bytes
from comuna.rules.vote import Vote

SCRIPTS = Path(__file__).parents[2] / "src/comuna/web/static/js"

PROGRAM = """
import { createInterface } from "node:readline";
import { encode } from "SCRIPTS/canonical.js";
import * as keys from "SCRIPTS/keys.js";
import { hex } from "SCRIPTS/letters.js";

const seedOf = (text) => Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16));
const verbs = {
  encode: (value) => hex(encode(value)),
  signed: (submission) => hex(keys.signedBytes(submission)),
  recovery: (seed) => keys.recoveryText(seedOf(seed)),
  restore: async (text) => { const s = await keys.seedFromRecovery(text); return s && hex(s); },
  key: async (seed) => {
    const { public: raw, id } = await keys.keyOf(seedOf(seed));
    return [raw, id];
  },
  sign: async ([seed, text]) =>
    keys.sign((await keys.keyOf(seedOf(seed))).secret, new TextEncoder().encode(text)),
  hindrance: () => keys.hindrance(),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, value] = JSON.parse(line);
  let answer;
  try {
    answer = { value: await verbs[verb](value) };
  } catch (error) {
    answer = { error: error.constructor.name };
  }
  console.log(JSON.stringify(answer));
}
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """The scripts themselves, in Node: node(verb, value) → {"value"} or {"error"}."""
    program = tmp_path_factory.mktemp("node") / "program.mjs"
    program.write_text(PROGRAM.replace("SCRIPTS", SCRIPTS.as_uri()))
    (program.parent / "package.json").write_text('{"type": "module"}')
    process = subprocess.Popen(
        ["node", "--no-warnings", "--experimental-default-type=module", str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )

    def ask(verb, value):
        process.stdin.write(json.dumps([verb, value]) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    process.wait(timeout=10)


SAFE = 2**53 - 1
texts = st.text(max_size=40)
values = st.recursive(
    st.booleans() | st.integers(-SAFE, SAFE) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.from_regex(r"[A-Za-z0-9_.:/-]{1,20}", fullmatch=True), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(value=values)
def test_the_browser_writes_the_bytes_that_python_writes_or_both_refuse(node, value):
    answer = node("encode", value)
    try:
        expected = canonical.encode(value).hex()
    except canonical.Malformed:
        assert answer == {"error": "Malformed"}
    else:
        assert answer == {"value": expected}


@pytest.mark.parametrize(
    "value",
    [None, 1.5, 2**53, -(2**60), "\0", "e\u0301", "\ud800", {"ñ": 1}, {"": 1}, {"a": [None]}],
)
def test_what_has_no_place_in_the_book_is_not_signed(node, value):
    assert node("encode", value) == {"error": "Malformed"}


def test_lists_within_lists_are_signed_as_deep_as_the_book_allows(node):
    def nested(depth):
        return [nested(depth - 1)] if depth else []

    assert node("encode", nested(31)) == {"value": canonical.encode(nested(31)).hex()}
    assert node("encode", nested(32)) == {"error": "Malformed"}
    with pytest.raises(canonical.Malformed):
        canonical.encode(nested(32))


def test_what_is_too_long_for_the_book_is_not_signed(node):
    assert node("encode", "a" * 65_533)["value"] == canonical.encode("a" * 65_533).hex()
    assert node("encode", "a" * 65_534) == {"error": "Malformed"}


seeds = st.binary(min_size=32, max_size=32)


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_the_recovery_sheet_of_the_browser_is_that_of_the_book(node, seed):
    text = keys.recovery_text(seed)
    assert node("recovery", seed.hex()) == {"value": text}
    typed = text.lower().replace("o", "0").replace("i", "1").replace(" ", "-")
    assert node("restore", typed) == {"value": seed.hex()}


@settings(max_examples=40, deadline=None)
@given(
    seed=seeds, at=st.integers(0, 55), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
)
def test_a_misread_letter_is_noticed(node, seed, at, letter):
    letters = keys.recovery_text(seed).replace(" ", "")
    wrong = letters[:at] + letter + letters[at + 1 :]
    expected = seed.hex() if wrong == letters else None
    assert node("restore", wrong) == {"value": expected}


def test_node_knows_ed25519_as_browsers_do(node):
    assert node("hindrance", None) == {"value": None}


@settings(max_examples=15, deadline=None)
@given(seed=seeds, text=texts)
def test_the_browser_gives_the_signature_of_the_book(node, seed, text):
    public = keys.public_key(seed)
    assert node("key", seed.hex()) == {"value": [keys.to_wire(public), keys.key_id(public)]}
    try:
        message = text.encode()
    except UnicodeEncodeError:
        return
    signature = base64_bytes(node("sign", [seed.hex(), text])["value"], 64)
    assert signature == keys.sign(seed, message)


def test_the_signed_bytes_are_those_that_the_clerk_verifies(node):
    submission = pen.signed("0" * 32, 3, Vote(ballot=7, choice="yes"), "ñ-1", {3: b"\1" * 32})
    plain = json.loads(msgspec.json.encode(submission))
    assert node("signed", plain) == {"value": signed_bytes(submission).hex()}
