"""The files of one DF together with the memory in which their contents stand.

Rules: this is the only place that knows under which slot a file is stored and how a record joins a
file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.files.memory import PersistentMemory, Slot, Transaction
from virtual_cards.files.specification import DedicatedFile, ElementaryFile, Structure


@dataclass(frozen=True, slots=True)
class _Index:
    """How the files of a DF are found, and where they stand: the same for every card."""

    by_short_identifier: dict[int, ElementaryFile]
    by_identifier: dict[int, ElementaryFile]
    content_slots: dict[str, Slot[bytes]]
    record_slots: dict[str, Slot[tuple[bytes, ...]]]


class Directory:
    """A DF in a memory."""

    __slots__ = ("_index", "memory")

    def __init__(self, specification: DedicatedFile, memory: PersistentMemory) -> None:
        self.memory = memory
        self._index = _index_of(specification)

    def by_short_identifier(self, short_identifier: int) -> ElementaryFile:
        """The file with this SFI. Raises `Refused` 6A82."""
        file = self._index.by_short_identifier.get(short_identifier)
        if file is None:
            raise Refused(sw.FILE_NOT_FOUND)
        return file

    def by_identifier(self, identifier: int) -> ElementaryFile:
        """The file with this two-byte identifier. Raises `Refused` 6A82."""
        file = self._index.by_identifier.get(identifier)
        if file is None:
            raise Refused(sw.FILE_NOT_FOUND)
        return file

    def content(self, file: ElementaryFile) -> bytes:
        """The bytes of a transparent file. Raises `Refused` 6981 for a record file."""
        if file.has_records:
            raise Refused(sw.INCOMPATIBLE_WITH_FILE_STRUCTURE)
        return self.memory.read(self._index.content_slots[file.name])

    def records(self, file: ElementaryFile) -> tuple[bytes, ...]:
        """The records of a record file, number 1 first.

        Raises `Refused` 6981 for a transparent file.
        """
        if not file.has_records:
            raise Refused(sw.INCOMPATIBLE_WITH_FILE_STRUCTURE)
        return self.memory.read(self._index.record_slots[file.name])

    def write_content(self, change: Transaction, file: ElementaryFile, content: bytes) -> None:
        """Replace the bytes of a transparent file."""
        change.write(self._index.content_slots[file.name], content)

    def put_record(
        self, change: Transaction, file: ElementaryFile, record: bytes, number: int | None = None
    ) -> None:
        """Put a record: in a cyclic file as the newest, in a linear file at `number` (from 1).

        Raises `Refused` 6700 for a record that does not fit, 6A83 for a number that is not there.
        """
        slot = self._index.record_slots[file.name]
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


@lru_cache(maxsize=512)
def _index_of(directory: DedicatedFile) -> _Index:
    files = directory.files
    return _Index(
        {file.short_identifier: file for file in files},
        {file.identifier: file for file in files},
        {file.name: bytes_slot(directory, file) for file in files},
        {file.name: records_slot(directory, file) for file in files},
    )
