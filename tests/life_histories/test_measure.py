"""The measure, on labels and alerts written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from life_histories.history import Summary
from life_histories.labels import LabelledHistory, PlantedCase
from life_histories.measure import Alert, measure, read_alerts
from life_histories.parameters import FaultyHistory

AT = "2026-03-01T08:00:00+08:00"


def history(*cases: PlantedCase) -> LabelledHistory:
    summary = Summary("onecard.history", 1, 5, 2_000, 50, "2026-03-01", 99, {})
    return LabelledHistory(Path(), summary, {case.code: case for case in cases})


def case(code: str, typology: str, *events: str, card: str = "SC1") -> PlantedCase:
    return PlantedCase(code, typology, {("card", card), ("person", "P1")}, set(events), AT)


def alert(
    code: str, typology: str, *evidence: str, at: str = AT, subject: tuple[str, str] = ("card", "X")
) -> Alert:
    return Alert(code, typology, *subject, at, list(evidence))


TWO = (case("F1", "cloned-purse", "E1", "E2"), case("F2", "cloned-purse", "E3", card="SC2"))


def test_an_alert_of_the_typology_with_an_event_of_the_case_finds_it() -> None:
    result = measure(history(*TWO), [alert("A1", "cloned-purse", "E9", "E2")])
    cloned = result.typologies["cloned-purse"]
    assert (cloned.cases, cloned.found, cloned.recall) == (2, 1, 0.5)
    assert (result.alerts, result.false_alerts, result.precision) == (1, 0, 1.0)


def test_an_alert_of_another_typology_finds_it_when_it_is_about_a_subject_of_the_case() -> None:
    about = alert("A1", "impossible-travel", "E1", subject=("card", "SC1"))
    other = alert("A2", "impossible-travel", "E1", subject=("card", "SC2"))
    result = measure(history(*TWO), [about, other])
    assert result.typologies["cloned-purse"].found == 1
    assert result.false_alerts == 1
    assert result.typologies["impossible-travel"].false_alerts == 1


def test_an_alert_without_an_event_of_the_case_is_false_whatever_it_is_about() -> None:
    result = measure(history(*TWO), [alert("A1", "cloned-purse", "E9", subject=("card", "SC1"))])
    assert (result.false_alerts, result.precision, result.recall) == (1, 0.0, 0.0)


def test_one_alert_may_find_two_cases_and_two_alerts_find_a_case_once() -> None:
    both = [alert("A1", "cloned-purse", "E1", "E3"), alert("A2", "cloned-purse", "E2")]
    result = measure(history(*TWO), both)
    assert result.typologies["cloned-purse"].found == 2
    assert result.false_alerts == 0


def test_the_time_runs_from_what_could_be_known_to_the_first_alert() -> None:
    alerts = [
        alert("A1", "cloned-purse", "E1", at="2026-03-01T20:00:00+08:00"),
        alert("A2", "cloned-purse", "E1", at="2026-03-01T02:30:00+00:00"),  # 10:30 in China
        alert("A3", "cloned-purse", "E3", at="2026-03-02T08:00:00+08:00"),
    ]
    result = measure(history(*TWO), alerts)
    assert result.typologies["cloned-purse"].hours_p50 == (2.5 + 24) / 2
    assert result.typologies["card-lent"].hours_p50 is None


def test_missed_limits_are_named() -> None:
    false = [alert(f"A{number}", "card-lent") for number in range(6)]
    found = alert("A9", "cloned-purse", "E1", "E3")
    result = measure(history(*TWO), [*false, found])
    assert {name: value for name, value, _ in result.missed()} == {
        "precision": pytest.approx(1 / 7),
        "false alerts": 6.0,  # 2,000 people, 50 days: 100,000 cardholder-days
    }
    nothing = measure(history(*TWO), [])
    assert [name for name, _, _ in nothing.missed()] == ["recall cloned-purse"]
    enough = [case(f"F{n}", "card-lent", f"E{n}") for n in range(10)]
    nine = measure(history(*enough), [alert("A", "card-lent", *(f"E{n}" for n in range(9)))])
    assert not nine.missed()


def test_the_json_has_the_shape_of_the_contract() -> None:
    told = measure(history(*TWO), [alert("A1", "cloned-purse", "E1")]).to_json()
    assert set(told) >= {
        "seed", "cardholders", "events", "alerts", "precision", "recall", "typologies",
        "alerts_per_100k_cardholder_days",
    }  # fmt: skip
    assert len(told["typologies"]) == 18
    assert told["typologies"]["cloned-purse"] == {
        "cases": 2, "found": 1, "recall": 0.5, "recall_limit": 0.9, "held": False,
        "hours_to_detect_p50": 0.0, "false_alerts": 0,
    }  # fmt: skip
    assert told["alerts_per_100k_cardholder_days"] == 1.0
    assert (told["precision_limit"], told["precision_held"]) == (0.8, True)
    assert (told["false_alerts_limit"], told["false_alerts_held"]) == (5.0, True)


def test_a_faulty_file_of_alerts_reports_every_line(tmp_path: Path) -> None:
    file = tmp_path / "alerts.ndjson"
    good = '{"id":"A1","typology":"card-lent","subject_kind":"card","subject":"X","raised_at":"%s"}'
    lines = [
        good % AT,
        "no json",
        good.replace("card-lent", "witchcraft") % AT,
        good.replace("A1", "A2") % "2026-03-01T08:00:00",
        good % AT,
        "",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(FaultyHistory) as faulty:
        read_alerts(file)
    assert [en.split(":")[0] for _, en in faulty.value.faults] == [
        f"alerts.ndjson line {number}" for number in (2, 3, 4, 5)
    ]
    file.write_text(lines[0] + "\n", encoding="utf-8")
    assert [each.id for each in read_alerts(file)] == ["A1"]
