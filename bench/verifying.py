"""Verification from stored bytes (leaf hashes and tree, by the separate verifier) against a bare
loop of hashlib that does the same number of hashes over as many bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256

from bench.measure import ratio
from comuna.audit.merkle import leaves_of, root_of

ENTRIES = 200_000
ROUNDS = 5


def bare(entries: list[bytes]) -> None:
    """The same hashes and nothing else: of each entry with a byte before it, and of a byte and two
    hashes for each inner node of the tree."""
    left = right = bytes(32)
    for entry in entries:
        sha256(b"\x00" + entry).digest()
    for _ in range(len(entries) - 1):
        sha256(b"\x01" + left + right).digest()


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    entries = [n.to_bytes(4, "big") + bytes(196) for n in range(ENTRIES)]
    ours = theirs = float("inf")
    for _ in range(ROUNDS):
        theirs = min(theirs, cpu_seconds(lambda: bare(entries)))
        ours = min(ours, cpu_seconds(lambda: root_of(leaves_of(entries))))
    print(f"\nVerification from stored bytes, {ENTRIES:,} entries of 200 bytes (best of {ROUNDS})")
    print(f"  the verifier's leaves and tree  {ENTRIES / ours:>11,.0f} entries per core-second")
    print(f"  a bare loop of hashlib          {ENTRIES / theirs:>11,.0f}")
    ratio("the verifier against the bare loop", theirs / ours, "≥ 0.8")
