"""The form of an event and of an alert, as files and batches carry them (interfaces, section 14).

Rules: absent members are left out; `at` is when it happened by the clock of the device,
`received_at` when the platform learnt of it; a person is one human being over all regions. Both
moments are RFC 3339 with +08:00 and whole seconds. A member of `detail` belongs to the kinds
the interface names; the struct holds them all, so that one decoder serves a mixed stream.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Word = Annotated[str, msgspec.Meta(max_length=64)]
Moment = Annotated[str, exactly(r"\d{4}-\d\d-\d\dT[0-2]\d:[0-5]\d:[0-5]\d\+08:00")]
Kind = Literal[
    "card.issued",
    "card.lost",
    "card.restored",
    "card.frozen",
    "card.cancelled",
    "card.replaced",
    "person.died",
    "person.moved",
    "agent.authorised",
    "agent.ended",
    "certificate.linked",
    "certificate.ended",
    "phone.bound",
    "account.opened",
    "account.changed",
    "transit.tap",
    "purse.load",
    "code.shown",
    "code.scanned",
    "identity.check",
    "card.authentication",
    "payout.paid",
    "payout.certified",
    "transfer",
    "bank.pin",
    "medical.visit",
    "medical.settled",
    "medicine.sold",
    "purchase",
    "insurance.enrolled",
    "insurance.ended",
    "employment.clocked",
    "benefit.claimed",
]


class Typology(StrEnum):
    """What an alert may be about: the closed list of forms of misuse."""

    CLONED_PURSE = "cloned-purse"
    LOST_CARD_USED = "lost-card-used"
    CARD_LENT = "card-lent"
    IMPOSSIBLE_TRAVEL = "impossible-travel"
    DEAD_PAYEE = "dead-payee"
    DOUBLE_PAYOUT = "double-payout"
    ACCOUNT_CHANGED = "account-changed-before-payday"
    MULE_ACCOUNT = "mule-account"
    SPLIT_RECEIPTS = "split-receipts"
    PHANTOM_VISITS = "phantom-visits"
    MEDICINE_BEYOND_NEED = "medicine-beyond-need"
    CONCESSION_ABUSE = "concession-abuse"
    CODE_REPLAYED = "code-replayed"
    TAP_REPLAYED = "tap-replayed"
    MERCHANT_CASH_OUT = "merchant-cash-out"
    FALSE_ENROLMENT = "false-enrolment"
    FORGED_CARD = "forged-card"
    CARDS_WITHHELD = "cards-withheld"


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What else an event tells, by its kind (interfaces, section 14). Money in fen."""

    holder_born: int | None = None
    spec: Word | None = None
    new_card: Word | None = None
    to_region: Word | None = None
    agent: Word | None = None
    scope: Word | None = None
    certificate: Word | None = None
    until: Word | None = None
    purpose: Word | None = None
    old_account: Word | None = None
    channel: Word | None = None
    by: Word | None = None
    phase: Word | None = None
    counter: int | None = None
    balance_fen: int | None = None
    tac: Word | None = None
    tac_ok: bool | None = None
    concession: Word | None = None
    sequence: int | None = None
    late: bool | None = None
    code: Word | None = None
    photo_match: int | None = None
    pin_tries: int | None = None
    outcome: Word | None = None
    programme: Word | None = None
    period: Word | None = None
    account: Word | None = None
    to_account: Word | None = None
    cash: bool | None = None
    visit: Word | None = None
    department: Word | None = None
    doctor: Word | None = None
    pooled_fen: int | None = None
    account_fen: int | None = None
    cash_fen: int | None = None
    class_: Word | None = msgspec.field(default=None, name="class")
    lines: int | None = None
    drug: Word | None = None
    quantity: int | None = None
    days_supply: int | None = None
    chronic: bool | None = None
    category: Word | None = None
    refund: bool | None = None
    kind: Word | None = None
    employer: Word | None = None
    wage_fen: int | None = None


NO_DETAIL = Detail()


class HistoryEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something that happened, as the platform may see it. Positions in metres, money in fen."""

    id: Id
    kind: Kind
    at: Moment
    received_at: Moment
    region: Word
    person: Word | None = None
    card: Word | None = None
    account: Word | None = None
    face: Literal["physical", "electronic", "code"] | None = None
    device: Word | None = None
    place: Word | None = None
    x_m: float | None = None
    y_m: float | None = None
    institution: Word | None = None
    amount_fen: int | None = None
    detail: Detail = NO_DETAIL


SubjectKind = Literal["card", "person", "account", "institution", "device"]


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What detection gives: about whom, why, on which events, by which rule and version."""

    id: str
    typology: str
    score: float
    subject_kind: SubjectKind
    subject: str
    persons: list[str]
    cards: list[str]
    institution: str | None = None
    first_event: str
    last_event: str
    raised_at: str
    evidence: list[str]
    rule: str
    version: int


_MIDNIGHTS: dict[str, int] = {}
_DAYS_MAX = 100_000


def seconds_of(text: str) -> int:
    """Seconds since 1970 of a moment of the form; a day is parsed once."""
    day = text[:10]
    midnight = _MIDNIGHTS.get(day)
    if midnight is None:
        if len(_MIDNIGHTS) >= _DAYS_MAX:
            _MIDNIGHTS.clear()
        midnight = int(datetime.fromisoformat(f"{day}T00:00:00+08:00").timestamp())
        _MIDNIGHTS[day] = midnight
    return midnight + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])


def moment_text(seconds: int) -> str:
    """The moment of so many seconds since 1970, as the form writes it."""
    return datetime.fromtimestamp(seconds, CHINA_STANDARD_TIME).isoformat()
