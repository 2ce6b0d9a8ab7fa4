"""What guides quote of commands: read, and written again from what the commands say today.

Rules: a block of one command (```) followed by a block of text (```text) is a quote: the text is
all that the command prints on a terminal 100 columns wide, in the language of the guide. A test
runs every quoted command. When figures change, write the quotes again,

    python -m testbed.guides

and read the sentences around the ones that are named: they were written about other figures.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from testbed.faults import FELL_SHORT

_GUIDES: Final = Path(__file__).resolve().parents[1] / "docs" / "guides"
PAGES: Final = ((_GUIDES / "planner.md", "en"), (_GUIDES / "planner.zh-CN.md", "zh"))
"""Guides that quote, each with its language."""
COLUMNS: Final = 100
_QUOTE: Final = re.compile(r"^```\n(onecard [^`]+?)\n```\n\n```text\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Quote:
    """A command as a guide writes it, and what the guide says it prints."""

    command: str
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the call, without `onecard`."""
        return tuple(shlex.split(self.command.replace("\\\n", " ")))[1:]


def quotes_of(page: str) -> Iterator[Quote]:
    """The quotes of a page, in their order."""
    for found in _QUOTE.finditer(page):
        yield Quote(found.group(1), found.group(2))


def as_quoted(printed: str) -> str:
    """What a command printed as a guide shows it: no line is wider than the page."""
    console = Console(width=COLUMNS)
    lines = [
        folded.plain.rstrip()
        for line in printed.splitlines()
        for folded in Text(line.rstrip()).wrap(console, COLUMNS) or [Text()]
    ]
    return "".join(f"{line}\n" for line in lines)


def written_again(page: str, language: str) -> str:
    """The page with every quote as its command speaks today. A call that is
    wrong ends this process.
    """

    def again(found: re.Match[str]) -> str:
        quote = Quote(found.group(1), found.group(2))
        return found.group().replace(
            f"```text\n{quote.text}```", f"```text\n{_said(quote, language)}```"
        )

    return _QUOTE.sub(again, page)


def _said(quote: Quote, language: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [Path(sys.executable).with_name("onecard"), *quote.words, "--lang", language],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "COLUMNS": str(COLUMNS)},
        )
    if done.returncode > FELL_SHORT:
        sys.exit(f"{quote.command}\n{done.returncode}")
    return as_quoted(done.stdout)


def _write_all_again() -> None:
    for path, language in PAGES:
        before = path.read_text(encoding="utf-8")
        after = written_again(before, language)
        path.write_text(after, encoding="utf-8")
        for old, new in zip(quotes_of(before), quotes_of(after), strict=True):
            if old.text != new.text:
                print(f"{path.name}: {new.command}")


if __name__ == "__main__":
    _write_all_again()
