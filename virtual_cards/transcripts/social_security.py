"""Commands of the social security application, field by field (LD/T 32.5, 32.6)."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.social_security.specification import (
    EF0D_ITEMS,
    EF05_ITEMS,
    EF06_ITEMS,
    FIRST_ISSUE_KEY,
    KEY_NAMES,
    Item,
    ItemFormat,
)
from virtual_cards.assumptions import BLOCK_KEY
from virtual_cards.transcripts import certificates, values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_ITEMS: Final = {item.tag: item for item in (*EF05_ITEMS, *EF06_ITEMS, *EF0D_ITEMS)}
_PERSONAL: Final = {
    0x07: values.masked_number,
    0x08: values.masked_number,
    0x09: values.masked_name,
    0x4E: values.masked_name,
    0x0D: values.masked_date,
    0xEA: values.masked_number,
}
_DATES: Final = frozenset({0x05, 0x06})
_CODES: Final = {
    (0x02, "1"): "1 学龄前 / pre-school",
    (0x02, "2"): "2 学生 / student",
    (0x02, "3"): "3 成人 / adult",
    (0x02, "4"): "4 老年 / senior",
    (0x0A, "1"): "1 男 / male",
    (0x0A, "2"): "2 女 / female",
    (0x0A, "9"): "9 未说明 / not stated",
}
_KEY_OF: Final = {
    **{reference: name for name, reference in KEY_NAMES.items()},
    FIRST_ISSUE_KEY: "UKEF0D",
    BLOCK_KEY: "STKSSSE",
}
_BY_PROOF: Final = (0x01, 0x81)

_CHALLENGE: Final[Layout] = (Part(16, "随机数", "challenge"),)
_INTERNAL: Final[Layout] = (
    Part(8, "过程因子", "process factor"),
    Part(8, "原始信息", "original data"),
    Part(1, "密钥版本", "key version"),
)
_EXTERNAL: Final[Layout] = (
    Part(8, "鉴别数据", "authentication value"),
    Part(8, "原始信息", "original data"),
    Part(1, "密钥版本", "key version"),
)
_PROOF: Final[Layout] = (Part(8, "内部认证结果", "internal authentication value"),)


def get_challenge(_command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """0084."""
    meaning = Meaning("取随机数", "GET CHALLENGE")
    meaning.cut(data, _CHALLENGE)
    return meaning


def internal_authenticate(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """0088."""
    meaning = Meaning("内部认证（卡证明自己）", "INTERNAL AUTHENTICATE (the card proves itself)")
    meaning.cut(command.data, _INTERNAL)
    meaning.cut(data, _PROOF)
    return meaning


def external_authenticate(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """0082."""
    meaning = Meaning(
        "外部认证（终端证明自己）", "EXTERNAL AUTHENTICATE (the terminal proves itself)"
    )
    meaning.add("密钥", "key", _KEY_OF.get(command.p2, f"{command.p2:02X}"))
    meaning.cut(command.data, _EXTERNAL)
    return meaning


def verify(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """0020: the PIN is never shown."""
    if (command.p1, command.p2) == _BY_PROOF:
        return certificates.verify_proof(command)
    if not command.data:
        return Meaning("查询密码剩余次数", "VERIFY (asks for the tries left)")
    meaning = Meaning("验证密码", "VERIFY PIN")
    meaning.add("密码", "PIN", values.hidden(command.data))
    meaning.secrets.append(command.data)
    return meaning


def add_records(meaning: Meaning, data: bytes) -> None:
    """Records of SSSE and its directories: simple TLV, one or several.

    What no table names may be about a person, so it is hidden.
    """
    try:
        objects = tlv.decode(data)
    except tlv.TlvIsFaulty:
        meaning.add("记录", "record", values.hidden(data))
        meaning.secrets.append(data)
        return
    for found in objects:
        item = _ITEMS.get(found.tag)
        if item is None:
            hidden = values.hidden(found.value)
            meaning.add(f"标签 {found.tag:02X}", f"tag {found.tag:02X}", hidden)
            # The whole record: a value of one byte could not be told from others like it.
            meaning.secrets.append(tlv.encode(found.tag, found.value))
            continue
        meaning.add(item.name_zh, item.name_en, _written(item, found.value))
        if item.tag in _PERSONAL:
            meaning.secrets.append(found.value)


def _written(item: Item, value: bytes) -> str:
    personal = _PERSONAL.get(item.tag)
    if personal is not None:
        return personal(value)
    if item.tag in _DATES:
        return values.date(value)
    text = values.digits(value) if item.format is ItemFormat.CN else values.text(value)
    return _CODES.get((item.tag, text), text)
