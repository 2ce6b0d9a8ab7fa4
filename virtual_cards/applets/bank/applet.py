"""The bank application: which command may follow which (JR/T 0025.5 contact, 0025.12 contactless).

Rules: with contact GPO, READ RECORD, GENERATE AC, and after an ARQC the issuer's authentication and
a second GENERATE AC; through the contactless face GPO answers the cryptogram itself (qPBOC). Every
approval is the issuer's: a terminal that asks for a TC first gets an ARQC, and a TC is given only
after the right ARPC with an approving code. What GPO began is volatile; counter and log change
atomically.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.bank.commands import (
    INS_GENERATE_CRYPTOGRAM,
    INS_GET_DATA,
    INS_GET_PROCESSING_OPTIONS,
    GenerateCryptogram,
    GetData,
    GetProcessingOptions,
    IssuerAuthentication,
)
from virtual_cards.applets.bank.counters import TransactionCounters
from virtual_cards.applets.bank.cryptogram import (
    Cryptogram,
    CryptogramType,
    cryptogram,
    response_cryptogram,
)
from virtual_cards.applets.bank.data_objects import length_of, values_of
from virtual_cards.applets.bank.financial_function import FinancialFunction
from virtual_cards.applets.bank.proximity import proximity_answer, proximity_decision
from virtual_cards.applets.bank.specification import (
    AFL,
    AIP,
    BANK_DIRECTORY,
    CDOL1,
    CDOL2,
    CONTACTLESS_PDOL,
    DEBIT_AID,
    DEBIT_LABEL,
    LANGUAGE,
    LOG_FORMAT,
    LOG_RECORDS_MAX,
    LOG_SHORT_IDENTIFIER,
)
from virtual_cards.assumptions import (
    APPROVING_RESPONSES,
    BANK_PIN_TRIES,
    CONTACTLESS_ONLINE_IS_LOGGED,
)
from virtual_cards.card_os.command_table import CommandTable
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.card_os.interface import Interface
from virtual_cards.card_os.interindustry import INS_EXTERNAL_AUTHENTICATE
from virtual_cards.files import Directory, PersistentMemory

_BANK_CLASS: Final = 0x80


class Stage(Enum):
    """How far a transaction with contact has come."""

    BEGUN = auto()
    """GPO was answered."""
    ONLINE = auto()
    """An ARQC was given: the issuer decides."""


@dataclass(slots=True)
class Begun:
    """Volatile: the transaction GPO began."""

    counter: bytes
    stage: Stage = Stage.BEGUN
    asked: Cryptogram | None = None
    response_code: bytes | None = None
    """What the issuer answered, once its ARPC was right."""
    issuer_was_wrong: bool = False


class Bank:
    """The debit application of one card."""

    aid: Final = DEBIT_AID
    file_identifier: Final = None

    def __init__(
        self,
        card_key: bytes,
        contact_pdol: bytes,
        function: FinancialFunction,
        interface: Interface,
        memory: PersistentMemory,
    ) -> None:
        self._card_key = card_key
        self._contact_pdol = contact_pdol
        self._function = function
        self._interface = interface
        self._memory = memory
        directory = Directory(BANK_DIRECTORY, memory)
        self._files = FileCommands(directory)
        self._counters = TransactionCounters(directory)
        self._begun: Begun | None = None
        self._commands = CommandTable(
            {
                (_BANK_CLASS, INS_GET_PROCESSING_OPTIONS): self._get_processing_options,
                (_BANK_CLASS, INS_GENERATE_CRYPTOGRAM): self._generate_cryptogram,
                (_BANK_CLASS, INS_GET_DATA): self._get_data,
                (0x00, INS_EXTERNAL_AUTHENTICATE): self._authenticate_issuer,
            },
            self._files,
        )

    def select(self) -> bytes:
        """The FCI: label, language, PDOL, where the log is.

        Raises `Refused` 6A82 while the financial function is closed.
        """
        if not self._function.is_open:
            raise Refused(sw.FILE_NOT_FOUND)
        self._files.selection.forget_file()
        self._begun = None
        proprietary = tlv.encode(0x50, DEBIT_LABEL) + tlv.encode(0x87, b"\x01")
        if self._pdol:
            proprietary += tlv.encode(0x9F38, self._pdol)
        proprietary += tlv.encode(0x5F2D, LANGUAGE) + tlv.encode(0x9F11, b"\x01")
        log_entry = bytes((LOG_SHORT_IDENTIFIER, LOG_RECORDS_MAX))
        proprietary += tlv.encode(0xBF0C, tlv.encode(0x9F4D, log_entry))
        return tlv.encode(0x6F, tlv.encode(0x84, DEBIT_AID) + tlv.encode(0xA5, proprietary))

    def deselect(self) -> None:
        """Forget the current file and the transaction."""
        self._files.selection.clear()
        self._begun = None

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        return self._commands.call(command)

    @property
    def _pdol(self) -> bytes:
        return CONTACTLESS_PDOL if self._interface.is_contactless else self._contact_pdol

    def _get_processing_options(self, command: CommandApdu) -> Response:
        asked = GetProcessingOptions.parse(command)
        if self._begun is not None:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        # Public bank number readers send data although the card asked for none: they are ignored.
        if self._pdol and len(asked.data) != length_of(self._pdol):
            raise Refused(sw.WRONG_LENGTH)
        change = self._memory.begin()
        counter = self._counters.next(change)
        if not self._interface.is_contactless:
            change.commit()
            self._begun = Begun(counter)
            return Response(tlv.encode(0x80, AIP + AFL))
        values = values_of(self._pdol, asked.data)
        decided = cryptogram(self._card_key, counter, values, proximity_decision(values))
        if decided.type is CryptogramType.ONLINE and CONTACTLESS_ONLINE_IS_LOGGED:
            self._counters.log(change, counter, values)
        change.commit()
        return Response(proximity_answer(decided, self._files.directory))

    def _generate_cryptogram(self, command: CommandApdu) -> Response:
        asked = GenerateCryptogram.parse(command)
        begun = self._begun
        if begun is None:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        first = begun.stage is Stage.BEGUN
        if not first and asked.type is CryptogramType.ONLINE:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        lists = CDOL1 if first else CDOL2
        if len(asked.data) != length_of(lists):
            raise Refused(sw.WRONG_LENGTH)
        values = values_of(lists, asked.data)
        given = self._first(begun, asked, values) if first else self._second(begun, asked, values)
        answer = bytes([given.type]) + given.counter + given.value + given.issuer_data
        return Response(tlv.encode(0x80, answer))

    def _first(
        self, begun: Begun, asked: GenerateCryptogram, values: dict[int, bytes]
    ) -> Cryptogram:
        decision = asked.type
        if decision is CryptogramType.APPROVED:
            decision = CryptogramType.ONLINE
        given = cryptogram(self._card_key, begun.counter, values, decision)
        if decision is CryptogramType.ONLINE:
            begun.stage, begun.asked = Stage.ONLINE, given
        else:
            self._begun = None
        return given

    def _second(
        self, begun: Begun, asked: GenerateCryptogram, values: dict[int, bytes]
    ) -> Cryptogram:
        self._begun = None
        approved = begun.response_code in APPROVING_RESPONSES and not begun.issuer_was_wrong
        decision = asked.type if approved else CryptogramType.DECLINED
        change = self._memory.begin()
        if begun.response_code is not None:
            self._counters.went_online(change, begun.counter)
        if decision is CryptogramType.APPROVED:
            self._counters.log(change, begun.counter, values)
        change.commit()
        first = CryptogramType.ONLINE
        return cryptogram(self._card_key, begun.counter, values, first, decision)

    def _authenticate_issuer(self, command: CommandApdu) -> Response:
        given = IssuerAuthentication.parse(command)
        begun = self._begun
        if begun is None or begun.asked is None or begun.response_code or begun.issuer_was_wrong:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        expected = response_cryptogram(self._card_key, begun.asked, given.response_code)
        if not hmac.compare_digest(expected, given.cryptogram):
            begun.issuer_was_wrong = True
            raise Refused(sw.AUTHENTICATION_FAILED)
        begun.response_code = given.response_code
        return Response()

    def _get_data(self, command: CommandApdu) -> Response:
        tag = GetData.parse(command).tag
        value = {
            0x9F36: self._counters.current,
            0x9F13: self._counters.last_online,
            0x9F17: bytes([BANK_PIN_TRIES]),
            0x9F4F: LOG_FORMAT,
        }.get(tag)
        if value is None:
            raise Refused(sw.KEY_NOT_FOUND)
        return Response(tlv.encode(tag, value))
