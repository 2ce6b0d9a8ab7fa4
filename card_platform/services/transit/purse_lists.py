"""SQL of what a purse's holder sees beside rides and loads: purchases, and refusals by gates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from card_platform.services.transit.store import GATE_REFUSALS, PURCHASES, TAPS
from card_platform.storage import Page, Paged, Transaction, page_of


def page_of_purchases(
    tx: Transaction, application_serial: str, page: Page
) -> Paged[dict[str, Any]]:
    """Purchases of a purse, the latest first."""
    query = (
        select(
            PURCHASES.c.purchase_id,
            TAPS.c.amount_fen,
            TAPS.c.terminal_number,
            PURCHASES.c.posting_id,
            TAPS.c.at,
        )
        .join(TAPS, PURCHASES.c.purchase_id == TAPS.c.tap_id)
        .where(TAPS.c.application_serial == application_serial)
    )
    return page_of(tx, query, [TAPS.c.at, PURCHASES.c.purchase_id], page, latest_first=True)


def page_of_refusals(tx: Transaction, application_serial: str, page: Page) -> Paged[dict[str, Any]]:
    """What gates told of refusing a purse, the latest first."""
    columns = GATE_REFUSALS.c
    query = select(
        columns.refusal_id,
        columns.reason,
        columns.station,
        columns.at,
        columns.revocation_list_version,
        columns.terminal_number,
    ).where(columns.application_serial == application_serial)
    return page_of(tx, query, [columns.at, columns.refusal_id], page, latest_first=True)
