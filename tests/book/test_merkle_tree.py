"""The tree against the definition of RFC 6962 and a second implementation, all sizes to 130."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from comuna.book import tree
from comuna.book.strict import Malformed
from comuna.book.tree import CompactRange

MOST = 130
LEAVES = tree.leaf_hashes(n.to_bytes(2, "big") for n in range(MOST))
NODE_AT = tree.nodes_of(LEAVES)
MANY = tree.leaf_hashes(n.to_bytes(2, "big") for n in range(1500))
MANY_AT = tree.nodes_of(MANY)


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = defined_root(leaves[:split]), defined_root(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


ROOTS = [defined_root(LEAVES[:size]) for size in range(MOST + 1)]


def test_the_root_is_the_one_the_specification_defines() -> None:
    assert [tree.root(LEAVES[:size]) for size in range(MOST + 1)] == ROOTS


def test_the_known_roots_of_certificate_transparency_are_found() -> None:
    # The test vectors of the RFC 6962 reference implementation (8 leaves).
    entries = [
        bytes.fromhex(e)
        for e in (
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]  # fmt: skip
    leaves = tree.leaf_hashes(entries)
    assert leaves[0].hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert (
        tree.root(leaves).hex()
        == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


def test_the_growing_root_is_the_root_at_every_size() -> None:
    growing = CompactRange()
    for size, leaf in enumerate(LEAVES):
        assert growing.root() == ROOTS[size]
        growing = CompactRange(growing.size, growing.hashes)
        growing.append(leaf)
    assert growing.root() == ROOTS[MOST]


def test_a_copy_of_a_growing_root_goes_its_own_way() -> None:
    growing = CompactRange()
    growing.append(LEAVES[0])
    other = growing.copy()
    other.append(LEAVES[1])
    assert (growing.size, growing.root(), other.root()) == (1, ROOTS[1], ROOTS[2])


@pytest.mark.parametrize(
    ("size", "hashes"), [(1, []), (2, LEAVES[:2]), (-1, LEAVES[:1]), (1, [b"short"])]
)
def test_a_growing_root_of_the_wrong_shape_is_refused(size: int, hashes: list[bytes]) -> None:
    with pytest.raises(Malformed):
        CompactRange(size, hashes)


def test_every_inclusion_proof_holds_at_its_own_place_and_at_no_other() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = tree.inclusion_proof(index, size, NODE_AT)
            assert tree.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            for other in {index - 1, index + 1, index ^ 2, size - 1, size}:
                if other != index:
                    assert not tree.verify_inclusion(LEAVES[index], other, size, proof, ROOTS[size])
            assert not tree.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size - 1])
            assert not tree.verify_inclusion(
                LEAVES[index], index, size, [*proof, LEAVES[0]], ROOTS[size]
            )
            if proof:
                assert not tree.verify_inclusion(
                    LEAVES[index], index, size, proof[:-1], ROOTS[size]
                )


def test_every_consistency_proof_holds_for_its_own_sizes_and_roots_only() -> None:
    for new in range(MOST + 1):
        for old in range(new + 1):
            proof = tree.consistency_proof(old, new, NODE_AT)
            assert tree.verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)
            wrong = sha256(b"another tree").digest()
            assert not tree.verify_consistency(old, wrong, new, ROOTS[new], proof)
            if old > 0:
                assert not tree.verify_consistency(old, ROOTS[old], new, wrong, proof)
                if old < new:
                    assert not tree.verify_consistency(old, ROOTS[old - 1], new, ROOTS[new], proof)
                    assert not tree.verify_consistency(old - 1, ROOTS[old], new, ROOTS[new], proof)
            assert not tree.verify_consistency(
                old, ROOTS[old], new, ROOTS[new], [*proof, LEAVES[0]]
            )
            if proof:
                assert not tree.verify_consistency(old, ROOTS[old], new, ROOTS[new], proof[:-1])


def test_every_node_of_a_proof_counts() -> None:
    for old, new in [(1, 2), (3, 7), (4, 8), (6, 8), (64, 130), (100, 129), (128, 130)]:
        proof = tree.consistency_proof(old, new, NODE_AT)
        for i in range(len(proof)):
            bad = [*proof[:i], tree.EMPTY_ROOT, *proof[i + 1 :]]
            assert not tree.verify_consistency(old, ROOTS[old], new, ROOTS[new], bad)
        path = tree.inclusion_proof(old, new, NODE_AT)
        for i in range(len(path)):
            bad = [*path[:i], tree.EMPTY_ROOT, *path[i + 1 :]]
            assert not tree.verify_inclusion(LEAVES[old], old, new, bad, ROOTS[new])


@given(
    st.integers(-2, 140),
    st.integers(-2, 140),
    st.lists(st.binary(max_size=33) | st.sampled_from(ROOTS + LEAVES), max_size=9),
    st.binary(max_size=33) | st.sampled_from(ROOTS + LEAVES),
)
def test_made_up_proofs_are_answered_with_no(
    a: int, b: int, proof: list[bytes], claimed: bytes
) -> None:
    if tree.verify_inclusion(claimed, a, b, proof, ROOTS[MOST]):
        assert (b, proof) == (MOST, tree.inclusion_proof(a, b, NODE_AT))
    if tree.verify_consistency(a, claimed, b, ROOTS[MOST], proof):
        assert a == 0 or b == MOST or claimed == ROOTS[MOST]


@settings(max_examples=150)
@given(st.integers(1, len(MANY)), st.data())
def test_verifying_agrees_with_another_implementation(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    path = _perhaps_spoilt(tree.inclusion_proof(index, size, MANY_AT), data)
    leaf, root, old_root = MANY[index], tree.root(MANY[:size]), tree.root(MANY[:old])
    ours = tree.verify_inclusion(leaf, index, size, path, root)
    assert ours == _accepts(InclusionProof(index, size, path), leaf, root)
    proof = _perhaps_spoilt(tree.consistency_proof(old, size, MANY_AT), data)
    ours = tree.verify_consistency(old, old_root, size, root, proof)
    assert ours == _accepts(ConsistencyProof(old, size, proof), old_root, root)


def _perhaps_spoilt(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    at = data.draw(st.integers(0, len(proof)))
    change = data.draw(st.sampled_from(["none", "none", "drop", "repeat", "swap", "replace"]))
    if change == "none" or not proof:
        return proof
    if change == "swap":
        return proof[::-1]
    middle = {"drop": [], "repeat": proof[at - 1 : at] * 2, "replace": [tree.EMPTY_ROOT]}[change]
    return proof[: max(at - 1, 0)] + middle + proof[max(at, 1) :]


def _accepts(proof: object, first: bytes, second: bytes) -> bool:
    try:
        proof.check(first, second)  # type: ignore[attr-defined]
    except Exception:
        return False
    return True


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 5), (5, 5)])
def test_a_proof_for_a_leaf_that_is_not_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(Malformed):
        tree.inclusion_proof(index, size, NODE_AT)


@pytest.mark.parametrize(("old", "new"), [(3, 2), (-1, 2)])
def test_a_proof_backwards_is_refused(old: int, new: int) -> None:
    with pytest.raises(Malformed):
        tree.consistency_proof(old, new, NODE_AT)
