"""Signatures are checked ahead on other cores: the report is the same as of one process, also where
helpers end before their time or cannot start."""

import subprocess
from concurrent.futures import Future

import pytest

from comuna.audit import ed25519, signatures
from comuna.audit.verify import verify
from comuna.book import keys


@pytest.fixture(scope="module")
def forged(server):
    """A book with signatures that do not hold, keys nobody knows, and another's name."""
    entries = server.copy()
    for e in entries[40::17]:
        for signature in e["by"].get("signatures", ()):
            signature["value"] = "A" * 86 + "=="
    for e in entries[45::29]:
        for signature in e["by"].get("signatures", ()):
            signature["key"] = "0" * 16
    for e in entries[50::31]:
        for signature in e["by"].get("signatures", ()):
            signature["member"] = signature["member"] % 12 + 1
    return server.write(entries)


@pytest.fixture(scope="module")
def in_one_process(forged):
    report = verify(forged)
    assert {"signature_invalid", "key_unknown"} <= {f.name for f in report.findings}
    return report


@pytest.fixture
def with_helpers(monkeypatch):
    """Two helpers from the first entry on, and little at once, so that all have to wait."""
    monkeypatch.setattr(signatures, "WORTH_IT", 0)
    monkeypatch.setattr(signatures, "PART", 16)
    monkeypatch.setattr(signatures, "_cores", lambda: 3)


@pytest.mark.usefixtures("with_helpers")
def test_the_report_is_the_same_with_helpers(forged, in_one_process):
    assert verify(forged) == in_one_process


@pytest.mark.usefixtures("with_helpers")
def test_a_helper_that_ends_before_its_time_changes_nothing(forged, in_one_process, monkeypatch):
    monkeypatch.setattr(signatures, "PROGRAM", ("-c", "import sys; sys.stdin.buffer.read(9)"))
    assert verify(forged) == in_one_process


@pytest.mark.usefixtures("with_helpers")
def test_where_no_helper_starts_it_is_done_in_one_process(forged, in_one_process, monkeypatch):
    def refused(*given, **more):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refused)
    assert verify(forged) == in_one_process


def test_what_a_helper_is_asked_arrives_as_it_was_sent(monkeypatch):
    seed = bytes(range(32))
    public = keys.public_key(seed)
    messages = [b"", b"a vote", b"\0" * 70_000]
    asked = [(public, message, keys.sign(seed, message)) for message in messages]
    asked += [(b"", b"nobody's", bytes(64)), (public, b"another", asked[0][2])]
    with signatures._helpers(1) as helpers:
        pool = signatures.Pool(helpers)
        assert [list(pool.submit(asked).result()) for _ in range(3)] == [[1, 1, 1, 0, 0]] * 3
        assert pool.submit([]).result() == b""
        pool.close()
    assert ed25519.answered(asked) == bytes([1, 1, 1, 0, 0])


def test_what_no_helper_has_begun_is_done_here():
    waiting = signatures.Part([], [], Future())
    assert waiting.done_here()
    begun: Future[bytes] = Future()
    begun.set_running_or_notify_cancel()
    assert not signatures.Part([], [], begun).done_here()
