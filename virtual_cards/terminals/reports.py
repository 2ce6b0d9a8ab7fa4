"""What a terminal reports to the card platform: money that moved on a card, and cards turned away
(docs/interfaces.md, section 4).

Rules: a report has a kind in the journal, a route, and an Idempotency-Key that is the same however
often it is sent. Money is whole fen, bytes are upper-case hexadecimal, dates and times are China
standard time as the card wrote them.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import ClassVar

import msgspec


class Reduction(msgspec.Struct, frozen=True):
    """What a fare was lowered by, and why.

    `kind` is `transfer`, `concession`, `age`, `daily-cap` or `monthly-cap`.
    """

    kind: str
    fen: int


class Ride(msgspec.Struct, frozen=True):
    """A finished ride; amounts in fen."""

    ride_id: str
    entry: str = msgspec.field(name="from")
    exit: str = msgspec.field(name="to")
    fare_fen: int
    charged_fen: int
    posting_id: str | None


class TapReceipt(msgspec.Struct, frozen=True):
    """A tap the platform took; `ride` when it ended one."""

    tap_id: str
    tac: str
    ride: Ride | None = None


class PurchaseReceipt(msgspec.Struct, frozen=True):
    """A purchase the platform took."""

    purchase_id: str
    posting_id: str


class PaymentReceipt(msgspec.Struct, frozen=True):
    """A payment from the medical purse the platform took."""

    payment_id: str
    posting_id: str


class RefusalReceipt(msgspec.Struct, frozen=True):
    """A refusal the platform took."""

    refusal_id: str


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What every report of money that moved on a card says; `tac` is the card's own."""

    amount_fen: int
    balance_after_fen: int
    offline_sequence: int
    terminal_sequence: int
    transaction_type: str = msgspec.field(name="type")
    date: str
    time: str
    tac: str

    def key(self, word: str, card: str) -> str:
        """An Idempotency-Key that is the same however often it is sent."""
        return f"{word}-{card}-{self.terminal_sequence:08X}-{self.offline_sequence:04X}"


class Tap(Spent, frozen=True, kw_only=True, omit_defaults=True):
    """A card that passed a gate or a bus validator, with the card's TAC."""

    journal_kind: ClassVar[str] = "tap"
    path: ClassVar[str] = "/v1/transit/taps"
    receipt: ClassVar[type[msgspec.Struct]] = TapReceipt

    application_serial: str
    issuer: str
    kind: str
    station: str
    entry_station: str | None
    reduction: Reduction | None = None

    @property
    def idempotency_key(self) -> str:
        """The same tap has the same key, however often it is sent."""
        return self.key("tap", self.application_serial)


class Purchase(Spent, frozen=True, kw_only=True):
    """Something bought from the transit purse, with the card's TAC."""

    journal_kind: ClassVar[str] = "purchase"
    path: ClassVar[str] = "/v1/transit/purchases"
    receipt: ClassVar[type[msgspec.Struct]] = PurchaseReceipt

    application_serial: str
    issuer: str

    @property
    def idempotency_key(self) -> str:
        """The same purchase has the same key, however often it is sent."""
        return self.key("buy", self.application_serial)


class MedicalPayment(Spent, frozen=True, kw_only=True):
    """A payment from an account of the medical purse, with the card's TAC."""

    journal_kind: ClassVar[str] = "medical-payment"
    path: ClassVar[str] = "/v1/medical/payments"
    receipt: ClassVar[type[msgspec.Struct]] = PaymentReceipt

    historical_bytes: str
    account: int

    @property
    def idempotency_key(self) -> str:
        """The same payment has the same key, however often it is sent."""
        return self.key("med", self.historical_bytes)


class CodeUseReceipt(msgspec.Struct, frozen=True):
    """What the platform found of a code taken without a line: `right`, or a reason."""

    use_id: str
    finding: str


class CodeUse(msgspec.Struct, frozen=True):
    """A code that was taken without a line, and when."""

    journal_kind: ClassVar[str] = "code-use"
    path: ClassVar[str] = "/v1/code-uses"
    receipt: ClassVar[type[msgspec.Struct]] = CodeUseReceipt

    code: str
    purpose: str
    at: str

    @property
    def idempotency_key(self) -> str:
        """The same use has the same key, however often it is sent."""
        used = f"{self.code} {self.purpose} {self.at}".encode()
        return f"code-{hashlib.sha256(used).hexdigest()[:48]}"


class Refusal(msgspec.Struct, frozen=True):
    """A card that was turned away."""

    journal_kind: ClassVar[str] = "refusal"
    path: ClassVar[str] = "/v1/transit/refusals"
    receipt: ClassVar[type[msgspec.Struct]] = RefusalReceipt

    application_serial: str
    reason: str
    station: str
    at: str
    revocation_list_version: int

    @property
    def idempotency_key(self) -> str:
        """Another one each time it is asked for: a refusal changes nothing on the card, so nothing
        on it tells two of them apart.
        """
        return f"refusal-{secrets.token_hex(16)}"


class PermittedLoad(msgspec.Struct, frozen=True):
    """A load the platform permitted; whether the card took it is known when its TAC is."""

    journal_kind: ClassVar[str] = "load"

    load_id: str
    amount_fen: int
    balance_before_fen: int
    online_sequence: int


PurseReport = Tap | Purchase | MedicalPayment
"""Money that moved on a card."""
Report = PurseReport | Refusal | CodeUse
Begun = PurseReport | PermittedLoad
"""What a terminal asks of a card that may leave before it answers."""
Receipt = TapReceipt | PurchaseReceipt | PaymentReceipt | RefusalReceipt | CodeUseReceipt
REPORTS: dict[str, type[Report]] = {
    each.journal_kind: each for each in (Tap, Purchase, MedicalPayment, Refusal, CodeUse)
}
"""By kind in the journal."""
