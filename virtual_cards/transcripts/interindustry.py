"""SELECT, READ, UPDATE and the ATR, field by field (ISO/IEC 7816-4; LD/T 32.2, table 16)."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.bank.specification import DEBIT_AID, PPSE_NAME, PSE_NAME
from virtual_cards.applets.psam.specification import PSAM_SOCIAL_SECURITY_AID
from virtual_cards.applets.social_security.directories import AID_PREFIX
from virtual_cards.applets.social_security.pki.specification import CERTIFICATE_NAME, PKI_NAME
from virtual_cards.applets.social_security.specification import SSSE_NAME
from virtual_cards.applets.transit.specification import TRANSIT_AID
from virtual_cards.assumptions import CERTIFICATES_AID, PSAM_PURSE_AID
from virtual_cards.card_os.answer_to_reset import (
    HISTORICAL_BYTES_LENGTH,
    historical_bytes_start,
)
from virtual_cards.card_os.interindustry import RecordReference
from virtual_cards.transcripts import (
    bank,
    certificates,
    holder_certificates,
    medical,
    psam,
    social_security,
    transit,
    values,
)
from virtual_cards.transcripts.administration import add_mac, open_secured
from virtual_cards.transcripts.dialogue_state import (
    BELOW_SOCIAL_SECURITY,
    OF_CERTIFICATES,
    OF_SOCIAL_SECURITY,
    Application,
    DialogueState,
)
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_BY_NAME: Final = 0x04
_NAMES: Final = (
    (SSSE_NAME, Application.SOCIAL_SECURITY),
    *(
        (AID_PREFIX + bytes([n]), application)
        for n, application in enumerate(BELOW_SOCIAL_SECURITY)
    ),
    (PKI_NAME, Application.CERTIFICATE_ENVIRONMENT),
    (CERTIFICATE_NAME, Application.CERTIFICATES),
    (TRANSIT_AID, Application.TRANSIT),
    (PSAM_PURSE_AID, Application.PSAM),
    (PSAM_SOCIAL_SECURITY_AID, Application.PSAM_SOCIAL_SECURITY),
    (PSE_NAME, Application.PSE),
    (PPSE_NAME, Application.PPSE),
    (DEBIT_AID, Application.BANK),
    (CERTIFICATES_AID, Application.HOLDER_CERTIFICATES),
)
_PAYMENT: Final = frozenset({Application.PSE, Application.PPSE, Application.BANK})
_HISTORICAL: Final[Layout] = (
    Part(2, "芯片厂商", "chip vendor"),
    Part(3, "卡操作系统", "card operating system"),
    Part(2, "卡片制造商", "card manufacturer"),
    Part(2, "发卡地区", "region"),
    Part(4, "卡片序列号", "card serial"),
)
_SHORT_IDENTIFIER_BIT: Final = 0x80


def application_of(name: bytes) -> Application:
    """The application a name, or its beginning, selects."""
    for full, application in _NAMES:
        if full.startswith(name):
            return application
    return Application.UNKNOWN


def atr(answer: bytes) -> Meaning:
    """The answer to reset."""
    meaning = Meaning("复位应答 ATR", "ANSWER TO RESET")
    start = historical_bytes_start(answer)
    end = start + HISTORICAL_BYTES_LENGTH
    meaning.add("接口字符", "interface bytes", values.hexadecimal(answer[:start]))
    meaning.cut(answer[start:end], _HISTORICAL)
    if answer[end:]:
        meaning.add("校验字符 TCK", "check byte TCK", values.hexadecimal(answer[end:]))
    return meaning


def select(command: CommandApdu, data: bytes, state: DialogueState) -> Meaning:
    """00A4."""
    if command.p1 != _BY_NAME:
        directory = state.directory(int.from_bytes(command.data, "big"))
        if directory is not None:
            name_zh, name_en = directory.value
            return Meaning(f"选择{name_zh}", f"SELECT {name_en}")
        identifier = values.hexadecimal(command.data) or "3F00"
        return Meaning(f"选择文件 {identifier}", f"SELECT file {identifier}")
    name_zh, name_en = application_of(command.data).value
    meaning = Meaning(f"选择{name_zh}", f"SELECT {name_en}")
    meaning.add("应用名称", "name", _readable(command.data))
    _add_fci(meaning, data)
    return meaning


def read_record(command: CommandApdu, data: bytes, state: DialogueState) -> Meaning:
    """00B2."""
    file = state.file_of(command.p2 >> 3)
    number = command.p2 & 0x07 >= RecordReference.NUMBER.value
    which_zh = f"第 {command.p1} 条记录" if number else f"标签 {command.p1:02X}"
    which_en = f"record {command.p1}" if number else f"tag {command.p1:02X}"
    meaning = Meaning(
        f"读记录：{_file_name(state, file)} {which_zh}",
        f"READ RECORD: {_file_name(state, file)} {which_en}",
    )
    _add_content(meaning, data, state, file)
    return meaning


def update_record(command: CommandApdu, _data: bytes, state: DialogueState) -> Meaning:
    """00DC, 04DC."""
    plain, mac = open_secured(command)
    file = state.file_of(command.p2 >> 3)
    name = _file_name(state, file)
    meaning = Meaning(f"写记录：{name}", f"UPDATE RECORD: {name}")
    _add_content(meaning, plain.data, state, file)
    add_mac(meaning, mac)
    return meaning


def read_binary(command: CommandApdu, data: bytes, state: DialogueState) -> Meaning:
    """00B0."""
    file = _binary_file(command, state)
    name = _file_name(state, file)
    meaning = Meaning(f"读文件：{name}", f"READ BINARY: {name}")
    if state.application in OF_SOCIAL_SECURITY and data:
        # A fingerprint, a photo, or what the issuing place put there.
        meaning.add("数据", "data", values.hidden(data))
        meaning.secrets.append(data)
    else:
        _add_content(meaning, data, state, file)
    return meaning


def update_binary(command: CommandApdu, _data: bytes, state: DialogueState) -> Meaning:
    """00D6, 04D6."""
    plain, mac = open_secured(command)
    name = _file_name(state, _binary_file(command, state))
    meaning = Meaning(f"写文件：{name}", f"UPDATE BINARY: {name}")
    meaning.add("数据", "data", values.hidden(plain.data))
    meaning.secrets.append(plain.data)
    add_mac(meaning, mac)
    return meaning


def _binary_file(command: CommandApdu, state: DialogueState) -> int | None:
    named = command.p1 & 0x1F if command.p1 & _SHORT_IDENTIFIER_BIT else 0
    return state.file_of(named)


def _file_name(state: DialogueState, file: int | None) -> str:
    if file is None:
        return "-"
    return f"EF{file:02X}" if state.application in OF_SOCIAL_SECURITY else f"{file:02X}"


def _add_content(meaning: Meaning, data: bytes, state: DialogueState, file: int | None) -> None:
    if not data:
        return
    if state.application is Application.DF04 and file == medical.LOG_FILE:
        meaning.cut(data, medical.LOG)
        return
    if state.application in OF_SOCIAL_SECURITY:
        social_security.add_records(meaning, data)
        return
    if state.application in OF_CERTIFICATES:
        certificates.add_content(meaning, data, file)
        return
    layouts = {
        Application.PSAM: psam.FILE_LAYOUTS,
        Application.BANK: bank.FILE_LAYOUTS,
        Application.HOLDER_CERTIFICATES: holder_certificates.FILE_LAYOUTS,
        # Only a PSAM has files in its MF.
        Application.NONE: psam.FILE_LAYOUTS,
    }.get(state.application, {})
    layout = layouts.get(file or 0)
    if state.application is Application.TRANSIT:
        layout = transit.layout_of(file, data)
    if layout is None and state.application in _PAYMENT:
        bank.add_objects(meaning, data)
    elif layout is None:
        meaning.add("数据", "data", values.hexadecimal(data))
    else:
        meaning.cut(data, layout)


def _add_fci(meaning: Meaning, data: bytes) -> None:
    try:
        name = tlv.find(data, 0x6F, 0x84)
        issuer = tlv.find(data, 0x6F, 0xA5, 0x9F0C)
    except tlv.TlvIsFaulty:
        meaning.add("FCI", "FCI", values.hexadecimal(data))
        return
    if name is not None:
        meaning.add("DF 名", "DF name", _readable(name))
        if application_of(name) in _PAYMENT:
            bank.add_objects(meaning, tlv.find(data, 0x6F, 0xA5) or b"")
    if issuer is None:
        return
    if application_of(name or b"-") is Application.TRANSIT:
        meaning.cut(issuer, transit.FILE_LAYOUTS[0x15])
    else:
        meaning.add("发卡方自定义数据", "issuer data", values.hexadecimal(issuer))


def _readable(name: bytes) -> str:
    try:
        text = name.decode("gbk")
    except UnicodeDecodeError:
        return values.hexadecimal(name)
    return text if text.isprintable() else values.hexadecimal(name)
