"""Transit as the routes see it: loads, taps, purchases, refusals, what a gate is told, a card's own
view.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from card_platform.issuance.service import Issuance
from card_platform.issuance.store import find_state_of_application
from card_platform.keys import SecurityModule
from card_platform.regions import Agreement, RegionPolicy
from card_platform.services.transit import store
from card_platform.services.transit.loads import Loads
from card_platform.services.transit.matching import match_entries
from card_platform.services.transit.model import CardRefusedByGate, GateRefusal, Ride
from card_platform.services.transit.purchases import Purchases
from card_platform.services.transit.refunds import Refunds
from card_platform.services.transit.tap_batches import TapBatches
from card_platform.services.transit.taps import Taps
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import (
    purse_account,
)
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


class RideOnPurse(NamedTuple):
    """A ride and its entry tap; None where that has not come, or there is none."""

    ride: Ride
    entry_tap_id: str | None


class Transit:
    """The purse service of one region."""

    def __init__(
        self,
        policy: RegionPolicy,
        keys: SecurityModule,
        ledger: Ledger,
        issuance: Issuance,
        clock: Clock,
        *,
        agreements: Sequence[Agreement],
    ) -> None:
        self.policy = policy
        self.clock = clock
        self.loads = Loads(policy, keys, ledger, clock)
        self.taps = Taps(policy, keys, ledger, agreements, clock)
        self.tap_batches = TapBatches(self.taps, ledger, clock)
        self.purchases = Purchases(policy, keys, ledger, clock)
        self.refunds = Refunds(policy, ledger, issuance, clock)
        self._ledger = ledger
        self._issuance = issuance

    def record_refusal(self, tx: Transaction, refusal: GateRefusal, caller: Caller) -> str:
        """Put a gate's refusal on record; also that of a card nobody here issued."""
        refusal_id = new_identifier("refusal")
        store.add_refusal(
            tx,
            refusal_id=refusal_id,
            application_serial=refusal.application_serial,
            reason=refusal.reason,
            station=refusal.station,
            at=refusal.at,
            revocation_list_version=refusal.revocation_list_version,
            terminal_number=caller.terminal_number,
        )
        found = find_state_of_application(tx, refusal.application_serial)
        tx.emit(
            CardRefusedByGate(
                at=moment_of(self.clock.now()),
                by=caller.name,
                card_id=found[0] if found else None,
                reason=refusal.reason,
                station=refusal.station,
            )
        )
        return refusal_id

    def purse_of(self, tx: Transaction, card_id: str) -> str:
        """The application serial of a card.

        Raises:
            CardIsUnknown: there is no such card.
        """
        return self._issuance.get_card(tx, card_id).application_serial

    def balance_fen(self, tx: Transaction, application_serial: str) -> int:
        """What a purse holds by the ledger."""
        return self._ledger.balance(tx, purse_account(application_serial))

    def rides(self, tx: Transaction, application_serial: str, page: Page) -> Paged[RideOnPurse]:
        """Rides of a purse with their entry taps, the latest first."""
        found = store.page_of_rides(tx, application_serial, page)
        exits = [row["exit"] for row in found.rows]
        if not exits:
            return Paged([], [], more=False)
        entries = match_entries(store.taps_between(tx, application_serial, min(exits), max(exits)))

        def made(row: dict[str, Any]) -> RideOnPurse:
            return RideOnPurse(row["ride"], entries.get(row["ride"].exit_tap_id))

        return found.made(made)
