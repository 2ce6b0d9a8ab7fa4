"""HTTP routes of schemes."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.errors import Refusal
from card_platform.issuance.ecards.shapes import ScannedText
from card_platform.regions.catalogue.shapes import CodeText, Short, Uses
from card_platform.regions.schemes import refusals, store
from card_platform.regions.schemes.model import Origin, Scheme, SchemeKind, SchemeState
from card_platform.regions.schemes.service import Schemes
from card_platform.storage import Transaction
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.exact_text import exactly
from card_platform.web import Desk, StrictBody, allow, refusals_of
from card_platform.web.desk import ApiRequest
from card_platform.web.documentation import CreatingOperation
from card_platform.web.request_body import RequestBody, RequestIsMalformed

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
    """A scheme, the item it is merged into, how many holders have moved."""

    scheme_id: str
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

    def creating(*kinds: type[Refusal], roles: tuple[str, ...], summary: str) -> dict[str, Any]:
        return {
            "dto": StrictBody,
            "return_dto": None,
            "operation_class": CreatingOperation,
            "guards": [allow(*roles)],
            "responses": refusals_of(*kinds, creates=True),
            "summary": summary,
            "tags": ["schemes"],
        }

    known = (refusals.SchemeIsUnknown, refusals.SchemeStateForbids)

    @post(
        "/v1/card-schemes",
        **creating(
            refusals.SchemeDuplicatesItem,
            refusals.SchemeResemblesItem,
            refusals.NothingToMergeInto,
            roles=("department",),
            summary="登记卡、证、码 · Register a scheme",
        ),
    )
    async def register(request: ApiRequest, data: JSONBody[SchemeBody]) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: tell(tx, schemes.register(tx, data.scheme(), data.uses, by)), 201
        )

    @post(
        "/v1/card-schemes/{scheme_id:str}/merging",
        status_code=200,
        **creating(
            *known,
            refusals.NothingToMergeInto,
            roles=("supervisor",),
            summary="开始融合 · Begin to merge a scheme",
        ),
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

    @post(
        "/v1/card-schemes/{scheme_id:str}/holders",
        status_code=200,
        **creating(*known, roles=("department",), summary="录入持有人 · Enter holders"),
    )
    async def enter(
        request: ApiRequest, scheme_id: FromPath[str], data: JSONBody[HoldersBody]
    ) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: tell(tx, schemes.enter_holders(tx, scheme_id, data.numbers, by)),
        )

    @post(
        "/v1/card-schemes/{scheme_id:str}/moves",
        status_code=200,
        **creating(
            *known,
            refusals.SchemeHolderIsUnknown,
            refusals.SchemeHolderIsMoved,
            refusals.CardToLoadIsUnknown,
            refusals.CardToLoadIsNotActive,
            roles=("department", "clerk"),
            summary="功能融合至社保卡 · Load a function onto the card",
        ),
    )
    async def move(
        request: ApiRequest, scheme_id: FromPath[str], data: JSONBody[MoveBody]
    ) -> Response[SchemeAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: tell(tx, schemes.move(tx, scheme_id, data.number, data.card_number, by)),
        )

    @post(
        "/v1/card-schemes/{scheme_id:str}/completion",
        status_code=200,
        **creating(
            *known,
            refusals.HoldersAreNotMoved,
            roles=("supervisor",),
            summary="融合办结 · Finish the merging",
        ),
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

    @post(
        "/v1/card-schemes/{scheme_id:str}/checks",
        dto=StrictBody,
        return_dto=None,
        status_code=200,
        guards=[allow("terminal", "clerk", "department")],
        responses=refusals_of(RequestIsMalformed, refusals.SchemeIsUnknown),
        summary="核验功能 · Does it work from this card",
        tags=["schemes"],
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

    @get(
        "/v1/card-schemes",
        guards=[allow(*READERS)],
        responses=refusals_of(),
        summary="卡、证、码及融合进度 · Schemes and the progress of their merging",
        tags=["schemes"],
    )
    async def look_at_all() -> Response[SchemesAnswer]:
        return await desk.look_up(
            lambda tx: SchemesAnswer([tell(tx, each) for each in store.schemes(tx)])
        )

    @get(
        "/v1/card-schemes/{scheme_id:str}",
        guards=[allow(*READERS)],
        responses=refusals_of(refusals.SchemeIsUnknown),
        summary="卡、证、码 · A scheme",
        tags=["schemes"],
    )
    async def look_at_one(scheme_id: FromPath[str]) -> Response[SchemeAnswer]:
        return await desk.look_up(lambda tx: tell(tx, schemes.look(tx, scheme_id)[0]))

    return [register, begin, enter, move, finish, check, look_at_all, look_at_one]
