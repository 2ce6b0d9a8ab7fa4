"""Session keys, MAC1, MAC2 and TAC of the purse, and the social security authentication value.

Sources: JT/T 978 and PBOC 2.0 for the purse; LD/T 32.4, 8.4.2 and 9.3.2 for the authentication.
Amounts are four bytes, big endian, in fen. Dates are BCD YYYYMMDD, times BCD HHMMSS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from card_platform.keys.ciphers import (
    DES_BLOCK,
    SM4_BLOCK,
    DesMac,
    des_mac,
    exclusive_or,
    sm4_block,
    triple_des,
)

_CARDS_KEPT_MAX = 4096
"""Cards whose TAC cipher is kept between two taps."""

TYPE_LOAD = 0x02
TYPE_PURCHASE = 0x06
TYPE_COMPLEX_PURCHASE = 0x09


def amount4(amount_fen: int) -> bytes:
    """An amount as the card sees it."""
    return amount_fen.to_bytes(4, "big")


def load_session_key(dlk: bytes, random: bytes, online_sequence: bytes) -> bytes:
    """3DES(DLK, random4 || online sequence2 || 8000)."""
    return triple_des(dlk, random + online_sequence + b"\x80\x00")


def purchase_session_key(
    dpk: bytes, random: bytes, offline_sequence: bytes, terminal_sequence: bytes
) -> bytes:
    """3DES(DPK, random4 || offline sequence2 || last 2 bytes of terminal sequence4)."""
    return triple_des(dpk, random + offline_sequence + terminal_sequence[-2:])


@dataclass(frozen=True, slots=True)
class Load:
    """The figures of one load that its codes are taken over."""

    balance_before_fen: int
    amount_fen: int
    terminal: bytes
    online_sequence: bytes
    type: int = TYPE_LOAD

    def mac1(self, session: bytes) -> bytes:
        """The card's proof that it asked: balance before4, amount4, type1, terminal6."""
        return des_mac(session, amount4(self.balance_before_fen) + self._asked)

    def mac2(self, session: bytes, date: bytes, time: bytes) -> bytes:
        """The issuer's leave to add the money: amount4, type1, terminal6, date4, time3."""
        return des_mac(session, self._asked + date + time)

    def tac(self, dtk: bytes, balance_after_fen: int, date: bytes, time: bytes) -> bytes:
        """The card's receipt of the load."""
        return _tac(dtk).over(
            amount4(balance_after_fen) + self.online_sequence + self._asked + date + time
        )

    @property
    def _asked(self) -> bytes:
        return amount4(self.amount_fen) + bytes([self.type]) + self.terminal


class Purchase(msgspec.Struct, frozen=True, gc=False):
    """The figures of one purchase, plain or complex, that its codes are taken over."""

    amount_fen: int
    terminal: bytes
    terminal_sequence: bytes
    date: bytes
    time: bytes
    type: int = TYPE_COMPLEX_PURCHASE

    def mac1(self, session: bytes) -> bytes:
        """The terminal's proof: amount4, type1, terminal6, date4, time3."""
        head = amount4(self.amount_fen) + bytes([self.type]) + self.terminal
        return des_mac(session, head + self.date + self.time)

    def mac2(self, session: bytes) -> bytes:
        """The card's proof to the terminal: amount4."""
        return des_mac(session, amount4(self.amount_fen))

    def tac(self, dtk: bytes) -> bytes:
        """The card's receipt of the purchase."""
        head = amount4(self.amount_fen) + bytes([self.type]) + self.terminal
        return _tac(dtk).over(head + self.terminal_sequence + self.date + self.time)


def purchase_receipt(figures: str) -> bytes:
    """What a purchase's TAC is taken over, from its hexadecimal text: amount4, type1, terminal6,
    terminal sequence4, date4, time3. One text, read at once, costs half of a `Purchase`.
    """
    return bytes.fromhex(figures)


def receipt_tac(dtk: bytes, receipt: bytes) -> bytes:
    """The TAC over such a receipt."""
    return _tac(dtk).over(receipt)


def receipt_tacs(dtk: bytes, receipts: Sequence[bytes]) -> list[bytes]:
    """The TACs over many such receipts of one card, at a fraction of the cost of one by one."""
    return _tac(dtk).over_each(receipts)


@lru_cache(_CARDS_KEPT_MAX)
def _tac(dtk: bytes) -> DesMac:
    """The TAC formula, here and nowhere else in the platform.

    The key is the left half of DTK XOR its right half; then the ordinary MAC. Medium confidence:
    no public text gives a whole worked example, so a change of the formula happens here.
    """
    return DesMac(exclusive_or(dtk[:DES_BLOCK], dtk[DES_BLOCK:]))


def authentication_value(card_key: bytes, process: bytes, original: bytes) -> bytes:
    """Eight-byte authentication value of the social security application (SM4).

    session = SM4(K, process8 || 00*8); value = both halves, XORed, of
    SM4(session, original8 || 00*8).
    """
    half = SM4_BLOCK // 2
    session = sm4_block(card_key, process + bytes(half))
    block = sm4_block(session, original + bytes(half))
    return exclusive_or(block[:half], block[half:])
