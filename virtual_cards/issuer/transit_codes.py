"""MACs and TACs of the transit purse on the issuer's side (JT/T 978.2; docs/interfaces.md, section
3).

Rules: 3DES. Session key of a load = 3DES(DLK, random4 || online sequence2 || 8000). *asked* =
amount4 type1 terminal6. The formula of the TAC stands in `applets/transit/tac.py`, its one place.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.applets.transit.purse import four_bytes
from virtual_cards.applets.transit.tac import load_tac as tac_of_load
from virtual_cards.applets.transit.tac import tac_key
from virtual_cards.issuer.figures import LoadFigures
from virtual_cards.keys.mac import des_mac
from virtual_cards.keys.sessions import load_session

_LOAD: Final = bytes([TransactionType.LOAD])


def load_mac1(load_key: bytes, load: LoadFigures) -> bytes:
    """What the card answers to 8050 00: over balance before4 *asked*."""
    return des_mac(_session(load_key, load), four_bytes(load.balance_before_fen) + _asked(load))


def load_mac2(load_key: bytes, load: LoadFigures) -> bytes:
    """What 8052 needs: over *asked* date4 time3."""
    return des_mac(_session(load_key, load), _asked(load) + load.moment)


def load_tac(transaction_key: bytes, load: LoadFigures) -> bytes:
    """What the card answers to 8052."""
    return tac_of_load(
        tac_key(transaction_key),
        balance_after=four_bytes(load.balance_before_fen + load.amount_fen),
        online=_sequence(load),
        amount=four_bytes(load.amount_fen),
        kind=_LOAD,
        terminal=load.terminal,
        moment=load.moment,
    )


def _session(load_key: bytes, load: LoadFigures) -> bytes:
    return load_session(load_key, load.random, _sequence(load))


def _asked(load: LoadFigures) -> bytes:
    return four_bytes(load.amount_fen) + _LOAD + load.terminal


def _sequence(load: LoadFigures) -> bytes:
    return load.online_sequence.to_bytes(2, "big")
