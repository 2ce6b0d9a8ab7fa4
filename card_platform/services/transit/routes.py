"""HTTP routes of transit."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.store import questions_of_state
from card_platform.regions.schemes.card_writing import ended_functions
from card_platform.services.licences.card_writing import withdrawn_certificates
from card_platform.services.purse_refusals import (
    CardIsNotActive,
    LoadBalanceDiffers,
    LoadIsConfirmed,
    LoadIsUnknown,
    MacIsWrong,
    TacIsWrong,
)
from card_platform.services.terminals.model import BusLineIsUnknown, StationIsUnknown
from card_platform.services.transit.parameters import (
    RevocationChangesAnswer,
    TerminalParameters,
    changes_answer,
    terminal_parameters,
)
from card_platform.services.transit.purse_view import PURSE_READERS, PurseAnswer, purse_view
from card_platform.services.transit.refusals import (
    PurseIsUnknown,
    RegionIsNotServed,
    TapIsReplayed,
)
from card_platform.services.transit.revocations import current_list, list_since
from card_platform.services.transit.service import Transit
from card_platform.services.transit.shapes import (
    ConfirmationAnswer,
    ConfirmationBody,
    KnownVersion,
    LoadAnswer,
    LoadBody,
    PurchaseAnswer,
    PurchaseBody,
    RefusalAnswer,
    RefusalBody,
    Since,
    TapAnswer,
    TapBody,
    ride_answer,
)
from card_platform.storage import Question, Transaction
from card_platform.web import Caller, Desk, ExpressRoute, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("transit")

TAPS = "/v1/transit/taps"
PURCHASES = "/v1/transit/purchases"
REFUSALS = "/v1/transit/refusals"
_TERMINALS = frozenset({"terminal"})
_CREATED = 201


def transit_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_receipt_routes(desk, transit),
        *_refusal_routes(desk, transit),
        *_load_routes(desk, transit),
        *_views(desk, transit),
    ]


def transit_express(transit: Transit) -> list[ExpressRoute]:
    """What terminals report, again: for the express lane and for the journal."""

    def take_tap(data: TapBody, caller: Caller) -> Callable[[Transaction], TapAnswer]:
        return _take_tap(transit, data, caller)

    def take_purchase(
        data: PurchaseBody, caller: Caller
    ) -> Callable[[Transaction], PurchaseAnswer]:
        return _take_purchase(transit, data, caller)

    def keep_refusal(data: RefusalBody, caller: Caller) -> Callable[[Transaction], RefusalAnswer]:
        return _keep_refusal(transit, data, caller)

    def foresee(data: TapBody | PurchaseBody | RefusalBody) -> list[Question]:
        return questions_of_state([data.application_serial])

    return [
        ExpressRoute(TAPS, _TERMINALS, TapBody, take_tap, _CREATED, foresee),
        ExpressRoute(PURCHASES, _TERMINALS, PurchaseBody, take_purchase, _CREATED, foresee),
        ExpressRoute(REFUSALS, _TERMINALS, RefusalBody, keep_refusal, _CREATED, foresee),
    ]


def _take_tap(
    transit: Transit, data: TapBody, caller: Caller
) -> Callable[[Transaction], TapAnswer]:
    tap = data.read()

    def work(tx: Transaction) -> TapAnswer:
        accepted = transit.taps.accept(tx, tap, caller)
        ride = accepted.ride
        return TapAnswer(accepted.tap_id, "right", ride_answer(ride) if ride else None)

    return work


def _take_purchase(
    transit: Transit, data: PurchaseBody, caller: Caller
) -> Callable[[Transaction], PurchaseAnswer]:
    receipt = data.read()

    def work(tx: Transaction) -> PurchaseAnswer:
        purchase_id, posting_id = transit.purchases.accept(tx, receipt, caller)
        return PurchaseAnswer(purchase_id, "right", posting_id)

    return work


def _keep_refusal(
    transit: Transit, data: RefusalBody, caller: Caller
) -> Callable[[Transaction], RefusalAnswer]:
    refusal = data.read()
    return lambda tx: RefusalAnswer(transit.record_refusal(tx, refusal, caller))


def _receipt_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        TAPS,
        _TERMINALS,
        "乘车交易上送 · Send a tap",
        PurseIsUnknown,
        RegionIsNotServed,
        StationIsUnknown,
        BusLineIsUnknown,
        TacIsWrong,
        TapIsReplayed,
    )
    async def send_tap(request: ApiRequest, data: JSONBody[TapBody]) -> Response[TapAnswer]:
        return await desk.perform(request, _take_tap(transit, data, request.user), _CREATED)

    @_ROUTES.creates(
        PURCHASES,
        _TERMINALS,
        "消费交易上送 · Send a purchase",
        PurseIsUnknown,
        TacIsWrong,
        TapIsReplayed,
    )
    async def send_purchase(
        request: ApiRequest, data: JSONBody[PurchaseBody]
    ) -> Response[PurchaseAnswer]:
        return await desk.perform(request, _take_purchase(transit, data, request.user), _CREATED)

    return [send_tap, send_purchase]


def _refusal_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(REFUSALS, _TERMINALS, "拒绝记录上送 · Send a refusal")
    async def send_refusal(
        request: ApiRequest, data: JSONBody[RefusalBody]
    ) -> Response[RefusalAnswer]:
        return await desk.perform(request, _keep_refusal(transit, data, request.user), _CREATED)

    return [send_refusal]


def _load_routes(desk: Desk, transit: Transit) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/transit/loads",
        ("terminal",),
        "圈存请求 · Ask to load a purse",
        PurseIsUnknown,
        CardIsNotActive,
        MacIsWrong,
    )
    async def load(request: ApiRequest, data: JSONBody[LoadBody]) -> Response[LoadAnswer]:
        asked, caller = data.read(), request.user

        def work(tx: Transaction) -> LoadAnswer:
            permit = transit.loads.authorise(tx, asked, caller)
            return LoadAnswer(permit.load_id, permit.date, permit.time, permit.mac2)

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        "/v1/transit/loads/{load_id:str}/confirmation",
        ("terminal",),
        "圈存确认 · Confirm a load",
        LoadIsUnknown,
        LoadIsConfirmed,
        LoadBalanceDiffers,
        TacIsWrong,
        status=200,
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
    lists = purse_view(transit)

    @_ROUTES.reads(
        "/v1/transit/terminal-parameters",
        ("terminal",),
        "终端参数与黑名单 · Terminal parameters and revocation list",
    )
    async def parameters(
        request: ApiRequest, since: KnownVersion = None
    ) -> Response[TerminalParameters]:
        operator = request.user.operator
        return await desk.look_up(
            lambda tx: terminal_parameters(
                transit.policy,
                operator,
                current_list(tx) if since is None else list_since(tx, since),
                transit.clock.now(),
                withdrawn=withdrawn_certificates(tx, transit.clock.now().date()),
                ended=ended_functions(tx),
            )
        )

    @_ROUTES.reads(
        "/v1/transit/revocation-list",
        ("terminal",),
        "黑名单增量 · What changed of the revocation list",
    )
    async def changed(since: Since = 0) -> Response[RevocationChangesAnswer]:
        def query(tx: Transaction) -> RevocationChangesAnswer:
            return changes_answer(list_since(tx, since), transit.policy, transit.clock.now())

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/transit",
        PURSE_READERS,
        "卡片交通记录 · A card's rides, loads and refusals",
        CardIsUnknown,
    )
    async def view(card_id: FromPath[str]) -> Response[PurseAnswer]:
        def query(tx: Transaction) -> PurseAnswer:
            serial = transit.purse_of(tx, card_id)
            newest = lists.newest(tx, card_id, serial)
            balance_fen = transit.balance_fen(tx, serial)
            return PurseAnswer(balance_fen, more=newest.more, **newest.rows)

        return await desk.look_up(query)

    return [parameters, changed, view, *lists.routes(_ROUTES, desk, CardIsUnknown)]
