"""HTTP routes of transit."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.services.terminals.model import StationIsUnknown
from card_platform.services.transit.parameters import TerminalParameters, terminal_parameters
from card_platform.services.transit.refusals import (
    CardIsNotActive,
    LoadBalanceDiffers,
    LoadIsConfirmed,
    LoadIsUnknown,
    MacIsWrong,
    PurseIsUnknown,
    TacIsWrong,
    TapIsReplayed,
)
from card_platform.services.transit.revocations import current_list
from card_platform.services.transit.service import Transit
from card_platform.services.transit.shapes import (
    ConfirmationAnswer,
    ConfirmationBody,
    LoadAnswer,
    LoadBody,
    PurseAnswer,
    RefusalAnswer,
    RefusalBody,
    TapAnswer,
    TapBody,
    purse_answer,
    ride_answer,
)
from card_platform.storage import Transaction
from card_platform.web import Caller, Desk, ExpressRoute, StrictBody, allow, refusals_of
from card_platform.web.desk import ApiRequest
from card_platform.web.documentation import CreatingOperation

_TAPS = "/v1/transit/taps"
_GATES = ("terminal",)


def transit_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [*_gate_routes(desk, transit), *_load_routes(desk, transit), *_views(desk, transit)]


def transit_express(transit: Transit) -> list[ExpressRoute]:
    """The taps again, for the express lane."""

    def take_tap(data: TapBody, caller: Caller) -> Callable[[Transaction], TapAnswer]:
        return _take_tap(transit, data, caller)

    return [ExpressRoute(_TAPS, frozenset(_GATES), TapBody, take_tap, status=201)]


def _take_tap(
    transit: Transit, data: TapBody, caller: Caller
) -> Callable[[Transaction], TapAnswer]:
    tap = data.read()

    def work(tx: Transaction) -> TapAnswer:
        accepted = transit.taps.accept(tx, tap, caller)
        ride = accepted.ride
        return TapAnswer(accepted.tap_id, "right", ride_answer(ride) if ride else None)

    return work


def _gate_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    @post(
        _TAPS,
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow(*_GATES)],
        responses=refusals_of(
            PurseIsUnknown, StationIsUnknown, TacIsWrong, TapIsReplayed, creates=True
        ),
        summary="闸机交易上送 · Send a tap",
        tags=["transit"],
    )
    async def send_tap(request: ApiRequest, data: JSONBody[TapBody]) -> Response[TapAnswer]:
        return await desk.perform(request, _take_tap(transit, data, request.user), status=201)

    @post(
        "/v1/transit/refusals",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow("terminal")],
        responses=refusals_of(creates=True),
        summary="拒绝记录上送 · Send a refusal",
        tags=["transit"],
    )
    async def send_refusal(
        request: ApiRequest, data: JSONBody[RefusalBody]
    ) -> Response[RefusalAnswer]:
        refusal, caller = data.read(), request.user
        return await desk.perform(
            request,
            lambda tx: RefusalAnswer(transit.record_refusal(tx, refusal, caller)),
            status=201,
        )

    return [send_tap, send_refusal]


def _load_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    @post(
        "/v1/transit/loads",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        guards=[allow("terminal")],
        responses=refusals_of(PurseIsUnknown, CardIsNotActive, MacIsWrong, creates=True),
        summary="圈存请求 · Ask to load a purse",
        tags=["transit"],
    )
    async def load(request: ApiRequest, data: JSONBody[LoadBody]) -> Response[LoadAnswer]:
        asked, caller = data.read(), request.user

        def work(tx: Transaction) -> LoadAnswer:
            permit = transit.loads.authorise(tx, asked, caller)
            return LoadAnswer(permit.load_id, permit.date, permit.time, permit.mac2)

        return await desk.perform(request, work, status=201)

    @post(
        "/v1/transit/loads/{load_id:str}/confirmation",
        dto=StrictBody,
        return_dto=None,
        operation_class=CreatingOperation,
        status_code=200,
        guards=[allow("terminal")],
        responses=refusals_of(
            LoadIsUnknown, LoadIsConfirmed, LoadBalanceDiffers, TacIsWrong, creates=True
        ),
        summary="圈存确认 · Confirm a load",
        tags=["transit"],
    )
    async def confirm_load(
        request: ApiRequest, load_id: FromPath[str], data: JSONBody[ConfirmationBody]
    ) -> Response[ConfirmationAnswer]:
        caller = request.user

        def work(tx: Transaction) -> ConfirmationAnswer:
            posting_id = transit.loads.confirm(
                tx, load_id, data.tac, data.balance_after_fen, caller
            )
            return ConfirmationAnswer(load_id, posting_id)

        return await desk.perform(request, work)

    return [load, confirm_load]


def _views(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    @get(
        "/v1/transit/terminal-parameters",
        guards=[allow("terminal")],
        responses=refusals_of(),
        summary="终端参数与黑名单 · Terminal parameters and revocation list",
        tags=["transit"],
    )
    async def parameters(request: ApiRequest) -> Response[TerminalParameters]:
        operator = request.user.operator
        return await desk.look_up(
            lambda tx: terminal_parameters(
                transit.policy, operator, current_list(tx), transit.clock.now()
            )
        )

    @get(
        "/v1/cards/{card_id:str}/transit",
        guards=[allow("clerk", "operator")],
        responses=refusals_of(CardIsUnknown),
        summary="卡片交通记录 · A card's rides, loads and refusals",
        tags=["transit"],
    )
    async def view(card_id: FromPath[str]) -> Response[PurseAnswer]:
        return await desk.look_up(lambda tx: purse_answer(transit.view(tx, card_id)))

    return [parameters, view]
