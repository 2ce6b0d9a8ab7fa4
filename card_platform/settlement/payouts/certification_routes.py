"""HTTP routes of eligibility certifications."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.settlement.payouts.certification import Certifications, Shown
from card_platform.settlement.payouts.refusals import CertificationIsUnknown
from card_platform.settlement.payouts.shapes import (
    CertificationAnswer,
    CertificationBody,
    certification_answer,
)
from card_platform.vocabulary.faults import Fault
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestIsMalformed

_ROUTES = Routes("payouts")
_CERTIFICATIONS = "/v1/eligibility-certifications"
_CALLERS = ("clerk", "terminal")


def certification_routes(desk: Desk, certifications: Certifications) -> list[HTTPRouteHandler]:
    """The routes of this part."""

    @_ROUTES.creates(
        _CERTIFICATIONS,
        _CALLERS,
        "待遇资格认证 · Certify that a payee is still entitled",
        NoAgreementCovers,
        ParticipantIsUnknown,
    )
    async def certify(
        request: ApiRequest, data: JSONBody[CertificationBody]
    ) -> Response[CertificationAnswer]:
        shown, by = _shown(data), request.user.name
        return await desk.perform(
            request,
            lambda tx: certification_answer(certifications.take_in(tx, data.region, shown, by)),
            status=201,
        )

    @_ROUTES.reads(
        f"{_CERTIFICATIONS}/{{certification_id:str}}",
        _CALLERS,
        "查看资格认证 · One certification",
        CertificationIsUnknown,
    )
    async def look(certification_id: FromPath[str]) -> Response[CertificationAnswer]:
        return await desk.look_up(
            lambda tx: certification_answer(certifications.look(tx, certification_id))
        )

    return [certify, look]


def _shown(data: CertificationBody) -> Shown:
    """A card or a code, not both. Raises RequestIsMalformed."""
    by_card = data.card_number is not None and data.name is not None
    nothing_of_card = data.card_number is data.name is data.historical_bytes is None
    if not (by_card if data.code is None else nothing_of_card):
        expected = "card_number and name, or code"
        raise RequestIsMalformed([Fault("$", "neither or both", expected)])
    return Shown(
        card_number=data.card_number,
        name=data.name,
        historical_bytes=data.historical_bytes,
        code=data.code,
    )
