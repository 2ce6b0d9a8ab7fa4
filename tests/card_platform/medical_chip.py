"""The medical purse of a card as the tests need it: MAC1 and TAC from the image alone.

Written from docs/interfaces.md, section 3, with its own SM4 MAC, like `chip`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.card_platform.chip import number


def sm4(key: bytes, block: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block
    return encryptor.update(block)


def mac(key: bytes, message: bytes) -> str:
    padded = message + b"\x80" + b"\x00" * ((-len(message) - 1) % 16)
    chained = bytes(16)
    for start in range(0, len(padded), 16):
        block = padded[start : start + 16]
        chained = sm4(key, bytes(a ^ b for a, b in zip(chained, block, strict=True)))
    words = [int.from_bytes(chained[start : start + 4], "big") for start in (0, 4, 8, 12)]
    return f"{words[0] ^ words[1] ^ words[2] ^ words[3]:08X}"


@dataclass
class MedicalChip:
    """The accounts of one personalised card; `online` and `offline` are its sequences."""

    image: dict[str, Any]
    balance_fen: dict[int, int] = field(default_factory=lambda: {1: 0, 2: 0})
    online: int = 0
    offline: int = 0

    def __post_init__(self) -> None:
        self.historical_bytes = self.image["historical_bytes"]
        keys = self.image["social_security"]["medical_purse"]["keys"]
        self.keys = {name: bytes.fromhex(key) for name, key in keys.items()}

    def ask_load(
        self, terminal: str, account: int, amount_fen: int, random: str = "0BADCAFE"
    ) -> dict[str, Any]:
        factor = bytes.fromhex(random) + number(self.online, 2) + b"\x80\x00" + bytes(8)
        session = sm4(self.keys["DLK"], factor)
        before_fen = self.balance_fen[account]
        return {
            "historical_bytes": self.historical_bytes,
            "account": account,
            "amount_fen": amount_fen,
            "balance_before_fen": before_fen,
            "online_sequence": self.online,
            "key_version": 1,
            "algorithm": 3,
            "random": random,
            "mac1": mac(session, number(before_fen) + _asked(amount_fen, 2, account, terminal)),
        }

    def take_load(
        self, terminal: str, asked: dict[str, Any], permit: dict[str, Any]
    ) -> dict[str, Any]:
        """Check MAC2 as the card does, take the money, give the receipt."""
        account, amount_fen = asked["account"], asked["amount_fen"]
        assert asked["online_sequence"] == self.online, "the card is at another sequence"
        factor = bytes.fromhex(asked["random"]) + number(self.online, 2) + b"\x80\x00" + bytes(8)
        moment = bytes.fromhex(permit["date"] + permit["time"])
        told = _asked(amount_fen, 2, account, terminal)
        assert permit["mac2"] == mac(sm4(self.keys["DLK"], factor), told + moment)
        self.balance_fen[account] += amount_fen
        after_fen = self.balance_fen[account]
        message = number(after_fen) + number(self.online, 2) + told + moment
        self.online += 1
        return {"tac": mac(self.keys["DTK"], message), "balance_after_fen": after_fen}

    def pay(
        self,
        terminal: str,
        account: int,
        amount_fen: int,
        *,
        date: str = "20260105",
        time: str = "093000",
    ) -> dict[str, Any]:
        self.balance_fen[account] -= amount_fen
        terminal_sequence = self.offline + 700
        told = _asked(amount_fen, 6, account, terminal) + number(terminal_sequence)
        receipt = {
            "historical_bytes": self.historical_bytes,
            "account": account,
            "amount_fen": amount_fen,
            "balance_after_fen": max(self.balance_fen[account], 0),
            "offline_sequence": self.offline,
            "terminal_sequence": terminal_sequence,
            "type": "06",
            "date": date,
            "time": time,
            "tac": mac(self.keys["DTK"], told + bytes.fromhex(date + time)),
        }
        self.offline += 1
        return receipt


def _asked(amount_fen: int, kind: int, account: int, terminal: str) -> bytes:
    return number(amount_fen) + bytes([kind, account]) + bytes.fromhex(terminal)
