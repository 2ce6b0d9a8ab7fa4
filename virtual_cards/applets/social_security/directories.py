"""The directories below SSSE, DF01 to DF04: names, files, tags, who reads and writes (LD/T 32.6,
tables 1 to 8).

Rules: a table, no code. Files hold simple TLV records; the values are as long as the image says,
since the lengths of most items stand in no public text. Each DF has keys of its own under the same
references as SSSE (04 update, 0A read); the PIN is that of the card. *Medium*: which of PIN, PIN &
RK, PIN or UK opens which file; only EF19 of DF03 (PIN) was seen in a public reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from virtual_cards.applets.social_security.profile import READ_KEY, UPDATE_KEY
from virtual_cards.applets.social_security.specification import (
    RECORD_LENGTH_MAX,
    record_file,
    transparent_file,
)
from virtual_cards.files import (
    PIN,
    AccessCondition,
    DedicatedFile,
    ElementaryFile,
    all_of,
    any_of,
    key,
)

AID_PREFIX: Final = bytes.fromhex("D156000005")
"""Registered provider of the social security card; one byte of the DF follows (LD/T 32.6)."""

_WITH_PIN: Final = all_of(PIN)
_WITH_PIN_AND_KEY: Final = all_of(PIN, key(READ_KEY))
_WITH_PIN_OR_KEY: Final = any_of(PIN, key(UPDATE_KEY))

_RECORDS_MAX: Final = 32
_RESERVED_SIZE: Final = 0x128

KEY_NAMES: Final = {"IRK": 0x00, "RK": READ_KEY, "UK": UPDATE_KEY}
"""Keys of a DF by name in the image."""
OPTIONAL_KEYS: Final = frozenset({"IRK"})


@dataclass(frozen=True, slots=True)
class FileRow:
    """One EF and its content: `tags` of its records (none: any tag), names."""

    file: ElementaryFile
    tags: tuple[int, ...]
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, eq=False)
class DirectoryRow:
    """One DF."""

    name: str
    aid: bytes
    file_identifier: int
    name_zh: str
    name_en: str
    files: tuple[FileRow, ...]

    def file(self, name: str) -> FileRow | None:
        """The row of an EF by its name."""
        return next((row for row in self.files if row.file.name == name), None)


@lru_cache(maxsize=512)
def dedicated_file(
    row: DirectoryRow, names: frozenset[str], further: tuple[ElementaryFile, ...] = ()
) -> DedicatedFile:
    """The DF with those EFs an image brings, and further ones of an extension."""
    files = tuple(file_row.file for file_row in row.files if file_row.file.name in names)
    return DedicatedFile(f"social_security/{row.name}", files + further)


def _records(number: int, tags: str, read: AccessCondition, name_zh: str, name_en: str) -> FileRow:
    file = record_file(f"EF{number:02X}", number, RECORD_LENGTH_MAX, _RECORDS_MAX, read)
    return FileRow(file, tuple(bytes.fromhex(tags)), name_zh, name_en)


def _reserved(number: int) -> FileRow:
    file = transparent_file(f"EF{number:02X}", number, _RESERVED_SIZE, _WITH_PIN_OR_KEY)
    return FileRow(file, (), "预留", "reserved")


def _directory(number: int, name_zh: str, name_en: str, *files: FileRow) -> DirectoryRow:
    aid = AID_PREFIX + bytes([number - 1])
    return DirectoryRow(f"DF{number:02X}", aid, 0xDF00 | number, name_zh, name_en, files)


DIRECTORIES: Final = {
    row.name: row
    for row in (
        _directory(
            0x01,
            "公共应用",
            "public application",
            _records(0x05, "20 21 0E", _WITH_PIN, "户籍", "household"),
            _records(0x06, "23 24 28 2C 2D", _WITH_PIN, "联系方式", "contact"),
            _records(0x07, "29", _WITH_PIN, "就业状态", "state of employment"),
            _records(0x08, "2B", _WITH_PIN, "婚姻状况", "marital state"),
            _records(0x09, "2E 30 32", _WITH_PIN, "单位", "employer"),
            _records(0x0A, "37 38 39", _WITH_PIN, "国籍", "nationality"),
            _records(0x15, "", _WITH_PIN_AND_KEY, "教育", "education"),
            *(_reserved(number) for number in range(0x16, 0x1B)),
        ),
        _directory(
            0x02,
            "就业",
            "employment",
            _records(0x05, "", _WITH_PIN, "职业技能", "skills"),
            _records(0x06, "", _WITH_PIN_AND_KEY, "就业", "employment"),
            _records(0x07, "", _WITH_PIN_AND_KEY, "就业记录", "record of employment"),
            _records(0x09, "", _WITH_PIN_AND_KEY, "求职", "search for work"),
            _records(0x15, "", _WITH_PIN_AND_KEY, "培训", "training"),
            _records(0x16, "", _WITH_PIN_OR_KEY, "预留", "reserved"),
        ),
        _directory(
            0x03,
            "社会保险一",
            "social insurance 1",
            _records(0x05, "", _WITH_PIN_AND_KEY, "失业", "unemployment"),
            _records(0x06, "", _WITH_PIN_AND_KEY, "失业待遇", "unemployment benefit"),
            _records(0x07, "", _WITH_PIN_AND_KEY, "养老", "pension"),
            _records(0x08, "", _WITH_PIN_AND_KEY, "工伤", "injury"),
            _records(0x09, "", _WITH_PIN_AND_KEY, "生育", "maternity"),
            _records(0x15, "", _WITH_PIN_OR_KEY, "工伤补充", "injury, further"),
            _records(0x19, "79", _WITH_PIN, "地方", "local"),
        ),
        _directory(
            0x04,
            "社会保险二（医疗）",
            "social insurance 2 (medical)",
            _records(0x05, "", _WITH_PIN, "医疗保险", "medical insurance"),
            _records(0x06, "", _WITH_PIN, "医疗费用", "medical costs"),
            _records(0x08, "", _WITH_PIN_AND_KEY, "特殊病种", "special diseases"),
            _records(0x09, "", _WITH_PIN_AND_KEY, "医疗记录", "medical record"),
        ),
    )
}
