"""Outcomes and webhooks, pure.

An outcome is an event that is on record in the audit; its number is its position in the chain of
seals (decision 0015), so numbers rise in the one order every reader sees. It names a card by id and
a person not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple

from card_platform.storage import Event


class Kind(StrEnum):
    """What was decided: the actions of the audit that change something for somebody."""

    APPLIED = "apply"
    ONLINE_APPLICATION = "online-application"
    CARD_STATE = "change-state"
    PRODUCTION = "order-production"
    DELIVERY = "deliver-cards"
    HOLDER_SERVED = "serve-holder"
    CARD_DESTROYED = "destroy-card"
    CARD_SIGNED = "sign-electronic-card"
    SIGNING = "change-signing"
    CONSENT = "change-consent"
    COMPLAINT = "change-complaint"
    CASE = "change-case"
    JOINT_SERVICE = "joint-service"
    FROM_REGION = "service-from-region"
    LICENCE = "change-licence"
    PAPER = "ask-for-paper"
    CATALOGUE = "change-catalogue"
    SCHEME = "change-scheme"
    SITE = "change-site"
    TERMINAL = "enrol-terminal"
    LOAD = "confirm-load"
    TAP = "tap"
    PURCHASE = "purchase"
    GATE_REFUSAL = "refused-by-gate"
    MEDICAL_CREDIT = "grant-medical-credit"
    MEDICAL_LOAD = "confirm-medical-load"
    MEDICAL_PAYMENT = "medical-payment"
    MEDICAL_BILL = "settle-medical-bill"
    MEDICAL_SETTLEMENT = "settle-medical-visit"
    MEDICAL_REVERSAL = "reverse-medical-settlement"
    DESIGNATION = "change-designation"
    OFFER = "change-offer"
    OFFER_USED = "use-offer"
    BILL = "change-bill"


K = Kind
_COUNTER = frozenset(
    {
        K.APPLIED, K.ONLINE_APPLICATION, K.DELIVERY, K.CARD_STATE, K.HOLDER_SERVED,
        K.CARD_DESTROYED, K.CARD_SIGNED, K.SIGNING, K.CONSENT, K.COMPLAINT,
        K.JOINT_SERVICE, K.FROM_REGION, K.MEDICAL_CREDIT,
    }
)  # fmt: skip
GRANTED: dict[str, frozenset[Kind]] = {
    "clerk": _COUNTER,
    "supervisor": _COUNTER | {K.CATALOGUE, K.SCHEME, K.SITE},
    "operator": frozenset(
        {
            K.CARD_STATE, K.TERMINAL, K.SITE, K.LOAD, K.TAP, K.PURCHASE, K.GATE_REFUSAL,
            K.MEDICAL_CREDIT, K.MEDICAL_LOAD, K.MEDICAL_PAYMENT, K.MEDICAL_BILL,
            K.MEDICAL_SETTLEMENT, K.MEDICAL_REVERSAL, K.OFFER_USED, K.BILL,
        }
    ),
    "department": frozenset(
        {
            K.LICENCE, K.CATALOGUE, K.SCHEME, K.DESIGNATION, K.MEDICAL_SETTLEMENT,
            K.MEDICAL_REVERSAL, K.OFFER, K.OFFER_USED, K.BILL,
        }
    ),
    "inspector": frozenset({K.COMPLAINT, K.CASE, K.LICENCE, K.PAPER}),
    "auditor": frozenset(Kind),
}  # fmt: skip
"""The kinds each role may read."""


class Outcome(NamedTuple):
    """One outcome. `detail` says what else is known, in the words of the audit, masked."""

    number: int
    kind: str
    at: str
    by: str
    card_id: str | None
    detail: str


def told_detail(kind: str, detail: str) -> str:
    """The detail as told outside: the reason somebody wrote down for a step stays inside."""
    return detail.partition(": ")[0] if kind == Kind.CARD_STATE else detail


class WebhookState(StrEnum):
    """Where a webhook is."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class WebhookAction(StrEnum):
    """What may happen to a webhook."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


S, A = WebhookState, WebhookAction
WEBHOOK_LIFE: dict[WebhookState, dict[WebhookAction, WebhookState]] = {
    S.ACTIVE: {A.PAUSE: S.PAUSED, A.END: S.ENDED},
    S.PAUSED: {A.RESUME: S.ACTIVE, A.END: S.ENDED},
    S.ENDED: {},
}
"""The platform pauses it after `PAUSED_AFTER` without a delivery; its owner resumes and ends it."""
PAUSED_AFTER = timedelta(hours=24)
WEBHOOKS_MAX = 50
"""Webhooks of one role that have not ended."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where outcomes are brought.

    Attributes:
        owner: the role it belongs to.
        delivered: the number up to which everything was brought.
        failing_since: since when nothing arrives; None while it does.
    """

    webhook_id: str
    owner: str
    url: str
    kinds: tuple[Kind, ...]
    state: WebhookState
    made_at: str
    delivered: int
    delivered_at: str | None = None
    failing_since: str | None = None
    last_fault: str | None = None


class WebhookChanged(Event, frozen=True, kw_only=True):
    """A webhook was made, paused, resumed or ended."""

    action: ClassVar[str] = "change-webhook"
    card_id: str | None = None
    webhook_id: str
    step: str

    @property
    def detail(self) -> str:
        """Which, and what."""
        return f"{self.step} {self.webhook_id}"
