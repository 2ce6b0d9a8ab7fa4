"""The purses and gates of a load test: writes taps and loads that the platform must find right.

Rules: keys come from the personalisation image, already diversified; the codes follow
docs/interfaces.md, section 3, written here by its own hand. A purse counts its own sequences as the
card does: the number in a transaction is the counter before it, from 0. What a real virtual card
would do can replace this file alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

LOAD, COMPLEX_PURCHASE = 0x02, 0x09
KEY_VERSION, ALGORITHM_3DES = 1, 0
BLOCK = 8


def triple_des(key: bytes, data: bytes) -> bytes:
    """Two-key 3DES, ECB, of whole blocks."""
    algorithm = TripleDES(key + key[:BLOCK])
    encryptor = Cipher(algorithm, modes.ECB()).encryptor()  # noqa: S305 - as JT/T 978 says
    return encryptor.update(data) + encryptor.finalize()


def mac(key: bytes, data: bytes) -> bytes:
    """Single-DES CBC from a zero IV over data padded 80 00..: the left four bytes."""
    padded = data + b"\x80"
    padded += bytes(-len(padded) % BLOCK)
    encryptor = Cipher(TripleDES(key * 3), modes.CBC(bytes(BLOCK))).encryptor()
    return (encryptor.update(padded) + encryptor.finalize())[-BLOCK : -BLOCK // 2]


def tac_key(dtk: bytes) -> bytes:
    """Left half XOR right half."""
    return bytes(a ^ b for a, b in zip(dtk[:BLOCK], dtk[BLOCK:], strict=True))


def load_session_key(dlk: bytes, random: bytes, online_sequence: int) -> bytes:
    """3DES(DLK, random4 || online sequence2 || 8000)."""
    return triple_des(dlk, random + online_sequence.to_bytes(2, "big") + b"\x80\x00")


@dataclass(slots=True)
class Gate:
    """A terminal of the load test: number (6 bytes hexadecimal), token, place, tap counter."""

    terminal_number: str
    token: str
    station: str
    sequence: int = 0

    def next_sequence(self) -> int:
        """The number of the next transaction at this terminal, from 1."""
        self.sequence += 1
        return self.sequence


@dataclass(slots=True)
class Purse:
    """The transit application of one made-up card, as far as loads and taps go."""

    application_serial: str
    issuer: str
    dlk: bytes = field(repr=False)
    dtk: bytes = field(repr=False)
    balance_fen: int = 0
    online_sequence: int = 0
    offline_sequence: int = 0
    inside_at: str | None = None

    @classmethod
    def from_image(cls, image: Mapping[str, Any]) -> Purse:
        """The purse of a personalisation image; file 15: issuer8, type1, version1, serial10."""
        transit = image["transit"]
        file_15 = bytes.fromhex(transit["files"]["15"])
        return cls(
            application_serial=file_15[10:20].hex().upper(),
            issuer=file_15[:8].hex().upper(),
            dlk=bytes.fromhex(transit["keys"]["DLK"]),
            dtk=bytes.fromhex(transit["keys"]["DTK"]),
            balance_fen=transit["balance_fen"],
        )

    def ask_load(self, amount_fen: int, terminal_number: str) -> dict[str, Any]:
        """The body of a load request, with the card's MAC1."""
        random = secrets.token_bytes(4)
        session = load_session_key(self.dlk, random, self.online_sequence)
        over = _amount(self.balance_fen) + _amount(amount_fen) + bytes([LOAD])
        return {
            "application_serial": self.application_serial,
            "issuer": self.issuer,
            "amount_fen": amount_fen,
            "balance_before_fen": self.balance_fen,
            "online_sequence": self.online_sequence,
            "key_version": KEY_VERSION,
            "algorithm": ALGORITHM_3DES,
            "random": random.hex().upper(),
            "mac1": mac(session, over + bytes.fromhex(terminal_number)).hex().upper(),
        }

    def take_load(
        self, amount_fen: int, terminal_number: str, day: str, time: str
    ) -> dict[str, Any]:
        """Book the load on the card; the body of the confirmation, with the card's TAC.

        `day` is YYYYMMDD and `time` HHMMSS, as the platform answered.
        """
        self.balance_fen += amount_fen
        over = _amount(self.balance_fen) + self.online_sequence.to_bytes(2, "big")
        over += _amount(amount_fen) + bytes([LOAD]) + bytes.fromhex(terminal_number + day + time)
        self.online_sequence += 1
        return {
            "tac": mac(tac_key(self.dtk), over).hex().upper(),
            "balance_after_fen": self.balance_fen,
        }

    def tap(self, gate: Gate, fare_fen: int, at: datetime) -> dict[str, Any]:
        """Enter at the gate's station (amount 0), or leave there and pay the fare; `at` in China
        time.
        """
        entry_station, self.inside_at = self.inside_at, None
        amount_fen = fare_fen if entry_station else 0
        if entry_station is None:
            self.inside_at = gate.station
        self.balance_fen -= amount_fen
        sequence = gate.next_sequence()
        day, time = f"{at:%Y%m%d}", f"{at:%H%M%S}"
        over = _amount(amount_fen) + bytes([COMPLEX_PURCHASE])
        over += bytes.fromhex(gate.terminal_number) + sequence.to_bytes(4, "big")
        body = {
            "application_serial": self.application_serial,
            "issuer": self.issuer,
            "kind": "exit" if entry_station else "entry",
            "station": gate.station,
            "entry_station": entry_station,
            "amount_fen": amount_fen,
            "balance_after_fen": self.balance_fen,
            "offline_sequence": self.offline_sequence,
            "terminal_sequence": sequence,
            "type": f"{COMPLEX_PURCHASE:02X}",
            "date": day,
            "time": time,
            "tac": mac(tac_key(self.dtk), over + bytes.fromhex(day + time)).hex().upper(),
        }
        self.offline_sequence += 1
        return body


def _amount(amount_fen: int) -> bytes:
    return amount_fen.to_bytes(4, "big")
