"""A history as files: the same bytes always, in the order a platform learns, labels apart."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from life_histories import kinds
from life_histories.dice import Dice, Stream, mix
from life_histories.labels import read_history
from life_histories.parameters import TYPOLOGIES, FaultyHistory
from tests.life_histories.made_up import MadeUp, rows, second_of, write

SHA256 = {
    "events.ndjson": "1597f0dfc5a41ce99c260ba0cfb3b041914c3d60952b492b283b639549c9ee2e",
    "labels.csv": "998b0077cd015ff2a5e4ed0656ab0b22b2cf1d985472252255e0610c9994e865",
    "cases.csv": "909ff9a8356d52ae5f810458b2f90ede1e2ea1eccf0a34f532e99ea8539cf2b6",
}
"""Of the history of `made_up`: they change with made-up life, and with nothing else."""
MEMBERS = [
    "id", "kind", "at", "received_at", "region", "person", "card", "account", "face", "device",
    "place", "x_m", "y_m", "institution", "amount_fen", "detail",
]  # fmt: skip


def test_the_same_seed_gives_the_same_bytes_in_one_process_or_two(
    made_up: MadeUp, tmp_path: Path
) -> None:
    again = write(tmp_path, processes=2)
    for name, digest in SHA256.items():
        assert hashlib.sha256((made_up.folder / name).read_bytes()).hexdigest() == digest
        assert (again.folder / name).read_bytes() == (made_up.folder / name).read_bytes()
    assert not list(tmp_path.glob(".spool*"))


def test_the_numbers_drawn_are_those_of_philox_on_every_machine() -> None:
    dice = Dice(101, Stream.LIFE, 3)
    assert [dice.below(1_000_000) for _ in range(4)] == [26462, 166730, 17498, 439502]
    assert mix(101, 1, 2) == 7324157226083750924


def test_another_seed_gives_another_history(made_up: MadeUp, tmp_path: Path) -> None:
    other = write(tmp_path, seed=8)
    assert len(other.events) != len(made_up.events)
    assert other.events[-1] != made_up.events[-1]


def test_what_the_process_made_before_changes_no_history(made_up: MadeUp, tmp_path: Path) -> None:
    write(tmp_path, seed=8)
    again = write(tmp_path / "again")
    for name in SHA256:
        assert (again.folder / name).read_bytes() == (made_up.folder / name).read_bytes()


def test_events_stand_in_the_order_in_which_the_platform_learns_of_them(made_up: MadeUp) -> None:
    moments = [event["received_at"] for event in made_up.events]
    assert moments == sorted(moments)
    ids = [event["id"] for event in made_up.events]
    assert ids == [f"E{number:09d}" for number in range(1, len(ids) + 1)]
    for event in made_up.events:
        assert list(event) == [member for member in MEMBERS if member in event]


def test_every_kind_of_the_closed_list_occurs_and_no_other(made_up: MadeUp) -> None:
    known = {kind.kind for kind in kinds.Detail.__subclasses__()}
    found = {event["kind"] for event in made_up.events}
    assert found <= known
    assert known - found <= {"card.frozen", "agent.ended"}, (
        "the rarest may be missing in a small one"
    )


def test_nothing_of_the_file_is_a_fraction(made_up: MadeUp) -> None:
    def whole(value: object) -> bool:
        return not isinstance(value, float)

    assert all(
        map(whole, (v for e in made_up.events for v in (*e.values(), *e["detail"].values())))
    )


def test_all_eighteen_typologies_are_planted_each_in_three_variants(made_up: MadeUp) -> None:
    cases = {row["case"]: row["typology"] for row in made_up.labels}
    assert Counter(cases.values()) == dict.fromkeys(TYPOLOGIES, 3)
    assert {row["event"] for row in made_up.labels} <= set(made_up.by_id)
    assert len(made_up.labels) == len({row["event"] for row in made_up.labels})


def test_the_subjects_of_a_case_are_named_in_its_events(made_up: MadeUp) -> None:
    events: dict[str, str] = {}
    for row in made_up.labels:
        line = json.dumps(made_up.by_id[row["event"]])
        events[row["case"]] = events.get(row["case"], "") + line
    named = {(row["case"], row["subject"]) for row in rows(made_up.folder / "cases.csv")}
    assert {case for case, _ in named} == set(events)
    for case, text in events.items():
        assert any(subject in text for of, subject in named if of == case)


def test_the_manifest_holds_and_a_changed_file_is_told(made_up: MadeUp, tmp_path: Path) -> None:
    history = read_history(made_up.folder)
    assert history.summary.events == len(made_up.events)
    first = {row["case"]: row["event"] for row in reversed(made_up.labels)}
    for case in history.cases.values():
        learnt = min(made_up.by_id[event]["received_at"] for event in case.events)
        assert case.learnt_at == learnt <= made_up.by_id[first[case.code]]["received_at"]
    for name in ("events.ndjson", "cases.csv", "history.json"):
        (tmp_path / name).write_bytes((made_up.folder / name).read_bytes())
    (tmp_path / "events.ndjson").write_bytes(b"{}\n")
    with pytest.raises(FaultyHistory) as faulty:
        read_history(tmp_path)
    assert [en.split(":")[0] for _, en in faulty.value.faults] == ["events.ndjson", "labels.csv"]


def test_nothing_in_ids_and_moments_gives_a_planted_event_away(made_up: MadeUp) -> None:
    places = [
        number for number, event in enumerate(made_up.events) if event["id"] in made_up.planted
    ]
    tenth = len(made_up.events) // 10 + 1
    # the first tenth is the register of the first day
    assert set(range(1, 10)) <= {place // tenth for place in places}
    apart = [b - a for a, b in pairwise(places)]
    assert sum(gap == 1 for gap in apart) < len(apart) / 2
    seconds = Counter(int(second_of(made_up.events[place]["at"])) % 60 for place in places)
    assert max(seconds.values()) < 4 * len(places) / 60


def test_planted_events_have_the_members_ordinary_ones_have(made_up: MadeUp) -> None:
    def shape(event: dict[str, object]) -> tuple[object, ...]:
        detail = event["detail"]
        assert isinstance(detail, dict)
        return event["kind"], *event, *detail

    ordinary = {shape(event) for event in made_up.ordinary}
    strange = {
        shape(made_up.by_id[row["event"]]): row["typology"]
        for row in made_up.labels
        if shape(made_up.by_id[row["event"]]) not in ordinary
    }
    # a number nobody has belongs to nobody; an account has no second phone but a thief's
    assert set(strange.values()) <= {"forged-card"}, strange
