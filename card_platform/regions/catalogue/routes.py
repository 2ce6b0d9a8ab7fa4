"""HTTP routes of the catalogue for those who compile, decide and inspect it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.regions.catalogue import refusals, store
from card_platform.regions.catalogue.model import Listed, level_of
from card_platform.regions.catalogue.parties import waiting_for
from card_platform.regions.catalogue.service import Catalogue
from card_platform.regions.catalogue.shapes import (
    ApprovalBody,
    ChangeAnswer,
    CompilationBody,
    DecisionBody,
    HistoryAnswer,
    ItemAnswer,
    ItemsAnswer,
    PublicationBody,
    SceneAnswer,
    SceneBody,
    filing_of,
)
from card_platform.regions.policy import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("catalogue")
_ITEMS = PagedList("catalogue-items", str)
_HISTORY = PagedList("catalogue-history", int)

COMPILERS = ("department", "supervisor")
READERS = ("department", "supervisor", "inspector", "auditor", "operator", "clerk")
_OF_SIDES = (refusals.SideDecidesItself, refusals.PaperIsMissing)
_CHANGES = (
    refusals.ItemIsUnknown,
    refusals.CatalogueStateForbids,
    refusals.ItemOfHigherLevel,
    refusals.AuthorityIsNotCompetent,
    refusals.ItemOfAnotherRegion,
)
_CONTENT = (
    refusals.OwnerIsUnknown,
    refusals.SceneIsUnknown,
    refusals.AgreementIsUnknown,
    refusals.AreaIsElsewhere,
    refusals.ItemIsListed,
)


class ItemTeller:
    """Writes items as staff read them."""

    def __init__(self, catalogue: Catalogue, policy: RegionPolicy, clock: Clock) -> None:
        self._catalogue = catalogue
        self._policy = policy
        self._clock = clock

    def tell(self, tx: Transaction, listed: Listed) -> ItemAnswer:
        """An item with the sides it waits for and its filing."""
        item, version = listed.item, listed.version
        today = self._clock.now().date()
        waiting = waiting_for(tx, self._catalogue.agreements, item, version)
        days = self._policy.catalogue.filing_within.on_or_first(today)
        return ItemAnswer(
            item.item_id,
            item.area,
            level_of(item.area),
            version.version,
            version.state.value,
            version.content,
            version.effective_from,
            list(version.pilots),
            waiting,
            filing_of(listed, store.published_at(tx, item.item_id), days, today),
        )


def catalogue_routes(
    desk: Desk, catalogue: Catalogue, policy: RegionPolicy, clock: Clock
) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    teller = ItemTeller(catalogue, policy, clock)

    async def do(
        request: ApiRequest, act: Callable[[Transaction], Listed], status: int = 200
    ) -> Response[ItemAnswer]:
        return await desk.perform(request, lambda tx: teller.tell(tx, act(tx)), status)

    @_ROUTES.creates("/v1/catalogue-items", COMPILERS, "编制事项 · Compile an item", *_CONTENT)
    async def compile_item(
        request: ApiRequest, data: JSONBody[CompilationBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name
        return await do(
            request, lambda tx: catalogue.compile(tx, data.content.content(), who, by), 201
        )

    @_ROUTES.creates(
        "/v1/catalogue-items/{item_id:str}/revision",
        COMPILERS,
        "修改未决事项 · Revise an item",
        *_CHANGES,
        *_CONTENT,
        status=200,
    )
    async def revise(
        request: ApiRequest, item_id: FromPath[str], data: JSONBody[CompilationBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name
        return await do(
            request, lambda tx: catalogue.revise(tx, item_id, data.content.content(), who, by)
        )

    @_ROUTES.creates(
        "/v1/catalogue-items/{item_id:str}/adjustment",
        COMPILERS,
        "动态调整 · Adjust an item",
        *_CHANGES,
        *_CONTENT,
        status=200,
    )
    async def adjust(
        request: ApiRequest, item_id: FromPath[str], data: JSONBody[CompilationBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name
        return await do(
            request, lambda tx: catalogue.adjust(tx, item_id, data.content.content(), who, by)
        )

    @_ROUTES.creates(
        "/v1/catalogue-items/{item_id:str}/approval",
        ("supervisor",),
        "政府决定 · Decision of a government",
        *_CHANGES,
        *_OF_SIDES,
        refusals.PartyHasDecided,
        status=200,
    )
    async def decide(
        request: ApiRequest, item_id: FromPath[str], data: JSONBody[ApprovalBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name
        approves = data.decision_made == "approved"
        return await do(
            request, lambda tx: catalogue.decide(tx, item_id, who, approves=approves, by=by)
        )

    @_ROUTES.creates(
        "/v1/catalogue-items/{item_id:str}/publication",
        ("supervisor",),
        "公布 · Publish an item",
        *_CHANGES,
        refusals.PilotIsNotEarlier,
        refusals.AreaIsElsewhere,
        status=200,
    )
    async def publish(
        request: ApiRequest, item_id: FromPath[str], data: JSONBody[PublicationBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name

        def act(tx: Transaction) -> Listed:
            return catalogue.publish(
                tx,
                item_id,
                who,
                effective_from=data.effective_from,
                pilots=data.read_pilots(),
                by=by,
            )

        return await do(request, act)

    @_ROUTES.creates(
        "/v1/catalogue-items/{item_id:str}/filing",
        ("supervisor",),
        "向上备案 · File an item with the level above",
        *_CHANGES,
        refusals.FilingIsNotNeeded,
        status=200,
    )
    async def file(
        request: ApiRequest, item_id: FromPath[str], data: JSONBody[DecisionBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name
        return await do(request, lambda tx: catalogue.file(tx, item_id, who, by))

    @_ROUTES.creates(
        "/v1/catalogue-items/{item_id:str}/withdrawal",
        ("supervisor",),
        "移出目录 · Withdraw an item",
        *_CHANGES,
        *_OF_SIDES,
        refusals.PartyHasDecided,
        status=200,
    )
    async def withdraw(
        request: ApiRequest, item_id: FromPath[str], data: JSONBody[DecisionBody]
    ) -> Response[ItemAnswer]:
        who, by = data.decision(), request.user.name
        return await do(request, lambda tx: catalogue.withdraw(tx, item_id, who, by))

    @_ROUTES.creates(
        "/v1/catalogue-scenes",
        ("supervisor",),
        "协商纳入新领域 · A field of use joins",
        refusals.SceneIsKnown,
        refusals.OwnerIsUnknown,
    )
    async def join_scene(request: ApiRequest, data: JSONBody[SceneBody]) -> Response[SceneAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> SceneAnswer:
            joined = catalogue.join_scene(
                tx, data.scene(), department=data.department, document=data.document, by=by
            )
            return SceneAnswer(joined.code, joined.name_zh, joined.name_en)

        return await desk.perform(request, work, 201)

    @_ROUTES.lists(
        "/v1/catalogue-items",
        READERS,
        "全部事项及状态 · All items with their states",
    )
    async def look_at_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ItemsAnswer]:
        page = _ITEMS.page(limit, after)

        def look(tx: Transaction) -> ItemsAnswer:
            found = store.page_of_items(tx, page)
            told = [teller.tell(tx, catalogue.look(tx, each.item_id)) for each in found.rows]
            return ItemsAnswer(told, _ITEMS.cursor(found.last))

        return await desk.look_up(look)

    @_ROUTES.reads(
        "/v1/catalogue-items/{item_id:str}",
        READERS,
        "事项 · An item",
        refusals.ItemIsUnknown,
    )
    async def look_at_one(item_id: FromPath[str]) -> Response[ItemAnswer]:
        return await desk.look_up(lambda tx: teller.tell(tx, catalogue.look(tx, item_id)))

    @_ROUTES.lists(
        "/v1/catalogue-items/{item_id:str}/history",
        READERS,
        "事项沿革 · History of an item",
        refusals.ItemIsUnknown,
    )
    async def history(
        item_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[HistoryAnswer]:
        page = _HISTORY.page(limit, after)

        def look(tx: Transaction) -> HistoryAnswer:
            catalogue.look(tx, item_id)
            changes = store.changes_of(tx, item_id, page)
            told = [ChangeAnswer(**asdict(each)) for each in changes.rows]
            return HistoryAnswer(told, _HISTORY.cursor(changes.last))

        return await desk.look_up(look)

    return [
        compile_item, revise, adjust, decide, publish, file, withdraw, join_scene,
        look_at_all, look_at_one, history,
    ]  # fmt: skip
