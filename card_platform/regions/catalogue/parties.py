"""Whose approval a version of an item needs, and where it holds (CQ-14b, CQ-14c, YD-8).

Rules: an item of one area needs that of its own government, a joint item that of every side of its
agreement. What adjusts a joint item, or withdraws it, needs all its sides too, so that none takes
it off the joint list alone. A joint version holds in the areas of all its sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from card_platform.regions.agreement import Agreement
from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.model import Item, Version
from card_platform.regions.catalogue.workflow import CatalogueAction, VersionState
from card_platform.storage import Transaction

Agreements = Mapping[str, Agreement]


def places_of(agreements: Agreements, item: Item, version: Version) -> list[str]:
    """The areas a version is for: those of all its sides."""
    agreement = agreements.get(version.content.joint_under or "")
    return [item.area] if agreement is None else agreement.parties


def parties_of(tx: Transaction, agreements: Agreements, item: Item, version: Version) -> list[str]:
    """The areas that must approve the version: its own, and those of what it adjusts."""
    adjusted = (each for each in _published(tx, item) if each.version < version.version)
    return _sides(agreements, item, (version, *adjusted))


def withdrawing_parties(tx: Transaction, agreements: Agreements, item: Item) -> list[str]:
    """The areas that must agree before the item is withdrawn: those of what is published."""
    return _sides(agreements, item, _published(tx, item)) or [item.area]


def sides_told(tx: Transaction, agreements: Agreements, item: Item) -> list[str]:
    """The areas that hear of every step of the item: those of each version there ever was."""
    return _sides(agreements, item, store.versions_of(tx, item.item_id))


def waiting_for(tx: Transaction, agreements: Agreements, item: Item, version: Version) -> list[str]:
    """The sides that have not decided yet: on a version compiled, or on a withdrawal begun."""
    if version.state is VersionState.COMPILED:
        return undecided(
            tx, parties_of(tx, agreements, item, version), version, CatalogueAction.APPROVE
        )
    if version.state is VersionState.PUBLISHED:
        sides = withdrawing_parties(tx, agreements, item)
        left = undecided(tx, sides, version, CatalogueAction.WITHDRAW)
        return left if len(left) < len(sides) else []
    return []


def undecided(
    tx: Transaction, sides: Sequence[str], version: Version, action: CatalogueAction
) -> list[str]:
    """Those of the sides that have not taken this step on the version."""
    decided = store.decided_by(tx, version.item_id, version.version, action)
    return [side for side in sides if side not in decided]


def _published(tx: Transaction, item: Item) -> list[Version]:
    versions = store.versions_of(tx, item.item_id)
    return [each for each in versions if each.state is VersionState.PUBLISHED]


def _sides(agreements: Agreements, item: Item, versions: Iterable[Version]) -> list[str]:
    found: dict[str, None] = {}
    for each in versions:
        found |= dict.fromkeys(places_of(agreements, item, each))
    return list(found)
