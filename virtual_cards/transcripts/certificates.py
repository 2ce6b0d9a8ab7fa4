"""Commands of the certificate area, field by field (public card writers, medium).

Rules: keys and whatever a PIN can be found from are hidden: a proof of the PIN and a hash of it can
be tried out in a second. A certificate names its holder, so it is hidden too.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Meaning

_OBJECTS: Final = {
    0xC0: ("公钥文件", "public key file"),
    0xC2: ("私钥文件", "private key file"),
    0xCA: ("公钥", "public key"),
}
"""What may be shown; every other data object is hidden."""
_PUBLIC_FILES: Final = frozenset({0x12, 0x14})


def verify_proof(command: CommandApdu) -> Meaning:
    """0020 0181."""
    meaning = Meaning("验证密码（密文证明）", "VERIFY PIN (by a proof)")
    _hide(meaning, "密码证明", "proof of the PIN", command.data)
    return meaning


def compute_hash(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """80C4."""
    meaning = Meaning("SM3 杂凑", "HASH (SM3)")
    _add_objects(meaning, command.data)
    _hide(meaning, "杂凑值", "hash", data)
    return meaning


def generate(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """8040."""
    meaning = Meaning("生成 SM2 密钥对", "GENERATE SM2 key pair")
    _add_objects(meaning, command.data)
    return meaning


def export(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """80C9."""
    meaning = Meaning("导出公钥", "EXPORT public key")
    _add_objects(meaning, command.data)
    _add_objects(meaning, data)
    return meaning


def open_envelope(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """804E."""
    meaning = Meaning("解开数字信封", "OPEN envelope")
    _add_objects(meaning, command.data)
    _hide(meaning, "会话密钥", "session key", data)
    return meaning


def import_session_key(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """804A."""
    meaning = Meaning("导入 SM4 会话密钥", "IMPORT SM4 session key")
    _add_objects(meaning, command.data)
    return meaning


def import_key(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """80C2."""
    meaning = Meaning("导入加密密钥", "IMPORT encryption key")
    _add_objects(meaning, command.data)
    return meaning


def sign(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """002A."""
    meaning = Meaning("SM2 签名", "COMPUTE DIGITAL SIGNATURE (SM2)")
    meaning.add("摘要", "digest", values.hexadecimal(command.data))
    if data:
        meaning.add("签名", "signature", values.hexadecimal(data))
    return meaning


def add_content(meaning: Meaning, data: bytes, file: int | None) -> None:
    """Bytes of a file: public keys are shown, certificates hidden."""
    if file in _PUBLIC_FILES:
        _add_objects(meaning, data)
    else:
        _hide(meaning, "证书", "certificate", data)


def _add_objects(meaning: Meaning, data: bytes) -> None:
    try:
        objects = tlv.decode(data)
    except tlv.TlvIsFaulty:
        _hide(meaning, "数据", "data", data)
        return
    for found in objects:
        names = _OBJECTS.get(found.tag)
        if names is None:
            _hide(meaning, f"数据对象 {found.tag:02X}", f"data object {found.tag:02X}", found.value)
        else:
            meaning.add(*names, values.hexadecimal(found.value))


def _hide(meaning: Meaning, name_zh: str, name_en: str, secret: bytes) -> None:
    if secret:
        meaning.add(name_zh, name_en, values.hidden(secret))
        meaning.secrets.append(secret)
