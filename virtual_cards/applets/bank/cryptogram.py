"""The application cryptogram and what the issuer answers to it: the formula, here and nowhere else.

Rules (JR/T 0025.7, cryptogram version 01, 3DES): session key = 3DES(K, 00*6 || ATC) || 3DES(K, 00*6
|| ~ATC), K being the card's AC key; cryptogram = retail MAC over the data of `SIGNED`, AIP, ATC and
the card verification results; ARPC = 3DES(session, cryptogram XOR (response code || 00*6)). A
published example reproduces (tests/vectors/bank.json); which bits of the results a card sets beside
the two decisions is of medium confidence, this one sets none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from virtual_cards.applets.bank.specification import AIP
from virtual_cards.keys.ciphers import DES_BLOCK, triple_des
from virtual_cards.keys.retail_mac import retail_mac
from virtual_cards.keys.sessions import exclusive_or

SIGNED: Final = (0x9F02, 0x9F03, 0x9F1A, 0x95, 0x5F2A, 0x9A, 0x9C, 0x9F37)
"""Amount, other amount, country, terminal results, currency, date, type, unpredictable number."""

DERIVATION_KEY_INDEX: Final = 0x01
CRYPTOGRAM_VERSION: Final = 0x01
ALGORITHM_3DES: Final = 0x01
_RESULTS_LENGTH: Final = 3
_NOT_ASKED: Final = 0x80


class CryptogramType(IntEnum):
    """What the card decided: high bits of P1 of GENERATE AC and of tag 9F27."""

    DECLINED = 0x00
    """AAC."""
    APPROVED = 0x40
    """TC."""
    ONLINE = 0x80
    """ARQC: the issuer decides."""


@dataclass(frozen=True, slots=True)
class Cryptogram:
    """Tags 9F27, 9F36, 9F26, 9F10."""

    type: CryptogramType
    counter: bytes
    value: bytes
    issuer_data: bytes


def session_key(card_key: bytes, counter: bytes) -> bytes:
    """The key of one transaction from the card's AC key and the two bytes of the ATC."""
    left = counter.rjust(DES_BLOCK, b"\0")
    right = bytes(byte ^ 0xFF for byte in counter).rjust(DES_BLOCK, b"\0")
    return triple_des(card_key, left + right)


def cryptogram(
    card_key: bytes,
    counter: bytes,
    values: Mapping[int, bytes],
    first: CryptogramType,
    second: CryptogramType | None = None,
) -> Cryptogram:
    """The cryptogram of a first GENERATE AC (or a qPBOC GPO), or of a second one after it."""
    results = _verification_results(first, second)
    data = b"".join(values[tag] for tag in SIGNED) + AIP + counter + results
    issuer_data = bytes((DERIVATION_KEY_INDEX, CRYPTOGRAM_VERSION)) + results
    issuer_data += bytes([ALGORITHM_3DES])
    return Cryptogram(
        first if second is None else second,
        counter,
        retail_mac(session_key(card_key, counter), data),
        bytes([len(issuer_data)]) + issuer_data,
    )


def response_cryptogram(card_key: bytes, asked: Cryptogram, response_code: bytes) -> bytes:
    """ARPC: the issuer's answer to an ARQC, with its response code of two bytes."""
    block = exclusive_or(asked.value, response_code.ljust(DES_BLOCK, b"\0"))
    return triple_des(session_key(card_key, asked.counter), block)


def _verification_results(first: CryptogramType, second: CryptogramType | None) -> bytes:
    """CVR: length, then the two decisions in bits 8-7 (second) and 6-5 (first)."""
    decisions = (_NOT_ASKED if second is None else second) | first >> 2
    return bytes((_RESULTS_LENGTH, decisions, 0, 0))
