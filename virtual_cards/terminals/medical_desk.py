"""Desks that take medical payments: hospital and pharmacy (LD/T 32.5, medical purse offline mode).

Rules: the PIN of the holder opens the purse. Before the card is asked to pay, the journal knows; a
card that left before its answer came is asked when it is back, and pays a bill once. A decision of
card or holder is a value (`NotPaid`); a card that left or answers nonsense raises.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from virtual_cards.apdu import status_words as sw
from virtual_cards.applets.social_security.medical.commands import Account, Kind
from virtual_cards.terminals.card_dialogue import CardRefusesCommand
from virtual_cards.terminals.codes import CodeRefused
from virtual_cards.terminals.holder_card import CardholderData, historical_bytes_of
from virtual_cards.terminals.holder_desk import HolderDesk, NotReceived, Received
from virtual_cards.terminals.medical_purse import MedicalCard
from virtual_cards.terminals.messages import CodeSettlement, CodeSettlementRequest
from virtual_cards.terminals.moments import card_moment
from virtual_cards.terminals.platform_line import PlatformIsUnreachable, PlatformRefuses
from virtual_cards.terminals.reports import MedicalPayment, PaymentReceipt
from virtual_cards.terminals.security_module import SignedPurchase

REGISTRATION: Final = "medical-registration"
PHARMACY: Final = "pharmacy-purchase"

NotPaidReason = Literal["insufficient-balance", "pin-wrong", "pin-locked", "card-not-genuine"]


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment on the card; `receipt` is None while the line is down."""

    payment: MedicalPayment
    recovered: bool
    receipt: PaymentReceipt | None


@dataclass(frozen=True, slots=True)
class NotPaid:
    """Nothing moved, and why; `tries_left` of the PIN after a wrong one."""

    reason: NotPaidReason
    tries_left: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a bill was paid with; `unpaid_fen` is left for cash."""

    payments: tuple[Paid, ...]
    unpaid_fen: int


class AnotherCard(Exception):
    """The card in the reader is not the one that was received."""

    def __init__(self) -> None:
        super().__init__("the card in the reader is not the one that was received")


class _Decline(Exception):
    def __init__(self, reason: NotPaidReason, tries_left: int | None = None) -> None:
        super().__init__(reason)
        self.decision = NotPaid(reason, tries_left)


class MedicalDesk(HolderDesk):
    """A desk at the medical purse."""

    def pay(
        self, holder: CardholderData, bill: str, account: Account, amount_fen: int, pin: str
    ) -> Paid | NotPaid:
        """Take a bill from an account of the card that was received, and report it.

        Raises ValueError for an amount of nothing or what is no PIN, `AnotherCard`,
        `CardIsAbsent`, `CardRefusesCommand` for a card without a medical purse,
        `PlatformRefuses`, `JournalIsFull`.
        """
        if amount_fen <= 0:
            raise ValueError(f"a bill has an amount above 0 fen, this one has {amount_fen}")
        self.journal.require_room()
        try:
            payment, recovered = self._take(holder, bill, account, amount_fen, pin)
        except _Decline as declined:
            return declined.decision
        finally:
            self.dialogue.reader.disconnect()
        receipt = self.journal.send()
        told = receipt if isinstance(receipt, PaymentReceipt) else None
        return Paid(payment, recovered, told)

    def balance_fen(self, holder: CardholderData, account: Account | None = None) -> int:
        """What an account holds, or both, in fen. Raises `AnotherCard`, `CardIsAbsent`."""
        return self._card_of(holder).balance_fen(account)

    def _card_of(self, holder: CardholderData) -> MedicalCard:
        """The medical purse of the card in the reader, when it is still this holder's."""
        atr = self.dialogue.connect()
        if historical_bytes_of(atr).hex().upper() != holder.historical_bytes:
            raise AnotherCard
        card = MedicalCard(self.dialogue, self.module.terminal_number)
        card.select()
        return card

    def _take(
        self, holder: CardholderData, bill: str, account: Account, amount_fen: int, pin: str
    ) -> tuple[MedicalPayment, bool]:
        card = self._card_of(holder)
        act = _act(bill, account)
        recovered = self.journal.paid(holder.historical_bytes, MedicalPayment, act)
        recovered = recovered or self._recover(card, holder, act)
        if recovered is not None:
            return recovered, True
        self._verify(card, pin)
        at = self.now()
        moment = card_moment(at)
        initialised = card.initialize(Kind.PURCHASE, account, amount_fen)
        if initialised.status == sw.INSUFFICIENT_BALANCE:
            raise _Decline("insufficient-balance")
        if initialised.status != sw.SUCCESS:
            raise _Decline("card-not-genuine")
        signed = self.module.sign_medical_purchase(
            initialised=initialised.data,
            amount=amount_fen.to_bytes(4, "big"),
            kind=bytes([Kind.PURCHASE]),
            account=bytes([account]),
            moment=moment,
            region=holder.region,
            historical_bytes=bytes.fromhex(holder.historical_bytes),
        )
        payment = MedicalPayment(
            historical_bytes=holder.historical_bytes,
            account=account.value,
            amount_fen=amount_fen,
            balance_after_fen=int.from_bytes(initialised.data[:4], "big") - amount_fen,
            offline_sequence=int.from_bytes(initialised.data[4:6], "big"),
            terminal_sequence=int.from_bytes(signed.terminal_sequence, "big"),
            transaction_type=f"{Kind.PURCHASE:02X}",
            date=at.strftime("%Y%m%d"),
            time=at.strftime("%H%M%S"),
            tac="",
        )
        self.journal.begin(holder.historical_bytes, act, payment, at)
        payment = msgspec.structs.replace(payment, tac=self._debit(card, signed, moment))
        self.journal.write(payment, at, holder.historical_bytes, act)
        return payment, False

    def _verify(self, card: MedicalCard, pin: str) -> None:
        try:
            card.verify(pin)
        except CardRefusesCommand as refused:
            if (left := sw.tries_told(refused.status)) is not None:
                raise _Decline("pin-wrong", left) from refused
            if refused.status == sw.AUTHENTICATION_METHOD_BLOCKED:
                raise _Decline("pin-locked", 0) from refused
            raise

    def _debit(self, card: MedicalCard, signed: SignedPurchase, moment: bytes) -> str:
        """The TAC, when card and PSAM have proved themselves to each other.

        After a wrong answer what was begun stays begun: the card is asked when it is back.
        """
        response = card.debit(signed.terminal_sequence, moment, signed.mac)
        if response.status != sw.SUCCESS or not self.module.confirms_medical(response.data[4:8]):
            raise _Decline("card-not-genuine")
        return response.data[:4].hex().upper()

    def _recover(
        self, card: MedicalCard, holder: CardholderData, act: str
    ) -> MedicalPayment | None:
        """Ask a card that left before its answer whether it paid (B02E).

        What it paid is reported in any case; it counts for this bill when it was for this bill.
        """
        begun = self.journal.begun(holder.historical_bytes, MedicalPayment)
        if begun is None:
            return None
        begun_act, _at, payment = begun
        proof = card.proof(Kind.PURCHASE, payment.offline_sequence)
        if proof.status != sw.SUCCESS:
            self.journal.abandon(holder.historical_bytes, MedicalPayment)
            return None
        proved = msgspec.structs.replace(payment, tac=proof.data[4:8].hex().upper())
        self.journal.write(proved, self.now(), holder.historical_bytes, begun_act)
        return proved if begun_act == act else None


