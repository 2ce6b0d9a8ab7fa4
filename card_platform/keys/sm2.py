"""SM2 signatures of terminals and phones (GB/T 32918.2, SM3, identity 1234567812345678), verified.

Rules: a public key is X || Y (64 bytes), a signature r || s (64 bytes). The library takes the
signature as ASN.1 DER; the change is made here. It computes the Z value of key and identity by
itself; the example of GB/T 32918.5, annex A, verifies (tests/card_platform/test_sm2.py).
"""

from __future__ import annotations

from gmssl_pyx import GmsslInnerError, normalize_sm2_public_key, sm2_verify

PUBLIC_KEY_LENGTH = 64
SIGNATURE_LENGTH = 64
_HALF = 32
_INTEGER, _SEQUENCE = 0x02, 0x30
_SIGN_BIT = 0x80


def is_point(public_key: bytes) -> bool:
    """Whether X || Y is a point of the curve, and so a public key at all."""
    if len(public_key) != PUBLIC_KEY_LENGTH:
        return False
    try:
        normalize_sm2_public_key(public_key)
    except GmsslInnerError:
        return False
    return True


def signature_is_right(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether r || s is the key holder's signature over the message."""
    if len(signature) != SIGNATURE_LENGTH:
        return False
    numbers = _integer(signature[:_HALF]) + _integer(signature[_HALF:])
    der = bytes([_SEQUENCE, len(numbers)]) + numbers
    try:
        return bool(sm2_verify(public_key, message, der))
    except GmsslInnerError:
        return False


def _integer(number: bytes) -> bytes:
    """An unsigned number as an ASN.1 INTEGER."""
    value = number.lstrip(b"\x00") or b"\x00"
    if value[0] & _SIGN_BIT:
        value = b"\x00" + value
    return bytes([_INTEGER, len(value)]) + value
