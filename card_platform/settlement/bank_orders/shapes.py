"""Request and answer shapes of orders to banks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.settlement.bank_orders.model import BankOrder
from card_platform.settlement.ledger.shapes import AccountText, AnyFen, ClientIdText, Words
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

CardIdText = Annotated[str, exactly(r"card-[0-9a-f]{28}")]
ReasonText = Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class BankOrderRequest(RequestBody, frozen=True):
    """Money for the account a card's holder has at a bank; `source` is an account of the ledger."""

    client_id: ClientIdText
    card_id: CardIdText
    source: AccountText
    amount_fen: AnyFen
    purpose: Words


class OrderDecisionBody(RequestBody, frozen=True):
    """What becomes of an order that is held."""

    decision: Literal["release", "drop"]
    reason: Words


class ConductBody(RequestBody, frozen=True):
    """How a simulated bank behaves from now on."""

    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    slow_s: Annotated[int, msgspec.Meta(ge=0, le=2_592_000)] = 0
    refuse_percent: Percent = 0
    refuse_reason: ReasonText = "account-closed"
    return_percent: Percent = 0
    return_after_days: Annotated[int, msgspec.Meta(ge=0, le=30)] = 3
    return_reason: ReasonText = "account-name-differs"
    lose_percent: Percent = 0
    down: bool = False


class BankOrderAnswer(msgspec.Struct, frozen=True):
    """An order and what became of it; `reason` is the bank's, `due_at` when it is asked next."""

    order_id: str
    client_id: str
    card_id: str
    bank: str
    source: str
    amount_fen: int
    purpose: str
    state: str
    ordered_at: str
    due_at: str | None
    reason: str | None


class BankOrdersAnswer(msgspec.Struct, frozen=True):
    """A page of the orders, in the order they were made."""

    orders: list[BankOrderAnswer]
    next: str | None


def order_answer(order: BankOrder) -> BankOrderAnswer:
    """An order as it is told."""
    told = {name: getattr(order, name) for name in BankOrderAnswer.__struct_fields__}
    return BankOrderAnswer(**{**told, "state": order.state.value})
