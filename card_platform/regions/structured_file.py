"""Reads a TOML file into a type; reports all faults at once: file, line, key, found, expected."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from card_platform.errors import EXIT_CALL_WRONG, PlatformCannotStart
from card_platform.vocabulary.faults import Fault, find_faults

Content = TypeVar("Content")


class FileIsFaulty(PlatformCannotStart):
    """A file of the regions that does not say what it must say."""

    def __init__(self, path: Path, faults: list[Fault], lines: dict[str, int]) -> None:
        self.faults = faults
        told = "; ".join(
            f"{path.name}:{_line_of(fault.path, lines)}: {fault.path}: "
            f"found {fault.found}, expected {fault.expected}"
            for fault in faults
        )
        super().__init__(
            f"地区配置 {path} 有 {len(faults)} 处错误，请逐一更正：{told}",
            f"The region file {path} has {len(faults)} faults, mend each of them: {told}",
            EXIT_CALL_WRONG,
        )


def read_structured(
    path: Path,
    wanted: type[Content],
    judge: Callable[[Content], list[Fault]],
    refused: type[FileIsFaulty] = FileIsFaulty,
) -> Content:
    """The file, typed and judged.

    Raises:
        FileIsFaulty: of the kind `refused`, with every fault.
    """
    text = path.read_text(encoding="utf-8")
    lines = _lines(text)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise refused(path, [Fault("$", str(fault), "TOML")], lines) from None
    faults = find_faults(content, wanted)
    if faults:
        raise refused(path, faults, lines)
    typed = msgspec.convert(content, wanted)
    faults = judge(typed)
    if faults:
        raise refused(path, faults, lines)
    return typed


def _lines(text: str) -> dict[str, int]:
    """The line each table or key begins on, by its dotted path (arrays with their index)."""
    found: dict[str, int] = {}
    table, seen = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[\[([\w.]+)\]\]", line):
            index = seen.get(head[1], -1) + 1
            seen[head[1]] = index
            table = f"{head[1]}[{index}]"
            found.setdefault(table, number)
        elif head := re.match(r"\s*\[([\w.]+)\]", line):
            table = head[1]
            found.setdefault(table, number)
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            found.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return found


def _line_of(path: str, lines: dict[str, int]) -> int:
    """The line of the path, or of the nearest table above it."""
    while path:
        if path in lines:
            return lines[path]
        path = re.sub(r"(\.[^.\[]+|\[\d+\]|^[^.\[]+)$", "", path)
    return 1
