"""What is seen of a card's medical accounts: credit, balance, loads, payments, bills by code."""

from __future__ import annotations

import msgspec

from card_platform.issuance.model import Card
from card_platform.services.medical import store
from card_platform.services.medical.service import Medical
from card_platform.storage import Page, Paged, Transaction
from card_platform.web import CardList, CardView

ACCOUNT_READERS = ("clerk", "operator", "holder")


class CodeSettlementOnRecord(msgspec.Struct, frozen=True):
    """A bill settled by code as shown with the card."""

    settlement_id: str
    bill: str
    amount_fen: int
    unpaid_fen: int
    terminal_number: str
    posting_id: str | None
    at: str


class MedicalLoadOnRecord(msgspec.Struct, frozen=True):
    """A load as shown with the card; without posting it was never confirmed."""

    load_id: str
    account: int
    amount_fen: int
    online_sequence: int
    terminal_number: str
    posting_id: str | None
    at: str


class PaymentOnRecord(msgspec.Struct, frozen=True):
    """A payment as shown with the card."""

    payment_id: str
    account: int
    amount_fen: int
    balance_after_fen: int
    offline_sequence: int
    terminal_number: str
    posting_id: str
    at: str


class MedicalAnswer(msgspec.Struct, frozen=True):
    """A card's medical accounts; credit and balance by account, the newest of each list, the latest
    first; `more` says where it goes on.
    """

    credit_fen: dict[str, int]
    balance_fen: dict[str, int]
    loads: list[MedicalLoadOnRecord]
    payments: list[PaymentOnRecord]
    code_settlements: list[CodeSettlementOnRecord]
    more: dict[str, str | None]


class MedicalLoadsAnswer(msgspec.Struct, frozen=True):
    """Loads, the latest first."""

    loads: list[MedicalLoadOnRecord]
    next: str | None


class PaymentsAnswer(msgspec.Struct, frozen=True):
    """Payments by the purse, the latest first."""

    payments: list[PaymentOnRecord]
    next: str | None


class CodeSettlementsAnswer(msgspec.Struct, frozen=True):
    """Bills settled by code, the latest first."""

    code_settlements: list[CodeSettlementOnRecord]
    next: str | None


def account_view(medical: Medical) -> CardView[Card]:
    """The lists of a card's medical accounts."""

    def loads(tx: Transaction, card: Card, page: Page) -> Paged[MedicalLoadOnRecord]:
        found = store.page_of_loads(tx, card.historical_bytes, page)
        return found.made(lambda row: MedicalLoadOnRecord(**row))

    def payments(tx: Transaction, card: Card, page: Page) -> Paged[PaymentOnRecord]:
        found = store.page_of_payments(tx, card.historical_bytes, page)
        return found.made(lambda row: PaymentOnRecord(**row))

    def settlements(tx: Transaction, card: Card, page: Page) -> Paged[CodeSettlementOnRecord]:
        found = store.page_of_settlements(tx, card.card_id, page)
        return found.made(lambda row: CodeSettlementOnRecord(**row))

    lists = (
        CardList("loads", "医保圈存记录 · A card's medical loads", MedicalLoadsAnswer, loads),
        CardList("payments", "医保支付记录 · A card's medical payments", PaymentsAnswer, payments),
        CardList(
            "code_settlements",
            "扫码医保结算记录 · A card's bills settled by code",
            CodeSettlementsAnswer,
            settlements,
        ),
    )
    return CardView("medical", ACCOUNT_READERS, medical.card_of, lists)


def medical_answer(
    tx: Transaction, medical: Medical, lists: CardView[Card], card_id: str
) -> MedicalAnswer:
    """The accounts of a card. Raises CardIsUnknown."""
    card = medical.card_of(tx, card_id)
    newest = lists.newest(tx, card_id, card)
    return MedicalAnswer(
        {str(account): fen for account, fen in medical.credit_fen(tx, card.card_id).items()},
        {str(account): fen for account, fen in medical.balance_fen(tx, card.card_id).items()},
        more=newest.more,
        **newest.rows,
    )
