"""HTTP routes of a card's record: what the registers hold of it beside its state."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from card_platform.issuance import registers
from card_platform.issuance.card_service_shapes import (
    CancellationRecord,
    DeliveryRecord,
    DestructionRecord,
    FreezeRecord,
    FreezesAnswer,
    HandOverRecord,
    LossRecord,
    LossReportsAnswer,
    RecordAnswer,
    functions_answer,
)
from card_platform.issuance.production.store import delivery_of
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.issuance.service import Issuance
from card_platform.storage import Page, Paged, Transaction
from card_platform.web import CardList, CardView, Desk, Routes

_ROUTES = Routes("issuance")
_READERS = ("clerk", "operator", "supervisor", "holder", "agent")


def record_routes(desk: Desk, issuance: Issuance) -> list[HTTPRouteHandler]:
    """The record, and its lists by pages."""

    def find(tx: Transaction, card_id: str) -> str:
        return issuance.get_card(tx, card_id).card_id

    lists = CardView("record", _READERS, find, _LISTS)

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/record",
        _READERS,
        "卡片登记簿 · What is on record of a card",
        CardIsUnknown,
    )
    async def look(card_id: FromPath[str]) -> Response[RecordAnswer]:
        return await desk.look_up(lambda tx: _record(tx, find(tx, card_id), lists))

    return [look, *lists.routes(_ROUTES, desk, CardIsUnknown)]


def _record(tx: Transaction, card_id: str, lists: CardView[str]) -> RecordAnswer:
    before, after = registers.succession_of(tx, card_id)
    handed = registers.rows_of(tx, registers.HAND_OVERS, card_id, HandOverRecord)
    cancelled = registers.rows_of(tx, registers.CANCELLATIONS, card_id, CancellationRecord)
    destroyed = registers.rows_of(tx, registers.DESTRUCTIONS, card_id, DestructionRecord)
    newest = lists.newest(tx, card_id, card_id)
    return RecordAnswer(
        card_id,
        supersedes=before,
        superseded_by=after,
        functions=functions_answer(registers.functions_of(tx, card_id)),
        hand_over=next(iter(handed), None),
        delivery=_delivery(tx, card_id),
        cancellation=next(iter(cancelled), None),
        destruction=next(iter(destroyed), None),
        more=newest.more,
        **newest.rows,
    )


def _delivery(tx: Transaction, card_id: str) -> DeliveryRecord | None:
    sent = delivery_of(tx, card_id)
    if sent is None:
        return None
    delivery, state, since = sent
    return DeliveryRecord(
        delivery.delivery_id, delivery.consignment, delivery.site, state, since, delivery.sent_at
    )


def _loss_reports(tx: Transaction, card_id: str, page: Page) -> Paged[LossRecord]:
    register = registers.LOSS_REPORTS
    return registers.page_of_rows(tx, register, card_id, page, LossRecord)


def _freezes(tx: Transaction, card_id: str, page: Page) -> Paged[FreezeRecord]:
    register = registers.FREEZES
    return registers.page_of_rows(tx, register, card_id, page, FreezeRecord)


_LISTS = (
    CardList("loss_reports", "挂失记录 · A card's loss reports", LossReportsAnswer, _loss_reports),
    CardList("freezes", "冻结记录 · A card's freezes", FreezesAnswer, _freezes),
)
