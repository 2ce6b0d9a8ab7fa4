"""SM2 signatures as the platform verifies them."""

from __future__ import annotations

import pytest

from card_platform.keys.code_key import CodeKey
from card_platform.keys.sm2 import (
    is_point,
    signature_is_right,
)

# GB/T 32918.5-2017, annex A: the message "message digest", identity 1234567812345678.
_PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)


def test_a_code_key_signs_what_it_and_the_library_verify() -> None:
    key = CodeKey(bytes(range(32)))
    for number in range(20):  # short r or s come up now and then
        message = b"code %d" % number
        signature = key.sign(message)
        assert len(signature) == 64
        assert key.is_mine(message, signature)
        assert signature_is_right(key.public, message, signature)
        assert not key.is_mine(message + b"x", signature)


def test_the_published_example_verifies_and_nothing_near_it_does() -> None:
    assert signature_is_right(_PUBLIC, b"message digest", _SIGNATURE)
    assert not signature_is_right(_PUBLIC, b"message digesT", _SIGNATURE)
    for place in (0, 31, 32, 63):
        changed = bytearray(_SIGNATURE)
        changed[place] ^= 1
        assert not signature_is_right(_PUBLIC, b"message digest", bytes(changed)), place


@pytest.mark.parametrize("signature", [b"", bytes(64), b"\xff" * 64, _SIGNATURE[:63]])
def test_what_is_no_signature_is_wrong_and_no_fault(signature: bytes) -> None:
    assert not signature_is_right(_PUBLIC, b"message digest", signature)
    assert not signature_is_right(bytes(64), b"message digest", _SIGNATURE)


def test_only_points_of_the_curve_are_keys() -> None:
    assert is_point(_PUBLIC)
    assert not is_point(bytes(64))
    assert not is_point(_PUBLIC[:63] + bytes([_PUBLIC[63] ^ 1]))
    assert not is_point(_PUBLIC[:63])
    assert not is_point(b"\xff" * 64)
