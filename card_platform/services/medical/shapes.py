"""Request and answer shapes of the medical accounts, as in docs/interfaces.md, section 4."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.issuance.ecards.shapes import ScannedText
from card_platform.services.medical.model import MedicalLoadRequest, Payment
from card_platform.vocabulary.card_text import (
    AmountFen,
    DateText,
    Hex4,
    HistoricalBytesText,
    PositiveFen,
    Sequence2,
    Sequence4,
    TimeText,
    day_faults,
)
from card_platform.web.request_body import RequestBody, RequestIsMalformed

Account = Literal[1, 2]


class CreditBody(RequestBody, frozen=True):
    """Money of the fund for a personal account: 1 of the current year, 2 of earlier years."""

    account: Account
    amount_fen: PositiveFen


class CreditAnswer(msgspec.Struct, frozen=True):
    """A credit that was granted."""

    credit_id: str
    posting_id: str


class MedicalLoadBody(RequestBody, frozen=True):
    """The card's wish to load its medical purse; algorithm 3 is SM4."""

    historical_bytes: HistoricalBytesText
    account: Account
    amount_fen: PositiveFen
    balance_before_fen: AmountFen
    online_sequence: Sequence2
    key_version: Literal[1]
    algorithm: Literal[3]
    random: Hex4
    mac1: Hex4

    def read(self) -> MedicalLoadRequest:
        """The same for the service."""
        return MedicalLoadRequest(
            self.historical_bytes.upper(),
            self.account,
            self.amount_fen,
            self.balance_before_fen,
            self.online_sequence,
            self.random.upper(),
            self.mac1.upper(),
        )


class MedicalLoadAnswer(msgspec.Struct, frozen=True):
    """MAC2 and what it is taken over."""

    load_id: str
    date: str
    time: str
    mac2: str


class MedicalConfirmationBody(RequestBody, frozen=True):
    """The card's receipt of a load."""

    tac: Hex4
    balance_after_fen: AmountFen


class MedicalConfirmationAnswer(msgspec.Struct, frozen=True):
    """The posting of a load."""

    load_id: str
    posting_id: str


class PaymentBody(RequestBody, frozen=True):
    """The card's receipt at a hospital desk or in a pharmacy."""

    historical_bytes: HistoricalBytesText
    account: Account
    amount_fen: PositiveFen
    balance_after_fen: AmountFen
    offline_sequence: Sequence2
    terminal_sequence: Sequence4
    type: Literal["06"]
    date: DateText
    time: TimeText
    tac: Hex4

    def read(self) -> Payment:
        """The same for the service.

        Raises:
            RequestIsMalformed: the date is none.
        """
        if faults := day_faults(self.date):
            raise RequestIsMalformed(faults)
        return Payment(
            self.historical_bytes.upper(),
            self.account,
            self.amount_fen,
            self.balance_after_fen,
            self.offline_sequence,
            self.terminal_sequence,
            self.date,
            self.time,
            self.tac.upper(),
        )


class PaymentAnswer(msgspec.Struct, frozen=True):
    """A payment that was taken; with `not_paid` the institution gets nothing of it, and the holder
    has it back as credit.
    """

    payment_id: str
    tac: str
    posting_id: str
    not_paid: str | None


class CodeSettlementBody(RequestBody, frozen=True):
    """A bill of the institution, and the code of the patient."""

    code: ScannedText
    bill: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    amount_fen: PositiveFen


class CodeSettlementAnswer(msgspec.Struct, frozen=True):
    """What the accounts paid, by account; the rest is left for cash."""

    settlement_id: str
    posting_id: str | None
    paid_fen: dict[str, int]
    unpaid_fen: int
