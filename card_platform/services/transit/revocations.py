"""The revocation list: purses gates must refuse.

It follows the cards: an event handler runs in the transaction that changes a card's state, so a
card reported lost is on the list when the clerk has the answer. Each change raises the version.
"""

from __future__ import annotations

from dataclasses import dataclass

from card_platform.issuance.model import CardStateChanged
from card_platform.services.transit import store
from card_platform.storage import Event, Transaction
from card_platform.storage.counters import last_number, next_number

_VERSION = "revocation-list-version"


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The list as of one version."""

    version: int
    application_serials: list[str]


def follow_cards(transaction: Transaction, event: Event) -> None:
    """Event handler: put the purse of a stopped card on the list, take a restored one off."""
    if isinstance(event, CardStateChanged):
        list_purse(transaction, event.application_serial, event.at, revoked=event.revoked)


def list_purse(
    transaction: Transaction, application_serial: str, at: str, *, revoked: bool
) -> None:
    """Put a purse on the list or take it off, be it this region's or another's."""
    if revoked:
        changed = store.revoke(transaction, application_serial, at)
    else:
        changed = store.unrevoke(transaction, application_serial)
    if changed:
        next_number(transaction, _VERSION)


def current_list(transaction: Transaction) -> RevocationList:
    """The list as it stands."""
    return RevocationList(last_number(transaction, _VERSION), store.revoked(transaction))
