"""A rack of virtual PC/SC readers.

One pcscd and its slots, cards put in and taken out at run time.
"""

from __future__ import annotations

from functools import partial
from types import TracebackType
from typing import Self

from virtual_cards.readers.pcsc import PcscReader
from virtual_cards.readers.pcscd import PcscService, Place
from virtual_cards.readers.vpcd import CardInSlot, VpcdSlot


class ReaderRack:
    """N virtual readers; a context manager that leaves nothing behind."""

    def __init__(self, readers: int = 2, place: Place = "private") -> None:
        """As `PcscService`."""
        self.service = PcscService(readers, place)
        self.slots = [
            VpcdSlot(partial(self.service.connect, index), name)
            for index, name in enumerate(self.service.names)
        ]

    def start(self) -> Self:
        """Start pcscd. Raises `ReadersAreUnavailable`."""
        self.service.start()
        return self

    def stop(self) -> None:
        """Take every card out and end pcscd."""
        for slot in self.slots:
            slot.close()
        self.service.stop()

    def insert(self, index: int, card: CardInSlot) -> None:
        """Put a card into a slot."""
        self.slots[index].insert(card)

    def remove(self, index: int) -> CardInSlot | None:
        """Take the card out of a slot."""
        return self.slots[index].remove()

    def reader(self, index: int) -> PcscReader:
        """The PC/SC reader of a slot, as a terminal holds it."""
        return PcscReader(self.service.names[index], self.service.socket_path)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()
