"""What is in effect in an area on a day: of every item the version in effect, if there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.model import Item, Listed, Version, version_in_effect
from card_platform.regions.catalogue.parties import Agreements, places_of
from card_platform.regions.catalogue.refusals import ItemIsUnknown
from card_platform.storage import Page, Paged, Transaction
from card_platform.storage.paging import sifted


def page_in_effect(
    tx: Transaction, agreements: Agreements, area: str, day: date, page: Page
) -> Paged[Listed]:
    """A page of the items in effect in an area on a day, oldest first."""

    def make(item: Item) -> Listed | None:
        return _listed(agreements, item, store.versions_of(tx, item.item_id), area, day)

    return sifted(lambda part: store.page_of_items(tx, part), make, page)


def all_in_effect(tx: Transaction, agreements: Agreements, area: str, day: date) -> list[Listed]:
    """All of them."""
    versions: dict[str, list[Version]] = {}
    for version in store.versions_of(tx):
        versions.setdefault(version.item_id, []).append(version)
    found = (
        _listed(agreements, item, versions[item.item_id], area, day) for item in store.all_items(tx)
    )
    return [each for each in found if each is not None]


def one_in_effect(
    tx: Transaction, agreements: Agreements, item_id: str, area: str | None, day: date
) -> Listed:
    """One item as it is in effect in an area, by default its own.

    Raises:
        ItemIsUnknown: it is not in effect there.
    """
    item = store.find_item(tx, item_id)
    if item is None:
        raise ItemIsUnknown
    versions = store.versions_of(tx, item_id)
    listed = _listed(agreements, item, versions, area or item.area, day)
    if listed is None:
        raise ItemIsUnknown
    return listed


def _listed(
    agreements: Agreements, item: Item, versions: Sequence[Version], area: str, day: date
) -> Listed | None:
    version = version_in_effect(versions, area, day, partial(places_of, agreements, item))
    return None if version is None else Listed(item, version)
