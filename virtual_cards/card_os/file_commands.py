"""SELECT, READ and UPDATE of the EFs of one DF (ISO/IEC 7816-4, 7.2 and 7.3).

Rules: applets with files hold one of these and pass the command on. `FileSelection` is the volatile
state: the current EF, the record pointer and the security statuses won. Under CLA 04 the data of
UPDATE end in a MAC made with the update key of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.assumptions import SECURED_UPDATE_PROVES_THE_KEY
from virtual_cards.card_os.interindustry import (
    INS_READ_BINARY,
    INS_READ_RECORD,
    INS_SELECT,
    INS_UPDATE_BINARY,
    INS_UPDATE_RECORD,
    BinaryAddress,
    ReadBinary,
    ReadRecord,
    RecordAddress,
    RecordReference,
    UpdateBinary,
    UpdateRecord,
)
from virtual_cards.card_os.secure_messaging import SECURED, SecureMessaging
from virtual_cards.files.access import AccessCondition, SecurityStatus, key
from virtual_cards.files.contents import Directory
from virtual_cards.files.specification import ElementaryFile, Structure


@dataclass(slots=True)
class FileSelection:
    """Volatile: lost on reset and when another DF is selected."""

    current: ElementaryFile | None = None
    pointer: int | None = None
    """Index (from 0) of the current record."""
    won: set[SecurityStatus] = field(default_factory=set)

    def clear(self) -> None:
        """Forget everything."""
        self.forget_file()
        self.won.clear()

    def forget_file(self) -> None:
        """Forget the current file; the security statuses stay."""
        self.current = None
        self.pointer = None


class FileCommands:
    """The file commands of one DF."""

    __slots__ = ("_secure_messaging", "directory", "selection")

    def __init__(
        self, directory: Directory, secure_messaging: SecureMessaging | None = None
    ) -> None:
        self.directory = directory
        self._secure_messaging = secure_messaging
        self.selection = FileSelection()

    def call(self, command: CommandApdu) -> Response | None:
        """Answer a file command; None when the INS is no file command. Raises `Refused`."""
        call = _CALLS.get(command.ins)
        if call is None:
            return None
        if not command.cla:
            return call(self, command)
        if command.cla == SECURED:
            return self._secured(command)
        raise Refused(sw.CLASS_NOT_SUPPORTED)

    def select_file(self, command: CommandApdu) -> Response:
        """SELECT of an EF by its identifier: cards of LD/T 32 answer no data."""
        file = self.directory.by_identifier(int.from_bytes(command.data, "big"))
        self.selection.current = file
        self.selection.pointer = None
        return Response()

    def read_record(self, command: CommandApdu) -> Response:
        """READ RECORD: one record, or all from one to the last."""
        address = ReadRecord.parse(command).address
        file = self._file(address.short_identifier)
        records = self.directory.records(file)
        self._require(file.read)
        index = self._index(file, records, address)
        if address.reference is RecordReference.FROM_NUMBER_TO_LAST:
            return _joined(records[index:])
        if address.reference is RecordReference.FROM_LAST_TO_NUMBER:
            return _joined(records[index:][::-1])
        return Response(records[index])

    def update_record(
        self, command: CommandApdu, proven: frozenset[SecurityStatus] = frozenset()
    ) -> Response:
        """UPDATE RECORD: replace a record; `previous` in a cyclic file adds the newest."""
        update = UpdateRecord.parse(command)
        file = self._file(update.address.short_identifier)
        records = self.directory.records(file)
        self._require(file.update, proven)
        number = None
        if file.structure is not Structure.CYCLIC:
            number = self._index(file, records, update.address) + 1
            identifier = file.record_identifier.of(records[number - 1])
            if identifier is not None and file.record_identifier.of(update.record) != identifier:
                raise Refused(sw.WRONG_DATA)
        change = self.directory.memory.begin()
        self.directory.put_record(change, file, update.record, number)
        change.commit()
        return Response()

    def read_binary(self, command: CommandApdu) -> Response:
        """READ BINARY: at most Le bytes from the offset."""
        read = ReadBinary.parse(command)
        file = self._file(read.address.short_identifier)
        content = self.directory.content(file)
        self._require(file.read)
        return Response(
            content[read.address.offset :][: self._fitting(read.address, content, read.length)]
        )

    def update_binary(
        self, command: CommandApdu, proven: frozenset[SecurityStatus] = frozenset()
    ) -> Response:
        """UPDATE BINARY: replace bytes at the offset; the file does not grow."""
        update = UpdateBinary.parse(command)
        file = self._file(update.address.short_identifier)
        content = self.directory.content(file)
        self._require(file.update, proven)
        start = update.address.offset
        self._fitting(update.address, content, LE_MAX)
        end = start + len(update.content)
        if end > len(content):
            raise Refused(sw.WRONG_LENGTH)
        change = self.directory.memory.begin()
        self.directory.write_content(change, file, content[:start] + update.content + content[end:])
        change.commit()
        return Response()

    def _secured(self, command: CommandApdu) -> Response:
        """UPDATE under CLA 04: open it with the update key of its file, then carry it out."""
        updates_record = command.ins == INS_UPDATE_RECORD
        if self._secure_messaging is None or not (
            updates_record or command.ins == INS_UPDATE_BINARY
        ):
            raise Refused(sw.SECURE_MESSAGING_NOT_SUPPORTED)
        address: RecordAddress | BinaryAddress = (
            RecordAddress.parse(command.p1, command.p2)
            if updates_record
            else BinaryAddress.parse(command.p1, command.p2)
        )
        file = self._file(address.short_identifier)
        if file.update_key is None:
            raise Refused(sw.SECURE_MESSAGING_NOT_SUPPORTED)
        plain = command._replace(cla=0, data=self._secure_messaging.open(command, file.update_key))
        proven = frozenset({key(file.update_key)} if SECURED_UPDATE_PROVES_THE_KEY else set())
        update = self.update_record if updates_record else self.update_binary
        return update(plain, proven)

    def _file(self, short_identifier: int) -> ElementaryFile:
        if short_identifier:
            file = self.directory.by_short_identifier(short_identifier)
            if file is not self.selection.current:
                self.selection.current = file
                self.selection.pointer = None
            return file
        if self.selection.current is None:
            raise Refused(sw.NO_CURRENT_FILE)
        return self.selection.current

    def _require(
        self, condition: AccessCondition, proven: frozenset[SecurityStatus] = frozenset()
    ) -> None:
        won = self.selection.won
        if not condition.is_met_by(won | proven if proven else won):
            raise Refused(sw.SECURITY_STATUS_NOT_SATISFIED)

    def _index(
        self, file: ElementaryFile, records: tuple[bytes, ...], address: RecordAddress
    ) -> int:
        by_number = address.by_number
        if by_number:
            index = self.selection.pointer if address.p1 == 0 else address.p1 - 1
        else:
            index = self._by_identifier(file, records, address)
        if index is None or not 0 <= index < len(records):
            raise Refused(sw.RECORD_NOT_FOUND)
        if not by_number:
            self.selection.pointer = index
        return index

    def _by_identifier(
        self, file: ElementaryFile, records: tuple[bytes, ...], address: RecordAddress
    ) -> int | None:
        """ISO/IEC 7816-4, 7.3.1: identifier 00 means any record; the pointer moves only here."""
        identifier_of = file.record_identifier.of
        named = [
            index
            for index, record in enumerate(records)
            if address.p1 == 0 or identifier_of(record) == address.p1
        ]
        pointer = self.selection.pointer
        match address.reference:
            case RecordReference.FIRST:
                return named[0] if named else None
            case RecordReference.LAST:
                return named[-1] if named else None
            case RecordReference.NEXT:
                return next((i for i in named if pointer is None or i > pointer), None)
            case _:
                return next((i for i in reversed(named) if pointer is None or i < pointer), None)

    @staticmethod
    def _fitting(address: BinaryAddress, content: bytes, length: int) -> int:
        if address.offset >= len(content):
            raise Refused(sw.OFFSET_OUTSIDE_FILE)
        return length


_CALLS: Final[dict[int, Callable[[FileCommands, CommandApdu], Response]]] = {
    INS_SELECT: FileCommands.select_file,
    INS_READ_RECORD: FileCommands.read_record,
    INS_READ_BINARY: FileCommands.read_binary,
    INS_UPDATE_RECORD: FileCommands.update_record,
    INS_UPDATE_BINARY: FileCommands.update_binary,
}


def _joined(records: tuple[bytes, ...]) -> Response:
    data = b"".join(records)
    if len(data) > LE_MAX:
        raise Refused(sw.FUNCTION_NOT_SUPPORTED)
    return Response(data)
