"""What a transaction leaves in the card: the counter (ATC), the last online counter, the log.

Rules: the counter goes up by one in the command that begins a transaction, in one atomic change,
before anything is answered, so that no cryptogram is ever given twice for one counter. At FFFF the
application begins no more transactions (6985).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.response import Refused
from virtual_cards.applets.bank.data_objects import joined
from virtual_cards.applets.bank.specification import LOG, LOG_FORMAT
from virtual_cards.files import Directory, PersistentMemory, Slot
from virtual_cards.files.memory import Transaction

_COUNTER: Final = Slot[int]("bank/transaction_counter")
_LAST_ONLINE: Final = Slot[int]("bank/last_online_counter")
COUNTER_MAX: Final = 0xFFFF
COUNTER_TAG: Final = 0x9F36


class TransactionCounters:
    """The counters of the bank application and its log."""

    def __init__(self, files: Directory) -> None:
        self._files = files
        self._memory: PersistentMemory = files.memory

    @staticmethod
    def initial_values() -> dict[str, int]:
        """A new card: no transaction yet."""
        return {_COUNTER.name: 0, _LAST_ONLINE.name: 0}

    @property
    def current(self) -> bytes:
        """Tag 9F36."""
        return self._memory.read(_COUNTER).to_bytes(2, "big")

    @property
    def last_online(self) -> bytes:
        """Tag 9F13: the counter of the last transaction the issuer authenticated."""
        return self._memory.read(_LAST_ONLINE).to_bytes(2, "big")

    def next(self, change: Transaction) -> bytes:
        """Put the next counter on the list of changes, and return it. Raises `Refused` 6985."""
        counter = self._memory.read(_COUNTER) + 1
        if counter > COUNTER_MAX:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        change.write(_COUNTER, counter)
        return counter.to_bytes(2, "big")

    def log(self, change: Transaction, counter: bytes, values: Mapping[int, bytes]) -> None:
        """Put a record of the log on the list of changes."""
        record = joined(LOG_FORMAT, {**values, COUNTER_TAG: counter})
        self._files.put_record(change, LOG, record)

    def went_online(self, change: Transaction, counter: bytes) -> None:
        """Put the last online counter on the list of changes."""
        change.write(_LAST_ONLINE, int.from_bytes(counter, "big"))
