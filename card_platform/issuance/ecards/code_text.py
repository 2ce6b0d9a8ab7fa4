"""The bytes of a code and the text a phone shows (docs/interfaces.md, section 7). Pure.

104 bytes: version 1, region 3 (BCD), key number 1, kind 1, purpose 1, code number 8, issued at 4
(Unix seconds), life 2 (seconds), card number 9 (ASCII), application serial 10 (BCD), signature 64.
The text is `OC1:` and their Base32 without filling: 171 characters a QR code writes in its
alphanumeric mode. No name and no document number: a code can be photographed.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME

CODE_TEXT_PATTERN = r"OC1:[A-Z2-7]{167}"
CODE_TEXT_MAX = 171
_PREFIX, _FILLING = "OC1:", "="
_SIGNED_HEAD = b"onecard-code/1\n"
_VERSION = 1
_BODY_LENGTH, _LENGTH = 40, 104


class CodeKind(StrEnum):
    """Which code is shown."""

    ELECTRONIC_CARD = "electronic-card"
    FUSION_CODE = "fusion-code"


_KINDS = {CodeKind.ELECTRONIC_CARD: 1, CodeKind.FUSION_CODE: 2}
_PURPOSES = {
    CodePurpose.IDENTITY: 1,
    CodePurpose.TRANSIT: 2,
    CodePurpose.MEDICAL: 3,
    CodePurpose.PAYMENT: 4,
}
_KIND_OF = {number: kind for kind, number in _KINDS.items()}
_PURPOSE_OF = {number: purpose for purpose, number in _PURPOSES.items()}


class CodeIsUnreadable(ValueError):
    """The text is none of a code."""


@dataclass(frozen=True, slots=True)
class CodeFace:
    """What a code says, without its signature.

    Attributes:
        region: six digits of GB/T 2260.
        key_number: which key of the region signed it.
        code_number: 16 hex digits, random.
        issued_at: Unix seconds.
        life_s: how long it is good.
    """

    region: str
    key_number: int
    kind: CodeKind
    purpose: CodePurpose
    code_number: str
    issued_at: int
    life_s: int
    card_number: str
    application_serial: str

    @property
    def issued(self) -> datetime:
        """When it was made, in China standard time."""
        return datetime.fromtimestamp(self.issued_at, CHINA_STANDARD_TIME)

    def body(self) -> bytes:
        """Its 40 bytes."""
        return b"".join(
            (
                bytes([_VERSION]),
                bytes.fromhex(self.region),
                bytes([self.key_number, _KINDS[self.kind], _PURPOSES[self.purpose]]),
                bytes.fromhex(self.code_number),
                self.issued_at.to_bytes(4, "big"),
                self.life_s.to_bytes(2, "big"),
                self.card_number.encode("ascii"),
                bytes.fromhex(self.application_serial),
            )
        )

    def signed(self) -> bytes:
        """What the platform signs."""
        return _SIGNED_HEAD + self.body()


def code_text(face: CodeFace, signature: bytes) -> str:
    """The text a phone shows."""
    whole = base64.b32encode(face.body() + signature).decode("ascii")
    return _PREFIX + whole.rstrip(_FILLING)


def read_code(text: str) -> tuple[CodeFace, bytes]:
    """What a text says, and its signature, which nobody has verified yet.

    Raises:
        CodeIsUnreadable: it is no code, or one of another version.
    """
    if not text.startswith(_PREFIX):
        raise CodeIsUnreadable(text)
    coded = text.removeprefix(_PREFIX)
    try:
        whole = base64.b32decode(coded + _FILLING * (-len(coded) % 8))
        if len(whole) != _LENGTH or whole[0] != _VERSION:
            raise CodeIsUnreadable(text)
        face = CodeFace(
            region=whole[1:4].hex(),
            key_number=whole[4],
            kind=_KIND_OF[whole[5]],
            purpose=_PURPOSE_OF[whole[6]],
            code_number=whole[7:15].hex(),
            issued_at=int.from_bytes(whole[15:19], "big"),
            life_s=int.from_bytes(whole[19:21], "big"),
            card_number=whole[21:30].decode("ascii"),
            application_serial=whole[30:40].hex(),
        )
    except (binascii.Error, KeyError, UnicodeDecodeError) as refused:
        raise CodeIsUnreadable(text) from refused
    return face, whole[_BODY_LENGTH:]
