"""Records and commands of the certificates application, field by field; the number is masked."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.certificates.certificate import ISSUER_LENGTH, NUMBER_LENGTH
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_KINDS: Final = {
    0x01: "01 残疾人证 / disability certificate",
    0x02: "02 退役军人证 / veteran certificate",
}


def _kind(value: bytes) -> str:
    return _KINDS.get(value[0], values.hexadecimal(value))


_KIND: Final = Part(1, "证件种类", "certificate", _kind)
_CONCESSION: Final[Layout] = (
    _KIND,
    Part(1, "等级", "level", values.number),
    Part(4, "有效期起", "valid from", values.date),
    Part(4, "有效期至", "valid until", values.date),
    Part(3, "发证地区", "region"),
)
_DETAILS: Final[Layout] = (
    Part(NUMBER_LENGTH, "证件号码", "certificate number", values.masked_number, secret=True),
    Part(ISSUER_LENGTH, "发证机关", "issuer", values.text),
)

FILE_LAYOUTS: Final[dict[int, Layout]] = {0x01: _CONCESSION, 0x02: (_KIND, *_DETAILS)}


def write_certificate(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """80E2."""
    meaning = Meaning("写入证件", "WRITE CERTIFICATE")
    meaning.cut(command.data, (*_CONCESSION, *_DETAILS, Part(8, "MAC", "MAC")))
    return meaning
