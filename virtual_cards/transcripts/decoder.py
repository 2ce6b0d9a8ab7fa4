"""Follows a dialogue with a card and says what each exchange means (event `apdu_exchanged`).

Rules: any bytes decode to something; nothing raises. Personal data and PINs are masked in the
fields, and their bytes are `**` in the hexadecimal. One decoder listens to one reader, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.assumptions import (
    INS_CLOSE_FINANCIAL_FUNCTION,
    INS_ERASE_FUNCTION,
    INS_OPEN_FINANCIAL_FUNCTION,
    INS_WRITE_CERTIFICATE,
)
from virtual_cards.readers.transcript import Exchange
from virtual_cards.transcripts import (
    administration,
    bank,
    certificates,
    holder_certificates,
    interindustry,
    medical,
    psam,
    social_security,
    transit,
    values,
)
from virtual_cards.transcripts.dialogue_state import Application, DialogueState
from virtual_cards.transcripts.layout import Field, Meaning
from virtual_cards.transcripts.status_meanings import NO_ANSWER, meaning_of

_TRAILER_LENGTH: Final = 2
_SELECT: Final = 0xA4
_GET_RESPONSE: Final = 0xC0
_BY_NAME: Final = 0x04
_RECORD_COMMANDS: Final = frozenset({0xB2, 0xDC})
_BINARY_COMMANDS: Final = frozenset({0xB0, 0xD6})
_FILE_CLASSES: Final = frozenset({0x00, 0x04})
_HIDDEN_LENGTH_MIN: Final = 2

Describe = Callable[[CommandApdu, bytes, DialogueState], Meaning]

_COMMANDS: Final[dict[tuple[int, int], Describe]] = {
    (0x00, 0x20): social_security.verify,
    (0x00, 0x82): bank.external_authenticate,
    (0x00, 0x84): social_security.get_challenge,
    (0x00, 0x88): social_security.internal_authenticate,
    (0x00, 0xA4): interindustry.select,
    (0x00, 0xB0): interindustry.read_binary,
    (0x00, 0xB2): interindustry.read_record,
    (0x00, 0xD6): interindustry.update_binary,
    (0x00, 0xDC): interindustry.update_record,
    (0x80, 0x50): transit.initialize,
    (0x80, 0x52): transit.credit_for_load,
    (0x80, 0x54): transit.debit_for_purchase,
    (0x80, 0x5A): transit.transaction_proof,
    (0x80, 0x5C): transit.get_balance,
    (0x80, 0xDC): transit.update_cache,
    (0x04, 0xD6): interindustry.update_binary,
    (0x04, 0xDC): interindustry.update_record,
    (0x80, 0x5E): administration.change_pin,
    (0x84, 0x16): administration.block_card,
    (0x84, 0x1E): administration.block_application,
    (0x84, 0x24): administration.unblock_pin,
    (0x84, 0x5E): administration.change_pin,
    (0xB0, 0x26): medical.get_balance,
    (0xB0, 0x28): medical.initialize,
    (0xB0, 0x2A): medical.credit,
    (0xB0, 0x2C): medical.debit,
    (0xB0, 0x2E): medical.transaction_proof,
    (0xB0, 0x56): medical.starting_day,
    (0x00, 0x2A): certificates.sign,
    (0x80, 0x40): certificates.generate,
    (0x80, 0x4A): certificates.import_session_key,
    (0x80, 0x4E): certificates.open_envelope,
    (0x80, 0xC2): certificates.import_key,
    (0x80, 0xC4): certificates.compute_hash,
    (0x80, 0xC9): certificates.export,
    (0x80, 0x70): psam.init_for_purchase,
    (0x80, 0x72): psam.credit_for_purchase,
    (0x80, 0xFA): psam.encipher,
    (0xBF, 0xDE): psam.deliver_session_key,
    (0x80, 0xA8): bank.get_processing_options,
    (0x80, 0xAE): bank.generate_cryptogram,
    (0x80, 0xCA): bank.get_data,
    (0x80, INS_OPEN_FINANCIAL_FUNCTION): bank.switch_financial_function,
    (0x80, INS_CLOSE_FINANCIAL_FUNCTION): bank.switch_financial_function,
    (0x80, INS_WRITE_CERTIFICATE): holder_certificates.write,
    (0x80, INS_ERASE_FUNCTION): holder_certificates.erase_function,
}


@dataclass(frozen=True, slots=True)
class DecodedExchange:
    """An exchange for people; bytes are hexadecimal with `**` for the hidden ones."""

    command: str
    response: str
    title_zh: str
    title_en: str
    fields: tuple[Field, ...]
    status_zh: str
    status_en: str


class TranscriptDecoder:
    """Listens to one reader."""

    def __init__(self) -> None:
        self._state = DialogueState()

    def decode(self, exchange: Exchange) -> DecodedExchange:
        """The meaning of the next exchange."""
        return self.decode_bytes(exchange.command, exchange.response)

    def decode_all(self, exchanges: Iterable[Exchange]) -> tuple[DecodedExchange, ...]:
        """The meanings of the next exchanges."""
        return tuple(self.decode(exchange) for exchange in exchanges)

    def decode_bytes(self, command: bytes, response: bytes) -> DecodedExchange:
        """The same from bytes; an empty command stands for a reset, its response is the ATR."""
        if not command:
            self._state = DialogueState()
            meaning = interindustry.atr(response)
            return _decoded(command, response, meaning, ("复位成功", "reset"))
        if len(response) < _TRAILER_LENGTH:
            return _decoded(command, response, self._meaning(command, b""), NO_ANSWER)
        data, status = Response.parse(response)
        meaning = self._meaning(command, data)
        self._follow(command, status)
        return _decoded(command, response, meaning, meaning_of(status))

    def _meaning(self, raw: bytes, data: bytes) -> Meaning:
        try:
            command = CommandApdu.parse(raw)
        except Refused:
            return _unknown(raw, data)
        if (command.cla, command.ins) == (0x00, _GET_RESPONSE):
            return self._fetched(data)
        describe = _COMMANDS.get((command.cla, command.ins))
        return _unknown(raw, data) if describe is None else describe(command, data, self._state)

    def _fetched(self, data: bytes) -> Meaning:
        """GET RESPONSE: the fields of the answer that waited, without those of its command."""
        waiting = self._state.waiting
        describe = None if waiting is None else _COMMANDS.get((waiting.cla, waiting.ins))
        if waiting is None or describe is None:
            return Meaning("取响应", "GET RESPONSE")
        whole = describe(waiting, data, self._state)
        known = len(describe(waiting, b"", self._state).fields)
        return Meaning(
            f"取响应：{whole.title_zh}",
            f"GET RESPONSE: {whole.title_en}",
            whole.fields[known:],
            whole.secrets,
        )

    def _follow(self, raw: bytes, status: int) -> None:
        """Remember what this exchange changed."""
        try:
            command = CommandApdu.parse(raw)
        except Refused:
            return
        state = self._state
        waits = status & 0xFF00 == sw.response_waits(0)
        if command.ins != _GET_RESPONSE:
            state.waiting = command if waits else None
        if status != sw.SUCCESS and not waits:
            return
        if command.ins == _SELECT:
            self._follow_select(command)
        elif command.ins in _RECORD_COMMANDS and command.cla in _FILE_CLASSES and command.p2 >> 3:
            state.file = command.p2 >> 3
        elif command.ins in _BINARY_COMMANDS and command.p1 & 0x80:
            state.file = command.p1 & 0x1F

    def _follow_select(self, command: CommandApdu) -> None:
        state = self._state
        if command.p1 == _BY_NAME:
            selected: Application | None = interindustry.application_of(command.data)
        elif not command.data or command.data == b"\x3f\x00":
            selected = Application.NONE
        else:
            selected = state.directory(int.from_bytes(command.data, "big"))
        if selected is None:
            state.file = command.data[-1]
        else:
            state.application = selected
            state.file = None


def _unknown(raw: bytes, data: bytes) -> Meaning:
    header = values.hexadecimal(raw[:4])
    meaning = Meaning(f"未知命令 {header}", f"unknown command {header}")
    if data:
        meaning.add("数据", "data", values.hexadecimal(data))
    return meaning


def _decoded(
    command: bytes, response: bytes, meaning: Meaning, status: tuple[str, str]
) -> DecodedExchange:
    return DecodedExchange(
        _shown(command, meaning.secrets),
        _shown(response, meaning.secrets),
        meaning.title_zh,
        meaning.title_en,
        tuple(meaning.fields),
        *status,
    )


def _shown(raw: bytes, secrets: list[bytes]) -> str:
    """Hexadecimal in which the bytes of every secret are `**`."""
    hidden = bytearray(len(raw))
    for secret in secrets:
        start = raw.find(secret) if len(secret) >= _HIDDEN_LENGTH_MIN else -1
        while start >= 0:
            hidden[start : start + len(secret)] = b"\1" * len(secret)
            start = raw.find(secret, start + 1)
    return "".join("**" if h else f"{byte:02X}" for byte, h in zip(raw, hidden, strict=True))
