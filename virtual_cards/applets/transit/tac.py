"""The data under the transaction authentication code: medium confidence, so alone here.

Rules (docs/interfaces.md, section 3): TAC key = DTK left 8 XOR right 8; the TAC is the purse MAC
with that key. A published student report uses another IV and did not reproduce; change this file
alone when better is known.
"""

from __future__ import annotations

from virtual_cards.keys.ciphers import DES_BLOCK
from virtual_cards.keys.mac import DesMac, des_mac
from virtual_cards.keys.sessions import exclusive_or


def tac_key(dtk: bytes) -> bytes:
    """The eight-byte key from the 16 bytes of DTK."""
    return exclusive_or(dtk[:DES_BLOCK], dtk[DES_BLOCK:])


def purchase_tac(
    key: bytes | DesMac,
    *,
    amount: bytes,
    kind: bytes,
    terminal: bytes,
    terminal_sequence: bytes,
    moment: bytes,
) -> bytes:
    """Amount4 type1 terminal6 terminal sequence4 date4 time3."""
    return _code(key, amount + kind + terminal + terminal_sequence + moment)


def load_tac(
    key: bytes | DesMac,
    *,
    balance_after: bytes,
    online: bytes,
    amount: bytes,
    kind: bytes,
    terminal: bytes,
    moment: bytes,
) -> bytes:
    """Balance after4 online sequence before2 amount4 type1 terminal6 date4 time3."""
    return _code(key, balance_after + online + amount + kind + terminal + moment)


def _code(key: bytes | DesMac, data: bytes) -> bytes:
    """A card keeps the key scheduled, an issuer has it for one receipt."""
    return key.mac(data) if isinstance(key, DesMac) else des_mac(key, data)
