"""HTTP routes of what holders ask for while the card lives."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.card_service_shapes import (
    DataChange,
    DataChangeAnswer,
    FunctionsAnswer,
    PinReport,
    PinReset,
    PinResetAnswer,
    functions_answer,
)
from card_platform.issuance.holder_affairs import HolderAffairs
from card_platform.issuance.pin_resets import PinResets
from card_platform.issuance.refusals import (
    CardHasEnded,
    CardIsUnknown,
    CardStateForbids,
    DocumentIsNotTheHolders,
    HistoricalBytesDiffer,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
    PinResetNeedsActiveCard,
    PinResetWasNotCommanded,
)
from card_platform.issuance.shapes import CardReference
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_CARD_LIFE = Routes("card life")


def pin_reset_routes(desk: Desk, pin_resets: PinResets) -> list[HTTPRouteHandler]:
    """The route that makes the command for a card whose holder lost the PIN."""

    @_CARD_LIFE.creates(
        "/v1/cards/{card_id:str}/pin-reset",
        ("clerk",),
        "密码重置指令 · Make the command that resets the PIN",
        CardIsUnknown,
        PinResetNeedsActiveCard,
        HistoricalBytesDiffer,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        status=200,
    )
    async def reset_pin(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[PinReset]
    ) -> Response[PinResetAnswer]:
        def allow(tx: Transaction) -> CardReference:
            by, chip = request.user.name, data.historical_bytes
            return CardReference(pin_resets.allow(tx, card_id, data.document, chip, by).card_id)

        def reveal(_tx: Transaction, kept: CardReference) -> PinResetAnswer:
            made = pin_resets.command(data.historical_bytes, data.challenge, data.new_pin)
            return PinResetAnswer(kept.card_id, made)

        return await desk.perform_and_reveal(
            request, allow, reveal, CardReference, digest=pin_resets.digest
        )

    return [reset_pin]


def holder_routes(desk: Desk, affairs: HolderAffairs) -> list[HTTPRouteHandler]:
    """The routes of holders' affairs."""

    @_CARD_LIFE.creates(
        "/v1/cards/{card_id:str}/holder-data",
        ("clerk",),
        "持卡人信息变更 · Change the holder's data",
        CardIsUnknown,
        CardHasEnded,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        status=200,
    )
    async def change_data(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[DataChange]
    ) -> Response[DataChangeAnswer]:
        def work(tx: Transaction) -> DataChangeAnswer:
            by = request.user.name
            return DataChangeAnswer(
                card_id, affairs.change_data(tx, card_id, data.document, data.changed, by)
            )

        return await desk.perform(request, work)

    @_CARD_LIFE.creates(
        "/v1/cards/{card_id:str}/pin-reports",
        ("clerk",),
        "密码状态回报 · Report what became of the PIN",
        CardIsUnknown,
        CardStateForbids,
        CardHasEnded,
        IdentityDocumentIsMissing,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        PinResetWasNotCommanded,
        status=200,
    )
    async def report_pin(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[PinReport]
    ) -> Response[FunctionsAnswer]:
        def work(tx: Transaction) -> FunctionsAnswer:
            by = request.user.name
            held = affairs.report_pin(tx, card_id, data.action, data.document, by)
            return functions_answer(held)

        return await desk.perform(request, work)

    return [change_data, report_pin]
