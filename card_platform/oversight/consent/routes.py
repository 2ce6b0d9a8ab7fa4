"""HTTP routes of consent, holder queries and the access log."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown, DocumentIsNotTheHolders
from card_platform.oversight.consent.linked_records import stopped_queries
from card_platform.oversight.consent.model import HolderQuery
from card_platform.oversight.consent.refusals import (
    QUERY_REFUSALS,
    ConsentIsUnknown,
    ConsentIsWithdrawn,
    ConsentTimeIsWrong,
)
from card_platform.oversight.consent.service import Consents
from card_platform.oversight.consent.shapes import (
    AccessLogAnswer,
    ConsentAnswer,
    ConsentRequest,
    ConsentsAnswer,
    HolderQueryAnswer,
    HolderQueryRequest,
    QueryDecision,
    ReadAnswer,
    StoppedQueriesAnswer,
    StoppedQuery,
    Withdrawal,
    consent_answer,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.faults import Fault
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestIsMalformed

_ROUTES = Routes("oversight")
_CONSENTS = PagedList("consents", str)
_READS = PagedList("access-log", str, str)
_STOPPED = PagedList("stopped-queries", str, str)


def consent_routes(desk: Desk, consents: Consents) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [*_holder_routes(desk, consents), _query_route(desk, consents), _stopped_route(desk)]


def _holder_routes(desk: Desk, consents: Consents) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/consents",
        ("clerk", "holder"),
        "登记持卡人同意 · A holder consents",
        CardIsUnknown,
        DocumentIsNotTheHolders,
        ConsentTimeIsWrong,
    )
    async def give(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[ConsentRequest]
    ) -> Response[ConsentAnswer]:
        def work(tx: Transaction) -> ConsentAnswer:
            asked = {name: getattr(data, name) for name in data.__struct_fields__}
            return consent_answer(consents.give(tx, card_id=card_id, by=request.user.name, **asked))

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        "/v1/consents/{consent_id:str}/withdrawal",
        ("clerk", "holder"),
        "撤回同意 · A holder withdraws a consent",
        ConsentIsUnknown,
        ConsentIsWithdrawn,
        DocumentIsNotTheHolders,
        status=200,
    )
    async def withdraw(
        request: ApiRequest, consent_id: FromPath[str], data: JSONBody[Withdrawal]
    ) -> Response[ConsentAnswer]:
        def work(tx: Transaction) -> ConsentAnswer:
            by, own_card = request.user.name, request.user.card_id
            withdrawn = consents.withdraw(
                tx, consent_id, data.document_number, by, own_card=own_card
            )
            return consent_answer(withdrawn)

        return await desk.perform(request, work)

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/consents",
        ("clerk", "holder"),
        "持卡人的同意 · A holder's consents",
        CardIsUnknown,
    )
    async def list_consents(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ConsentsAnswer]:
        page = _CONSENTS.page(limit, after)

        def query(tx: Transaction) -> ConsentsAnswer:
            found = consents.consents_of(tx, card_id, page).made(consent_answer)
            return ConsentsAnswer(found.rows, _CONSENTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/access-log",
        ("clerk", "holder"),
        "个人信息访问记录 · Who read the holder's data",
        CardIsUnknown,
    )
    async def look_at_log(
        request: ApiRequest,
        card_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[AccessLogAnswer]:
        page = _READS.page(limit, after)

        def work(tx: Transaction) -> AccessLogAnswer:
            found = consents.access_log(tx, card_id, page, request.user.name)
            names = ReadAnswer.__struct_fields__
            told = [ReadAnswer(**{name: each[name] for name in names}) for each in found.rows]
            return AccessLogAnswer(told, _READS.cursor(found.last))

        return await desk.record(work)

    return [give, withdraw, list_consents, look_at_log]


def _query_route(desk: Desk, consents: Consents) -> HTTPRouteHandler:
    @_ROUTES.creates(
        "/v1/holder-queries",
        ("department", "bank"),
        "部门查询持卡人信息 · A department asks for a holder's data",
        *QUERY_REFUSALS.values(),
        status=200,
    )
    async def ask(
        request: ApiRequest, data: JSONBody[HolderQueryRequest]
    ) -> Response[HolderQueryAnswer]:
        if (data.card_number is None) == (data.document_number is None):
            expected = "one of card_number and document_number"
            raise RequestIsMalformed([Fault("card_number", "both or neither", expected)])
        items = tuple(dict.fromkeys(data.items))
        query = HolderQuery(
            data.institution, data.purpose, items, data.basis, data.duty, data.recipient
        )

        def decide(tx: Transaction) -> QueryDecision:
            read_id, refusal = consents.ask(
                tx,
                query,
                card_number=data.card_number,
                document_number=data.document_number,
                by=request.user.name,
                signed_in_as=request.user.institution,
            )
            return QueryDecision(read_id, refusal, list(items))

        decision = await desk.settle(request, decide, QueryDecision)
        if decision.refusal is not None:
            raise QUERY_REFUSALS[decision.refusal]
        return await desk.look_up(
            lambda tx: HolderQueryAnswer(
                decision.read_id, consents.answer(tx, decision.read_id, tuple(decision.items))
            )
        )

    return ask


def _stopped_route(desk: Desk) -> HTTPRouteHandler:
    @_ROUTES.lists(
        "/v1/stopped-queries",
        ("inspector",),
        "被部门阻止的依法查询 · Lawful queries a department stopped",
    )
    async def list_stopped(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[StoppedQueriesAnswer]:
        page = _STOPPED.page(limit, after)

        def query(tx: Transaction) -> StoppedQueriesAnswer:
            found = stopped_queries(tx, page).made(lambda row: StoppedQuery(**row))
            return StoppedQueriesAnswer(found.rows, _STOPPED.cursor(found.last))

        return await desk.look_up(query)

    return list_stopped
