"""A desk that takes money less the concessions of certificates: an entrance, a service counter.

Rules (NM-10c): the certificate is read from the card; the platform says whether its licence still
stands and what it takes off at such a place; the greatest concession counts. Without the line the
desk knows neither, and takes the full price. What costs nothing is not sold.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final, Literal

from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.concession import concessions_of
from virtual_cards.terminals.holder_desk import HolderDesk, NotReceived, Received
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.messages import LicenceCheckRequest
from virtual_cards.terminals.moments import Clock
from virtual_cards.terminals.outcomes import Sold, TurnedAway
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformIsUnreachable, PlatformLine
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.till import Till

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody pays here; `kind` is the certificate that takes `reduction_percent` off."""

    received: Received
    price_fen: int
    reduction_percent: int
    kind: str | None

    @property
    def charged_fen(self) -> int:
        """The price less the concession, rounded down in favour of the holder."""
        return self.price_fen * (_PERCENT - self.reduction_percent) // _PERCENT


@dataclass(frozen=True, slots=True)
class Charged:
    """The holder may go in, or was served; `sold` is None where nothing was to pay."""

    offer: Offer
    sold: Sold | None


class ConcessionDesk(HolderDesk):
    """One desk at an entrance (`entry`) or a service counter (`counter`), with a till."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        line: PlatformLine,
        *,
        place: Literal["entry", "counter"],
        institution: str,
        clock: Clock,
        journal: Journal | None = None,
    ) -> None:
        """`institution` is whose desk it is, as the holder will read it; else as `HolderDesk`."""
        journal = journal or Journal()
        self._till = Till(
            reader, security_module, parameters, clock=clock, line=line, journal=journal
        )
        self._place = place
        self._institution = institution
        super().__init__(reader, security_module, parameters, line, clock=clock, journal=journal)

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new parameters and a new revocation list."""
        super().use_parameters(parameters)
        self._till.use_parameters(parameters)

    def take(self, bill: str, price_fen: int) -> Charged | NotReceived | TurnedAway:
        """Who is it, what do they pay, and take it from the purse.

        Raises as `HolderDesk.receive` and `Till.sell`.
        """
        offer = self.offer(price_fen)
        if isinstance(offer, NotReceived):
            return offer
        if offer.charged_fen == 0:
            return Charged(offer, None)
        sold = self._till.sell(bill, offer.charged_fen)
        return sold if isinstance(sold, TurnedAway) else Charged(offer, sold)

    def offer(self, price_fen: int) -> Offer | NotReceived:
        """What the holder of the card in the reader pays. Raises as `HolderDesk.receive`."""
        received = self.receive(self._place)
        if isinstance(received, NotReceived):
            return received
        today = self.now().date()
        kinds = {
            each.kind.name.lower() for each in concessions_of(self.dialogue) if each.holds_on(today)
        }
        found = [(self._percent(received, kind), kind) for kind in sorted(kinds)]
        percent, kind = max(found, default=(0, None))
        return Offer(received, price_fen, percent, kind if percent else None)

    def _percent(self, received: Received, kind: str) -> int:
        if received.check_id is None:
            return 0
        holder = received.holder
        request = LicenceCheckRequest(
            holder.card_number, kind, self._place, self._institution, received.check_id
        )
        try:
            check = self.line.check_licence(request, f"licence-check-{secrets.token_hex(16)}")
        except PlatformIsUnreachable:
            return 0
        if not check.held:
            return 0
        here = [each.reduction_percent for each in check.concessions if each.place == self._place]
        return max(here, default=0)
