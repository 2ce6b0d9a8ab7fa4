"""Session keys, MAC1, MAC2 and TAC of the medical purse (SM4).

Source: docs/interfaces.md, section 3, after PBOC 2.0 (medium: LD/T 32.5 names the commands and not
the layouts). Amounts are four bytes, big endian, in fen; accounts one byte: 1 current year, 2
earlier years. Dates are BCD YYYYMMDD, times BCD HHMMSS.
"""

from __future__ import annotations

import msgspec

from card_platform.keys.ciphers import SM4_BLOCK, sm4_block, sm4_mac
from card_platform.keys.transaction_codes import TYPE_LOAD, TYPE_PURCHASE, amount4

_LOAD_SUFFIX = b"\x80\x00"


def medical_load_session(mlk: bytes, random: bytes, online_sequence: bytes) -> bytes:
    """SM4(card's MLK, random4 || online sequence2 || 8000 || 00*8)."""
    return _session(mlk, random + online_sequence + _LOAD_SUFFIX)


def medical_payment_session(
    mpk: bytes, random: bytes, offline_sequence: bytes, terminal_sequence: bytes
) -> bytes:
    """SM4(card's MPK, random4 || offline sequence2 || last 2 of terminal sequence4 || 00*8)."""
    return _session(mpk, random + offline_sequence + terminal_sequence[-2:])


class MedicalLoad(msgspec.Struct, frozen=True):
    """The figures of one load that its codes are taken over."""

    balance_before_fen: int
    amount_fen: int
    account: int
    terminal: bytes
    online_sequence: bytes

    def mac1(self, session: bytes) -> bytes:
        """The card's proof that it asked: balance before4, amount4, type1, account1, terminal6."""
        return sm4_mac(session, amount4(self.balance_before_fen) + self._asked)

    def mac2(self, session: bytes, date: bytes, time: bytes) -> bytes:
        """The platform's leave: amount4, type1, account1, terminal6, date4, time3."""
        return sm4_mac(session, self._asked + date + time)

    def tac(self, mtk: bytes, balance_after_fen: int, date: bytes, time: bytes) -> bytes:
        """The card's receipt: balance after4, online sequence2, then as MAC2."""
        head = amount4(balance_after_fen) + self.online_sequence
        return sm4_mac(mtk, head + self._asked + date + time)

    @property
    def _asked(self) -> bytes:
        return amount4(self.amount_fen) + bytes([TYPE_LOAD, self.account]) + self.terminal


class MedicalPayment(msgspec.Struct, frozen=True):
    """The figures of one payment that its codes are taken over."""

    amount_fen: int
    account: int
    terminal: bytes
    terminal_sequence: bytes
    date: bytes
    time: bytes

    def mac1(self, session: bytes) -> bytes:
        """The terminal's proof: amount4, type1, account1, terminal6, date4, time3."""
        return sm4_mac(session, self._asked + self.date + self.time)

    def mac2(self, session: bytes) -> bytes:
        """The card's proof to the terminal: amount4."""
        return sm4_mac(session, amount4(self.amount_fen))

    def tac(self, mtk: bytes) -> bytes:
        """The card's receipt: as MAC1, with terminal sequence4 before the date."""
        return sm4_mac(mtk, self._asked + self.terminal_sequence + self.date + self.time)

    @property
    def _asked(self) -> bytes:
        return amount4(self.amount_fen) + bytes([TYPE_PURCHASE, self.account]) + self.terminal


def _session(key: bytes, factor: bytes) -> bytes:
    return sm4_block(key, factor.ljust(SM4_BLOCK, b"\x00"))
