"""Transit as the routes see it: loads, taps, purchases, refusals, what a gate is told, a card's own
view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from card_platform.issuance.service import Issuance
from card_platform.issuance.store import find_state_of_application
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.services.transit import store
from card_platform.services.transit.loads import Loads
from card_platform.services.transit.matching import match_entries
from card_platform.services.transit.model import CardRefusedByGate, Ride
from card_platform.services.transit.purchases import Purchases
from card_platform.services.transit.taps import Taps
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.model import purse_account
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


@dataclass(frozen=True, slots=True)
class GateRefusal:
    """What a gate tells of a card it did not let through."""

    application_serial: str
    reason: str
    station: str
    at: str
    revocation_list_version: int


@dataclass(frozen=True, slots=True)
class PurseView:
    """A card's purse: balance by the ledger, rides, refusals, loads, purchases in order.

    `entries` gives the entry tap of each exit tap that has one."""

    balance_fen: int
    rides: list[Ride]
    entries: dict[str, str]
    refusals: list[tuple[Any, ...]]
    loads: list[tuple[Any, ...]]
    purchases: list[tuple[Any, ...]]


class Transit:
    """The purse service of one region."""

    def __init__(
        self,
        policy: RegionPolicy,
        keys: SecurityModule,
        ledger: Ledger,
        issuance: Issuance,
        clock: Clock,
    ) -> None:
        self.policy = policy
        self.clock = clock
        self.loads = Loads(policy, keys, ledger, clock)
        self.taps = Taps(policy, keys, ledger, clock)
        self.purchases = Purchases(policy, keys, ledger, clock)
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

    def view(self, tx: Transaction, card_id: str) -> PurseView:
        """The purse of a card.

        Raises:
            CardIsUnknown: there is no such card.
        """
        serial = self._issuance.get_card(tx, card_id).application_serial
        return PurseView(
            balance_fen=self._ledger.balance(tx, purse_account(serial)),
            rides=store.rides_of(tx, serial),
            entries=match_entries(store.taps_of(tx, serial)),
            refusals=store.refusals_of_purse(tx, serial),
            loads=store.loads_of(tx, serial),
            purchases=store.purchases_of(tx, serial),
        )
