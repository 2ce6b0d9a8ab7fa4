"""The transit purse as an application: which command may follow which (JT/T 978.2).

Rules: 8050 prepares, 8052 or 8054 completes; between 8050 03 and 8054 any number of 80DC is
buffered, at most `CACHED_RECORDS_MAX`. What is prepared and buffered is volatile. Completing
without preparing is 6985, completing something else 6901, a wrong MAC 9302; after each of them the
purse is idle. One commit makes the whole transaction.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.transit.commands import (
    INS_GET_BALANCE,
    INS_INITIALIZE,
    INS_LOAD,
    INS_PURCHASE,
    INS_TRANSACTION_PROOF,
    INS_UPDATE_CACHE,
    GetBalance,
    Initialize,
    Load,
    Purchase,
    TransactionProof,
    TransactionType,
    UpdateCache,
)
from virtual_cards.applets.transit.purse import Purse, four_bytes
from virtual_cards.applets.transit.specification import (
    LOG,
    PUBLIC_DATA,
    TRANSIT_AID,
    TRANSIT_DIRECTORY,
    VERSION,
)
from virtual_cards.applets.transit.tac import load_tac, purchase_tac, tac_key
from virtual_cards.assumptions import PURSE_ALGORITHM, PURSE_KEY_INDEX, PURSE_KEY_VERSION
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.command_table import CommandTable
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.card_os.interindustry import INS_GET_CHALLENGE, INS_VERIFY, GetChallenge
from virtual_cards.card_os.pin import Pin
from virtual_cards.files import (
    DedicatedFile,
    Directory,
    ElementaryFile,
    PersistentMemory,
    Structure,
)
from virtual_cards.keys import DesMac, des_mac, load_session, purchase_session

CACHED_RECORDS_MAX: Final = 8
_RANDOM_LENGTH: Final = 4
_PURSE_CLASS: Final = 0x80


@dataclass(frozen=True, slots=True)
class TransitKeys:
    """The diversified keys of one purse, 16 bytes each."""

    purchase: bytes
    load: bytes
    transaction: bytes


@dataclass(slots=True)
class Prepared:
    """Volatile: the transaction 8050 began, and the records 80DC buffered."""

    initialize: Initialize
    random: bytes
    sequence: bytes
    updates: list[tuple[ElementaryFile, bytes, int | None]] = field(default_factory=list)


class Transit:
    """The T-Union purse of one card."""

    aid: Final = TRANSIT_AID
    file_identifier: Final = None

    def __init__(
        self,
        keys: TransitKeys,
        memory: PersistentMemory,
        random: RandomBytes,
        files: DedicatedFile = TRANSIT_DIRECTORY,
    ) -> None:
        self._keys = keys
        self._tac_key: DesMac | None = None
        self._memory = memory
        self._random = random
        self._directory = Directory(files, memory)
        self._files = FileCommands(self._directory)
        self._purse = Purse(self._directory)
        self._pin = Pin(memory)
        self._told, self._fci = b"", b""
        """File 15 as the FCI has it: every tap selects, the file hardly ever changes."""
        self._prepared: Prepared | None = None
        self._commands = CommandTable(
            {
                (_PURSE_CLASS, INS_INITIALIZE): self._initialize,
                (_PURSE_CLASS, INS_LOAD): self._load,
                (_PURSE_CLASS, INS_PURCHASE): self._purchase,
                (_PURSE_CLASS, INS_TRANSACTION_PROOF): self._transaction_proof,
                (_PURSE_CLASS, INS_GET_BALANCE): self._get_balance,
                (_PURSE_CLASS, INS_UPDATE_CACHE): self._update_cache,
                (0x00, INS_GET_CHALLENGE): self._get_challenge,
                (0x00, INS_VERIFY): self._verify,
            },
            self._files,
        )

    def select(self) -> bytes:
        """The FCI: name, version, file 15."""
        self._files.selection.forget_file()
        self._prepared = None
        public_data = self._directory.content(PUBLIC_DATA)
        if public_data is not self._told:
            self._told, self._fci = public_data, _fci(public_data)
        return self._fci

    def deselect(self) -> None:
        """Forget the current file, the PIN status, and whatever was prepared and buffered."""
        self._files.selection.clear()
        self._prepared = None

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        return self._commands.call(command)

    def _initialize(self, command: CommandApdu) -> Response:
        self._prepared = None
        asked = Initialize.parse(command)
        if asked.key_index != PURSE_KEY_INDEX:
            raise Refused(sw.KEY_INDEX_NOT_FOUND)
        sequence = self._purse.sequence(asked.type).to_bytes(2, "big")
        self._purse.balance_after(asked.type, asked.amount_fen)
        balance = four_bytes(self._purse.balance_fen())
        random = self._random(_RANDOM_LENGTH)
        self._prepared = Prepared(asked, random, sequence)
        key = bytes((PURSE_KEY_VERSION, PURSE_ALGORITHM))
        if asked.type is not TransactionType.LOAD:
            return Response(balance + sequence + self._purse.overdraft_limit() + key + random)
        session = load_session(self._keys.load, random, sequence)
        mac = des_mac(session, balance + _amount_and_type(asked) + asked.terminal)
        return Response(balance + sequence + key + random + mac)

    def _load(self, command: CommandApdu) -> Response:
        load = Load.parse(command)
        prepared = self._take_prepared(TransactionType.LOAD)
        asked = prepared.initialize
        session = DesMac(load_session(self._keys.load, prepared.random, prepared.sequence))
        signed = _amount_and_type(asked) + asked.terminal
        _require_mac(session, signed + load.moment, load.mac)
        balance = four_bytes(self._purse.balance_after(asked.type, asked.amount_fen))
        tac = load_tac(
            self._tac_codes(),
            balance_after=balance,
            online=prepared.sequence,
            amount=four_bytes(asked.amount_fen),
            kind=bytes([asked.type]),
            terminal=asked.terminal,
            moment=load.moment,
        )
        self._commit(prepared, load.moment, load.mac + tac)
        return Response(tac)

    def _purchase(self, command: CommandApdu) -> Response:
        purchase = Purchase.parse(command)
        prepared = self._take_prepared(TransactionType.PURCHASE, TransactionType.COMPLEX_PURCHASE)
        asked = prepared.initialize
        session = DesMac(
            purchase_session(
                self._keys.purchase, prepared.random, prepared.sequence, purchase.terminal_sequence
            )
        )
        signed = _amount_and_type(asked) + asked.terminal + purchase.moment
        _require_mac(session, signed, purchase.mac)
        amount = four_bytes(asked.amount_fen)
        mac = session.mac(amount)
        tac = purchase_tac(
            self._tac_codes(),
            amount=amount,
            kind=bytes([asked.type]),
            terminal=asked.terminal,
            terminal_sequence=purchase.terminal_sequence,
            moment=purchase.moment,
        )
        self._commit(prepared, purchase.moment, mac + tac)
        return Response(tac + mac)

    def _update_cache(self, command: CommandApdu) -> Response:
        update = UpdateCache.parse(command)
        prepared = self._prepared
        if prepared is None or prepared.initialize.type is not TransactionType.COMPLEX_PURCHASE:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        file = self._directory.by_short_identifier(update.short_identifier)
        if file is LOG:
            # The log is the card's own witness: only the purse writes it.
            raise Refused(sw.SECURITY_STATUS_NOT_SATISFIED)
        if len(prepared.updates) >= CACHED_RECORDS_MAX:
            raise Refused(sw.NOT_ENOUGH_SPACE)
        prepared.updates.append((file, update.record, self._place(file, update)))
        return Response()

    def _place(self, file: ElementaryFile, update: UpdateCache) -> int | None:
        records = self._directory.records(file)
        if len(update.record) > file.size:
            raise Refused(sw.WRONG_LENGTH)
        if file.structure is Structure.CYCLIC:
            if len(update.record) != file.size:
                raise Refused(sw.WRONG_LENGTH)
            return None
        identifier_of = file.record_identifier.of
        if identifier_of(update.record) != update.identifier:
            raise Refused(sw.WRONG_DATA)
        for number, record in enumerate(records, start=1):
            if identifier_of(record) == update.identifier:
                if len(record) != len(update.record):
                    raise Refused(sw.WRONG_LENGTH)
                return number
        raise Refused(sw.RECORD_NOT_FOUND)

    def _commit(self, prepared: Prepared, moment: bytes, proof: bytes) -> None:
        """The one moment of the transaction: a tear before it leaves no trace."""
        change = self._memory.begin()
        self._purse.book(change, prepared.initialize, moment, proof)
        for file, record, number in prepared.updates:
            self._directory.put_record(change, file, record, number)
        change.commit()

    def _tac_codes(self) -> DesMac:
        """The TAC key, scheduled when it is first needed: most cards of a batch never pay."""
        if self._tac_key is None:
            self._tac_key = DesMac(tac_key(self._keys.transaction))
        return self._tac_key

    def _take_prepared(self, *kinds: TransactionType) -> Prepared:
        prepared, self._prepared = self._prepared, None
        if prepared is None:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        if prepared.initialize.type not in kinds:
            raise Refused(sw.INVALID_STATE)
        return prepared

    def _transaction_proof(self, command: CommandApdu) -> Response:
        asked = TransactionProof.parse(command)
        return Response(self._purse.proof(asked.type, asked.sequence))

    def _get_balance(self, command: CommandApdu) -> Response:
        return Response(self._purse.balance(GetBalance.parse(command).kind))

    def _get_challenge(self, command: CommandApdu) -> Response:
        return Response(self._random(GetChallenge.parse(command).length))

    def _verify(self, command: CommandApdu) -> Response:
        return self._pin.call(command, self._files.selection.won)


def _fci(public_data: bytes) -> bytes:
    proprietary = tlv.encode(0x9F08, VERSION) + tlv.encode(0x9F0C, public_data)
    return tlv.encode(0x6F, tlv.encode(0x84, TRANSIT_AID) + tlv.encode(0xA5, proprietary))


def _amount_and_type(asked: Initialize) -> bytes:
    return four_bytes(asked.amount_fen) + bytes([asked.type])


def _require_mac(session: DesMac, data: bytes, given: bytes) -> None:
    if not hmac.compare_digest(session.mac(data), given):
        raise Refused(sw.MAC_WRONG)
