"""HTTP routes of functions on chips: commands for a counter's card, their answers, ends, states,
and what of a card waits for the counter.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.regions.catalogue.shapes import Short
from card_platform.regions.schemes import card_functions_store, refusals, store
from card_platform.regions.schemes.card_writing import CardFunctions, FunctionStanding
from card_platform.regions.schemes.function_life import WAITING, FunctionState, number_on_card
from card_platform.storage import Transaction
from card_platform.vocabulary.exact_text import exactly
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("schemes")
_OF_CARD = PagedList("card-functions", str)
_READERS = ("department", "supervisor", "inspector", "auditor", "operator", "clerk")
_BOUND = (
    refusals.SchemeIsUnknown,
    refusals.SchemeHolderIsUnknown,
    refusals.FunctionIsNotBound,
)


class FunctionCommandBody(RequestBody, frozen=True):
    """A holder's number of the scheme, the chip in the reader and the challenge it gave."""

    number: Short
    historical_bytes: Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]
    challenge: Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]


class FunctionCommandAnswer(msgspec.Struct, frozen=True):
    """The command for the card in hex; `what`: it loads the function or ends it."""

    writing_id: str
    what: Literal["load", "end"]
    command: str


class FunctionReportBody(RequestBody, frozen=True):
    """The status word the card answered."""

    status: Annotated[str, exactly(r"[0-9A-Fa-f]{4}")]


class FunctionEndBody(RequestBody, frozen=True):
    """Whose function ends, and why."""

    number: Short
    reason: Short


class FunctionQuestionBody(RequestBody, frozen=True):
    """Whose function."""

    number: Short


class FunctionAnswer(msgspec.Struct, frozen=True):
    """Where the function of a holder is, why it ended; `number_on_card` is how chips know it."""

    scheme_id: str
    number_on_card: str
    state: FunctionState
    end_reason: str | None


class CardFunctionAnswer(msgspec.Struct, frozen=True):
    """A function bound to a card; `waits_for` is what a counter has still to do at the chip."""

    scheme_id: str
    name_zh: str
    number: str
    state: FunctionState
    waits_for: Literal["load", "end"] | None


class CardFunctionsAnswer(msgspec.Struct, frozen=True):
    """The functions of a card."""

    functions: list[CardFunctionAnswer]
    next: str | None


def function_routes(desk: Desk, functions: CardFunctions) -> list[HTTPRouteHandler]:
    """The routes of functions on chips."""

    def told(scheme_id: str, stands: FunctionStanding) -> FunctionAnswer:
        on_card = number_on_card(scheme_id)
        return FunctionAnswer(scheme_id, on_card, stands.state, stands.reason)

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/card-commands",
        ("terminal",),
        "功能写卡 · Write a function on a card",
        *_BOUND,
        refusals.FunctionIsOfAnotherCard,
        refusals.CardToLoadIsNotActive,
        refusals.FunctionDoesNotFit,
        refusals.FunctionStateForbids,
        status=200,
    )
    async def write(
        request: ApiRequest, scheme_id: FromPath[str], data: JSONBody[FunctionCommandBody]
    ) -> Response[FunctionCommandAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> FunctionCommandAnswer:
            made = functions.command(
                tx,
                scheme_id,
                data.number,
                historical_bytes=data.historical_bytes.upper(),
                challenge=data.challenge,
                by=by,
            )
            return FunctionCommandAnswer(made.writing_id, made.what, made.command.hex().upper())

        return await desk.perform(request, work)

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/card-commands/{writing_id:str}/report",
        ("terminal",),
        "上报写卡结果 · What the card answered",
        *_BOUND,
        refusals.FunctionWritingIsUnknown,
        refusals.FunctionWritingIsReported,
        status=200,
    )
    async def report(
        request: ApiRequest,
        scheme_id: FromPath[str],
        writing_id: FromPath[str],
        data: JSONBody[FunctionReportBody],
    ) -> Response[FunctionAnswer]:
        by, status = request.user.name, data.status.upper()
        return await desk.perform(
            request,
            lambda tx: told(
                scheme_id, functions.report(tx, scheme_id, writing_id, status=status, by=by)
            ),
        )

    @_ROUTES.creates(
        "/v1/card-schemes/{scheme_id:str}/function-ends",
        ("department",),
        "终止持有人的功能 · End the function of a holder",
        *_BOUND,
        refusals.FunctionStateForbids,
        status=200,
    )
    async def end(
        request: ApiRequest, scheme_id: FromPath[str], data: JSONBody[FunctionEndBody]
    ) -> Response[FunctionAnswer]:
        by, number, reason = request.user.name, data.number, data.reason
        return await desk.perform(
            request,
            lambda tx: told(scheme_id, functions.end(tx, scheme_id, number, reason=reason, by=by)),
        )

    @_ROUTES.asks(
        "/v1/card-schemes/{scheme_id:str}/function-states",
        _READERS,
        "功能加载进度 · Where the function of a holder is",
        *_BOUND,
    )
    async def look(
        scheme_id: FromPath[str], data: JSONBody[FunctionQuestionBody]
    ) -> Response[FunctionAnswer]:
        return await desk.look_up(
            lambda tx: told(scheme_id, functions.look(tx, scheme_id, data.number))
        )

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/scheme-functions",
        ("clerk", "supervisor", "holder", "agent"),
        "卡上功能及待写卡情况 · The functions of a card, and what waits for the counter",
        CardIsUnknown,
    )
    async def look_at_card(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[CardFunctionsAnswer]:
        page = _OF_CARD.page(limit, after)

        def look(tx: Transaction) -> CardFunctionsAnswer:
            if store.number_of_card(tx, card_id) is None:
                raise CardIsUnknown
            found = card_functions_store.functions_of(tx, card_id, page)
            answers = [CardFunctionAnswer(*each, WAITING.get(each.state)) for each in found.rows]
            return CardFunctionsAnswer(answers, _OF_CARD.cursor(found.last))

        return await desk.look_up(look)

    return [write, report, end, look, look_at_card]
