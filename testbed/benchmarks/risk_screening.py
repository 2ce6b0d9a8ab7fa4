"""Screening a million events of a month of a city: from the file to its alerts, as one process.

Rules: the stream is made up from a seed and is mostly ordinary life; some taps are told twice, and
a run that does not find every one of those refuses the figure. Making the file is not measured.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from card_platform.oversight.risk.history import Alert
from testbed.benchmarks.figure import AT_LEAST, AT_MOST, Figure, FigureIsRefused, beside_limit
from testbed.benchmarks.measured_process import run_measured

NAME: Final = "risk-screening"
LIMIT_PER_MINUTE: Final = 1_000_000.0
LIMIT_MIB: Final = 2048.0
EVENTS: Final = 1_000_000
_EVENTS_VARIABLE: Final = "ONECARD_RISK_EVENTS"
"""Names another count of events, for a try."""
_DAYS: Final = 30
_EVENTS_A_PERSON_AND_DAY: Final = 2
_REPLAYED: Final = 7
"""The first taps of so many residents are told twice."""
_FIRST: Final = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
_KINDS: Final = (
    ("transit.tap", 52),
    ("purchase", 14),
    ("code.scanned", 8),
    ("employment.clocked", 8),
    ("medical.settled", 5),
    ("medicine.sold", 4),
    ("identity.check", 3),
    ("transfer", 3),
    ("card.authentication", 2),
    ("payout.paid", 1),
)


def measure() -> list[Figure]:
    """Raises `FigureIsRefused` where a planted tap was not found."""
    events = int(os.environ.get(_EVENTS_VARIABLE, EVENTS))
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "events.ndjson", Path(folder) / "alerts.ndjson"
        with source.open("wb") as file:
            for event in made_up(events):
                file.write(msgspec.json.encode(event) + b"\n")
        module = "card_platform.oversight.risk"
        called = [sys.executable, "-m", module, str(source), "--alerts", str(target)]
        screening = run_measured(called)
        if screening.exit_code:
            raise FigureIsRefused(
                f"筛查以 {screening.exit_code} 结束", f"screening ended with {screening.exit_code}"
            )
        lines = target.read_bytes().splitlines()
        alerts = [msgspec.json.decode(line, type=Alert) for line in lines]
    found = {each.subject for each in alerts if each.typology == "tap-replayed"}
    if len(found) != _REPLAYED:
        told = f"{len(found)} of {_REPLAYED}"
        raise FigureIsRefused(f"重放刷卡只发现 {told}", f"replayed taps found: {told}")
    a_minute = events / screening.seconds * 60
    return [
        beside_limit(NAME, "events/min", a_minute, AT_LEAST, LIMIT_PER_MINUTE),
        beside_limit(f"{NAME}-peak", "MiB", screening.peak_mib, AT_MOST, LIMIT_MIB),
    ]


def made_up(events: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """So many events of ordinary life, in the order they were received."""
    stream = random.Random(seed)  # noqa: S311 - made-up people, no secret
    people = max(_REPLAYED, events // (_DAYS * _EVENTS_A_PERSON_AND_DAY))
    names, weights = zip(*_KINDS, strict=True)
    kinds = stream.choices(names, weights, k=events)
    counters = [0] * people
    told_twice: dict[int, dict[str, Any]] = {}
    for number, kind in enumerate(kinds):
        who = stream.randrange(people)
        at = _FIRST + timedelta(seconds=number * _DAYS * 86_400 // events)
        event = _event(number, kind, who, at, stream)
        if kind == "transit.tap":
            event["detail"]["counter"] = counters[who]
            counters[who] += 1
            if who < _REPLAYED:
                told_twice.setdefault(who, event)
        yield event
    late = (_FIRST + timedelta(days=_DAYS)).isoformat()
    for who, event in told_twice.items():
        yield event | {"id": f"R{who:09d}", "received_at": late, "device": "bus-x"}


def _event(number: int, kind: str, who: int, at: datetime, stream: random.Random) -> dict[str, Any]:
    place, moment = who % 997, at.isoformat()
    return {
        "id": f"E{number:09d}",
        "kind": kind,
        "at": moment,
        "received_at": moment,
        "region": "SC",
        "person": f"P{who:08d}",
        "card": f"SC{who:08d}",
        "account": f"b{who}",
        "face": "code" if kind == "code.scanned" else "physical",
        "device": f"device-{place}",
        "place": f"place-{place}",
        "x_m": float(place * 3),
        "y_m": float(place * 2),
        "institution": f"institution-{kind}-{place}",
        "amount_fen": stream.randrange(101, 9_999),
        "detail": _details(number, kind, who),
    }


def _details(number: int, kind: str, who: int) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        "transit.tap": {"phase": "flat", "tac": f"{number:08x}", "sequence": number},
        "purchase": {"category": "grocery", "refund": False},
        "code.scanned": {"code": f"c{number}", "purpose": "library"},
        "employment.clocked": {"employer": f"employer-{who % 500}"},
        "medical.settled": {"visit": f"v{number}", "class": "pharmacy", "lines": 3},
        "medicine.sold": {"drug": f"d{number % 90}", "days_supply": 7, "chronic": True},
        "identity.check": {"purpose": "counter", "photo_match": 90, "outcome": "ok"},
        "transfer": {"to_account": f"b{(who * 7 + 1) % 9973}", "channel": "online"},
        "card.authentication": {"outcome": "ok"},
        "payout.paid": {"programme": "pension", "period": f"{2020 + number % 9}-0{number % 9 + 1}"},
    }
    return dict(told[kind])
