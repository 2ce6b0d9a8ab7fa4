"""HTTP routes of sites for the operator."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.regions.catalogue.model import Equipment
from card_platform.regions.catalogue.refusals import AreaIsElsewhere, ItemIsUnknown
from card_platform.regions.catalogue.shapes import AreaText, Short
from card_platform.services.sites import refusals
from card_platform.services.sites.model import ACCESSIBLE, Hours, Site
from card_platform.services.sites.service import Sites
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("sites")

EquipmentList = Annotated[list[Equipment], msgspec.Meta(max_length=20)]


class SiteBody(RequestBody, frozen=True):
    """A site to open."""

    area: AreaText
    kind: Short
    name_zh: Short
    address_zh: Short
    phone: Short
    equipment: EquipmentList
    hours: Annotated[list[Hours], msgspec.Meta(min_length=1, max_length=14)]

    def site(self) -> Site:
        """The site, without its id."""
        return Site("", **{name: getattr(self, name) for name in self.__struct_fields__})


class EquipmentBody(RequestBody, frozen=True):
    """All the site has."""

    equipment: EquipmentList


class ServiceBody(RequestBody, frozen=True):
    """Whether the site serves an item."""

    item_id: Short
    in_service: bool


class SiteAnswer(msgspec.Struct, frozen=True):
    """A site, what of its equipment is accessible, the items it is in service for."""

    site: Site
    accessible: list[Equipment]
    in_service_for: list[str]
    ended: list[str] = []


def tell_site(
    tx: Transaction, sites: Sites, site: Site, ended: list[str] | None = None
) -> SiteAnswer:
    """A site as it is read."""
    accessible = [each for each in site.equipment if each in ACCESSIBLE]
    return SiteAnswer(site, accessible, sites.services_of(tx, site), ended or [])


def site_routes(desk: Desk, sites: Sites) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/sites",
        ("operator",),
        "设立网点 · Open a site",
        AreaIsElsewhere,
        refusals.SiteIsKnown,
        refusals.HoursAreImpossible,
    )
    async def open_site(request: ApiRequest, data: JSONBody[SiteBody]) -> Response[SiteAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell_site(tx, sites, sites.open(tx, data.site(), by)), 201
        )

    @_ROUTES.creates(
        "/v1/sites/{site_id:str}/equipment",
        ("operator",),
        "网点设施 · Equipment of a site",
        refusals.SiteIsUnknown,
        status=200,
    )
    async def equip(
        request: ApiRequest, site_id: FromPath[str], data: JSONBody[EquipmentBody]
    ) -> Response[SiteAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> SiteAnswer:
            site, ended = sites.equip(tx, site_id, data.equipment, by)
            return tell_site(tx, sites, site, ended)

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/sites/{site_id:str}/services",
        ("operator",),
        "网点开办事项 · Put a site in service for an item",
        refusals.SiteIsUnknown,
        ItemIsUnknown,
        refusals.SiteLacksEquipment,
        status=200,
    )
    async def serve(
        request: ApiRequest, site_id: FromPath[str], data: JSONBody[ServiceBody]
    ) -> Response[SiteAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> SiteAnswer:
            site = sites.put_in_service(
                tx, site_id, data.item_id, in_service=data.in_service, by=by
            )
            return tell_site(tx, sites, site)

        return await desk.perform(request, work)

    return [open_site, equip, serve]
