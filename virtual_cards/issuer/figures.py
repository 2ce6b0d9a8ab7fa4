"""Loads and medical payments as terminals tell of them: what an issuer computes codes over.

Rules: amounts in fen; `moment` is date4 time3 in BCD; a card is named by what its keys come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from virtual_cards.applets.social_security.medical.commands import Account


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """One load of the transit purse as the card asked for it."""

    issuer: bytes
    application_serial: bytes
    balance_before_fen: int
    amount_fen: int
    online_sequence: int
    terminal: bytes
    random: bytes
    moment: bytes


@dataclass(frozen=True, slots=True)
class MedicalLoadFigures:
    """One load of the medical purse as the card asked for it."""

    region: str
    historical_bytes: bytes
    account: Account
    balance_before_fen: int
    """Of that account."""
    amount_fen: int
    online_sequence: int
    terminal: bytes
    random: bytes
    moment: bytes


@dataclass(frozen=True, slots=True)
class MedicalPurchaseFigures:
    """One payment from the medical purse as the terminal reports it."""

    region: str
    historical_bytes: bytes
    account: Account
    amount_fen: int
    terminal: bytes
    terminal_sequence: int
    moment: bytes
