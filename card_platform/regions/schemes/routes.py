"""HTTP routes of schemes."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.ecards.shapes import ScannedText
from card_platform.regions.catalogue.shapes import CodeText, Short, Uses
from card_platform.regions.schemes import refusals, store
from card_platform.regions.schemes.function_life import number_on_card
from card_platform.regions.schemes.model import Origin, Scheme, SchemeKind, SchemeState
from card_platform.regions.schemes.service import Schemes
from card_platform.storage import Transaction
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.exact_text import exactly
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("schemes")
_SCHEMES = PagedList("card-schemes", str)

READERS = ("department", "supervisor", "inspector", "auditor", "operator", "clerk")
CardNumberText = Annotated[str, exactly(CARD_NUMBER_PATTERN)]
SCHEME_HOLDERS_MAX = 500
"""Most holders of one request."""


class SchemeBody(RequestBody, frozen=True):
    """A scheme: new, asked for by a national rule (`document`), or issued before."""

    name_zh: Short
    kind: SchemeKind
    scene: CodeText
    owner: CodeText
    uses: Uses
    origin: Origin
    document: Short | None = None

    def scheme(self) -> Scheme:
        """The scheme before it is judged."""
        return Scheme(
            "",
            self.name_zh,
            self.kind,
            self.scene,
            self.owner,
            self.origin,
            self.document,
            SchemeState.REGISTERED,
            None,
        )


class HoldersBody(RequestBody, frozen=True):
    """Numbers of the scheme."""

    numbers: Annotated[list[Short], msgspec.Meta(min_length=1, max_length=SCHEME_HOLDERS_MAX)]


class MoveBody(RequestBody, frozen=True):
    """A holder's number of the scheme, and the social security card."""

    number: Short
    card_number: CardNumberText


class EmptyBody(RequestBody, frozen=True):
    """Nothing to say."""


class SchemeCheckBody(RequestBody, frozen=True):
    """A card, a code of its electronic card, or a number of the scheme."""

    card_number: CardNumberText | None = None
    number: Short | None = None
    code: ScannedText | None = None


class SchemeAnswer(msgspec.Struct, frozen=True):
    """A scheme, the item it is merged into, how many holders have moved; `number_on_card` is how
    chips and terminals know it.
    """

    scheme_id: str
    number_on_card: str
    name_zh: str
    kind: str
    owner: str
    origin: str
    state: str
    item_id: str | None
    holders: int
    moved: int
    percent: int


class SchemesAnswer(msgspec.Struct, frozen=True):
    """Schemes."""

    schemes: list[SchemeAnswer]
    next: str | None


class SchemeCheckAnswer(msgspec.Struct, frozen=True):
    """Whether it works."""

    result: str
    reason: str | None


def scheme_routes(desk: Desk, schemes: Schemes) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    def tell(tx: Transaction, scheme: Scheme) -> SchemeAnswer:
        progress = store.progress_of(tx, scheme.scheme_id)
        return SchemeAnswer(
            scheme.scheme_id,
            number_on_card(scheme.scheme_id),
            scheme.name_zh,
            scheme.kind,
            scheme.owner,
            scheme.origin.value,
            scheme.state.value,
            scheme.item_id,
            progress.holders,
            progress.moved,
            progress.percent,
        )

    known = (refusals.SchemeIsUnknown, refusals.SchemeStateForbids)

    @_ROUTES.creates(
        "/v1/card-schemes",
        ("department",),
        "登记卡、证、码 · Register a scheme",
        refusals.SchemeDuplicatesItem,
        refusals.SchemeResemblesItem,
        refusals.NothingToMergeInto,
    )
    async def register(request: ApiRequest, data: JSONBody[SchemeBody]) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell(tx, schemes.register(tx, data.scheme(), data.uses, by)), 201
        )

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/merging",
        ("supervisor",),
        "开始融合 · Begin to merge a scheme",
        *known,
        refusals.NothingToMergeInto,
        status=200,
    )
    async def begin(
        request: ApiRequest,
        scheme_id: FromPath[str],
        data: JSONBody[EmptyBody],  # noqa: ARG001
    ) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell(tx, schemes.begin_merging(tx, scheme_id, by))
        )

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/holders",
        ("department",),
        "录入持有人 · Enter holders",
        *known,
        status=200,
    )
    async def enter(
        request: ApiRequest, scheme_id: FromPath[str], data: JSONBody[HoldersBody]
    ) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: tell(tx, schemes.enter_holders(tx, scheme_id, data.numbers, by)),
        )

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/moves",
        ("department", "clerk"),
        "功能融合至社保卡 · Load a function onto the card",
        *known,
        refusals.SchemeHolderIsUnknown,
        refusals.SchemeHolderIsMoved,
        refusals.CardToLoadIsUnknown,
        refusals.CardToLoadIsNotActive,
        status=200,
    )
    async def move(
        request: ApiRequest, scheme_id: FromPath[str], data: JSONBody[MoveBody]
    ) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: tell(tx, schemes.move(tx, scheme_id, data.number, data.card_number, by)),
        )

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/completion",
        ("supervisor",),
        "融合办结 · Finish the merging",
        *known,
        refusals.HoldersAreNotMoved,
        status=200,
    )
    async def finish(
        request: ApiRequest,
        scheme_id: FromPath[str],
        data: JSONBody[EmptyBody],  # noqa: ARG001
    ) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell(tx, schemes.finish_merging(tx, scheme_id, by))
        )

    @_ROUTES.asks(
        "/v1/card-schemes/{scheme_id:str}/checks",
        ("terminal", "clerk", "department"),
        "核验功能 · Does it work from this card",
        refusals.SchemeIsUnknown,
    )
    async def check(
        scheme_id: FromPath[str], data: JSONBody[SchemeCheckBody]
    ) -> Response[SchemeCheckAnswer]:
        def look(tx: Transaction) -> SchemeCheckAnswer:
            if data.code is not None:
                told = schemes.check_code(tx, scheme_id, data.code)
            else:
                by_card = data.card_number
                told = schemes.check(tx, scheme_id, card_number=by_card, number=data.number)
            return SchemeCheckAnswer("valid" if told.valid else "refused", told.reason)

        return await desk.look_up(look)

    @_ROUTES.lists(
        "/v1/card-schemes",
        READERS,
        "卡、证、码及融合进度 · Schemes and the progress of their merging",
    )
    async def look_at_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[SchemesAnswer]:
        page = _SCHEMES.page(limit, after)

        def look(tx: Transaction) -> SchemesAnswer:
            found = store.schemes(tx, page)
            return SchemesAnswer(
                [tell(tx, each) for each in found.rows], _SCHEMES.cursor(found.last)
            )

        return await desk.look_up(look)

    @_ROUTES.reads(
        "/v1/card-schemes/{scheme_id:str}",
        READERS,
        "卡、证、码 · A scheme",
        refusals.SchemeIsUnknown,
    )
    async def look_at_one(scheme_id: FromPath[str]) -> Response[SchemeAnswer]:
        return await desk.look_up(lambda tx: tell(tx, schemes.look(tx, scheme_id)[0]))

    return [register, begin, enter, move, finish, check, look_at_all, look_at_one]
