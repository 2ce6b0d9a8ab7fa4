"""The bytes of a code and what they say (docs/interfaces.md, section 7).

The text is `OC1:` and Base32 without filling of 104 bytes: version 1, region 3, key number 1, kind
1, purpose 1, code number 8, issued at 4, life 2, card number 9, application serial 10, signature
64.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from virtual_cards.terminals.moments import CHINA_STANDARD_TIME

PREFIX: Final = "OC1:"
LENGTH: Final = 104
SIGNED_LENGTH: Final = 40
SIGNED_HEAD: Final = b"onecard-code/1\n"
KINDS: Final = {0x01: "electronic-card", 0x02: "fusion-code"}
PURPOSES: Final = {0x01: "identity", 0x02: "transit", 0x03: "medical", 0x04: "payment"}
_VERSION: Final = 0x01
_GROUP: Final = 8
"""Characters of Base32 that stand for five whole bytes."""


class CodeIsUnreadable(ValueError):
    """What was scanned is no code of an electronic card."""


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a code says; nothing is verified yet.

    Attributes:
        region: six digits of GB/T 2260.
        life_s: how long it is good from `issued_at`.
        signed, signature: the bytes the region's key signed, and r || s.
    """

    region: str
    key_number: int
    kind: str
    purpose: str
    code_number: str
    issued_at: datetime
    life_s: int
    card_number: str
    application_serial: str
    signed: bytes
    signature: bytes


def read_code(text: str) -> ScannedCode:
    """Take a scanned text apart. Raises `CodeIsUnreadable`."""
    whole = _bytes_of(text)
    if len(whole) != LENGTH or whole[0] != _VERSION:
        raise CodeIsUnreadable("it is no code of this version")
    kind, purpose = KINDS.get(whole[5]), PURPOSES.get(whole[6])
    if kind is None or purpose is None:
        raise CodeIsUnreadable("it is of an unknown kind or purpose")
    return ScannedCode(
        region=whole[1:4].hex(),
        key_number=whole[4],
        kind=kind,
        purpose=purpose,
        code_number=whole[7:15].hex(),
        issued_at=datetime.fromtimestamp(int.from_bytes(whole[15:19], "big"), CHINA_STANDARD_TIME),
        life_s=int.from_bytes(whole[19:21], "big"),
        card_number=whole[21:30].decode("ascii", "replace"),
        application_serial=whole[30:40].hex().upper(),
        signed=SIGNED_HEAD + whole[:SIGNED_LENGTH],
        signature=whole[SIGNED_LENGTH:],
    )


def _bytes_of(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise CodeIsUnreadable("it does not begin as a code does")
    letters = text.removeprefix(PREFIX)
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % _GROUP))
    except binascii.Error as fault:
        raise CodeIsUnreadable("it is not in Base32") from fault
