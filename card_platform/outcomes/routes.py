"""HTTP routes of outcomes and webhooks."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.outcomes import store
from card_platform.outcomes.model import GRANTED, Webhook, WebhookAction
from card_platform.outcomes.refusals import (
    KindIsNotGranted,
    TooManyWebhooks,
    WebhookIsUnknown,
    WebhookStateForbids,
)
from card_platform.outcomes.service import Webhooks
from card_platform.outcomes.shapes import (
    NewWebhookAnswer,
    OutcomesAnswer,
    WebhookAnswer,
    WebhookBody,
    WebhookReference,
    WebhooksAnswer,
    WebhookStepBody,
    outcome_answer,
    webhook_answer,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import EXACT_NUMBER_MAX

_ROUTES = Routes("outcomes")
_WEBHOOKS = PagedList("webhooks", str)
_OWNERS = ("operator", "department")
WAIT_S_MAX = 25
WAITING_TOLD_MAX = 1_000
"""Deliveries that wait are counted up to here."""
_LOOK_EVERY_S = 0.5

Number = Annotated[
    int,
    QueryParameter(
        ge=0, le=EXACT_NUMBER_MAX, description="上次答复的 next · `next` of the last answer"
    ),
]
Wait = Annotated[
    int,
    QueryParameter(
        ge=0,
        le=WAIT_S_MAX,
        description="没有结果时等待秒数 · Seconds to wait while there is none",
    ),
]


def outcome_routes(desk: Desk, webhooks: Webhooks) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [_stream_route(desk), *_webhook_routes(desk, webhooks)]


def _stream_route(desk: Desk) -> HTTPRouteHandler:
    @_ROUTES.reads("/v1/outcomes", tuple(GRANTED), "办理结果流 · The stream of outcomes")
    async def read(
        request: ApiRequest, after: Number = 0, limit: Limit = LIMIT_DEFAULT, wait_s: Wait = 0
    ) -> Response[OutcomesAnswer]:
        kinds = GRANTED[request.user.role]
        ends = time.monotonic() + wait_s
        reached = after
        while True:
            look = partial(store.stretch_after, after=reached, kinds=kinds, limit=limit)
            found = await desk.consult(look)
            is_moving, reached = found.reached > reached, found.reached
            if found.outcomes or (not is_moving and time.monotonic() >= ends):
                told = [outcome_answer(each) for each in found.outcomes]
                return Response(OutcomesAnswer(told, reached))
            if not is_moving:
                await asyncio.sleep(_LOOK_EVERY_S)

    return read


def _webhook_routes(desk: Desk, webhooks: Webhooks) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/webhooks",
        _OWNERS,
        "订阅办理结果推送 · Have outcomes brought",
        KindIsNotGranted,
        TooManyWebhooks,
    )
    async def make(request: ApiRequest, data: JSONBody[WebhookBody]) -> Response[NewWebhookAnswer]:
        def work(tx: Transaction) -> WebhookReference:
            made = webhooks.make(tx, data.url, data.kinds, request.user.role)
            return WebhookReference(made.webhook_id)

        def reveal(tx: Transaction, made: WebhookReference) -> NewWebhookAnswer:
            webhook = store.find_webhook(tx, made.webhook_id)
            if webhook is None:
                raise WebhookIsUnknown
            return NewWebhookAnswer(_tell(tx, webhook), webhooks.secret_of(made.webhook_id))

        return await desk.perform_and_reveal(request, work, reveal, WebhookReference, 201)

    @_ROUTES.lists("/v1/webhooks", _OWNERS, "推送订阅及其状态 · Webhooks and how they stand")
    async def look(
        request: ApiRequest, limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[WebhooksAnswer]:
        page = _WEBHOOKS.page(limit, after)

        def query(tx: Transaction) -> WebhooksAnswer:
            found = store.webhooks_of(tx, request.user.role, page)
            told = [_tell(tx, each) for each in found.rows]
            return WebhooksAnswer(told, _WEBHOOKS.cursor(found.last))

        return await desk.look_up(query)

    def step(path: str, summary: str, action: WebhookAction) -> HTTPRouteHandler:
        @_ROUTES.creates(path, _OWNERS, summary, WebhookIsUnknown, WebhookStateForbids, status=200)
        async def take(
            request: ApiRequest,
            webhook_id: FromPath[str],
            data: JSONBody[WebhookStepBody],  # noqa: ARG001 - checked to be empty
        ) -> Response[WebhookAnswer]:
            def work(tx: Transaction) -> WebhookAnswer:
                return _tell(tx, webhooks.act(tx, webhook_id, action, request.user.role))

            return await desk.perform(request, work)

        return take

    one = "/v1/webhooks/{webhook_id:str}"
    resume = step(f"{one}/resumption", "恢复推送 · Resume deliveries", WebhookAction.RESUME)
    return [make, look, resume, step(f"{one}/end", "结束推送 · End a webhook", WebhookAction.END)]


def _tell(tx: Transaction, webhook: Webhook) -> WebhookAnswer:
    ahead = store.stretch_after(tx, webhook.delivered, webhook.kinds, WAITING_TOLD_MAX)
    return webhook_answer(webhook, len(ahead.outcomes))
