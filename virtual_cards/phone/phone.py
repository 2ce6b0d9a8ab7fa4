"""A phone with an electronic card: enrols its key, asks for codes, shows the one that lives.

Rules: the private key stays in the phone. Each request for a code is signed with its moment and 16
fresh random bytes (docs/interfaces.md, section 7), so that nobody can ask in its name or again. A
code that still lives is shown again, unless it serves once only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from virtual_cards.keys import sm2
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME, Clock
from virtual_cards.terminals.platform_line import AnswerIsMalformed, PlatformLine

CODES_PATH: Final = "/v1/electronic-codes"
ELECTRONIC_CARD, FUSION_CODE = "electronic-card", "fusion-code"
_SHOWN_AGAIN: Final = frozenset({"identity"})
_SOON: Final = timedelta(seconds=5)
"""A code that ends so soon is not shown any more: the terminal needs a moment."""


class NotSigned(Exception):
    """The electronic card is not signed on this phone."""


class ShownCode(msgspec.Struct, frozen=True):
    """A code as the platform gave it; `code` is the text of the QR code."""

    code: str
    kind: str
    purpose: str
    issued_at: str
    expires_at: str
    life_s: int


@dataclass(slots=True)
class _Key:
    public: bytes
    private: bytes


class Phone:
    """One phone and its line; the line has no token."""

    def __init__(self, line: PlatformLine, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._key = _Key(*sm2.generate())
        self._signing_id: str | None = None
        self._shown: dict[tuple[str, str], ShownCode] = {}

    @property
    def public_key(self) -> str:
        """X || Y in upper-case hexadecimal."""
        return self._key.public.hex().upper()

    def prove(self, card_number: str, level: str) -> str:
        """The proof that the key is this phone's, for the signing of a card."""
        lines = ("onecard-signing/1", card_number, level, self.public_key)
        return self._sign("\n".join(lines))

    def take_signing(self, signing_id: str) -> None:
        """The electronic card is signed on this phone from now on."""
        self._signing_id = signing_id
        self._shown.clear()

    def show(self, purpose: str, kind: str = ELECTRONIC_CARD) -> ShownCode:
        """The code for a purpose: the one that lives, or a fresh one.

        Raises `NotSigned`, and the errors of the line: `PlatformRefuses` with the reason.
        """
        shown = self._shown.get((purpose, kind))
        if shown is None or purpose not in _SHOWN_AGAIN or self._ends_soon(shown):
            shown = self.refresh(purpose, kind)
        return shown

    def refresh(self, purpose: str, kind: str = ELECTRONIC_CARD) -> ShownCode:
        """A fresh code. Raises as `show`."""
        if self._signing_id is None:
            raise NotSigned
        at, nonce = self._now().isoformat(timespec="milliseconds"), secrets.token_hex(16)
        lines = ("onecard-code-request/1", self._signing_id, kind, purpose, at, nonce)
        body = {
            "signing_id": self._signing_id,
            "kind": kind,
            "purpose": purpose,
            "at": at,
            "nonce": nonce,
            "signature": self._sign("\n".join(lines)),
        }
        answer = self._line.post(CODES_PATH, msgspec.json.encode(body), f"code-{nonce}")
        try:
            shown = msgspec.json.decode(answer, type=ShownCode)
        except msgspec.MsgspecError as error:
            raise AnswerIsMalformed(f"POST {CODES_PATH}: {error}") from error
        self._shown[purpose, kind] = shown
        return shown

    def _now(self) -> datetime:
        return self._clock().astimezone(CHINA_STANDARD_TIME)

    def _ends_soon(self, shown: ShownCode) -> bool:
        return self._now() + _SOON >= datetime.fromisoformat(shown.expires_at)

    def _sign(self, text: str) -> str:
        return sm2.sign(self._key.private, self._key.public, text.encode()).hex().upper()
