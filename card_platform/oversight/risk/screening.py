"""From a file of events to a file of alerts, line by line; a faulty file reports its faults.

Speed: one process; a line is decoded by msgspec and folded. Memory is the fold's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Alert, HistoryEvent
from card_platform.oversight.risk.rules import Rules, first_rules

FAULTS_MAX = 100
"""Faults told of one file; what is beyond is counted."""
LINE_MAX_BYTES = 16_384


class Screened(NamedTuple):
    """What came of a file: events read, alerts, signals that stayed lesser."""

    events: int
    alerts: list[Alert]
    lesser: int


class EventsAreFaulty(Exception):
    """Lines of a file of events that are none.

    Attributes:
        faults: line and what is wrong, the first FAULTS_MAX.
        count: of all.
    """

    def __init__(self, faults: list[tuple[int, str]], count: int) -> None:
        self.faults = faults
        self.count = count
        told = "; ".join(f"{line}: {what}" for line, what in faults)
        super().__init__(f"{count} lines are no events 有 {count} 行不是事件: {told}")


def read_events(lines: BinaryIO) -> Iterator[HistoryEvent]:
    """The events of a file, in order.

    Raises:
        EventsAreFaulty: at the end, with every fault; lines before it were given.
    """
    decode = msgspec.json.Decoder(HistoryEvent).decode
    faults, count, last = list[tuple[int, str]](), 0, ""
    for number, line in enumerate(lines, 1):
        what = ""
        try:
            event = decode(line)
        except (msgspec.DecodeError, ValueError) as fault:
            what = str(fault)
        else:
            if event.received_at < last:
                what = f"received_at {event.received_at} is before that of an earlier line"
            elif not count:
                last = event.received_at
                yield event
        if what:
            count += 1
            if len(faults) < FAULTS_MAX:
                faults.append((number, what))
    if count:
        raise EventsAreFaulty(faults, count)


def screen(lines: BinaryIO, rules: Rules | None = None) -> Screened:
    """Fold a file. Raises EventsAreFaulty."""
    detector = Detector(rules or first_rules())
    alerts: list[Alert] = []
    events = 0
    for event in read_events(lines):
        events += 1
        alerts += detector.observe(event)
    alerts += detector.end()
    return Screened(events, alerts, detector.lesser)


def screen_file(events: Path, alerts: Path, rules: Rules | None = None) -> Screened:
    """Fold a file and write its alerts, a JSON object a line. Raises EventsAreFaulty, OSError."""
    with events.open("rb") as lines:
        screened = screen(lines, rules)
    encode = msgspec.json.encode
    alerts.write_bytes(b"".join(encode(each) + b"\n" for each in screened.alerts))
    return screened
