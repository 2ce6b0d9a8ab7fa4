"""SM2 (GB/T 32918): key pairs, signatures and envelopes as cards write them.

Rules: a public key is X || Y (64 bytes), a private key 32 bytes, a signature r || s (64 bytes), a
cipher text C1 C3 C2 without the leading 04. The library speaks ASN.1 DER; the change of clothes is
made here, nowhere else. Nonces and new keys come from the library's random numbers.
"""

from __future__ import annotations

from typing import Final

from gmssl_pyx import gmsslext

PUBLIC_LENGTH: Final = 64
PRIVATE_LENGTH: Final = 32
SIGNATURE_LENGTH: Final = 64
DIGEST_LENGTH: Final = 32
ENVELOPE_OVERHEAD: Final = 96
"""C1 (64 bytes) and C3 (32) before the data."""

_HALF: Final = 32
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
_SHORT_FORM_MAX: Final = 0x7F
_LONG_FORM: Final = 0x81


class EnvelopeIsFaulty(ValueError):
    """The cipher text does not open with this private key."""


def generate() -> tuple[bytes, bytes]:
    """A new key pair: public, private."""
    public, private = gmsslext.sm2_key_generate()
    return bytes(public), bytes(private)


def sign_digest(private: bytes, digest: bytes) -> bytes:
    """r || s over the 32 bytes that stand for a message (its SM3 with Z before it)."""
    return _signature_from_der(gmsslext.sm2_sign_sm3_digest(private, digest))


def verify_digest(public: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether r || s is a signature over the digest."""
    numbers = _integer(signature[:_HALF]) + _integer(signature[_HALF:])
    try:
        return bool(gmsslext.sm2_verify_sm3_digest(public, digest, _tlv(_SEQUENCE, numbers)))
    except gmsslext.GmsslInnerError:
        return False


def sign(private: bytes, public: bytes, message: bytes) -> bytes:
    """r || s over a message, by SM3 with Z of the standard identity (GB/T 32918.2, 5.5)."""
    return _signature_from_der(gmsslext.sm2_sign(private, public, message))


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether r || s is the key holder's signature over a message, as `sign` makes it."""
    numbers = _integer(signature[:_HALF]) + _integer(signature[_HALF:])
    try:
        return bool(gmsslext.sm2_verify(public, message, _tlv(_SEQUENCE, numbers)))
    except gmsslext.GmsslInnerError:
        return False


def encrypt(public: bytes, data: bytes) -> bytes:
    """C1 C3 C2 for the holder of the private key; 1 to 255 bytes of data."""
    body = _value(gmsslext.sm2_encrypt(public, data))
    parts = []
    while body:
        start = 2 if body[1] <= _SHORT_FORM_MAX else 3
        end = start + body[start - 1]
        parts.append(body[start:end])
        body = body[end:]
    x, y, digest, cipher = parts
    return _fixed(x) + _fixed(y) + digest + cipher


def decrypt(private: bytes, envelope: bytes) -> bytes:
    """The data of C1 C3 C2. Raises `EnvelopeIsFaulty`."""
    if len(envelope) <= ENVELOPE_OVERHEAD:
        raise EnvelopeIsFaulty("too short")
    x, y, digest = (envelope[start : start + _HALF] for start in (0, 32, 64))
    body = _integer(x) + _integer(y) + _tlv(_OCTETS, digest)
    body += _tlv(_OCTETS, envelope[ENVELOPE_OVERHEAD:])
    try:
        return bytes(gmsslext.sm2_decrypt(private, _tlv(_SEQUENCE, body)))
    except gmsslext.GmsslInnerError as fault:
        raise EnvelopeIsFaulty("it does not open with this key") from fault


def _signature_from_der(der: bytes) -> bytes:
    body = _value(der)
    r = body[2 : 2 + body[1]]
    s = body[2 + body[1] + 2 :]
    return _fixed(r) + _fixed(s)


def _value(der: bytes) -> bytes:
    return der[2:] if der[1] <= _SHORT_FORM_MAX else der[3:]


def _fixed(number: bytes) -> bytes:
    return number.lstrip(b"\0").rjust(_HALF, b"\0")


def _integer(number: bytes) -> bytes:
    value = number.lstrip(b"\0") or b"\0"
    return _tlv(_INTEGER, b"\0" + value if value[0] > _SHORT_FORM_MAX else value)


def _tlv(tag: int, value: bytes) -> bytes:
    if len(value) <= _SHORT_FORM_MAX:
        return bytes((tag, len(value))) + value
    return bytes((tag, _LONG_FORM, len(value))) + value
