"""Whose card it is: asked for together, by id or number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from card_platform.storage import Statement, Transaction

_HOLDERS = (
    "SELECT card_id, person_id, card_number FROM cards WHERE card_id IN EACH(:names)"
    " UNION SELECT card_id, person_id, card_number FROM cards WHERE card_number IN EACH(:names)"
)
_FIND_HOLDERS = Statement(_HOLDERS)


class CardHolder(NamedTuple):
    """A card of this region and who holds it."""

    card_id: str
    person_id: str


def holders_of(tx: Transaction, names: Iterable[str]) -> dict[str, CardHolder]:
    """Cards of this region by their id or number, asked for together."""
    asked = sorted(set(names))
    found: dict[str, CardHolder] = {}
    if asked:
        for card_id, person_id, card_number in tx.rows_of_each(_FIND_HOLDERS, {"names": asked}):
            found[card_id] = found[card_number] = CardHolder(card_id, person_id)
    return found
