"""TOML with its lines; what is no TOML is told line by line and the rest is read all the same.

`tomllib` stops at the first error. Here the statement that it could not read is left out and the
rest read again, so that one comma does not hide the faults below it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from sim.fault_sentences import Words
from sim.network_file.faults import FaultyFile, FileFault
from sim.network_file.lines import Lines, Place

SYNTAX_FAULTS_MAX = 20
A_LINE_OF_TOML = "符合 TOML 语法的一行"
UNREADABLE = "unreadable-heading-"
"""Begins the name of a table whose own heading could not be read."""
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_STATEMENT = re.compile(
    r"""^\s*(?:\[\[?[^\[\],]+\]{0,2}\s*(?:\#.*)?$|(?:[\w.-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w-]+)*\s*=)"""
)
"""A heading, or a key with its equals sign: not the next line of an array."""
_STRING_OR_COMMENT = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*")
_CHINESE = (
    ("Invalid value", "正确的值（文字须加引号）"),
    ("Unclosed array", "以 ] 结束的数组"),
    ("Unclosed inline table", "以 } 结束的内联表"),
    ("Expected '='", "键与值之间的等号"),
    ("Expected newline", "一行一个键值"),
    ("Expected ']", "以 ] 或 ]] 结束的表头"),
    ("Unterminated string", "以引号结束的文字"),
    ("Illegal character", "以引号结束的文字"),
    ("Found invalid character", "以引号结束的文字"),
    ('Expected "', "以引号结束的文字"),
    ("Unescaped '\\'", "正确的转义，如 \\n、\\\\"),
    ("Invalid hex value", "正确的转义，如 \\u4e00"),
    ("Invalid date", "正确的日期或时刻"),
    ("Cannot redefine", "每个表只声明一次"),
    ("Escaped character", "正确的转义，如 \\u4e00"),
    ("Cannot overwrite", "每个键只写一次"),
    ("Cannot declare", "每个表只声明一次"),
    ("Cannot mutate", "内联表不能在别处补充"),
    ("Duplicate inline table key", "每个键只写一次"),
    ("Invalid initial character", "字母、数字、- 或 _ 组成的键"),
    ("Invalid statement", "键 = 值，或 [表头]"),
)
_HINTS = (
    ("Invalid value", "a value (text stands in quotes)"),
    ("Unclosed array", "an array that ends with ]"),
    ("Unclosed inline table", "an inline table that ends with }"),
    ("Illegal character", "text that ends with its quotation mark"),
    ("Invalid statement", "key = value, or a [heading]"),
)


@dataclass(slots=True)
class Source:
    """A file read: its tree (what `tomllib` gives), its lines, what was set in the call."""

    name: str
    tree: dict[str, Any]
    lines: Lines
    faults: list[FileFault] = field(default_factory=list)
    settings: dict[Place, str] = field(default_factory=dict)
    """The setting of the call that stands at a place instead of the file's value."""

    def fault(self, place: Place, key: str, found: Words, expected: Words) -> FileFault:
        """A fault at this place of the tree."""
        setting = next((self.settings[up] for up in _upwards(place) if up in self.settings), "")
        return FileFault(self.name, self.lines.of(place), key, found, expected, setting)


def parsed(name: str, text: str) -> Source:
    """The source as far as it is TOML; the statements that are not are among the faults.

    Raises `FaultyFile` when what is left out brings no end of it.
    """
    rows, faults = text.split("\n"), list[FileFault]()
    while True:
        left = "\n".join(rows)
        try:
            tree = tomllib.loads(left)
            tree = {key: each for key, each in tree.items() if not key.startswith(UNREADABLE)}
            return Source(name, tree, Lines(left), faults)
        except tomllib.TOMLDecodeError as fault:
            message = str(fault)
        at = _AT_LINE.search(message)
        number = int(at.group(1)) if at and at.group(1) else len(rows)
        first, last = _statement_around(rows, min(number, len(rows)) - 1)
        faults.append(_syntax_fault(name, first, rows[first], _AT_LINE.sub("", message)))
        if not rows[first].strip() or len(faults) >= SYNTAX_FAULTS_MAX:
            raise FaultyFile(tuple(faults))
        heading = rows[first].lstrip().startswith("[")
        rows[first : last + 1] = [""] * (last + 1 - first)
        if heading:  # what follows belongs to no other table
            rows[first] = f"[{UNREADABLE}{first}]"


def _statement_around(rows: list[str], row: int) -> tuple[int, int]:
    """First and last row of the statement that could not be read: an array or string that was
    left open is noticed only further down.
    """
    while row > 0 and not rows[row].strip():
        row -= 1
    above = next((at for at in range(row - 1, -1, -1) if _STATEMENT.match(rows[at])), None)
    if above is not None and _is_open("\n".join(rows[above:row])):
        return above, row - 1 if _STATEMENT.match(rows[row]) else row
    return row, row


def _is_open(text: str) -> bool:
    bare = _STRING_OR_COMMENT.sub("", text)
    return bare.count("[") > bare.count("]") or bare.count("{") > bare.count("}")


def _syntax_fault(name: str, row: int, text: str, message: str) -> FileFault:
    zh = next((words for begin, words in _CHINESE if message.startswith(begin)), A_LINE_OF_TOML)
    en = next((words for begin, words in _HINTS if message.startswith(begin)), message)
    found = text.strip() or "…"
    return FileFault(
        name,
        row + 1,
        "",
        Words(found, found),
        Words(f" TOML：{zh}", f"TOML: {en[0].lower()}{en[1:]}"),
    )


def _upwards(place: Place) -> list[Place]:
    return [place[:end] for end in range(len(place), 0, -1)]
