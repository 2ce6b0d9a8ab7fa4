"""A clerk at a counter, who is signed in to the platform and has seen the holder's document.

Rules: the platform makes the command that resets a PIN; the chip decides. Only when the chip took
it does the clerk report the reset, so that the platform never believes what no card knows.
"""

from __future__ import annotations

import secrets

from virtual_cards.terminals.messages import PinReport, PinResetRequest, ShownDocument
from virtual_cards.terminals.platform_line import PlatformLine


class Clerk:
    """A clerk who serves the holder of one card.

    Args:
        line: the clerk's own, not the terminal's.
        card_id: what the platform calls the card.
        document: what the holder shows.
    """

    def __init__(self, line: PlatformLine, card_id: str, document: ShownDocument) -> None:
        self._line = line
        self._card_id = card_id
        self._document = document

    def pin_reset_command(
        self, _region: str, historical_bytes: bytes, challenge: bytes, pin: str
    ) -> bytes:
        """PIN UNBLOCK with a new PIN, made by the platform. Raises the errors of the line."""
        request = PinResetRequest(
            self._document, historical_bytes.hex().upper(), challenge.hex().upper(), pin
        )
        key = f"pin-reset-{secrets.token_hex(16)}"
        reset = self._line.pin_reset_command(self._card_id, request, key)
        return bytes.fromhex(reset.command)

    def report_pin_reset(self) -> None:
        """The chip has its new PIN. Raises the errors of the line."""
        report = PinReport("reset", self._document)
        self._line.report_pin(self._card_id, report, f"pin-report-{secrets.token_hex(16)}")
