"""A desk of a library: who reads, under which certificates, and what a fee costs them.

Loans themselves stand with the platform; this desk says whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.concession import Concession, concessions_of
from virtual_cards.terminals.holder_desk import HolderDesk, NotReceived, Received
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.moments import Clock
from virtual_cards.terminals.outcomes import Sold, TurnedAway
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.till import Till

PURPOSE: Final = "library"


@dataclass(frozen=True, slots=True)
class LibraryReader:
    """Somebody who may borrow; concessions that hold today."""

    received: Received
    concessions: tuple[Concession, ...]


class LibraryDesk(HolderDesk):
    """One desk, with a till for fees."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        line: PlatformLine,
        *,
        clock: Clock,
        journal: Journal | None = None,
    ) -> None:
        """As `HolderDesk`."""
        journal = journal or Journal()
        self._till = Till(
            reader, security_module, parameters, clock=clock, line=line, journal=journal
        )
        super().__init__(reader, security_module, parameters, line, clock=clock, journal=journal)

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new parameters and a new revocation list."""
        super().use_parameters(parameters)
        self._till.use_parameters(parameters)

    def sign_in(self) -> LibraryReader | NotReceived:
        """Who wants to borrow? Raises as `receive`."""
        received = self.receive(PURPOSE)
        if isinstance(received, NotReceived):
            return received
        today = self.now().date()
        held = tuple(each for each in concessions_of(self.dialogue) if each.holds_on(today))
        return LibraryReader(received, held)

    def take_fee(self, bill: str, amount_fen: int) -> Sold | TurnedAway:
        """Take a fee from the transit purse. Raises as `Till.sell`."""
        return self._till.sell(bill, amount_fen)
