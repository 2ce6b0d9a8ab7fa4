"""The closed list of kinds of events, and what only one kind has (interfaces section 15)."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Detail(msgspec.Struct, omit_defaults=True):
    """What only one kind of event has."""

    kind: ClassVar[str] = ""


class CardIssued(Detail):
    """A card handed over; year of the holder's birth."""

    kind: ClassVar[str] = "card.issued"
    holder_born: int
    spec: str


class CardLost(Detail):
    """A loss reported."""

    kind: ClassVar[str] = "card.lost"


class CardRestored(Detail):
    """Found again, before a new one was made."""

    kind: ClassVar[str] = "card.restored"


class CardFrozen(Detail):
    """Frozen for the moment."""

    kind: ClassVar[str] = "card.frozen"


class CardCancelled(Detail):
    """Cancelled for good."""

    kind: ClassVar[str] = "card.cancelled"


class CardReplaced(Detail):
    """Another card came in its place."""

    kind: ClassVar[str] = "card.replaced"
    new_card: str


class PersonDied(Detail):
    """A death told to the platform; the event's `at` is the day of death."""

    kind: ClassVar[str] = "person.died"


class PersonMoved(Detail):
    """Moved to another region."""

    kind: ClassVar[str] = "person.moved"
    to_region: str


class AgentAuthorised(Detail):
    """May act for the person: medical, payout or all."""

    kind: ClassVar[str] = "agent.authorised"
    agent: str
    scope: str


class AgentEnded(Detail):
    """May no more."""

    kind: ClassVar[str] = "agent.ended"
    agent: str
    scope: str


class CertificateLinked(Detail):
    """A certificate on the card: disability, veteran, senior, student; until when."""

    kind: ClassVar[str] = "certificate.linked"
    certificate: str
    until: str


class CertificateEnded(Detail):
    """It ended."""

    kind: ClassVar[str] = "certificate.ended"
    certificate: str
    until: str


class PhoneBound(Detail):
    """An electronic card on a phone."""

    kind: ClassVar[str] = "phone.bound"


class AccountOpened(Detail):
    """A bank account of a card."""

    kind: ClassVar[str] = "account.opened"
    purpose: str
    channel: str
    by: str


class AccountChanged(Detail):
    """Payouts go to another account from now on."""

    kind: ClassVar[str] = "account.changed"
    purpose: str
    old_account: str
    channel: str
    by: str


class TransitTap(Detail):
    """A tap at a gate or in a bus."""

    kind: ClassVar[str] = "transit.tap"
    phase: str
    counter: int
    balance_fen: int
    tac: str
    tac_ok: bool
    sequence: int
    late: bool
    concession: str = ""


class PurseLoad(Detail):
    """Money onto the purse."""

    kind: ClassVar[str] = "purse.load"
    counter: int
    balance_fen: int


class CodeShown(Detail):
    """A code made on a phone."""

    kind: ClassVar[str] = "code.shown"
    code: str
    purpose: str


class CodeScanned(Detail):
    """A code read by a terminal."""

    kind: ClassVar[str] = "code.scanned"
    code: str
    purpose: str


class IdentityCheck(Detail):
    """A card or code shown to prove who one is; `photo_match` 0 to 100."""

    kind: ClassVar[str] = "identity.check"
    purpose: str
    pin_tries: int
    outcome: str
    photo_match: int | None = None


class CardAuthentication(Detail):
    """Whether a chip is genuine."""

    kind: ClassVar[str] = "card.authentication"
    outcome: str


class PayoutPaid(Detail):
    """Money of a programme for a month."""

    kind: ClassVar[str] = "payout.paid"
    programme: str
    period: str
    account: str


class PayoutCertified(Detail):
    """The yearly proof of being alive."""

    kind: ClassVar[str] = "payout.certified"
    programme: str
    channel: str


class Transfer(Detail):
    """Money out of the account; drawn as cash there is no other account."""

    kind: ClassVar[str] = "transfer"
    channel: str
    cash: bool
    to_account: str = ""


class BankPin(Detail):
    """A PIN at a cash machine."""

    kind: ClassVar[str] = "bank.pin"
    outcome: str


class MedicalVisit(Detail):
    """A step of a visit."""

    kind: ClassVar[str] = "medical.visit"
    visit: str
    department: str
    doctor: str
    phase: str


class MedicalSettled(Detail):
    """A bill split between the fund, the medical account and cash."""

    kind: ClassVar[str] = "medical.settled"
    visit: str
    pooled_fen: int
    account_fen: int
    cash_fen: int
    care: str = msgspec.field(name="class")
    lines: int


class MedicineSold(Detail):
    """A drug given out under insurance."""

    kind: ClassVar[str] = "medicine.sold"
    visit: str
    drug: str
    quantity: int
    days_supply: int
    chronic: bool


class Purchase(Detail):
    """Paid by card at a merchant."""

    kind: ClassVar[str] = "purchase"
    category: str
    refund: bool


class InsuranceEnrolled(Detail):
    """An employer enrols a worker; the wage by month."""

    kind: ClassVar[str] = "insurance.enrolled"
    insurance: str = msgspec.field(name="kind")
    employer: str
    wage_fen: int


class InsuranceEnded(Detail):
    """The employer ends it."""

    kind: ClassVar[str] = "insurance.ended"
    insurance: str = msgspec.field(name="kind")
    employer: str


class EmploymentClocked(Detail):
    """Seen at work."""

    kind: ClassVar[str] = "employment.clocked"
    employer: str


class BenefitClaimed(Detail):
    """A benefit applied for."""

    kind: ClassVar[str] = "benefit.claimed"
    claim: str = msgspec.field(name="kind")
    employer: str
