"""Records and commands of the certificates application, field by field; numbers are masked."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.certificates.certificate import ISSUER_LENGTH, NUMBER_LENGTH
from virtual_cards.applets.certificates.loaded_function import (
    HOLDER_NUMBER_LENGTH,
    SCHEME_LENGTH,
)
from virtual_cards.applets.certificates.specification import FUNCTIONS_REFERENCE
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

_SCHEME: Final = Part(SCHEME_LENGTH, "卡证码编号", "scheme")
_TERM: Final[Layout] = (
    _SCHEME,
    Part(3, "加载地区", "region"),
    Part(4, "有效期起", "valid from", values.date),
    Part(4, "有效期至", "valid until", values.date),
)
_HOLDER_NUMBER: Final = Part(
    HOLDER_NUMBER_LENGTH, "持有人号码", "holder's number", values.hidden, secret=True
)
_MAC: Final = Part(8, "MAC", "MAC")

FILE_LAYOUTS: Final[dict[int, Layout]] = {
    0x01: _CONCESSION,
    0x02: (_KIND, *_DETAILS),
    0x03: _TERM,
    0x04: (_SCHEME, _HOLDER_NUMBER),
}


def write(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """80E2: a certificate, or with P2 18 the function of a scheme."""
    if command.p2 == FUNCTIONS_REFERENCE:
        meaning = Meaning("加载功能", "WRITE FUNCTION")
        meaning.cut(command.data, (*_TERM, _HOLDER_NUMBER, _MAC))
        return meaning
    meaning = Meaning("写入证件", "WRITE CERTIFICATE")
    meaning.cut(command.data, (*_CONCESSION, *_DETAILS, _MAC))
    return meaning


def erase_function(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """800C."""
    meaning = Meaning("删除功能", "ERASE FUNCTION")
    meaning.cut(command.data, (_SCHEME, _MAC))
    return meaning
