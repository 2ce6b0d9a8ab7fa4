"""A desk at which the function of a merged scheme works from the social security card: an entrance,
a library (NM-7d, CQ-6b, NX-7c).

Rules: who the holder is and whether the card is good, the desk finds out as every desk does. On
line the platform says whether the function works. Without the line the chip says it: the function
is on the card and in date, and not among those the platform told to have ended. A decision is a
value.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_functions import CardFunction, functions_of
from virtual_cards.terminals.holder_desk import HolderDesk, NotReceived, Received
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.messages import FunctionCheckRequest
from virtual_cards.terminals.moments import Clock
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformIsUnreachable, PlatformLine
from virtual_cards.terminals.security_module import SecurityModule

PURPOSE: Final = "card-function"


@dataclass(frozen=True, slots=True)
class MergedScheme:
    """A scheme as the platform tells it: its id, and its number on cards in hexadecimal."""

    scheme_id: str
    number_on_card: str


@dataclass(frozen=True, slots=True)
class FunctionWorks:
    """The holder may use the function; `on_card` is what the chip said, None where the platform
    said so.
    """

    received: Received
    on_card: CardFunction | None


class FunctionDesk(HolderDesk):
    """One desk for one scheme."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        line: PlatformLine,
        *,
        scheme: MergedScheme,
        clock: Clock,
        journal: Journal | None = None,
    ) -> None:
        """As `HolderDesk`."""
        super().__init__(reader, security_module, parameters, line, clock=clock, journal=journal)
        self._scheme = scheme

    def use(self) -> FunctionWorks | NotReceived:
        """Does the function work from the card in the reader? Raises as `receive`.

        Reasons beside those of `receive`: `function-not-on-card`, `function-not-in-date`,
        `function-ended`, and what the platform says.
        """
        received = self.receive(PURPOSE)
        if isinstance(received, NotReceived):
            return received
        if not received.is_offline:
            try:
                return self._ask_platform(received)
            except PlatformIsUnreachable:
                pass
        return self._ask_chip(received)

    def _ask_platform(self, received: Received) -> FunctionWorks | NotReceived:
        request = FunctionCheckRequest(received.holder.card_number)
        key = f"function-check-{secrets.token_hex(16)}"
        check = self.line.check_function(self._scheme.scheme_id, request, key)
        if check.result == "valid":
            return FunctionWorks(received, None)
        return NotReceived(received.holder, check.reason or check.result, received.check_id)

    def _ask_chip(self, received: Received) -> FunctionWorks | NotReceived:
        scheme = self._scheme.number_on_card
        found = [each for each in functions_of(self.dialogue) if each.scheme == scheme]
        if not found:
            return NotReceived(received.holder, "function-not-on-card", received.check_id)
        if not found[0].holds_on(self.now().date()):
            return NotReceived(received.holder, "function-not-in-date", received.check_id)
        ended = {
            each.application_serial.upper()
            for each in self.parameters.ended_functions
            if each.scheme == scheme
        }
        if self._application_serial() in ended:
            return NotReceived(received.holder, "function-ended", received.check_id)
        return FunctionWorks(received, found[0])
