"""Commands and data objects of the bank application (JR/T 0025); account and name are masked.

Rules: answers are BER-TLV; each known object is a field, in the order of the card. The PAN (5A),
track 2 (57) and the holder's name (5F20) are never shown whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.bank.data_objects import elements
from virtual_cards.applets.bank.specification import (
    CDOL1,
    CDOL2,
    CONTACTLESS_PDOL,
    LOG_FORMAT,
    LOG_SHORT_IDENTIFIER,
)
from virtual_cards.assumptions import INS_OPEN_FINANCIAL_FUNCTION
from virtual_cards.transcripts import social_security, values
from virtual_cards.transcripts.dialogue_state import Application, DialogueState
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_FORMAT_1: Final = 0x80
_TRACK_2_SEPARATOR: Final = "D"
_TYPES: Final = {
    0x00: ("AAC 拒绝", "AAC, declined"),
    0x40: ("TC 批准", "TC, approved"),
    0x80: ("ARQC 联机请求", "ARQC, goes online"),
}
_RESPONSE_CODE: Final = Part(2, "授权响应码", "response code", values.text)


def _amount(value: bytes) -> str:
    """Twelve BCD digits in fen."""
    digits = value.hex()
    return values.yuan(int(digits).to_bytes(6, "big")) if digits.isdigit() else digits.upper()


def _short_date(value: bytes) -> str:
    """YYMMDD in BCD; all zero is none."""
    return values.date(b"\x20" + value) if any(value) else "-"


def _account(value: bytes) -> str:
    """A PAN, alone or in track 2: the first six and the last two digits stay."""
    pan = values.digits(value).split(_TRACK_2_SEPARATOR)[0]
    return values.masked_number(pan.encode())


def _type(value: bytes) -> str:
    return " / ".join(_TYPES.get(value[0], (values.hexadecimal(value),)))


Written = tuple[str, str, Callable[[bytes], str]]
_OBJECTS: Final[dict[int, Written]] = {
    0x4F: ("应用标识 AID", "AID", values.hexadecimal),
    0x50: ("应用标签", "label", values.text),
    0x57: ("二磁道等价数据（账号）", "track 2 (account)", _account),
    0x5A: ("账号 PAN", "PAN", _account),
    0x5F20: ("持卡人姓名", "holder's name", values.masked_name),
    0x5F24: ("失效日期", "expires", _short_date),
    0x5F25: ("生效日期", "effective", _short_date),
    0x5F28: ("发卡行国家", "issuer country", values.hexadecimal),
    0x5F2A: ("交易货币", "currency", values.hexadecimal),
    0x5F34: ("账号序列号", "PAN sequence", values.hexadecimal),
    0x82: ("应用交互特征 AIP", "AIP", values.hexadecimal),
    0x87: ("优先级", "priority", values.number),
    0x8A: ("授权响应码", "response code", values.text),
    0x8C: ("CDOL1", "CDOL1", values.hexadecimal),
    0x8D: ("CDOL2", "CDOL2", values.hexadecimal),
    0x8E: ("持卡人验证方法列表", "CVM list", values.hexadecimal),
    0x94: ("应用文件定位器 AFL", "AFL", values.hexadecimal),
    0x95: ("终端验证结果", "terminal verification results", values.hexadecimal),
    0x9A: ("交易日期", "date", _short_date),
    0x9C: ("交易类型", "transaction type", values.hexadecimal),
    0x9F02: ("授权金额", "amount", _amount),
    0x9F03: ("其他金额", "other amount", _amount),
    0x9F10: ("发卡行应用数据", "issuer application data", values.hexadecimal),
    0x9F13: ("上次联机交易计数器", "last online counter", values.number),
    0x9F17: ("密码剩余次数", "PIN tries left", values.number),
    0x9F1A: ("终端国家", "terminal country", values.hexadecimal),
    0x9F21: ("交易时间", "time", values.clock_time),
    0x9F26: ("应用密文", "application cryptogram", values.hexadecimal),
    0x9F27: ("密文类型", "cryptogram type", _type),
    0x9F36: ("交易计数器 ATC", "transaction counter", values.number),
    0x9F37: ("不可预知数", "unpredictable number", values.hexadecimal),
    0x9F38: ("PDOL", "PDOL", values.hexadecimal),
    0x9F4D: ("日志入口", "log entry", values.hexadecimal),
    0x9F4E: ("商户名称", "merchant", values.text),
    0x9F4F: ("日志格式", "log format", values.hexadecimal),
    0x9F66: ("终端交易属性", "terminal qualifiers", values.hexadecimal),
    0x9F6C: ("卡片交易属性", "card qualifiers", values.hexadecimal),
}
_SECRET: Final = frozenset({0x57, 0x5A, 0x5F20})


def _layout(data_object_list: bytes) -> Layout:
    return tuple(
        Part(each.length, *_OBJECTS.get(each.tag, (f"{each.tag:X}", f"{each.tag:X}")))
        for each in elements(data_object_list)
    )


_LISTS: Final = {sum(part.length for part in each): each for each in map(_layout, (CDOL1, CDOL2))}
_PROXIMITY: Final = _layout(CONTACTLESS_PDOL)
FILE_LAYOUTS: Final[dict[int, Layout]] = {LOG_SHORT_IDENTIFIER: _layout(LOG_FORMAT)}
_OPTIONS: Final[Layout] = (
    Part(2, "应用交互特征 AIP", "AIP"),
    Part(252, "应用文件定位器 AFL", "AFL"),
)
_CRYPTOGRAM: Final[Layout] = (
    Part(1, "密文类型", "cryptogram type", _type),
    Part(2, "交易计数器 ATC", "transaction counter", values.number),
    Part(8, "应用密文", "application cryptogram"),
    Part(32, "发卡行应用数据", "issuer application data"),
)


def get_processing_options(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """80A8."""
    meaning = Meaning("取处理选项 GPO", "GET PROCESSING OPTIONS")
    given = command.data[2:]
    if len(given) == sum(part.length for part in _PROXIMITY):
        meaning.cut(given, _PROXIMITY)
    elif given:
        meaning.add("终端数据", "terminal data", values.hexadecimal(given))
    _add_answer(meaning, data, _OPTIONS)
    return meaning


def generate_cryptogram(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """80AE."""
    type_zh, type_en = _TYPES.get(command.p1, ("-", "-"))
    meaning = Meaning(f"生成应用密文（请求 {type_zh}）", f"GENERATE AC (asks for {type_en})")
    layout = _LISTS.get(len(command.data))
    if layout is None:
        meaning.add("终端数据", "terminal data", values.hexadecimal(command.data))
    else:
        meaning.cut(command.data, layout)
    _add_answer(meaning, data, _CRYPTOGRAM)
    return meaning


def get_data(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """80CA."""
    tag = command.p1 << 8 | command.p2
    name_zh, name_en, _ = _OBJECTS.get(tag, (f"{tag:04X}", f"{tag:04X}", values.hexadecimal))
    meaning = Meaning(f"取数据：{name_zh}", f"GET DATA: {name_en}")
    add_objects(meaning, data)
    return meaning


def external_authenticate(command: CommandApdu, data: bytes, state: DialogueState) -> Meaning:
    """0082: in the bank application the issuer's ARPC, elsewhere that of a terminal."""
    if state.application is not Application.BANK:
        return social_security.external_authenticate(command, data, state)
    meaning = Meaning("外部认证（发卡行）", "EXTERNAL AUTHENTICATE (the issuer)")
    meaning.cut(command.data, (Part(8, "ARPC", "ARPC"), _RESPONSE_CODE))
    return meaning


