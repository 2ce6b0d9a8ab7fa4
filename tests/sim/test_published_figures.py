"""Published figures: the preset that is shipped, and what a faulty one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.parameters import FaultyParameters
from sim.published_figures import find_figures, preset_names, read_figures

FAULTY = """name = "x"
title_zh = ""
title_en = "x"
region = "510000"
colour = "red"

[[figure]]
name = "people"
value = -1
unit = "heads"
as_of = "2024"
meaning_zh = "人数"
meaning_en = "people"

[[figure]]
name = "people"
value = 2
unit = "people"
as_of = 2024-10-31
source = "a paper"
meaning_zh = "人数"
meaning_en = "people"
"""


def test_every_shipped_figure_has_unit_day_and_source() -> None:
    assert preset_names() == ["sichuan"]
    figures = find_figures("sichuan").figures
    assert {each.name: each.value for each in figures} == {
        "cardholders": 91_620_000,
        "electronic-cards": 62_360_000,
        "joint-service-points": 6_056,
        "joint-services-done": 565_300,
        "joint-card-services": 10,
        "joint-employment-kinds": 46,
        "lending-libraries": 169,
    }
    assert all(each.unit and each.as_of and each.source for each in figures)


def test_a_faulty_file_reports_all_its_faults_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(FAULTY, encoding="utf-8")
    with pytest.raises(FaultyParameters) as told:
        read_figures(file)
    places = {fault.key.removeprefix(f"{file}, ") for fault in told.value.faults}
    assert places == {
        "line 2, title_zh",
        "line 5, colour",
        "line 7, source",
        "line 9, value",
        "line 10, unit",
        "line 11, as_of",
        "line 16, name",
    }


def test_a_preset_nobody_knows_and_a_file_that_is_none_are_told(tmp_path: Path) -> None:
    for name in ("moon", str(tmp_path / "none.toml")):
        with pytest.raises(FaultyParameters):
            find_figures(name)
