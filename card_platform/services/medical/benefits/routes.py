"""HTTP routes of benefits: insurance, the year to date, a card's settlements."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import CardIsUnknown
from card_platform.services.medical.benefits import store
from card_platform.services.medical.benefits.refusals import DaysAreReversed, InsuranceOverlaps
from card_platform.services.medical.benefits.service import Benefits
from card_platform.services.medical.benefits.shapes import (
    InsuranceAnswer,
    InsuranceBody,
    MedicalSettlementsAnswer,
    MedicalYearAnswer,
    insurance_answer,
    settlement_answer,
    year_answer,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("medical")
_LIST = PagedList("medical-settlements", str)
_READERS = ("clerk", "holder")


def benefit_routes(desk: Desk, benefits: Benefits, clock: Clock) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/medical-insurance",
        ("clerk",),
        "医保参保登记 · Put a holder's medical insurance on record",
        CardIsUnknown,
        DaysAreReversed,
        InsuranceOverlaps,
    )
    async def insure(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[InsuranceBody]
    ) -> Response[InsuranceAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> InsuranceAnswer:
            made = benefits.insure(
                tx, card_id, data.insured, from_day=data.from_day, until=data.until, by=by
            )
            return insurance_answer(made)

        return await desk.perform(request, work, 201)

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/medical-insurance",
        _READERS,
        "参保情况和年度累计 · A holder's insurance and the year to date",
        CardIsUnknown,
    )
    async def look(card_id: FromPath[str]) -> Response[MedicalYearAnswer]:
        def query(tx: Transaction) -> MedicalYearAnswer:
            card, year, found = benefits.years(tx, card_id)
            today = clock.now().date().isoformat()
            held = store.insurance_on(tx, card.person_id, today)
            return MedicalYearAnswer(
                insurance_answer(held) if held else None,
                year,
                [year_answer(benefit, so_far) for benefit, so_far in found.items()],
            )

        return await desk.look_up(query)

    @_ROUTES.lists(
        "/v1/cards/{card_id:str}/medical-settlements",
        _READERS,
        "卡的医保结算记录 · A card's settlements",
    )
    async def tell(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[MedicalSettlementsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> MedicalSettlementsAnswer:
            found = store.page_of_card(tx, card_id, page).made(settlement_answer)
            return MedicalSettlementsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    return [insure, look, tell]
