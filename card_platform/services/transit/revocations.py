"""The revocation list: purses gates must refuse.

It follows the cards: an event handler runs in the transaction that changes a card's state, so a
card reported lost is on the list when the clerk has the answer. Each change raises the version and
is kept under it, so that a terminal with an older list is told what changed alone. Each version
has a digest, by which a terminal sees whether what it made of the changes is the list that is
meant: the SHA-256 of every serial on it, XORed. So a change costs one hash, however long the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from card_platform.issuance.model import CardStateChanged
from card_platform.services.transit import revocation_store, store
from card_platform.storage import Event, Transaction
from card_platform.storage.counters import last_number, next_number

_VERSION = "revocation-list-version"
CHANGES_MAX = 5_000
"""Most changes one answer tells; whoever is further behind is told the whole list."""


class RevocationDelta(msgspec.Struct, frozen=True):
    """What changed after a version through `version`; where `is_full`, the whole list instead."""

    version: int
    since: int
    is_full: bool
    added: list[str]
    removed: list[str]
    digest: str


@dataclass(frozen=True, slots=True)
class RevocationList:
    """The list as of one version."""

    version: int
    application_serials: list[str]
    digest: str


def digest_of(application_serials: Iterable[str], digest: str = "") -> str:
    """The digest of a list after serials were put on it or taken off it: the same step."""
    mixed = int(digest or "0", 16)
    for serial in application_serials:
        mixed ^= int.from_bytes(hashlib.sha256(serial.encode()).digest(), "big")
    return f"{mixed:064x}"


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
        version = next_number(transaction, _VERSION)
        before = revocation_store.digest_at(transaction, version - 1)
        if before is None:  # the first change, or the first since digests are kept
            digest = digest_of(store.revoked(transaction))
        else:
            digest = digest_of([application_serial], before)
        revocation_store.add_change(
            transaction, version, application_serial, digest, revoked=revoked
        )


def current_list(transaction: Transaction) -> RevocationList:
    """The list as it stands."""
    version, serials = last_number(transaction, _VERSION), store.revoked(transaction)
    return RevocationList(version, serials, _digest(transaction, version, serials))


def list_since(transaction: Transaction, since: int) -> RevocationDelta:
    """What changed since a version: the last of what became of each purse.

    The whole list for a version from before changes were kept, one of another platform, or one too
    far behind.
    """
    version = last_number(transaction, _VERSION)
    if 0 <= version - since <= CHANGES_MAX:
        changes = revocation_store.changes_after(transaction, since)
        if len(changes) == version - since:
            last = dict(changes)
            added = sorted(serial for serial, revoked in last.items() if revoked)
            removed = sorted(serial for serial, revoked in last.items() if not revoked)
            digest = _digest(transaction, version)
            return RevocationDelta(
                version, since, is_full=False, added=added, removed=removed, digest=digest
            )
    whole = store.revoked(transaction)
    digest = _digest(transaction, version, whole)
    return RevocationDelta(version, since, is_full=True, added=whole, removed=[], digest=digest)


def _digest(transaction: Transaction, version: int, whole: Sequence[str] | None = None) -> str:
    """The digest as it was kept, else that of the list itself."""
    kept = revocation_store.digest_at(transaction, version)
    if kept is not None:
        return kept
    return digest_of(store.revoked(transaction) if whole is None else whole)