class HospitalDesk(MedicalDesk):
    """A desk of a hospital: registers patients, settles their bills."""

    def register(self) -> Received | NotReceived:
        """Who is the patient? Raises as `receive`."""
        return self.receive(REGISTRATION)

    def register_code(self, text: str) -> Received | NotReceived:
        """Who is the patient, by code? Raises as `receive_code`."""
        return self.receive_code(REGISTRATION, text)

    def settle_by_code(self, text: str, bill: str, amount_fen: int) -> CodeSettlement | CodeRefused:
        """Pay a bill from the accounts behind a code, on line only; the rest is cash.

        A bill whose answer was lost is asked for again with the same code: it is paid once. Raises
        `PlatformRefuses` for what is not the code's fault.
        """
        asked = CodeSettlementRequest(text, bill, amount_fen)
        key = hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:48]
        try:
            return self.line.settle_by_code(asked, f"settle-{key}")
        except PlatformIsUnreachable:
            return CodeRefused.because("code-needs-line")
        except PlatformRefuses as refused:
            if not refused.code.startswith(("code-", "card-is-not-active")):
                raise
            return CodeRefused(refused.code, refused.detail_zh, refused.detail_en)

    def settle(
        self, holder: CardholderData, bill: str, amount_fen: int, pin: str
    ) -> Settlement | NotPaid:
        """Pay a bill from the account of the year, then from earlier years; the rest is cash.

        Raises as `pay`. A card torn out in between: settle the same bill again.
        """
        payments: list[Paid] = []
        left_fen = amount_fen
        for account in Account:
            share_fen = min(left_fen, self._share_fen(holder, bill, account))
            if share_fen <= 0:
                continue
            outcome = self.pay(holder, bill, account, share_fen, pin)
            if isinstance(outcome, NotPaid):
                return outcome
            payments.append(outcome)
            left_fen -= outcome.payment.amount_fen
        return Settlement(tuple(payments), left_fen)

    def _share_fen(self, holder: CardholderData, bill: str, account: Account) -> int:
        """What an account can give; what it gave to this bill before, torn out or not, counts."""
        act = _act(bill, account)
        paid = self.journal.paid(holder.historical_bytes, MedicalPayment, act)
        if paid is not None:
            return paid.amount_fen
        balance_fen = self.balance_fen(holder, account)
        begun = self.journal.begun(holder.historical_bytes, MedicalPayment)
        if begun is not None and begun[0] == act:
            return max(balance_fen, begun[2].amount_fen)
        return balance_fen


class Pharmacy(MedicalDesk):
    """The till of a pharmacy: sells from one account, wholly or not at all."""

    def greet(self) -> Received | NotReceived:
        """Who is the customer? Raises as `receive`."""
        return self.receive(PHARMACY)

    def sell(
        self,
        holder: CardholderData,
        bill: str,
        amount_fen: int,
        pin: str,
        account: Account = Account.CURRENT_YEAR,
    ) -> Paid | NotPaid:
        """Take a bill from the account the customer names. Raises as `pay`."""
        return self.pay(holder, bill, account, amount_fen, pin)


def _act(bill: str, account: Account) -> str:
    return f"bill {bill} account {account.value}"
