"""MF, DF and EF: their structure and who may use them (ISO/IEC 7816-4, 7.1; LD/T 32.6).

Rules: frozen, no contents. A file is found by its identifier (two bytes) or by its short identifier
(5 bits).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from virtual_cards.files.access import ALWAYS, NEVER, AccessCondition

MASTER_FILE_ID: Final = 0x3F00


class Structure(Enum):
    """How a file holds its bytes (ISO/IEC 7816-4, 7.1.3)."""

    TRANSPARENT = auto()
    LINEAR_VARIABLE = auto()
    CYCLIC = auto()
    """Record 1 is always the newest."""


class RecordIdentifier(Enum):
    """Which byte of a record READ RECORD by identifier compares with P1."""

    NONE = auto()
    TAG = auto()
    """The first byte: records of social security files are simple TLV (LD/T 32.6)."""
    APPLICATION = auto()
    """The second byte: records of file 1A begin with the type of a complex application, 27xx (JT/T
    978).
    """

    def of(self, record: bytes) -> int | None:
        """The identifier of a record; None when it has none."""
        if self is RecordIdentifier.TAG:
            return record[0] if record else None
        if self is RecordIdentifier.APPLICATION:
            return record[1] if len(record) > 1 else None
        return None


@dataclass(frozen=True, slots=True)
class ElementaryFile:
    """One EF. `size` is the length in bytes of a transparent file, or the longest record of a
    record file.
    """

    name: str
    identifier: int
    short_identifier: int
    structure: Structure
    size: int
    records_max: int = 0
    read: AccessCondition = ALWAYS
    update: AccessCondition = NEVER
    record_identifier: RecordIdentifier = RecordIdentifier.NONE
    update_key: int | None = None
    """The key whose MAC secures UPDATE under CLA 04; None where there is none."""

    @property
    def has_records(self) -> bool:
        """Whether the file is read with READ RECORD."""
        return self.structure is not Structure.TRANSPARENT


@dataclass(frozen=True, slots=True, eq=False)
class DedicatedFile:
    """A directory (MF, DDF or ADF) and its elementary files; `name` prefixes their places in
    memory.

    Every card of a kind shares one of these, so that it is known by identity.
    """

    name: str
    files: tuple[ElementaryFile, ...]
