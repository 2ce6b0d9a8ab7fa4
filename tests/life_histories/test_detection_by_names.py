"""No rule of detection reads a name: who is called otherwise is found all the same.

Ids, people, cards, accounts, terminals, places and institutions of a history are named by its
generator. A rule that read anything out of such a name would find the generator, not the fraud.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Alert, HistoryEvent
from card_platform.oversight.risk.rules import first_rules
from tests.life_histories.made_up import Event, MadeUp

NAMES = ("person", "card", "account", "device", "place", "institution", "region")
NAMES_TOLD = (
    *("account", "agent", "by", "code", "doctor", "drug", "employer", "new_card", "old_account"),
    *("tac", "to_account", "to_region", "visit"),
)
"""Of the detail: all that is not a word of a closed list."""
RISK = Path(__file__).parents[2] / "card_platform" / "oversight" / "risk"


def renamed(name: str) -> str:
    return "N" + sha256(f"called otherwise:{name}".encode()).hexdigest()[:15]


def with_other_names(event: Event) -> Event:
    """The same event; ids keep their order, by which equal moments stand."""
    told = {key: renamed(event[key]) for key in NAMES if key in event}
    detail = event["detail"]
    said = {key: renamed(detail[key]) for key in NAMES_TOLD if key in detail}
    return event | told | {"id": f"X{int(event['id'][1:]):012d}", "detail": detail | said}


def alerts_of(events: list[Event]) -> Counter[Any]:
    """What is raised, about whom, on which evidence; without the names that follow from these."""
    detector, raised = Detector(first_rules()), list[Alert]()
    for each in events:
        raised += detector.observe(msgspec.convert(each, HistoryEvent))
    raised += detector.end()
    return Counter(
        (each.typology, each.score, each.raised_at, each.subject, tuple(sorted(each.evidence)))
        for each in raised
    )


def test_who_is_called_otherwise_is_found_all_the_same(made_up: MadeUp) -> None:
    as_named = alerts_of(made_up.events)
    otherwise = alerts_of([with_other_names(each) for each in made_up.events])
    assert len(as_named) > 50
    expected = Counter(
        {
            (
                typology,
                score,
                raised_at,
                renamed(subject),
                tuple(f"X{int(each[1:]):012d}" for each in evidence),
            ): times
            for (typology, score, raised_at, subject, evidence), times in as_named.items()
        }
    )
    assert otherwise == expected


def test_no_source_of_detection_knows_of_labels_seeds_or_the_generator() -> None:
    sources = list(RISK.rglob("*.py"))
    assert len(sources) > 30
    for source in sources:
        words = source.read_text(encoding="utf-8").lower()
        for word in ("labels.csv", "cases.csv", "seed", "life_histories"):
            assert word not in words, f"{source.name}: {word}"
