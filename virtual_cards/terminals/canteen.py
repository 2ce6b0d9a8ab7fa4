"""A canteen: a till with a menu."""

from __future__ import annotations

from collections.abc import Mapping

from virtual_cards.terminals.outcomes import Sold, TurnedAway
from virtual_cards.terminals.till import Till


class DishIsUnknown(Exception):
    """A dish that is not on the menu."""


class Canteen(Till):
    """One till of a canteen; `menu` gives the price of each dish in fen."""

    menu: Mapping[str, int] = {}

    def serve_meal(self, bill: str, dishes: Mapping[str, int]) -> Sold | TurnedAway:
        """Take the price of so many of each dish from the card. Raises `DishIsUnknown`, and as
        `sell`.
        """
        unknown = sorted(set(dishes) - set(self.menu))
        if unknown:
            raise DishIsUnknown(f"not on the menu: {', '.join(unknown)}")
        amount_fen = sum(self.menu[dish] * count for dish, count in dishes.items())
        return self.sell(bill, amount_fen)
