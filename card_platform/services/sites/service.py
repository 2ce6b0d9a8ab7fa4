"""Use cases of sites: open, equip, put in service for an item, read."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from card_platform.regions.catalogue.model import Equipment
from card_platform.regions.catalogue.refusals import AreaIsElsewhere, ItemIsUnknown
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.policy import RegionPolicy
from card_platform.services.sites import store
from card_platform.services.sites.model import Hours, Site, SiteChanged, lacking
from card_platform.services.sites.refusals import (
    HoursAreImpossible,
    SiteIsKnown,
    SiteIsUnknown,
    SiteLacksEquipment,
)
from card_platform.storage import Page, Paged, Transaction
from card_platform.storage.paging import sifted
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.region import covers


class Sites:
    """The sites of one region."""

    def __init__(self, policy: RegionPolicy, catalogue: Catalogue, clock: Clock) -> None:
        self._policy = policy
        self._catalogue = catalogue
        self._clock = clock

    def open(self, tx: Transaction, site: Site, by: str) -> Site:
        """A new site; its id is given here.

        Raises:
            AreaIsElsewhere, SiteIsKnown, HoursAreImpossible: as they say.
        """
        region = self._policy.region.code
        if not covers(region, site.area):
            raise AreaIsElsewhere(area=site.area, within=region)
        _require_possible(site.hours)
        if any((one.area, one.name_zh) == (site.area, site.name_zh) for one in store.sites(tx)):
            raise SiteIsKnown(area=site.area, name=site.name_zh)
        opened = replace(site, site_id=new_identifier("site"))
        store.add_site(tx, opened)
        self._tell(tx, opened.site_id, "open", by)
        return opened

    def equip(
        self, tx: Transaction, site_id: str, equipment: Sequence[Equipment], by: str
    ) -> tuple[Site, list[str]]:
        """What the site has from now on; the items it can no longer serve are out of service."""
        site = replace(self._find(tx, site_id), equipment=list(dict.fromkeys(equipment)))
        store.save_site(tx, site)
        self._tell(tx, site_id, "equip", by)
        ended = []
        for item_id in store.services(tx).get(site_id, []):
            if self._lacking(tx, site, item_id):
                store.end_service(tx, site_id, item_id)
                self._tell(tx, site_id, f"end-service-of {item_id} at", by)
                ended.append(item_id)
        return site, ended

    def put_in_service(
        self, tx: Transaction, site_id: str, item_id: str, *, in_service: bool, by: str
    ) -> Site:
        """Whether the site serves the item.

        Raises:
            SiteIsUnknown, ItemIsUnknown: as they say; an item must be in effect where the site is.
            SiteLacksEquipment: with everything it lacks.
        """
        site = self._find(tx, site_id)
        if not in_service:
            store.end_service(tx, site_id, item_id)
            self._tell(tx, site_id, f"end-service-of {item_id} at", by)
            return site
        lacks = self._lacking(tx, site, item_id)
        if lacks:
            raise SiteLacksEquipment(lacking=", ".join(lacks))
        store.begin_service(tx, site_id, item_id, moment_of(self._clock.now()))
        self._tell(tx, site_id, f"begin-service-of {item_id} at", by)
        return site

    def services_of(self, tx: Transaction, site: Site) -> list[str]:
        """The items the site is in service for now: an item withdrawn since is none of them."""
        listed = {each.item.item_id for each in self._catalogue.in_effect(tx, site.area)}
        return [one for one in store.services(tx).get(site.site_id, []) if one in listed]

    def look(self, tx: Transaction, site_id: str) -> Site:
        """The site.

        Raises:
            SiteIsUnknown: there is none.
        """
        site = store.find_site(tx, site_id)
        if site is None:
            raise SiteIsUnknown
        return site

    def find(
        self, tx: Transaction, area: str | None, item_id: str | None, page: Page
    ) -> Paged[Site]:
        """A page of the sites of an area that are in service for an item, or of all."""

        def wanted(site: Site) -> Site | None:
            if area is not None and not covers(area, site.area):
                return None
            return site if not item_id or item_id in self.services_of(tx, site) else None

        return sifted(lambda part: store.page_of_sites(tx, part), wanted, page)

    def _find(self, tx: Transaction, site_id: str) -> Site:
        site = store.find_site(tx, site_id, to_change=True)
        if site is None:
            raise SiteIsUnknown
        return site

    def _lacking(self, tx: Transaction, site: Site, item_id: str) -> list[Equipment]:
        try:
            listed = self._catalogue.item_in_effect(tx, item_id, site.area)
        except ItemIsUnknown:
            if item_id in store.services(tx).get(site.site_id, []):
                return []  # not in effect at the moment: nobody is served, nothing is lacking
            raise
        rule = self._policy.catalogue.site_equipment.codes
        return lacking(site.equipment, rule, listed.version.content.equipment)

    def _tell(self, tx: Transaction, site_id: str, step: str, by: str) -> None:
        at = moment_of(self._clock.now())
        tx.emit(SiteChanged(at=at, by=by, site_id=site_id, step=step))


def _require_possible(hours: Sequence[Hours]) -> None:
    for each in hours:
        if each.opens >= each.closes:
            raise HoursAreImpossible(weekday=each.weekday, opens=each.opens, closes=each.closes)
