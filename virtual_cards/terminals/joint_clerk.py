"""A clerk at a joint service point, who serves the holder of another region's card.

Rules: the region that issued the card makes the command that resets its PIN, the chip here decides,
and only when it took the command is the service reported to that region, which books it.
"""

from __future__ import annotations

import secrets

import msgspec

from virtual_cards.terminals.messages import PinResetRequest, ShownDocument
from virtual_cards.terminals.platform_line import PlatformLine


class _PinReset(msgspec.Struct, frozen=True):
    site_id: str
    region: str
    card_number: str
    reset: PinResetRequest


class _Papers(msgspec.Struct, frozen=True):
    document: ShownDocument


class _JointService(msgspec.Struct, frozen=True):
    site_id: str
    region: str
    card_number: str
    request: _Papers
    service: str = "reset-pin"


class _Command(msgspec.Struct, frozen=True):
    command: str


class _Taken(msgspec.Struct, frozen=True):
    request_id: str


class JointClerk:
    """A clerk of one joint service point, for one card.

    Args:
        line: the clerk's own, to the platform of this place.
        site_id: the joint service point.
        region: six digits, of the region that issued the card.
        card_number: of the card.
        document: what the holder shows.
    """

    def __init__(
        self,
        line: PlatformLine,
        *,
        site_id: str,
        region: str,
        card_number: str,
        document: ShownDocument,
    ) -> None:
        self._line = line
        self._site_id = site_id
        self._region = region
        self._card_number = card_number
        self._document = document

    def pin_reset_command(
        self, _region: str, historical_bytes: bytes, challenge: bytes, pin: str
    ) -> bytes:
        """PIN UNBLOCK with a new PIN, made by the region of the card.

        Raises the errors of the line.
        """
        chip, nonce = historical_bytes.hex().upper(), challenge.hex().upper()
        reset = PinResetRequest(self._document, chip, nonce, pin)
        asked = _PinReset(self._site_id, self._region, self._card_number, reset)
        key = f"joint-pin-reset-{secrets.token_hex(16)}"
        told = self._line.post("/v1/joint-pin-resets", msgspec.json.encode(asked), key)
        return bytes.fromhex(msgspec.json.decode(told, type=_Command).command)

    def report_pin_reset(self) -> str:
        """The chip has its new PIN: the number of the service that tells its region.

        Raises the errors of the line.
        """
        papers = _Papers(self._document)
        report = _JointService(self._site_id, self._region, self._card_number, papers)
        key = f"joint-pin-report-{secrets.token_hex(16)}"
        told = self._line.post("/v1/joint-services", msgspec.json.encode(report), key)
        return msgspec.json.decode(told, type=_Taken).request_id
