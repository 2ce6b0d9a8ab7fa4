"""What everybody reads without a token: catalogue, guide, sites, agreements (NM-6b, YD-7a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from card_platform.regions.agreement import Agreement, find_coverage
from card_platform.regions.catalogue.current_list import page_in_effect
from card_platform.regions.catalogue.refusals import ItemIsUnknown
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.catalogue.shapes import (
    CatalogueAnswer,
    PublicItem,
    SceneAnswer,
    public_item,
)
from card_platform.regions.policy import RegionPolicy
from card_platform.services.sites.refusals import SiteIsUnknown
from card_platform.services.sites.routes import SiteAnswer, tell_site
from card_platform.services.sites.service import Sites
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import ANYONE, LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes

_ROUTES = Routes("public")
_CATALOGUE = PagedList("catalogue", str)
_SITES = PagedList("sites", str)


class GuideService(msgspec.Struct, frozen=True):
    """One card service: on what conditions, in which steps, within how many working days."""

    service: str
    name_zh: str
    name_en: str
    conditions_zh: str
    steps_zh: list[str]
    time_limit_days: int


class GuideAnswer(msgspec.Struct, frozen=True):
    """Who may apply, on which documents, and every card service."""

    region: str
    name_zh: str
    name_en: str
    entitlements: list[str]
    documents: list[str]
    services: list[GuideService]


class ScenesAnswer(msgspec.Struct, frozen=True):
    """Fields of use."""

    scenes: list[SceneAnswer]


class SitesAnswer(msgspec.Struct, frozen=True):
    """Sites."""

    sites: list[SiteAnswer]
    next: str | None


class AgreementsAnswer(msgspec.Struct, frozen=True):
    """Cooperation agreements with other regions."""

    agreements: list[Agreement]


class CoverageAnswer(msgspec.Struct, frozen=True):
    """Whether a card of that region is served there, and under which agreement."""

    served: bool
    agreement: str | None


def public_routes(
    desk: Desk,
    policy: RegionPolicy,
    catalogue: Catalogue,
    sites: Sites,
    *,
    agreements: Sequence[Agreement],
    clock: Clock,
) -> list[HTTPRouteHandler]:
    """The routes without a guard."""
    own = policy.region.code

    @_ROUTES.reads("/v1/guide", ANYONE, "申领条件与办理指南 · Conditions and guide")
    async def guide() -> Response[GuideAnswer]:
        today = clock.now().date()
        services = [
            GuideService(
                each.service,
                each.name_zh,
                each.name_en,
                each.conditions_zh,
                each.steps_zh,
                each.time_limit.on_or_first(today),
            )
            for each in policy.guide
        ]
        answer = GuideAnswer(
            own,
            policy.region.name_zh,
            policy.region.name_en,
            policy.issuance.entitlements.codes,
            policy.issuance.documents.codes,
            services,
        )
        return await desk.look_up(lambda _tx: answer)

    @_ROUTES.lists("/v1/catalogue", ANYONE, "现行应用目录 · The current catalogue")
    async def read_catalogue(
        area: FromQuery[str | None] = None, limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[CatalogueAnswer]:
        page = _CATALOGUE.page(limit, after)

        def look(tx: Transaction) -> CatalogueAnswer:
            day, known = clock.now().date(), catalogue.agreements
            found = page_in_effect(tx, known, area or own, day, page).made(public_item)
            return CatalogueAnswer(area or own, found.rows, _CATALOGUE.cursor(found.last))

        return await desk.look_up(look)

    @_ROUTES.reads(
        "/v1/catalogue/{item_id:str}",
        ANYONE,
        "目录事项 · A listed item",
        ItemIsUnknown,
    )
    async def read_item(
        item_id: FromPath[str], area: FromQuery[str | None] = None
    ) -> Response[PublicItem]:
        return await desk.look_up(
            lambda tx: public_item(catalogue.item_in_effect(tx, item_id, area))
        )

    @_ROUTES.reads("/v1/catalogue-scenes", ANYONE, "应用场景 · Fields of use")
    async def read_scenes() -> Response[ScenesAnswer]:
        return await desk.look_up(
            lambda tx: ScenesAnswer(
                [
                    SceneAnswer(each.code, each.name_zh, each.name_en)
                    for each in catalogue.scenes(tx)
                ]
            )
        )

    @_ROUTES.lists("/v1/sites", ANYONE, "服务网点 · Service sites")
    async def read_sites(
        area: FromQuery[str | None] = None,
        item: FromQuery[str | None] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[SitesAnswer]:
        page = _SITES.page(limit, after)

        def look(tx: Transaction) -> SitesAnswer:
            found = sites.find(tx, area, item, page)
            told = [tell_site(tx, sites, each) for each in found.rows]
            return SitesAnswer(told, _SITES.cursor(found.last))

        return await desk.look_up(look)

    @_ROUTES.reads("/v1/sites/{site_id:str}", ANYONE, "网点 · A site", SiteIsUnknown)
    async def read_site(site_id: FromPath[str]) -> Response[SiteAnswer]:
        return await desk.look_up(lambda tx: tell_site(tx, sites, sites.look(tx, site_id)))

    @_ROUTES.reads("/v1/agreements", ANYONE, "合作协议 · Cooperation agreements")
    async def read_agreements() -> Response[AgreementsAnswer]:
        mine = [each for each in agreements if any(one[:2] == own[:2] for one in each.parties)]
        return await desk.look_up(lambda _tx: AgreementsAnswer(mine))

    @_ROUTES.reads("/v1/agreements/coverage", ANYONE, "外地卡是否受理 · Is a card served here")
    async def coverage(
        card_region: FromQuery[str],
        field: FromQuery[str],
        place: FromQuery[str | None] = None,
        day: FromQuery[date | None] = None,
    ) -> Response[CoverageAnswer]:
        told = find_coverage(
            agreements,
            card_region=card_region,
            place=place or own,
            field=field,
            day=day or clock.now().date(),
        )
        answer = CoverageAnswer(told.served, told.agreement.id if told.agreement else None)
        return await desk.look_up(lambda _tx: answer)

    return [
        guide, read_catalogue, read_item, read_scenes, read_sites, read_site,
        read_agreements, coverage,
    ]  # fmt: skip
