"""Money: integer fen, and nothing else.

One yuan is 100 fen. No float ever carries money; a field that holds it ends in `_fen`.
"""

from __future__ import annotations

from typing import NewType

Fen = NewType("Fen", int)

FEN_PER_YUAN = 100

AMOUNT_MAX_FEN = 2**31 - 1
"""Largest amount a card can name: four bytes, the highest bit marks overdraft (JT/T 978)."""


def yuan(amount: int) -> Fen:
    """Whole yuan as fen."""
    return Fen(amount * FEN_PER_YUAN)
