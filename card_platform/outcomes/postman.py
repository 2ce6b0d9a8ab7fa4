"""The postman: brings outcomes to webhooks, each in its order, until they are taken.

Rules:
- A delivery is one outcome. It is taken when the receiver answers 2xx; only then the next one goes.
- How far a webhook has come is saved after a batch, after a fault, and so survives a restart. What
  was taken just before the platform was killed is brought again under the same delivery id.
- The signature is HMAC-SHA256 under the webhook's secret over timestamp, a full stop and the body;
  the timestamp is the second of this try, so that a receiver may refuse what is old.
- Redirects are not followed: the address its owner gave is the only one that is called.
"""

from __future__ import annotations

import hmac
import logging
import time
from asyncio import sleep
from functools import partial

import httpx
import msgspec

from card_platform.clockwork.rounds import Pause, Rounds
from card_platform.outcomes import store
from card_platform.outcomes.model import Outcome, Webhook, WebhookState
from card_platform.outcomes.service import Webhooks
from card_platform.outcomes.shapes import Delivery, outcome_answer
from card_platform.storage import Database

BATCH_MAX = 50
LOOK_EVERY_S = 0.5
WAIT_S_MAX = 60.0
"""Longest pause before a receiver is tried again."""
_ANSWER_WITHIN_S = 10.0
_FAULT_MAX = 200
_LOG = logging.getLogger(__name__)


class _NotTaken(Exception):
    """The receiver is away, or answered something other than 2xx."""


class Postman:
    """Delivers for one platform; `keep_going` runs beside its server."""

    def __init__(self, database: Database, webhooks: Webhooks) -> None:
        self._database = database
        self._webhooks = webhooks
        self._client: httpx.AsyncClient | None = None

    async def keep_going(self) -> None:
        """Bring what there is until cancelled: a round to each webhook, all at once."""
        rounds = Rounds()
        try:
            while True:
                for webhook_id in await self._database.read(store.behind):
                    rounds.begin(webhook_id, partial(self._round, webhook_id))
                await sleep(LOOK_EVERY_S)
        finally:
            rounds.end()
            if self._client is not None:
                await self._client.aclose()

    async def _round(self, webhook_id: str) -> None:
        pause = Pause(LOOK_EVERY_S, WAIT_S_MAX)
        find = partial(store.find_webhook, webhook_id=webhook_id)
        while True:
            webhook = await self._database.read(find)
            if webhook is None or webhook.state is not WebhookState.ACTIVE:
                return
            after = webhook.delivered
            look = partial(store.stretch_after, after=after, kinds=webhook.kinds, limit=BATCH_MAX)
            stretch = await self._database.read(look)
            if stretch.reached == after:
                return
            reached = after
            try:
                for each in stretch.outcomes:
                    await self._bring(webhook, each)
                    reached = each.number
            except _NotTaken as fault:
                told = str(fault)[:_FAULT_MAX]
                note = partial(self._webhooks.note_fault, reached=reached, fault=told)
                await self._database.write(partial(note, webhook_id=webhook_id))
                await pause.wait()
            except Exception:  # noqa: BLE001 - logged, and tried again in the next round
                _LOG.exception("deliveries to %s; tried again", webhook_id)
                await sleep(WAIT_S_MAX)
                return
            else:
                pause.reset()
                note = partial(
                    self._webhooks.note_reached,
                    reached=stretch.reached,
                    brought=bool(stretch.outcomes),
                )
                await self._database.write(partial(note, webhook_id=webhook_id))

    async def _bring(self, webhook: Webhook, outcome: Outcome) -> None:
        if self._client is None:  # made when first needed: it takes a tenth of a platform's start
            self._client = httpx.AsyncClient(timeout=_ANSWER_WITHIN_S, trust_env=False)
        delivery_id = f"{webhook.webhook_id}-{outcome.number}"
        delivery = Delivery(delivery_id, webhook.webhook_id, outcome_answer(outcome))
        body, at = msgspec.json.encode(delivery), str(int(time.time()))
        secret = self._webhooks.secret_of(webhook.webhook_id)
        headers = {
            "content-type": "application/json",
            "onecard-delivery": delivery_id,
            "onecard-timestamp": at,
            "onecard-signature": f"v1={signature(secret, at, body)}",
        }
        try:
            answer = await self._client.post(webhook.url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise _NotTaken(f"{type(fault).__name__}: {fault}") from fault
        if not answer.is_success:
            raise _NotTaken(f"the receiver answered {answer.status_code}")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over timestamp, a full stop and the body, in hex."""
    signed = timestamp.encode("ascii") + b"." + body
    return hmac.digest(secret.encode("ascii"), signed, "sha256").hex()
