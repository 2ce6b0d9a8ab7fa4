"""One line on a terminal that says how far something is; quiet elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console


class StatusLine:
    """A context manager: the line is there while it is open. It goes to standard error."""

    def __init__(self, words: str = "") -> None:
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status(words)

    def show(self, words: str) -> None:
        """What it says from now on."""
        self._status.update(words)

    def print_above(self, words: str) -> None:
        """A line that stays, where there is a terminal."""
        if self._console.is_terminal:
            self._console.print(words)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._status.stop()
