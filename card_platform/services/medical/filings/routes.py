"""HTTP routes of filings for treatment elsewhere."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import (
    CardIsUnknown,
    DocumentIsNotTheHolders,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
)
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.services.medical.benefits.refusals import (
    DaysAreReversed,
    PatientCardIsNotActive,
)
from card_platform.services.medical.filings import store
from card_platform.services.medical.filings.refusals import (
    FilingIsBackdated,
    FilingIsTooLong,
    FilingIsUnknown,
    FilingStateForbids,
    ReferralIsMissing,
)
from card_platform.services.medical.filings.service import Filings
from card_platform.services.medical.filings.shapes import (
    FilingWithdrawal,
    MedicalFilingAnswer,
    MedicalFilingBody,
    MedicalFilingsAnswer,
    filing_answer,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")
_LIST = PagedList("medical-filings", str)
_WHO = ("clerk", "holder")
_OF_HOLDER = (
    CardIsUnknown,
    IdentityDocumentIsMissing,
    IdentityDocumentIsInvalid,
    DocumentIsNotTheHolders,
)


def filing_routes(desk: Desk, filings: Filings) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/medical-filings",
        _WHO,
        "异地就医备案 · File for treatment elsewhere",
        *_OF_HOLDER,
        PatientCardIsNotActive,
        RegionIsOwn,
        DaysAreReversed,
        FilingIsBackdated,
        FilingIsTooLong,
        ReferralIsMissing,
    )
    async def file(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[MedicalFilingBody]
    ) -> Response[MedicalFilingAnswer]:
        caller = request.user

        def work(tx: Transaction) -> MedicalFilingAnswer:
            filing = filings.file(
                tx,
                card_id,
                kind=data.kind,
                region=data.region,
                from_day=data.from_day,
                until=data.until,
                referral=data.referral,
                document=data.document,
                caller=caller,
            )
            return filing_answer(filing)

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/medical-filings/{filing_id:str}/withdrawal",
        _WHO,
        "撤销异地就医备案 · Take a filing back",
        *_OF_HOLDER,
        FilingIsUnknown,
        FilingStateForbids,
        status=200,
    )
    async def withdraw(
        request: ApiRequest,
        card_id: FromPath[str],
        filing_id: FromPath[str],
        data: JSONBody[FilingWithdrawal],
    ) -> Response[MedicalFilingAnswer]:
        caller = request.user
        return await desk.perform(
            request,
            lambda tx: filing_answer(
                filings.withdraw(tx, card_id, filing_id, data.document, caller)
            ),
        )

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/medical-filings",
        _WHO,
        "卡的异地就医备案 · A card's filings for treatment elsewhere",
    )
    async def tell(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[MedicalFilingsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> MedicalFilingsAnswer:
            found = store.page_of_card(tx, card_id, page)
            told = [filing_answer(each) for each in found.rows]
            return MedicalFilingsAnswer(told, _LIST.cursor(found.last))

        return await desk.look_up(query)

    return [file, withdraw, tell]
