"""Secured commands, PIN change and unblock, blocks, field by field (LD/T 32.5).

Rules: PINs are hidden, plain or enciphered; a MAC is shown, since it serves once.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.keys.mac import MAC_LENGTH
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Meaning

_SECURED: Final = 0x04
_FOR_EVER: Final = 0x01


def open_secured(command: CommandApdu) -> tuple[CommandApdu, bytes]:
    """The command as it would be without its MAC, and the MAC; no MAC when CLA asks for none."""
    if not command.cla & _SECURED:
        return command, b""
    data, mac = command.data[:-MAC_LENGTH], command.data[-MAC_LENGTH:]
    return command._replace(cla=command.cla & ~_SECURED, data=data), mac


def add_mac(meaning: Meaning, mac: bytes) -> None:
    """The MAC as the last field."""
    if mac:
        meaning.add("安全报文 MAC", "MAC of secure messaging", values.hexadecimal(mac))


def change_pin(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """805E, 845E."""
    plain, mac = open_secured(command)
    meaning = Meaning("修改密码", "CHANGE PIN")
    _hide(meaning, "原密码和新密码", "old and new PIN", plain.data)
    add_mac(meaning, mac)
    return meaning


def unblock_pin(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """8424."""
    plain, mac = open_secured(command)
    if command.p2:
        meaning = Meaning("解锁并重置密码", "PIN CHANGE/UNBLOCK (sets a new PIN)")
    else:
        meaning = Meaning("解锁密码", "PIN CHANGE/UNBLOCK (gives the tries back)")
    _hide(meaning, "新密码密文", "enciphered new PIN", plain.data)
    add_mac(meaning, mac)
    return meaning


def block_application(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """841E."""
    for_ever = command.p2 == _FOR_EVER
    meaning = Meaning(
        "应用永久锁定" if for_ever else "应用锁定",
        "APPLICATION BLOCK (for ever)" if for_ever else "APPLICATION BLOCK",
    )
    add_mac(meaning, open_secured(command)[1])
    return meaning


def block_card(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """8416."""
    meaning = Meaning("卡片锁定", "CARD BLOCK")
    add_mac(meaning, open_secured(command)[1])
    return meaning


def _hide(meaning: Meaning, name_zh: str, name_en: str, secret: bytes) -> None:
    if secret:
        meaning.add(name_zh, name_en, values.hidden(secret))
        meaning.secrets.append(secret)
