"""HTTP route of taps by the batch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from itertools import accumulate

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.services.transit.shapes import TAP_BATCH_MAX_BYTES, TapBatchBody
from card_platform.services.transit.tap_batches import (
    LinesAreTooMany,
    TapBatchAnswer,
    TapBatches,
    TapQueue,
    batch_answer,
    parts_of,
)
from card_platform.services.transit.tap_parts import LineOutcome
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("transit")


def tap_batch_routes(desk: Desk, batches: TapBatches) -> list[HTTPRouteHandler]:
    """Where terminals send what they kept while their line was away."""

    @_ROUTES.creates(
        "/v1/transit/tap-batches",
        ("terminal",),
        "批量上送乘车交易（NDJSON）· Send taps by the batch, NDJSON",
        LinesAreTooMany,
        status=200,
        body_max=TAP_BATCH_MAX_BYTES,
    )
    async def send_taps(
        request: ApiRequest, data: JSONBody[TapBatchBody]
    ) -> Response[TapBatchAnswer]:
        works = _works_of_batch(desk, batches.queue(request.user), parts_of(data.lines))
        return await desk.perform_in_parts(request, works, batch_answer)

    return [send_taps]


async def _works_of_batch(
    desk: Desk, queue: TapQueue, parts: Sequence[Sequence[str]]
) -> AsyncIterator[Callable[[Transaction], list[LineOutcome]]]:
    """The works that take the parts; while the database writes one the next is read."""
    firsts = accumulate(map(len, parts[:-1]), initial=1)
    numbered = zip(parts, firsts, strict=True)
    asked = [partial(queue.read, texts=part, first=first) for part, first in numbered]
    reading = asyncio.create_task(desk.consult(asked[0]))
    try:
        for following in [*asked[1:], None]:
            part = await reading
            if following is not None:
                reading = asyncio.create_task(desk.consult(following))
            yield partial(queue.take, part=part)
    finally:
        reading.cancel()
