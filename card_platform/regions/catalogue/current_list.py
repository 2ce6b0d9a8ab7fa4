"""The current list of an area, by pages: of every item the version in effect, if there is one."""

from __future__ import annotations

from datetime import date

from card_platform.regions.catalogue import store
from card_platform.regions.catalogue.model import Item, version_in_effect
from card_platform.regions.catalogue.service import Listed
from card_platform.storage import Page, Paged, Transaction
from card_platform.storage.paging import sifted


def page_in_effect(tx: Transaction, area: str, day: date, page: Page) -> Paged[Listed]:
    """A page of the items in effect in an area on a day, oldest first."""

    def make(item: Item) -> Listed | None:
        version = version_in_effect(item, store.versions_of(tx, item.item_id), area, day)
        return None if version is None else Listed(item, version)

    return sifted(lambda part: store.page_of_items(tx, part), make, page)
