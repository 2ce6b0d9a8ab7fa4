"""qPBOC: a whole transaction in the answer to one GPO (JR/T 0025.12).

Rules: a debit card without electronic cash decides nothing by itself. It goes online where the
terminal can, and declines where it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.applets.bank.cryptogram import Cryptogram, CryptogramType
from virtual_cards.applets.bank.specification import AIP, APPLICATION_DATA, TRACK_2
from virtual_cards.assumptions import CARD_TRANSACTION_QUALIFIERS
from virtual_cards.files import Directory

_QUALIFIERS: Final = 0x9F66
_QPBOC: Final = 0x20
"""Byte 1, bit 6 of the terminal's qualifiers: qPBOC is supported."""
_OFFLINE_ONLY: Final = 0x08
"""Byte 1, bit 4: the terminal cannot go online."""


def proximity_decision(values: Mapping[int, bytes]) -> CryptogramType:
    """ARQC or AAC, from the terminal's qualifiers (tag 9F66)."""
    capabilities = values[_QUALIFIERS][0]
    if capabilities & _QPBOC and not capabilities & _OFFLINE_ONLY:
        return CryptogramType.ONLINE
    return CryptogramType.DECLINED


def proximity_answer(given: Cryptogram, files: Directory) -> bytes:
    """Template 77: what the terminal sends to the issuer, without the holder's name."""
    track_2 = tlv.find(files.records(TRACK_2)[0], 0x70, 0x57) or b""
    sequence = tlv.find(files.records(APPLICATION_DATA)[0], 0x70, 0x5F34) or b""
    objects = (
        (0x82, AIP),
        (0x9F36, given.counter),
        (0x57, track_2),
        (0x5F34, sequence),
        (0x9F27, bytes([given.type])),
        (0x9F26, given.value),
        (0x9F10, given.issuer_data),
        (0x9F6C, CARD_TRANSACTION_QUALIFIERS),
    )
    return tlv.encode(0x77, b"".join(tlv.encode(tag, value) for tag, value in objects))
