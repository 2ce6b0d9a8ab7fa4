"""A reader in the same program as the card: the fast one, and the one that needs nothing installed.

Rules: inserting does not power the card, `connect` does. Removing it while it is powered is a tear:
the card loses its volatile state and keeps what its memory holds.
"""

from __future__ import annotations

from virtual_cards.readers.reader import CardIsAbsent, CardIsTorn
from virtual_cards.readers.vpcd import CardInSlot


class InProcessReader:
    """A slot for a card of this program."""

    def __init__(self, name: str = "in-process reader", card: CardInSlot | None = None) -> None:
        self.name = name
        self._card = card
        self._powered = False

    def insert(self, card: CardInSlot) -> None:
        """Put a card in; one that was there is removed first."""
        self.remove()
        self._card = card

    def remove(self) -> None:
        """Take the card out, powered or not."""
        self.disconnect()
        self._card = None

    def connect(self) -> bytes:
        """Cold reset and ATR.

        Raises `CardIsAbsent`, also for a mute card: one whose other face is powered.
        """
        atr = self._card.reset() if self._card is not None else b""
        if not atr:
            raise CardIsAbsent(self.name)
        self._powered = True
        return atr

    def transmit(self, command: bytes) -> bytes:
        """Pass a command.

        Raises `CardIsAbsent` also when the card was not connected since it was inserted.
        """
        if self._card is None or not self._powered:
            raise CardIsAbsent(self.name)
        try:
            return self._card.transmit(command)
        except CardIsTorn:
            self._card = None
            self._powered = False
            raise CardIsAbsent(self.name) from None

    def disconnect(self) -> None:
        """Take the power away."""
        if self._card is not None and self._powered:
            self._card.power_off()
        self._powered = False
