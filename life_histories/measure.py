"""The measure: alerts joined with the labels of a history.

Rules: an alert finds a case when it is of the case's typology, or is about one of its subjects, and
has an event of the case among its evidence; one alert may find several cases. An alert that finds
none is false. The time to detect runs from when the platform learnt of the first labelled event to
the first alert that finds the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec

from life_histories.labels import FAULTS_MAX, LabelledHistory, PlantedCase
from life_histories.parameters import TYPOLOGIES, FaultyHistory

RECALL_MIN: Final = Fraction(90, 100)
PRECISION_MIN: Final = Fraction(80, 100)
FALSE_PER_100K_DAYS_MAX: Final = Fraction(5)
HOUR_S: Final = 3_600


class Alert(msgspec.Struct, frozen=True):
    """An alert as detection gives it (interfaces section 14); the rest of it is not measured."""

    id: str
    typology: str
    subject_kind: str
    subject: str
    raised_at: str
    evidence: list[str] = []


@dataclass(slots=True)
class TypologyMeasure:
    """How one typology did; `hours_p50` is None when nothing was found."""

    cases: int = 0
    found: int = 0
    false_alerts: int = 0
    hours: list[Fraction] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the cases found; 1 without any."""
        return self.found / self.cases if self.cases else 1.0

    @property
    def hours_p50(self) -> float | None:
        """Median hours from what could be known to the alert."""
        return round(float(median(self.hours)), 2) if self.hours else None


@dataclass(slots=True)
class Measure:
    """What came out."""

    seed: int
    cardholders: int
    days: int
    events: int
    alerts: int
    false_alerts: int
    typologies: dict[str, TypologyMeasure]

    @property
    def precision(self) -> float:
        """Share of the alerts that find a case; 1 without any alert."""
        return (self.alerts - self.false_alerts) / self.alerts if self.alerts else 1.0

    @property
    def recall(self) -> float:
        """Share of all cases found."""
        cases = sum(each.cases for each in self.typologies.values())
        return sum(each.found for each in self.typologies.values()) / cases if cases else 1.0

    def per_100k_days(self, count: int) -> float:
        """So many by 100,000 cardholders and day."""
        return round(count * 100_000 / (self.cardholders * self.days), 3)

    def missed(self) -> list[tuple[str, float, float]]:
        """Each limit that was missed: its name, what came out, the limit."""
        rows = [
            (f"recall {name}", each.recall, float(RECALL_MIN))
            for name, each in self.typologies.items()
            if each.found < RECALL_MIN * each.cases
        ]
        if self.alerts - self.false_alerts < PRECISION_MIN * self.alerts:
            rows.append(("precision", self.precision, float(PRECISION_MIN)))
        false = self.per_100k_days(self.false_alerts)
        if false > FALSE_PER_100K_DAYS_MAX:
            rows.append(("false alerts", false, float(FALSE_PER_100K_DAYS_MAX)))
        return rows

    def to_json(self) -> dict[str, Any]:
        """As the contract says, with the limit beside each figure and whether it was held."""
        missed = {name for name, _, _ in self.missed()}
        return {
            "seed": self.seed,
            "cardholders": self.cardholders,
            "days": self.days,
            "events": self.events,
            "alerts": self.alerts,
            "precision": round(self.precision, 4),
            "precision_limit": float(PRECISION_MIN),
            "precision_held": "precision" not in missed,
            "recall": round(self.recall, 4),
            "typologies": {
                name: {
                    "cases": each.cases,
                    "found": each.found,
                    "recall": round(each.recall, 4),
                    "recall_limit": float(RECALL_MIN),
                    "held": f"recall {name}" not in missed,
                    "hours_to_detect_p50": each.hours_p50,
                    "false_alerts": each.false_alerts,
                }
                for name, each in self.typologies.items()
            },
            "alerts_per_100k_cardholder_days": self.per_100k_days(self.alerts),
            "false_alerts": self.false_alerts,
            "false_alerts_per_100k_cardholder_days": self.per_100k_days(self.false_alerts),
            "false_alerts_limit": float(FALSE_PER_100K_DAYS_MAX),
            "false_alerts_held": "false alerts" not in missed,
            "missed": [name for name, _, _ in self.missed()],
        }


def measure(history: LabelledHistory, alerts: Iterable[Alert]) -> Measure:
    """Join the alerts with the labels."""
    summary = history.summary
    result = Measure(
        summary.seed,
        summary.cardholders,
        summary.days,
        summary.events,
        0,
        0,
        {name: TypologyMeasure() for name in TYPOLOGIES},
    )
    for case in history.cases.values():
        result.typologies[case.typology].cases += 1
    of_event = {event: case for case in history.cases.values() for event in case.events}
    raised: dict[str, datetime] = {}
    for alert in alerts:
        result.alerts += 1
        found = found_by(alert, of_event)
        if not found:
            result.false_alerts += 1
            result.typologies[alert.typology].false_alerts += 1
        at = datetime.fromisoformat(alert.raised_at)
        for case in found:
            raised[case.code] = min(at, raised.get(case.code, at))
    for code, at in sorted(raised.items()):
        case = history.cases[code]
        each = result.typologies[case.typology]
        each.found += 1
        waited = at - datetime.fromisoformat(case.learnt_at)
        each.hours.append(Fraction(waited.days * 86_400 + waited.seconds, HOUR_S))
    return result


def found_by(alert: Alert, of_event: dict[str, PlantedCase]) -> list[PlantedCase]:
    """The cases an alert finds."""
    met = {of_event[event].code: of_event[event] for event in alert.evidence if event in of_event}
    about = (alert.subject_kind, alert.subject)
    return [
        case for case in met.values() if alert.typology == case.typology or about in case.subjects
    ]


def read_alerts(file: Path) -> list[Alert]:
    """Alerts from NDJSON. Raises `FaultyHistory` with the faulty lines, each with its number."""
    alerts: list[Alert] = []
    faults: list[tuple[str, str]] = []
    seen: set[str] = set()
    try:
        lines = file.read_bytes().splitlines()
    except OSError as fault:
        words = f"{file} ({fault.strerror})"
        raise FaultyHistory([(f"无法读取 {words}", f"cannot read {words}")]) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            alert = checked(msgspec.json.decode(line, type=Alert))
        except ValueError as fault:  # of msgspec too
            faults.append(
                (
                    f"{file.name} 第 {number} 行：{fault}",
                    f"{file.name} line {number}: {fault}",
                )
            )
            continue
        if alert.id in seen:
            faults.append(
                (
                    f"{file.name} 第 {number} 行：{alert.id} 重复",
                    f"{file.name} line {number}: {alert.id} is there twice",
                )
            )
        seen.add(alert.id)
        alerts.append(alert)
    if faults:
        raise FaultyHistory(faults[:FAULTS_MAX])
    return alerts


def checked(alert: Alert) -> Alert:
    """An alert of a known typology with a moment. Raises `ValueError`."""
    if alert.typology not in TYPOLOGIES:
        raise ValueError(f"there is no typology {alert.typology!r}")
    at = datetime.fromisoformat(alert.raised_at)
    if at.tzinfo is None:
        raise ValueError(f"raised_at {alert.raised_at!r} has no offset from UTC")
    return alert
