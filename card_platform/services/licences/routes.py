"""HTTP routes of licences: issue, link, check, write on a card, ask for paper."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.keys import SecurityModule
from card_platform.oversight.accountability.refusals import CaseKindIsUnknown
from card_platform.oversight.accountability.service import Accountability
from card_platform.regions import RegionPolicy
from card_platform.services.licences import refusals, shapes, store
from card_platform.services.licences.card_writing import CardWriting
from card_platform.services.licences.model import LicenceAction
from card_platform.services.licences.paper import Paper, PaperDecision
from card_platform.services.licences.service import CheckDecision, Licences
from card_platform.services.licences.shapes import licence_answer
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.card_views import NEWEST_MAX
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("licences")
_PAPER = PagedList("paper-requests", str, str)
_CHANGES = PagedList("licence-changes", int)

_ISSUERS = ("department",)
_READERS = ("department", "inspector")


@dataclass(frozen=True, slots=True)
class LicenceOffice:
    """The use cases behind the routes of this context."""

    policy: RegionPolicy
    licences: Licences
    writing: CardWriting
    paper: Paper
    clock: Clock


def open_office(
    policy: RegionPolicy, keys: SecurityModule, accountability: Accountability, clock: Clock
) -> LicenceOffice:
    """The use cases of one region."""
    return LicenceOffice(
        policy=policy,
        licences=Licences(policy, clock),
        writing=CardWriting(keys, clock),
        paper=Paper(accountability, clock),
        clock=clock,
    )


def licence_routes(desk: Desk, office: LicenceOffice) -> list[HTTPRouteHandler]:
    """The routes of this context, but those between regions."""
    return [
        *_issuing_routes(desk, office.licences),
        *_counter_routes(desk, office),
        *_paper_routes(desk, office.paper),
    ]


def _issuing_routes(desk: Desk, licences: Licences) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/licences",
        _ISSUERS,
        "签发电子证照 · Issue a licence",
        refusals.LicenceDataAreWrong,
        refusals.LicenceIsIssued,
    )
    async def issue(
        request: ApiRequest, data: JSONBody[shapes.LicenceBody]
    ) -> Response[shapes.LicenceAnswer]:
        asked = {name: getattr(data, name) for name in data.__struct_fields__}
        by = request.user.name
        return await desk.perform(
            request, lambda tx: licence_answer(licences.issue(tx, by=by, **asked)), status=201
        )

    @_ROUTES.creates(
        "/v1/licences/{licence_id:str}/steps",
        _ISSUERS,
        "暂停、恢复、撤销 · Suspend, resume, withdraw",
        refusals.LicenceIsUnknown,
        refusals.LicenceIsOfAnotherRegion,
        refusals.LicenceStateForbids,
        status=200,
    )
    async def change(
        request: ApiRequest, licence_id: FromPath[str], data: JSONBody[shapes.StepBody]
    ) -> Response[shapes.LicenceAnswer]:
        action, by = LicenceAction(data.action), request.user.name
        return await desk.perform(
            request,
            lambda tx: licence_answer(
                licences.change(tx, licence_id, action, reason=data.reason, by=by)
            ),
        )

    @_ROUTES.reads(
        "/v1/licences/{licence_id:str}",
        _READERS,
        "电子证照及沿革 · A licence and its history",
        refusals.LicenceIsUnknown,
    )
    async def look(
        request: ApiRequest, licence_id: FromPath[str]
    ) -> Response[shapes.LicenceHistoryAnswer]:
        by = request.user.name

        def find(tx: Transaction) -> shapes.LicenceHistoryAnswer:
            licence = licence_answer(licences.look_on_record(tx, licence_id, by))
            found = _changes(tx, licence_id, Page(NEWEST_MAX))
            after = _CHANGES.cursor(found.last)
            more = after and f"/v1/licences/{licence_id}/changes?after={after}"
            return shapes.LicenceHistoryAnswer(licence, found.rows, more)

        return await desk.record(find)

    @_ROUTES.lists(
        "/v1/licences/{licence_id:str}/changes",
        _READERS,
        "电子证照沿革 · The steps of a licence",
        refusals.LicenceIsUnknown,
    )
    async def look_at_changes(
        request: ApiRequest,
        licence_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[shapes.LicenceChangesAnswer]:
        by, page = request.user.name, _CHANGES.page(limit, after)

        def find(tx: Transaction) -> shapes.LicenceChangesAnswer:
            licences.look_on_record(tx, licence_id, by)
            found = _changes(tx, licence_id, page)
            return shapes.LicenceChangesAnswer(found.rows, _CHANGES.cursor(found.last))

        return await desk.record(find)

    return [issue, change, look, look_at_changes]


def _changes(tx: Transaction, licence_id: str, page: Page) -> Paged[shapes.LicenceChangeAnswer]:
    names = shapes.LicenceChangeAnswer.__struct_fields__
    return store.CHANGES.page_of(tx, licence_id, page).made(
        lambda row: shapes.LicenceChangeAnswer(**{name: row[name] for name in names})
    )


def _counter_routes(desk: Desk, office: LicenceOffice) -> list[HTTPRouteHandler]:
    licences = office.licences

    @_ROUTES.creates(
        "/v1/licences/{licence_id:str}/link",
        ("clerk",),
        "关联持卡人 · Link to a cardholder",
        refusals.LicenceIsUnknown,
        CardIsUnknown,
        refusals.LicenceIsAnothers,
        status=200,
    )
    async def link(
        request: ApiRequest, licence_id: FromPath[str], data: JSONBody[shapes.LinkBody]
    ) -> Response[shapes.LicenceAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: licence_answer(licences.link(tx, licence_id, data.card_number, by))
        )

    @_ROUTES.creates(
        "/v1/licences/{licence_id:str}/unlinking",
        ("clerk",),
        "解除关联 · Take the link away",
        refusals.LicenceIsUnknown,
        refusals.LicenceIsAnothers,
        status=200,
    )
    async def unlink(
        request: ApiRequest, licence_id: FromPath[str], data: JSONBody[shapes.UnlinkBody]
    ) -> Response[shapes.LicenceAnswer]:
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: licence_answer(licences.unlink(tx, licence_id, data.document_number, by)),
        )

    @_ROUTES.creates(
        "/v1/licence-checks",
        ("clerk", "terminal"),
        "核验电子证照 · Check a licence",
        refusals.IdentityIsNotShown,
        status=200,
    )
    async def check(
        request: ApiRequest, data: JSONBody[shapes.CheckBody]
    ) -> Response[shapes.LicenceCheckAnswer]:
        asked = {name: getattr(data, name) for name in data.__struct_fields__}
        by = request.user.name
        decision = await desk.settle(
            request, lambda tx: licences.check(tx, by=by, **asked), CheckDecision
        )
        if decision.refusal is not None:
            raise refusals.IdentityIsNotShown
        licence_id = decision.licence_id
        if licence_id is None:
            silent = shapes.LicenceCheckAnswer(False, decision.reason, None, [])
            return await desk.look_up(lambda _tx: silent)
        today = office.clock.now().date()
        return await desk.look_up(
            lambda tx: shapes.check_answer(licences.look(tx, licence_id), office.policy, today)
        )

    @_ROUTES.creates(
        "/v1/licences/{licence_id:str}/card-commands",
        ("terminal",),
        "证照写卡 · Write a certificate on a card",
        refusals.LicenceIsUnknown,
        refusals.LicenceIsAnothers,
        refusals.CardTakesNoSuchLicence,
        status=200,
    )
    async def write(
        request: ApiRequest, licence_id: FromPath[str], data: JSONBody[shapes.CardCommandBody]
    ) -> Response[shapes.CardCommandAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> shapes.CardCommandAnswer:
            made = office.writing.command(
                tx,
                licence_id,
                historical_bytes=data.historical_bytes.upper(),
                challenge=data.challenge,
                by=by,
            )
            told = made.command.hex().upper()
            return shapes.CardCommandAnswer(made.writing_id, made.what, told)

        return await desk.perform(request, work)

    return [link, unlink, check, write]


def _paper_routes(desk: Desk, paper: Paper) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/paper-requests",
        ("clerk",),
        "索要纸质材料 · Ask for paper",
        CardIsUnknown,
        refusals.PaperIsNotNeeded,
    )
    async def ask(
        request: ApiRequest, data: JSONBody[shapes.PaperBody]
    ) -> Response[shapes.PaperAnswer]:
        asked = {name: getattr(data, name) for name in data.__struct_fields__}
        by = request.user.name
        decision = await desk.settle(
            request, lambda tx: paper.ask(tx, by=by, **asked), PaperDecision
        )
        if decision.reason is None:
            raise refusals.PaperIsNotNeeded(request=decision.request_id)
        answer = shapes.PaperAnswer(decision.request_id, decision.reason)
        return Response(answer, status_code=201)

    @_ROUTES.lists(
        "/v1/paper-requests", ("inspector",), "被拒绝的索要 · Refused requests for paper"
    )
    async def look(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[shapes.PaperRequestsAnswer]:
        page = _PAPER.page(limit, after)

        def query(tx: Transaction) -> shapes.PaperRequestsAnswer:
            found = store.refused_paper_requests(tx, page).made(shapes.paper_request_answer)
            return shapes.PaperRequestsAnswer(found.rows, _PAPER.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/paper-requests/{request_id:str}/case",
        ("inspector",),
        "就索要纸质材料立案 · Open a case on a refused request",
        refusals.PaperRequestIsUnknown,
        CaseKindIsUnknown,
    )
    async def open_case(
        request: ApiRequest, request_id: FromPath[str], data: JSONBody[shapes.PaperCaseBody]
    ) -> Response[shapes.PaperCaseAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> shapes.PaperCaseAnswer:
            case = paper.open_case(tx, request_id, respondent=data.respondent, by=by)
            return shapes.PaperCaseAnswer(request_id, case.case_id, case.kind)

        return await desk.perform(request, work, status=201)

    return [ask, look, open_case]
