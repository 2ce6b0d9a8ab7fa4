"""HTTP routes of verification."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.regions.identity_policy import ReservedActivity
from card_platform.services.verification.refusals import ActivityIsUnknown, MeansIsUnknown
from card_platform.services.verification.service import Verification
from card_platform.services.verification.shapes import (
    ActivitiesAnswer,
    ActivityAnswer,
    ChallengeAnswer,
    ChallengeRequest,
    NeededDocument,
    VerificationAnswer,
    VerificationBody,
)
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("identity")

_VERIFIERS = ("clerk", "terminal", "department")


def verification_routes(desk: Desk, verification: Verification) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    rules = verification.rules

    @_ROUTES.reads(
        "/v1/identity-activities",
        (*_VERIFIERS, "operator"),
        "身份核验事项 · For what the card proves identity",
    )
    async def list_activities() -> Response[ActivitiesAnswer]:
        told = [
            ActivityAnswer(each.code, each.name_zh, each.name_en, each.source, None)
            for each in rules.activities
        ]
        reserved = [
            ActivityAnswer(each.code, each.name_zh, each.name_en, each.source, _needed(each))
            for each in rules.reserved
        ]
        return await desk.look_up(lambda _tx: ActivitiesAnswer([*told, *reserved]))

    @_ROUTES.creates("/v1/identity-challenges", _VERIFIERS, "卡片挑战 · A challenge for a card")
    async def challenge(
        request: ApiRequest,
        data: JSONBody[ChallengeRequest],  # noqa: ARG001
    ) -> Response[ChallengeAnswer]:
        def work(tx: Transaction) -> ChallengeAnswer:
            made = verification.challenge(tx)
            process, original = made.process.hex().upper(), made.original.hex().upper()
            return ChallengeAnswer(made.challenge_id, process, original, made.ends_at)

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        "/v1/identity-verifications",
        _VERIFIERS,
        "按事项核验身份 · Verify an identity for an activity",
        ActivityIsUnknown,
        MeansIsUnknown,
        status=200,
    )
    async def verify(
        request: ApiRequest, data: JSONBody[VerificationBody]
    ) -> Response[VerificationAnswer]:
        by = request.user.name
        data.require_chip_of_card()
        chip = data.historical_bytes.upper() if data.historical_bytes else None

        def work(tx: Transaction) -> VerificationAnswer:
            verification_id, verdict = verification.verify(
                tx,
                activity=data.activity,
                place=data.place,
                means=data.means,
                token=data.token,
                name=data.name,
                proof=data.proof.read() if data.proof else None,
                by=by,
                chip=chip,
            )
            reserved = rules.reserved_activity(data.activity)
            verified = verdict.holder if verdict.reason is None else None
            return VerificationAnswer(
                verification_id,
                verdict.result,
                verdict.reason,
                _needed(reserved) if reserved else None,
                verified.card_number if verified else None,
                verification.subject(data.activity, data.place, verdict),
            )

        return await desk.perform(request, work)

    return [list_activities, challenge, verify]


def _needed(reserved: ReservedActivity) -> NeededDocument:
    return NeededDocument(reserved.document_zh, reserved.document_en, reserved.source)
