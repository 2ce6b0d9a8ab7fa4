"""A rack of virtual PC/SC readers: cards are put in and taken out at run time."""

from __future__ import annotations

from functools import partial
from types import TracebackType
from typing import Self

from virtual_cards.readers.pcsc import PcscReader
from virtual_cards.readers.pcscd import READERS_MAX, PcscService, Place, ReadersAreUnavailable
from virtual_cards.readers.vpcd import CardInSlot, VpcdSlot

RACK_READERS_MAX = 64


class ReaderRack:
    """N virtual readers; a context manager that leaves nothing behind.

    One pcscd carries 16 readers; for more there are several, each enclosed by itself. At the place
    `system` the first of them serves /run/pcscd, the others are private: a PC/SC program sees the
    readers of one of them (`environment_of`).
    """

    def __init__(self, readers: int = 2, place: Place = "private") -> None:
        """As `PcscService`, 1 to `RACK_READERS_MAX` readers."""
        if not 1 <= readers <= RACK_READERS_MAX:
            raise ReadersAreUnavailable(
                f"读卡器数量 {readers} 超出范围：请给 1 至 {RACK_READERS_MAX}。",
                f"{readers} readers asked: ask for 1 to {RACK_READERS_MAX}.",
            )
        self.services = [
            PcscService(min(READERS_MAX, readers - first), "private" if first else place, first)
            for first in range(0, readers, READERS_MAX)
        ]
        self.slots = [
            VpcdSlot(partial(service.connect, index), name)
            for service in self.services
            for index, name in enumerate(service.names)
        ]

    @property
    def service(self) -> PcscService:
        """The service of the first readers."""
        return self.services[0]

    def environment_of(self, index: int) -> dict[str, str]:
        """Environment variables a PC/SC program needs to find the reader of a slot."""
        return self.services[index // READERS_MAX].client_environment

    def start(self) -> Self:
        """Start every pcscd. Raises `ReadersAreUnavailable`; then none is left running."""
        try:
            for service in self.services:
                service.start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Take every card out and end every pcscd."""
        for slot in self.slots:
            slot.close()
        for service in self.services:
            service.stop()

    def insert(self, index: int, card: CardInSlot) -> None:
        """Put a card into a slot."""
        self.slots[index].insert(card)

    def remove(self, index: int) -> CardInSlot | None:
        """Take the card out of a slot."""
        return self.slots[index].remove()

    def reader(self, index: int) -> PcscReader:
        """The PC/SC reader of a slot, as a terminal holds it."""
        service = self.services[index // READERS_MAX]
        return PcscReader(service.names[index % READERS_MAX], service.socket_path)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()
