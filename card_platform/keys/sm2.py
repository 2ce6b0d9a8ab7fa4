"""SM2 signatures (GB/T 32918.2, SM3, identity 1234567812345678): of terminals and phones verified,
of codes made.

Rules: a public key is X || Y (64 bytes), a signature r || s (64 bytes). The library takes the
signature as ASN.1 DER; the change is made here. It computes the Z value of key and identity by
itself; the example of GB/T 32918.5, annex A, verifies (tests/card_platform/test_sm2.py).
"""

from __future__ import annotations

from functools import cache

from gmssl_pyx import GmsslInnerError, normalize_sm2_public_key, sm2_sign, sm2_verify

PUBLIC_KEY_LENGTH = 64
SIGNATURE_LENGTH = 64
_HALF = 32
_FIELD = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_BASE = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
"""The recommended curve (GB/T 32918.5): field, order and base point; a = -3."""
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


def private_key_of(secret: bytes) -> bytes:
    """A private key of 32 bytes from a longer secret: 1 to n - 2 (GB/T 32918.1, 6.1)."""
    return (int.from_bytes(secret, "big") % (_ORDER - 2) + 1).to_bytes(_HALF, "big")


def public_key_of(private: bytes) -> bytes:
    """X || Y of a private key; the library only makes both at once. Slow: once at the start."""
    number, found = int.from_bytes(private, "big"), None
    for place, point in enumerate(_doubles()):
        if number >> place & 1:
            found = point if found is None else _sum(found, point)
    assert found is not None  # noqa: S101 - a private key is not 0
    return b"".join(each.to_bytes(_HALF, "big") for each in found)


@cache
def _doubles() -> tuple[tuple[int, int], ...]:
    """The base point, doubled again and again: half of the work of every key, done once."""
    points = [_BASE]
    while len(points) < 8 * _HALF:
        points.append(_sum(points[-1], points[-1]))
    return tuple(points)


def sign(private: bytes, public: bytes, message: bytes) -> bytes:
    """r || s over a message."""
    der = bytes(sm2_sign(private, public, message))
    r_end = 4 + der[3]
    return _fixed(der[4:r_end]) + _fixed(der[r_end + 2 :])


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """The sum of two points, neither of which is the other's negative."""
    if one == other:
        slope = 3 * (one[0] * one[0] - 1) * pow(2 * one[1], -1, _FIELD)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _FIELD)
    x = (slope * slope - one[0] - other[0]) % _FIELD
    return x, (slope * (one[0] - x) - one[1]) % _FIELD


def _fixed(number: bytes) -> bytes:
    return number.lstrip(b"\x00").rjust(_HALF, b"\x00")


def _integer(number: bytes) -> bytes:
    """An unsigned number as an ASN.1 INTEGER."""
    value = number.lstrip(b"\x00") or b"\x00"
    if value[0] & _SIGN_BIT:
        value = b"\x00" + value
    return bytes([_INTEGER, len(value)]) + value
