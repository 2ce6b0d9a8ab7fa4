"""Use cases of webhooks: make, resume, end; and what the postman notes of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from card_platform.keys import SecurityModule
from card_platform.outcomes import store
from card_platform.outcomes.model import (
    GRANTED,
    PAUSED_AFTER,
    WEBHOOK_LIFE,
    WEBHOOKS_MAX,
    Kind,
    Webhook,
    WebhookAction,
    WebhookChanged,
    WebhookState,
)
from card_platform.outcomes.refusals import (
    KindIsNotGranted,
    TooManyWebhooks,
    WebhookIsUnknown,
    WebhookStateForbids,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.life_table import state_after
from card_platform.vocabulary.moment import Clock, moment_of

_BY_THE_PLATFORM = "postman"


class Webhooks:
    """The webhooks of one platform."""

    def __init__(self, keys: SecurityModule, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def make(self, tx: Transaction, url: str, kinds: Collection[Kind], owner: str) -> Webhook:
        """A webhook for what is decided from now on.

        Raises:
            KindIsNotGranted, TooManyWebhooks.
        """
        beyond = sorted(set(kinds) - GRANTED[owner])
        if beyond:
            raise KindIsNotGranted(kinds=", ".join(beyond))
        if store.count_living(tx, owner) >= WEBHOOKS_MAX:
            raise TooManyWebhooks(most=WEBHOOKS_MAX)
        webhook = Webhook(
            webhook_id=new_identifier("webhook"),
            owner=owner,
            url=url,
            kinds=tuple(sorted(set(kinds))),
            state=WebhookState.ACTIVE,
            made_at=moment_of(self._clock.now()),
            delivered=store.head(tx),
        )
        store.add_webhook(tx, webhook)
        self._tell(tx, webhook, "make", owner)
        return webhook

    def secret_of(self, webhook_id: str) -> str:
        """What deliveries of a webhook are signed with."""
        return self._keys.webhook_secret(webhook_id)

    def act(self, tx: Transaction, webhook_id: str, action: WebhookAction, owner: str) -> Webhook:
        """Resume or end it, for its owner.

        Raises:
            WebhookIsUnknown, WebhookStateForbids.
        """
        webhook = store.find_webhook(tx, webhook_id, to_change=True)
        if webhook is None or webhook.owner != owner:
            raise WebhookIsUnknown
        return self._step(tx, webhook, action, owner)

    def note_reached(
        self, tx: Transaction, webhook_id: str, reached: int, *, brought: bool
    ) -> None:
        """Nothing up to that number is left to bring; `brought` where some of it was taken now."""
        webhook = store.find_webhook(tx, webhook_id, to_change=True)
        if webhook is None or reached <= webhook.delivered:
            return
        webhook = replace(webhook, delivered=reached)
        if brought:
            at = moment_of(self._clock.now())
            webhook = replace(webhook, delivered_at=at, failing_since=None, last_fault=None)
        store.save_webhook(tx, webhook)

    def note_fault(self, tx: Transaction, webhook_id: str, reached: int, fault: str) -> None:
        """What was to be brought after that number was not taken; paused after a long time."""
        self.note_reached(tx, webhook_id, reached, brought=True)
        webhook = store.find_webhook(tx, webhook_id, to_change=True)
        if webhook is None or webhook.state is not WebhookState.ACTIVE:
            return
        now = self._clock.now()
        since = webhook.failing_since or moment_of(now)
        failing = replace(webhook, failing_since=since, last_fault=fault)
        store.save_webhook(tx, failing)
        if now - datetime.fromisoformat(since) >= PAUSED_AFTER:
            self._step(tx, failing, WebhookAction.PAUSE, _BY_THE_PLATFORM)

    def _step(self, tx: Transaction, webhook: Webhook, action: WebhookAction, by: str) -> Webhook:
        after = state_after(WEBHOOK_LIFE, webhook.state, action, WebhookStateForbids)
        since = None if action is WebhookAction.RESUME else webhook.failing_since
        changed = replace(webhook, state=after, failing_since=since)
        store.save_webhook(tx, changed)
        self._tell(tx, webhook, action.value, by)
        return changed

    def _tell(self, tx: Transaction, webhook: Webhook, step: str, by: str) -> None:
        at = moment_of(self._clock.now())
        tx.emit(WebhookChanged(at=at, by=by, webhook_id=webhook.webhook_id, step=step))
