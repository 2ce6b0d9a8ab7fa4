"""SQL of rides that were charged otherwise than by the table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select

from card_platform.services.terminals.store import TERMINALS
from card_platform.services.transit.store import RIDES, TAPS
from card_platform.storage import Page, Paged, Transaction, page_of


def page_of_differences(tx: Transaction, page: Page) -> Paged[dict[str, Any]]:
    """Rides whose charge is not the tariff less the reduction named, in their order.

    Rides charged as the table says are no part of the index this reads.
    """
    reduction = func.coalesce(TAPS.c.reduction_fen, 0)
    lowered = case((reduction > RIDES.c.fare_fen, RIDES.c.fare_fen), else_=reduction)
    difference = RIDES.c.charged_fen - (RIDES.c.fare_fen - lowered)
    query = (
        select(
            RIDES.c.ride_id,
            func.coalesce(TERMINALS.c.operator, "unknown").label("operator"),
            TAPS.c.terminal_number,
            RIDES.c.start_station.label("start"),
            RIDES.c.end_station.label("end"),
            RIDES.c.fare_fen,
            TAPS.c.reduction_kind,
            TAPS.c.reduction_fen,
            RIDES.c.charged_fen,
            difference.label("difference_fen"),
            RIDES.c.at,
        )
        .join(TAPS, RIDES.c.exit_tap_id == TAPS.c.tap_id)
        .outerjoin(TERMINALS, TERMINALS.c.terminal_number == TAPS.c.terminal_number)
        .where(RIDES.c.charged_fen != RIDES.c.fare_fen, difference != 0)
    )
    return page_of(tx, query, [RIDES.c.ride_id], page)
