"""HTTP routes of identity: checks and card authentications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.errors import Refusal
from card_platform.issuance.ecards.model import CodeHolder
from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.issuance.ecards.shapes import ScannedText
from card_platform.services.identity.model import Verdict
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.identity.service import Challenge, Identity
from card_platform.storage import Question, Transaction
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web import Caller, Desk, ExpressRoute, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestBody, RequestIsMalformed

_ROUTES = Routes("identity")

Hex8Bytes = Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ChallengeBody(RequestBody, frozen=True):
    """Process factor and original data, 8 bytes each."""

    process: Hex8Bytes
    original: Hex8Bytes

    def read(self) -> Challenge:
        """The same as bytes."""
        return Challenge(bytes.fromhex(self.process), bytes.fromhex(self.original))


class CardAuthentication(RequestBody, frozen=True):
    """What the reader has of the card, and the challenges of both directions."""

    historical_bytes: HistoricalBytesText
    region: Annotated[str, exactly(REGION_PATTERN)]
    internal: ChallengeBody
    external: ChallengeBody


class CardAuthenticationAnswer(msgspec.Struct, frozen=True):
    """The authentication values, 8 bytes each in hex."""

    internal_auth: str
    external_auth: str
    external_original: str


class IdentityCheck(RequestBody, frozen=True):
    """Who is to be checked, for what: card number and name as a card says, or a code.

    With a card, `historical_bytes` says which chip was authenticated: a number that is not that
    chip's is refused.
    """

    purpose: Short
    card_number: Annotated[str, exactly(CARD_NUMBER_PATTERN)] | None = None
    name: Short | None = None
    code: ScannedText | None = None
    historical_bytes: HistoricalBytesText | None = None

    def require_one(self) -> None:
        """A card or a code, not both. Raises `RequestIsMalformed`."""
        by_card = self.card_number is not None and self.name is not None
        nothing_of_card = self.card_number is self.name is self.historical_bytes is None
        if by_card if self.code is None else nothing_of_card:
            return
        raise RequestIsMalformed([Fault("$", "neither or both", "card_number and name, or code")])


class CheckedHolder(msgspec.Struct, frozen=True):
    """Whose code it is: what a terminal would read from the card."""

    card_number: str
    name: str
    document_number: str
    region: str
    valid_until: str


class IdentityCheckAnswer(msgspec.Struct, frozen=True):
    """The verdict; `card_state` is told only where the name is the holder's.

    With a reason, the sentence of it in both languages; for a valid code also whose it is.
    """

    check_id: str
    result: str
    reason: str | None
    card_state: str | None
    holder: CheckedHolder | msgspec.UnsetType = msgspec.UNSET
    detail_zh: str | msgspec.UnsetType = msgspec.UNSET
    detail_en: str | msgspec.UnsetType = msgspec.UNSET


_CHECKS = "/v1/identity-checks"
_CHECKERS = ("clerk", "terminal")


def identity_routes(desk: Desk, identity: Identity) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.asks(
        "/v1/card-authentications",
        ("clerk", "terminal"),
        "卡片认证 · Authenticate a card",
    )
    async def authenticate(
        request: ApiRequest, data: JSONBody[CardAuthentication]
    ) -> Response[CardAuthenticationAnswer]:
        def work(tx: Transaction) -> CardAuthenticationAnswer:
            internal, external = identity.authenticate(
                tx,
                historical_bytes=data.historical_bytes.upper(),
                region=data.region,
                internal=data.internal.read(),
                external=data.external.read(),
                by=request.user.name,
            )
            return CardAuthenticationAnswer(
                internal.hex().upper(), external.hex().upper(), data.external.original.upper()
            )

        return await desk.record(work)

    @_ROUTES.creates(_CHECKS, _CHECKERS, "身份核验 · Check an identity", status=200)
    async def check(
        request: ApiRequest, data: JSONBody[IdentityCheck]
    ) -> Response[IdentityCheckAnswer]:
        return await desk.perform(request, _check(identity, data, request.user))

    return [authenticate, check]


def identity_express(identity: Identity) -> list[ExpressRoute]:
    """The identity check again, for the express lane."""

    def check(data: IdentityCheck, caller: Caller) -> Callable[[Transaction], IdentityCheckAnswer]:
        return _check(identity, data, caller)

    def foresee(data: IdentityCheck) -> list[Question]:
        return [identity.question(data.card_number, data.code)]

    return [
        ExpressRoute(
            _CHECKS, frozenset(_CHECKERS), IdentityCheck, check, status=200, foresees=foresee
        )
    ]


def _check(
    identity: Identity, data: IdentityCheck, caller: Caller
) -> Callable[[Transaction], IdentityCheckAnswer]:
    data.require_one()

    def work(tx: Transaction) -> IdentityCheckAnswer:
        if data.code is not None:
            return _check_code(tx, identity, data.purpose, data.code, caller)
        check_id, verdict = identity.check(
            tx,
            purpose=data.purpose,
            card_number=data.card_number or "",
            name=data.name or "",
            chip=data.historical_bytes.upper() if data.historical_bytes else None,
            by=caller.name,
        )
        return _answer(check_id, verdict, CARD_REFUSALS)

    return work


def _check_code(
    tx: Transaction, identity: Identity, purpose: str, code: str, caller: Caller
) -> IdentityCheckAnswer:
    check_id, verdict, holder = identity.check_code(tx, purpose=purpose, code=code, by=caller.name)
    return _answer(check_id, verdict, CODE_REFUSALS, _checked(holder) if holder else msgspec.UNSET)


def _answer(
    check_id: str,
    verdict: Verdict,
    refusals: Mapping[str, type[Refusal]],
    holder: CheckedHolder | msgspec.UnsetType = msgspec.UNSET,
) -> IdentityCheckAnswer:
    told = (check_id, verdict.result, verdict.reason, verdict.card_state)
    if verdict.reason is None:
        return IdentityCheckAnswer(*told, holder=holder)
    refusal = refusals[verdict.reason]
    return IdentityCheckAnswer(*told, detail_zh=refusal.zh, detail_en=refusal.en)


def _checked(holder: CodeHolder) -> CheckedHolder:
    return CheckedHolder(
        holder.card_number, holder.name, holder.document_number, holder.region, holder.valid_until
    )
