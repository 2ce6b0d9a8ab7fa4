"""HTTP route of requests for another region's licences, and its shapes."""

from __future__ import annotations

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.exchange.courier import Courier
from card_platform.exchange.licence_requests import LicenceRequests
from card_platform.exchange.refusals import EVERY_QUESTION, NoAgreementCovers
from card_platform.exchange.shapes import CardNumber, Region, Short
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.services.licences import refusals
from card_platform.services.licences.model import LicenceKind
from card_platform.services.licences.shapes import LicenceAnswer, licence_answer
from card_platform.storage import Database
from card_platform.web import Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody

_ROUTES = Routes("exchange")


class LicenceRequest(RequestBody, frozen=True):
    """Which licence, of which region, for the holder of which card; `shown_by` is the check or
    verification of identity in which the holder showed card or code.
    """

    region: Region
    kind: LicenceKind
    card_number: CardNumber
    shown_by: Short


class LicencesTaken(msgspec.Struct, frozen=True):
    """What the region stated, as it is kept and linked here; withdrawn ones too."""

    licences: list[LicenceAnswer]


def licence_request_route(
    database: Database, courier: Courier, requests: LicenceRequests
) -> HTTPRouteHandler:
    """The route."""

    @_ROUTES.asks(
        "/v1/licence-requests",
        ("clerk", "department"),
        "向其他地区调取持卡人的电子证照 · Ask another region for a holder's licences",
        RegionIsOwn,
        NoAgreementCovers,
        refusals.IdentityIsNotShown,
        *EVERY_QUESTION,
        refusals.StatementIsNotAsked,
        refusals.StatementIsMalformed,
        refusals.RegionKeyIsUnknown,
        refusals.StatementSignatureIsWrong,
        refusals.StatementIsForAnother,
        refusals.StatementIsOutdated,
    )
    async def ask(request: ApiRequest, data: JSONBody[LicenceRequest]) -> LicencesTaken:
        taken = await requests.ask(
            database,
            courier,
            region=data.region,
            kind=data.kind,
            card_number=data.card_number,
            shown_by=data.shown_by,
            by=request.user.name,
        )
        return LicencesTaken([licence_answer(each) for each in taken])

    return ask
