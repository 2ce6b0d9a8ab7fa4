"""The parameters: each number with unit and source; a faulty file reports all its faults."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from life_histories.parameters import FILE, FaultyHistory, read_parameters


def test_every_number_has_a_unit_and_a_source_or_the_word_assumption() -> None:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    entries = [*tables["life"].values(), *tables["cases"].values()]
    assert len(entries) > 60
    assert all(entry["unit"] and entry["source"] for entry in entries)
    assert read_parameters().metro_commuters == tables["life"]["metro_commuters"]["value"]


def test_a_faulty_file_reports_every_fault_with_its_line(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    text = text.replace("first_day = 2026-02-23", 'first_day = "Monday"')
    text = text.replace("hospitals = { value = 16,", "hospitals = { value = 1.5,")
    text = text.replace('clinics = { value = 260, unit = "', 'clinics = { value = 260, uint = "')
    text = text.replace("pharmacies =", "pharmacists =")
    text = text.replace('card-lent = { value = 60, unit = "', 'card-lent = { value = -1, unit = "')
    file = tmp_path / "mine.toml"
    file.write_text(text + "\n[life2]\n", encoding="utf-8")
    with pytest.raises(FaultyHistory) as faulty:
        read_parameters(file)
    line = {line.split(" ")[0]: n for n, line in enumerate(text.splitlines(), 1)}
    assert {en.split(":")[0] for _, en in faulty.value.faults} == {
        f"mine.toml line {line['first_day']}, calendar.first_day",
        f"mine.toml line {line['hospitals']}, life.hospitals.value",
        f"mine.toml line {line['clinics']}, life.clinics.unit",
        f"mine.toml line {line['clinics']}, life.clinics.uint",
        f"mine.toml line {line['[life]']}, life.pharmacies",
        f"mine.toml line {line['pharmacists']}, life.pharmacists",
        f"mine.toml line {line['card-lent']}, cases.card-lent.value",
        f"mine.toml line {len(text.splitlines()) + 2}, life2",
    }
    assert "应为" in faulty.value.zh


def test_a_file_that_is_no_toml_is_one_fault(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    for content in (b"[life", b"\xff"):
        file.write_bytes(content)
        with pytest.raises(FaultyHistory):
            read_parameters(file)
    with pytest.raises(FaultyHistory):
        read_parameters(tmp_path / "none.toml")
