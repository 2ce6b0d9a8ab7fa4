"""MACs and TACs of the medical purse on the issuer's side (docs/interfaces.md, section 3; ours,
after PBOC 2.0).

Rules: SM4. Session key = SM4(DLK, random4 || sequence2 || 8000 || 00*8); the TAC is made with DTK
itself. *asked* = amount4 type1 account1 terminal6.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.applets.social_security.medical.commands import Kind
from virtual_cards.issuer.figures import MedicalLoadFigures, MedicalPurchaseFigures
from virtual_cards.keys import Algorithm

_ALGORITHM: Final = Algorithm.SM4
_LOAD_SUFFIX: Final = bytes.fromhex("8000")


def load_mac1(load_key: bytes, load: MedicalLoadFigures) -> bytes:
    """What the card answers to B028 00: over balance before4 *asked*."""
    return _ALGORITHM.mac(
        _load_session(load_key, load), _four(load.balance_before_fen) + _asked(load)
    )


def load_mac2(load_key: bytes, load: MedicalLoadFigures) -> bytes:
    """What B02A needs: over *asked* date4 time3."""
    return _ALGORITHM.mac(_load_session(load_key, load), _asked(load) + load.moment)


def load_tac(transaction_key: bytes, load: MedicalLoadFigures) -> bytes:
    """What the card answers to B02A: over balance after4 online sequence2 *asked* date4 time3."""
    after = _four(load.balance_before_fen + load.amount_fen)
    sequence = load.online_sequence.to_bytes(2, "big")
    return _ALGORITHM.mac(transaction_key, after + sequence + _asked(load) + load.moment)


def purchase_tac(transaction_key: bytes, purchase: MedicalPurchaseFigures) -> bytes:
    """What the card answers to B02C: over *asked* terminal sequence4 date4 time3."""
    sequence = _four(purchase.terminal_sequence)
    return _ALGORITHM.mac(transaction_key, _asked(purchase) + sequence + purchase.moment)


def _load_session(load_key: bytes, load: MedicalLoadFigures) -> bytes:
    factor = load.random + load.online_sequence.to_bytes(2, "big") + _LOAD_SUFFIX
    return _ALGORITHM.session(load_key, factor)


def _asked(figures: MedicalLoadFigures | MedicalPurchaseFigures) -> bytes:
    kind = Kind.LOAD if isinstance(figures, MedicalLoadFigures) else Kind.PURCHASE
    return _four(figures.amount_fen) + bytes((kind, figures.account)) + figures.terminal


def _four(fen: int) -> bytes:
    return fen.to_bytes(4, "big")
