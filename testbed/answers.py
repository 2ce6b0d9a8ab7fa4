"""Answers of verbs, as JSON or text: into a file, or to standard output and nothing else there
(`-`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import msgspec

from testbed.faults import Fault

STANDARD_OUTPUT = "-"


def write_json(target: str, answer: Any) -> None:
    """Write an answer, indented. Raises `Fault` when the file cannot be written."""
    text = msgspec.json.format(msgspec.json.encode(answer)).decode()
    if target == STANDARD_OUTPUT:
        print(text)
        return
    try:
        Path(target).write_text(text + "\n", encoding="utf-8")
    except OSError as fault:
        raise Fault(
            f"无法写入 {target}（{fault.strerror}）：请换一个文件。",
            f"{target} cannot be written ({fault.strerror}): name another file.",
        ) from None


@contextmanager
def opened_to_write(target: str) -> Iterator[TextIO]:
    """A file to write text to, or standard output. Raises `Fault` where it cannot be written."""
    if target == STANDARD_OUTPUT:
        yield sys.stdout
        return
    try:
        with Path(target).open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as refused:
        raise Fault(
            f"{target} 无法写入（{refused.strerror}）。",
            f"{target} cannot be written ({refused.strerror}).",
        ) from None
