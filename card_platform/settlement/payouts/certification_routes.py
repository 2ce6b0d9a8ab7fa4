"""HTTP routes of eligibility certifications."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.settlement.payouts.certification import Certifications
from card_platform.settlement.payouts.refusals import CertificationIsUnknown
from card_platform.settlement.payouts.shapes import (
    CertificationAnswer,
    CertificationBody,
    certification_answer,
)
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

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
        shown, by = data.alone(), request.user.name
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
