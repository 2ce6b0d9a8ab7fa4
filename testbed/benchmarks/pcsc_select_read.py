"""SELECT and READ RECORD of our card through PC/SC, beside a card that does nothing.

Rules: both cards sit in readers of one pcscd and are asked the same bytes by the same client, so
the ratio says what our card costs, and the peer what pcscd, its driver and pyscard cost. The share
is that ratio again, beside its limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from testbed.benchmarks.figure import (
    CannotMeasure,
    Figure,
    beside_peer,
    rate_per_s,
    share_of_peer,
    take_turns,
)
from testbed.benchmarks.in_process_apdu import SELECT_SSSE
from testbed.benchmarks.samples import READ_EF05_RECORD_1, require_success, samples
from virtual_cards.personalisation import load_card
from virtual_cards.readers import PcscReader, ReaderRack, ReadersAreUnavailable
from virtual_cards.readers.pcsc import is_available as pyscard_is_available

NAME: Final = "pcsc-select-read"
NULL_CARD: Final = "null card"
LIMIT_SHARE: Final = 0.70
"""Of what the null card answers, at least."""


class NullCard:
    """A card that answers 9000 to everything."""

    atr = bytes.fromhex("3B6D000000814A4446866050000000002A")

    def reset(self) -> bytes:
        """Nothing to forget."""
        return self.atr

    def power_off(self) -> None:
        """Nothing to lose."""

    def transmit(self, command: bytes) -> bytes:  # noqa: ARG002 - whatever is asked
        """9000."""
        return b"\x90\x00"


@contextmanager
def reader_rack(readers: int) -> Iterator[ReaderRack]:
    """Virtual readers for a benchmark. Raises `CannotMeasure` where there can be none."""
    if not pyscard_is_available():
        raise CannotMeasure(
            "缺少 pyscard：请以 root 或 sudo 运行 make set-up。",
            "pyscard is not installed: run make set-up as root or with sudo.",
        )
    try:
        rack = ReaderRack(readers).start()
    except ReadersAreUnavailable as fault:
        raise CannotMeasure(fault.zh, fault.en) from None
    try:
        yield rack
    finally:
        rack.stop()


def measure() -> list[Figure]:
    """Raises `CannotMeasure` without PC/SC."""
    card = load_card(samples().card_image).card
    with reader_rack(2) as rack:
        rack.insert(0, card)
        rack.insert(1, NullCard())
        ours, null = rack.reader(0), rack.reader(1)
        try:
            for reader in (ours, null):
                reader.connect()
                require_success("SELECT", reader.transmit(SELECT_SSSE))
                require_success("READ RECORD", reader.transmit(READ_EF05_RECORD_1))
            turns = take_turns(lambda: _rate_per_s(ours), lambda: _rate_per_s(null))
        finally:
            ours.disconnect()
            null.disconnect()
    return [
        beside_peer(NAME, "APDU/s", turns, NULL_CARD),
        share_of_peer(f"{NAME}-share", NULL_CARD, turns, LIMIT_SHARE),
    ]


def _rate_per_s(reader: PcscReader) -> float:
    def select_and_read() -> None:
        reader.transmit(SELECT_SSSE)
        reader.transmit(READ_EF05_RECORD_1)

    return rate_per_s(select_and_read, 2)
