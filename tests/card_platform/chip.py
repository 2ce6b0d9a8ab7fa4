"""A card and a gate as the tests need them: they compute MAC1 and TAC from the images alone.

Written from docs/interfaces.md, section 3, with its own ciphers, so that a shared mistake in the
platform's keys cannot cancel itself out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes


def mac(key8: bytes, message: bytes) -> bytes:
    padded = message + b"\x80" + b"\x00" * ((-len(message) - 1) % 8)
    encryptor = Cipher(TripleDES(key8 * 3), modes.CBC(bytes(8))).encryptor()
    return encryptor.update(padded)[-8:][:4]


def number(amount: int, length: int = 4) -> bytes:
    return amount.to_bytes(length, "big")


@dataclass
class Chip:
    """The purse of one personalised card."""

    image: dict[str, Any]
    balance_fen: int = 0
    online: int = 0
    offline: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        file_15 = bytes.fromhex(self.image["transit"]["files"]["15"])
        self.issuer = file_15[:8].hex().upper()
        self.serial = file_15[10:20].hex().upper()
        self.keys = {k: bytes.fromhex(v) for k, v in self.image["transit"]["keys"].items()}

    def _tac(self, message: bytes) -> str:
        dtk = self.keys["DTK"]
        key = bytes(a ^ b for a, b in zip(dtk[:8], dtk[8:], strict=True))
        return mac(key, message).hex().upper()

    def ask_load(self, amount_fen: int, terminal: str, random: str = "0BADCAFE") -> dict[str, Any]:
        sequence = number(self.online, 2)
        dlk = self.keys["DLK"]
        cipher = Cipher(TripleDES(dlk + dlk[:8]), modes.ECB()).encryptor()  # noqa: S305 - one block
        session = cipher.update(bytes.fromhex(random) + sequence + b"\x80\x00")
        message = number(self.balance_fen) + number(amount_fen) + b"\x02" + bytes.fromhex(terminal)
        return {
            "application_serial": self.serial,
            "issuer": self.issuer,
            "amount_fen": amount_fen,
            "balance_before_fen": self.balance_fen,
            "online_sequence": int.from_bytes(sequence, "big"),
            "key_version": 1,
            "algorithm": 0,
            "random": random,
            "mac1": mac(session, message).hex().upper(),
        }

    def confirm_load(self, amount_fen: int, terminal: str, date: str, time: str) -> dict[str, Any]:
        self.balance_fen += amount_fen
        message = (
            number(self.balance_fen)
            + number(self.online, 2)
            + number(amount_fen)
            + b"\x02"
            + bytes.fromhex(terminal + date + time)
        )
        self.online += 1
        return {"tac": self._tac(message), "balance_after_fen": self.balance_fen}

    def tap(
        self,
        terminal: str,
        kind: str,
        station: str,
        entry_station: str | None = None,
        *,
        amount_fen: int = 0,
        time: str = "080000",
        date: str = "20260105",
        reduction: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        receipt = self._receipt(terminal, "09", amount_fen, date, time)
        ride = {"kind": kind, "station": station, "entry_station": entry_station}
        return receipt | ride | ({"reduction": reduction} if reduction else {})

    def purchase(
        self, terminal: str, amount_fen: int, *, time: str = "120000", date: str = "20260105"
    ) -> dict[str, Any]:
        return self._receipt(terminal, "06", amount_fen, date, time)

    def _receipt(
        self, terminal: str, kind: str, amount_fen: int, date: str, time: str
    ) -> dict[str, Any]:
        sequence = next(self.offline)
        self.balance_fen -= amount_fen
        terminal_sequence = number(sequence + 100)
        message = (
            number(amount_fen)
            + bytes.fromhex(kind)
            + bytes.fromhex(terminal)
            + terminal_sequence
            + bytes.fromhex(date + time)
        )
        return {
            "application_serial": self.serial,
            "issuer": self.issuer,
            "amount_fen": amount_fen,
            "balance_after_fen": self.balance_fen,
            "offline_sequence": sequence,
            "terminal_sequence": int.from_bytes(terminal_sequence, "big"),
            "type": kind,
            "date": date,
            "time": time,
            "tac": self._tac(message),
        }
