"""Whose conduct a typology mostly is, and what the regulations call it."""

from __future__ import annotations

from card_platform.oversight.risk.history import Typology

_BENEFITS = frozenset(
    {
        Typology.SPLIT_RECEIPTS,
        Typology.PHANTOM_VISITS,
        Typology.MERCHANT_CASH_OUT,
        Typology.FALSE_ENROLMENT,
    }
)
DONE_TO_HOLDERS = frozenset(
    {
        Typology.CLONED_PURSE,
        Typology.LOST_CARD_USED,
        Typology.IMPOSSIBLE_TRAVEL,
        Typology.DEAD_PAYEE,
        Typology.ACCOUNT_CHANGED,
        Typology.CODE_REPLAYED,
        Typology.TAP_REPLAYED,
        Typology.FORGED_CARD,
        Typology.CARDS_WITHHELD,
    }
)
"""What is mostly done to a holder: a copy, a stranger, a relative or an employer did it."""
EXTRACTED = "benefit-extracted"
OTHER = "other-prohibited-conduct"


def conduct_of_institution(typology: str) -> str:
    """The kind of a case against an institution."""
    return EXTRACTED if typology in _BENEFITS else OTHER
