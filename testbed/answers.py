"""Answers of verbs as JSON: into a file, or to standard output and nothing else there (`-`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
