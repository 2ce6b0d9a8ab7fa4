"""The region's own SM2 key (GB/T 32918): it signs what other regions must be able to check.

Rules: the private key grows from the key seed, so a restored installation signs as before. The
public key is X || Y (64 bytes), a signature r || s (64 bytes) over the message by SM3 with Z of the
standard identity 1234567812345678, as `keys/sm2.py` verifies it. The library makes random key pairs
only, so the public point is computed here, once a start, from the curve of GB/T 32918.5.
"""

from __future__ import annotations

from gmssl_pyx import gmsslext

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_HALF = 32
SECRET_LENGTH = 40
"""Bytes of secret that give a private key: 64 bits more than it has, so that none is likelier."""
_Point = tuple[int, int]


class Sm2Signer:
    """Signs in the name of one region.

    Args:
        secret: SECRET_LENGTH bytes derived from the key seed; never leaves this object.
    """

    def __init__(self, secret: bytes) -> None:
        number = int.from_bytes(secret, "big") % (_N - 2) + 1
        self._private = number.to_bytes(_HALF, "big")
        x, y = _multiplied(number)
        self.public_key = x.to_bytes(_HALF, "big") + y.to_bytes(_HALF, "big")

    def sign(self, message: bytes) -> bytes:
        """r || s over the message."""
        der = bytes(gmsslext.sm2_sign(self._private, self.public_key, message))
        first = der[4 : 4 + der[3]]
        second = der[4 + der[3] + 2 :]
        return _fixed(first) + _fixed(second)


def _fixed(number: bytes) -> bytes:
    return number.lstrip(b"\0").rjust(_HALF, b"\0")


def _multiplied(number: int) -> _Point:
    """`number` times the base point, by doubling and adding; 0 < number < N."""
    found: _Point | None = None
    doubled = _G
    while number:
        if number & 1:
            found = doubled if found is None else _sum(found, doubled)
        doubled = _sum(doubled, doubled)
        number >>= 1
    assert found is not None  # noqa: S101 - number is above 0
    return found


def _sum(one: _Point, other: _Point) -> _Point:
    """The sum of two points whose sum is not infinity."""
    if one == other:
        slope = (3 * one[0] * one[0] + _A) * pow(2 * one[1], -1, _P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, _P)
    x = (slope * slope - one[0] - other[0]) % _P
    return x, (slope * (one[0] - x) - one[1]) % _P
