"""The files of one DF together with the memory in which their contents stand.

Rules: this is the only place that knows under which slot a file is stored and how a record joins a
file.
"""

from __future__ import annotations

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.files.memory import PersistentMemory, Slot, Transaction
from virtual_cards.files.specification import DedicatedFile, ElementaryFile, Structure


class Directory:
    """A DF in a memory."""

    def __init__(self, specification: DedicatedFile, memory: PersistentMemory) -> None:
        self.specification = specification
        self.memory = memory
        self._by_short = {file.short_identifier: file for file in specification.files}
        self._by_identifier = {file.identifier: file for file in specification.files}
        self._bytes = {f.name: bytes_slot(specification, f) for f in specification.files}
        self._records = {f.name: records_slot(specification, f) for f in specification.files}

    def by_short_identifier(self, short_identifier: int) -> ElementaryFile:
        """The file with this SFI. Raises `Refused` 6A82."""
        file = self._by_short.get(short_identifier)
        if file is None:
            raise Refused(sw.FILE_NOT_FOUND)
        return file

    def by_identifier(self, identifier: int) -> ElementaryFile:
        """The file with this two-byte identifier. Raises `Refused` 6A82."""
        file = self._by_identifier.get(identifier)
        if file is None:
            raise Refused(sw.FILE_NOT_FOUND)
        return file

    def content(self, file: ElementaryFile) -> bytes:
        """The bytes of a transparent file. Raises `Refused` 6981 for a record file."""
        if file.has_records:
            raise Refused(sw.INCOMPATIBLE_WITH_FILE_STRUCTURE)
        return self.memory.read(self._bytes[file.name])

    def records(self, file: ElementaryFile) -> tuple[bytes, ...]:
        """The records of a record file, number 1 first.

        Raises `Refused` 6981 for a transparent file.
        """
        if not file.has_records:
            raise Refused(sw.INCOMPATIBLE_WITH_FILE_STRUCTURE)
        return self.memory.read(self._records[file.name])

    def write_content(self, change: Transaction, file: ElementaryFile, content: bytes) -> None:
        """Replace the bytes of a transparent file."""
        change.write(self._bytes[file.name], content)

    def put_record(
        self, change: Transaction, file: ElementaryFile, record: bytes, number: int | None = None
    ) -> None:
        """Put a record: in a cyclic file as the newest, in a linear file at `number` (from 1).

        Raises `Refused` 6700 for a record that does not fit, 6A83 for a number that is not there.
        """
        slot = self._records[file.name]
        records = change.read(slot)
        if len(record) > file.size:
            raise Refused(sw.WRONG_LENGTH)
        if file.structure is Structure.CYCLIC:
            if len(record) != file.size:
                raise Refused(sw.WRONG_LENGTH)
            change.write(slot, (record, *records)[: file.records_max])
            return
        if number is None or not 1 <= number <= len(records):
            raise Refused(sw.RECORD_NOT_FOUND)
        change.write(slot, (*records[: number - 1], record, *records[number:]))


def bytes_slot(directory: DedicatedFile, file: ElementaryFile) -> Slot[bytes]:
    """Where the bytes of a transparent file stand."""
    return Slot[bytes](f"{directory.name}/{file.name}")


def records_slot(directory: DedicatedFile, file: ElementaryFile) -> Slot[tuple[bytes, ...]]:
    """Where the records of a record file stand."""
    return Slot[tuple[bytes, ...]](f"{directory.name}/{file.name}")
