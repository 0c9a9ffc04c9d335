"""Keys: signatures by RFC 8032, weak keys refused, a seed that survives paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import keys
from comuna.book.strict import Malformed

FIELD = 2**255 - 19
D = -121665 * pow(121666, -1, FIELD) % FIELD
seeds = st.binary(min_size=32, max_size=32)


def test_the_first_vector_of_rfc_8032_is_met() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = keys.public_key(seed)
    assert public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert keys.sign(seed, b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974")
    assert keys.verify(public, b"", keys.sign(seed, b""))


@given(seeds, st.binary(max_size=40))
def test_a_signature_holds_for_its_message_and_key_only(seed: bytes, message: bytes) -> None:
    public, signature = keys.public_key(seed), keys.sign(seed, message)
    assert keys.verify(public, message, signature)
    assert not keys.verify(public, message + b"x", signature)
    assert not keys.verify(keys.public_key(keys.generate()), message, signature)
    assert not keys.verify(public, message, signature[:-1])
    assert not keys.verify(public, message, bytes(64))


@given(st.binary(max_size=40), st.binary(max_size=70))
def test_bytes_that_are_no_key_or_signature_verify_nothing(public: bytes, signed: bytes) -> None:
    assert not keys.verify(public, b"message", signed)


def test_a_public_key_is_written_and_read_in_one_way() -> None:
    public = keys.public_key(keys.generate())
    assert keys.from_wire(keys.to_wire(public)) == public
    assert len(keys.key_id(public)) == 16
    with pytest.raises(Malformed):
        keys.from_wire(keys.to_wire(public).rstrip("="))


def _times_8_is_nothing(y: int, sign: int) -> bool:
    """Whether the point with this y on the curve has an order that divides 8."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if (x * x - square) % FIELD:
        return False
    if x % 2 != sign:
        x = -x % FIELD
    for _ in range(3):
        both = D * x * x * y * y % FIELD
        x, y = (
            2 * x * y * pow(1 + both, -1, FIELD) % FIELD,
            (y * y + x * x) * pow(1 - both, -1, FIELD) % FIELD,
        )
    return (x, y) == (0, 1)


@pytest.mark.parametrize("sign", [0, 1])
def test_all_keys_of_small_order_are_refused(sign: int) -> None:
    order_8 = keys._ORDER_8
    for y in (0, 1, FIELD - 1, order_8, FIELD - order_8):
        assert _times_8_is_nothing(y, sign)
        public = (y | sign << 255).to_bytes(32, "little")
        with pytest.raises(Malformed, match="small order"):
            keys.from_wire(keys.to_wire(public))
        # The signature that would hold for every message under the weakest of them.
        assert not keys.verify(public, b"any", (1).to_bytes(32, "little") + bytes(32))


def test_a_second_spelling_of_a_point_is_refused() -> None:
    for y in range(FIELD, 2**255):
        with pytest.raises(Malformed, match="canonical"):
            keys.from_wire(keys.to_wire(y.to_bytes(32, "little")))


@given(seeds)
def test_a_seed_is_found_again_from_its_recovery_sheet(seed: bytes) -> None:
    text = keys.recovery_text(seed)
    assert [len(group) for group in text.split()] == [4] * 14
    assert keys.seed_from_recovery(text) == seed
    typed = text.lower().replace(" ", "-").replace("o", "0").replace("i", "1").replace("b", "8")
    assert keys.seed_from_recovery(f"  {typed}\n") == seed


@given(seeds, st.integers(0, 55), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_misread_letter_is_noticed(seed: bytes, at: int, letter: str) -> None:
    text = keys.recovery_text(seed).replace(" ", "")
    wrong = text[:at] + letter + text[at + 1 :]
    if wrong != text:
        with pytest.raises(Malformed, match="add up"):
            keys.seed_from_recovery(wrong)


@given(st.text(max_size=80))
def test_anything_else_is_no_recovery_text(text: str) -> None:
    with pytest.raises(Malformed):
        keys.seed_from_recovery(text)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_of_another_length_is_refused(seed: bytes) -> None:
    for use in (keys.public_key, keys.recovery_text):
        with pytest.raises(Malformed, match="32 bytes"):
            use(seed)
