"""How long a gate holds a card that enters: the whole dialogue over PC/SC, from reset to release.

Rules: entries and exits take turns, only entries are timed. The clock covers all of
`Gate.pass_card`: connecting to pcscd and resetting the card, eight commands, letting go. The PSAM
sits in the gate, in this process.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from statistics import quantiles
from typing import Final

from testbed.benchmarks.figure import (
    AT_MOST,
    Figure,
    FigureIsRefused,
    beside_limit,
)
from testbed.benchmarks.pcsc_select_read import reader_rack
from testbed.benchmarks.samples import STATION, samples
from virtual_cards.personalisation import load_card, load_psam
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import Admitted, Direction, Gate, SecurityModule

NAME: Final = "pcsc-gate-entry"
P50_LIMIT_MS: Final = 2.0
P99_LIMIT_MS: Final = 6.0
MEASURE_S: Final = 6.0
WARM_UP_ENTRIES: Final = 20


def measure() -> list[Figure]:
    """Two figures: p50 and p99 over all entries. Raises `CannotMeasure` without PC/SC."""
    made = samples()
    module = SecurityModule(InProcessReader("PSAM", load_psam(made.psam_image).card))
    with reader_rack(1) as rack:
        rack.insert(0, load_card(made.card_image).card)
        gate = Gate(
            rack.reader(0),
            module,
            made.parameters,
            station=STATION,
            clock=lambda: datetime.now(UTC),
        )
        for _ in range(WARM_UP_ENTRIES):
            _ride_ms(gate)
        end = time.perf_counter() + MEASURE_S
        entries_ms = []
        while time.perf_counter() < end:
            entries_ms.append(_ride_ms(gate))
    percentiles = quantiles(entries_ms, n=100)
    return [
        beside_limit(f"{NAME}-p50", "ms", percentiles[49], AT_MOST, P50_LIMIT_MS),
        beside_limit(f"{NAME}-p99", "ms", percentiles[98], AT_MOST, P99_LIMIT_MS),
    ]


def _ride_ms(gate: Gate) -> float:
    """Enter and leave; how long the entry took."""
    begin = time.perf_counter()
    entered = gate.pass_card(Direction.ENTRY)
    took_ms = (time.perf_counter() - begin) * 1e3
    left = gate.pass_card(Direction.EXIT)
    for passage in (entered, left):
        if not isinstance(passage, Admitted):
            raise FigureIsRefused(
                f"闸机拒绝了卡片：{passage.reason}。",
                f"the gate turned the card away: {passage.reason}.",
            )
    return took_ms
