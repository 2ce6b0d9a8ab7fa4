"""Batch issue: many people applied for at once, as a school or an employer brings them.

Rules: each person of the list is an application of its own, judged by the same rules; one that is
refused leaves the others as they are, and its line says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from card_platform.errors import Refusal
from card_platform.issuance.application import Application
from card_platform.issuance.model import Card
from card_platform.issuance.service import Issuance
from card_platform.storage import Transaction

LIST_MAX = 100
"""Most people of one list; a longer one comes in parts."""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one person of a list: the card, or why there is none."""

    card: Card | None
    refusal: Refusal | None


def apply_for_all(
    issuance: Issuance, tx: Transaction, people: Sequence[Application], by: str
) -> list[Line]:
    """Grant each application that may be granted."""
    return [_apply(issuance, tx, each, by) for each in people]


def _apply(issuance: Issuance, tx: Transaction, application: Application, by: str) -> Line:
    try:
        with tx.part():
            return Line(issuance.apply(tx, application, by)[1], None)
    except Refusal as refused:
        return Line(None, refused)
