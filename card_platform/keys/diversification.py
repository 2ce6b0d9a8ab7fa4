"""Diversification: from a master key to the key of one card.

- Social security (SM4): child = SM4(K, f8 || ~f8); province, city, card (LD/T 32.9, 7.3.1).
- Medical purse (SM4): as social security keys.
- Certificates (3DES): child as for transit, one level, last 8 historical bytes (assumption: ours).
- Transit (3DES): child = 3DES(K, f8) || 3DES(K, ~f8); two levels: issuer, application serial.
  Assumption: two levels, issuer first (PBOC 2.0 practice).
"""

from __future__ import annotations

from card_platform.keys.ciphers import inverted, sm4_block, triple_des
from card_platform.vocabulary.region import city_key_factor, province_key_factor

HISTORICAL_BYTES_LENGTH = 13
_FACTOR_LENGTH = 8


def social_security_card_key(master: bytes, region: str, historical_bytes: bytes) -> bytes:
    """The card's key: master -> province -> city -> last 8 of the 13 historical bytes."""
    key = social_security_province_key(master, region)
    for factor in (city_key_factor(region), historical_bytes[-_FACTOR_LENGTH:]):
        key = _sm4_child(key, factor)
    return key


def social_security_province_key(master: bytes, region: str) -> bytes:
    """The first level only: what the PSAM of a province holds, two levels above its cards."""
    return _sm4_child(master, province_key_factor(region))


def certificate_card_key(master: bytes, historical_bytes: bytes) -> bytes:
    """The key under which a certificate is written to one card."""
    return transit_child(master, historical_bytes[-_FACTOR_LENGTH:])


def transit_child(parent: bytes, factor: bytes) -> bytes:
    """One level down: the issuer id, or the last 8 bytes of the application serial."""
    return triple_des(parent, factor + inverted(factor))


def serial_factor(application_serial: bytes) -> bytes:
    """The last 8 of the 10 bytes of an application serial."""
    return application_serial[-_FACTOR_LENGTH:]


def _sm4_child(parent: bytes, factor: bytes) -> bytes:
    return sm4_block(parent, factor + inverted(factor))