def switch_financial_function(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """8044, 8004."""
    opens = command.ins == INS_OPEN_FINANCIAL_FUNCTION
    title_zh, title_en = ("开通", "OPEN") if opens else ("关闭", "CLOSE")
    meaning = Meaning(f"{title_zh}金融功能", f"{title_en} FINANCIAL FUNCTION")
    meaning.cut(command.data, (Part(8, "MAC", "MAC"),))
    return meaning


def add_objects(meaning: Meaning, data: bytes) -> None:
    """The data objects of a record, an FCI or an answer, inner ones too."""
    try:
        objects = tlv.decode(data)
    except tlv.TlvIsFaulty:
        meaning.add("数据", "data", values.hidden(data))
        meaning.secrets.append(data)
        return
    for found in objects:
        written = _OBJECTS.get(found.tag)
        if written is not None:
            name_zh, name_en, write = written
            meaning.add(name_zh, name_en, write(found.value))
        elif found.is_constructed:
            add_objects(meaning, found.value)
        else:
            tag = f"{found.tag:X}"
            meaning.add(f"标签 {tag}", f"tag {tag}", values.hexadecimal(found.value))
        if found.tag in _SECRET:
            meaning.secrets.append(found.value)


def _add_answer(meaning: Meaning, data: bytes, layout: Layout) -> None:
    """A template 80 is cut by its layout, a template 77 holds data objects."""
    value = None
    if data[:1] == bytes([_FORMAT_1]):
        try:
            value = tlv.find(data, _FORMAT_1)
        except tlv.TlvIsFaulty:
            value = None
    if value is None:
        add_objects(meaning, data)
    else:
        meaning.cut(value, layout)
