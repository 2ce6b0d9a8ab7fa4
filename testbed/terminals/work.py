"""The work of a terminal: one method a card, one for new parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from testbed.terminals.outcome import Outcome
from virtual_cards.terminals import TerminalParameters


def _nothing(_parameters: TerminalParameters) -> None:
    """A terminal that works without parameters."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a kind does: `did` names it, `serve` does it with the card in the reader."""

    did: str
    serve: Callable[[], Outcome]
    use_parameters: Callable[[TerminalParameters], None] = _nothing
