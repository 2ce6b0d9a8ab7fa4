"""SQL of functions as a card has them: what is bound to it, what stands when it is renewed."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select, update

from card_platform.issuance.store import CARDS
from card_platform.regions.schemes.function_life import STANDING, FunctionState
from card_platform.regions.schemes.store import HOLDERS, SCHEMES
from card_platform.storage import Page, Paged, Transaction, page_of


class FunctionOfCard(NamedTuple):
    """A function bound to a card: its scheme, the holder's number there, how far it went."""

    scheme_id: str
    name_zh: str
    number: str
    state: FunctionState


def standing_on(tx: Transaction, card_number: str) -> list[tuple[str, str, FunctionState]]:
    """Scheme, number and state of the functions that stand on the card; others wait for this
    request.
    """
    holders = HOLDERS.c
    bound = select(holders.scheme_id, holders.scheme_number, holders.function_state).where(
        holders.card_number == card_number,
        holders.function_state.in_([each.value for each in STANDING]),
    )
    found = tx.select(bound.order_by(holders.scheme_id).with_for_update())
    return [(scheme_id, number, FunctionState(state)) for scheme_id, number, state in found]


def follow_to(
    tx: Transaction, scheme_id: str, number: str, *, card_number: str, state: FunctionState
) -> None:
    """The function is bound to that card from now on; since when it was moved stays as it is."""
    mine = (HOLDERS.c.scheme_id == scheme_id) & (HOLDERS.c.scheme_number == number)
    values = {"card_number": card_number, "function_state": state.value}
    tx.execute(update(HOLDERS).where(mine).values(values))


def functions_of(tx: Transaction, card_id: str, page: Page) -> Paged[FunctionOfCard]:
    """A page of the functions bound to the card, by scheme."""
    holders = HOLDERS.c
    query = (
        select(holders.scheme_id, SCHEMES.c.name_zh, holders.scheme_number, holders.function_state)
        .join(SCHEMES, SCHEMES.c.scheme_id == holders.scheme_id)
        .join(CARDS, CARDS.c.card_number == holders.card_number)
        .where(CARDS.c.card_id == card_id, holders.function_state.is_not(None))
    )
    return page_of(tx, query, [holders.scheme_id], page).made(
        lambda row: FunctionOfCard(
            row["scheme_id"],
            row["name_zh"],
            row["scheme_number"],
            FunctionState(row["function_state"]),
        )
    )
