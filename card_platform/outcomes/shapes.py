"""Request and answer shapes of outcomes and webhooks, as in docs/interfaces.md, section 4b."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.outcomes.model import Kind, Outcome, Webhook
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

URL = r"https?://[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?(/[!-~]{0,300})?"


class OutcomeAnswer(msgspec.Struct, frozen=True):
    """One outcome: its number, what was decided, when, who asked, the card's id, and what else is
    known.
    """

    number: int
    kind: str
    at: str
    by: str
    card_id: str | None
    detail: str


class OutcomesAnswer(msgspec.Struct, frozen=True):
    """Outcomes in order; `next` is the `after` to go on with."""

    outcomes: list[OutcomeAnswer]
    next: int


class Delivery(msgspec.Struct, frozen=True):
    """The body a webhook receives; the delivery id is the same however often it comes."""

    delivery_id: str
    webhook_id: str
    outcome: OutcomeAnswer


class WebhookBody(RequestBody, frozen=True):
    """Where to bring outcomes, and of which kinds."""

    url: Annotated[str, exactly(URL)]
    kinds: Annotated[list[Kind], msgspec.Meta(min_length=1, max_length=40)]


class WebhookStepBody(RequestBody, frozen=True):
    """Empty: the path says all there is to say."""


class WebhookReference(msgspec.Struct, frozen=True):
    """All that is kept of the answer that tells the secret."""

    webhook_id: str


class WebhookAnswer(msgspec.Struct, frozen=True):
    """A webhook and how its deliveries stand."""

    webhook_id: str
    url: str
    kinds: list[str]
    state: str
    made_at: str
    delivered: int
    delivered_at: str | None
    waiting: int
    failing_since: str | None
    last_fault: str | None


class NewWebhookAnswer(msgspec.Struct, frozen=True):
    """A new webhook with the secret its deliveries are signed with: told here only."""

    webhook: WebhookAnswer
    secret: str


class WebhooksAnswer(msgspec.Struct, frozen=True):
    """A page of the caller's webhooks, oldest first."""

    webhooks: list[WebhookAnswer]
    next: str | None


def outcome_answer(outcome: Outcome) -> OutcomeAnswer:
    """An outcome as answered."""
    return OutcomeAnswer(*outcome)


def webhook_answer(webhook: Webhook, waiting: int) -> WebhookAnswer:
    """A webhook as answered."""
    return WebhookAnswer(
        webhook_id=webhook.webhook_id,
        url=webhook.url,
        kinds=[each.value for each in webhook.kinds],
        state=webhook.state.value,
        made_at=webhook.made_at,
        delivered=webhook.delivered,
        delivered_at=webhook.delivered_at,
        waiting=waiting,
        failing_since=webhook.failing_since,
        last_fault=webhook.last_fault,
    )
