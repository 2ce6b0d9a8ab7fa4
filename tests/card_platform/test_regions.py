"""The Chongqing pack, and packs that are wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from card_platform.errors import PlatformCannotStart
from card_platform.regions import load_region
from card_platform.regions.pack import PACKS, PackIsFaulty, read_pack

_DAY = date(2026, 1, 5)


def test_the_pack_is_found_by_abbreviation_and_by_code() -> None:
    assert load_region("CQ") == load_region("500000")


def test_an_unknown_region_is_told_with_those_that_are_known() -> None:
    with pytest.raises(PlatformCannotStart, match="known: AH, CQ"):
        load_region("XX")


@pytest.mark.parametrize(
    ("start", "end", "fare_fen"),
    [("0201", "0201", 200), ("0201", "0205", 200), ("0201", "0207", 300), ("0225", "0201", 600)],
)
def test_fares_follow_the_distance(start: str, end: str, fare_fen: int) -> None:
    policy = load_region("CQ")
    first, last = policy.station(start), policy.station(end)
    assert first is not None
    assert last is not None
    assert policy.fare(first, last, _DAY) == fare_fen


def test_a_faulty_pack_reports_all_faults_with_line_key_found_and_expected(tmp_path: Path) -> None:
    text = (PACKS / "chongqing.toml").read_text(encoding="utf-8")
    text = text.replace('code = "500000"', 'code = "5000"').replace(
        "from_origin_m = 4100", 'from_origin_m = "far"'
    )
    path = tmp_path / "wrong.toml"
    path.write_text(text.replace('abbreviation = "CQ"\n', ""), encoding="utf-8")
    with pytest.raises(PackIsFaulty) as refused:
        read_pack(path)
    assert [fault.path for fault in refused.value.faults] == [
        "region.code",
        "region.abbreviation",
        "transit.stations[1].from_origin_m",
    ]
    lines = path.read_text(encoding="utf-8").splitlines()
    line = lines.index('from_origin_m = "far"') + 1
    assert f"wrong.toml:{line}: transit.stations[1].from_origin_m: found 'far'" in refused.value.en


def test_a_pack_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    text = (PACKS / "chongqing.toml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.toml"
    text = text.replace('code = "0205"', 'code = "0201"').replace("  { fare_fen = 1000 },\n", "")
    path.write_text(text.replace('unit = "years"', 'unit = "fen"'), encoding="utf-8")
    with pytest.raises(PackIsFaulty) as refused:
        read_pack(path)
    assert [fault.path for fault in refused.value.faults] == [
        "issuance.card_validity.unit",
        "transit.age_concessions[0].age.unit",
        "transit.age_concessions[1].age.unit",
        "transit.stations[1].code",
        "transit.fares[0].steps",
    ]


def test_the_numbers_of_buses_and_reductions_are_judged_like_the_others(tmp_path: Path) -> None:
    text = (PACKS / "chongqing.toml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.toml"
    text = text.replace('code = "B181"', 'code = "0225"').replace(
        'kind = "veteran"', 'kind = "disability"'
    )
    cap = (
        '[transit.daily_cap]\nunit = "years"\nsource = "test"\nvalues = [{from=2011-01-01,value=9}]'
    )
    text = text.replace("[transit.missing_exit_fare]", cap + "\n\n[transit.missing_exit_fare]")
    text = text.replace("value = 50 }] }", "value = 101 }] }", 1)
    for city in ("5000", "5002"):
        named = f'[[transit.cities]]\ncode = "{city}"\nname_zh = "市"\nname_en = "city"\n'
        text += f'\n{named}source = "test"\noperators = ["twice-bus"]\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackIsFaulty) as refused:
        read_pack(path)
    assert [fault.path for fault in refused.value.faults] == [
        "transit.daily_cap.unit",
        "transit.bus_lines[1].code",
        "transit.concessions[1].kind",
        "transit.cities[0].code",
        "transit.cities.operators",
        "transit.concessions[0].reduction.values",
    ]


def test_a_day_before_the_first_value_has_the_first_only_where_that_is_asked_for() -> None:
    line = load_region("CQ").bus_line("B104")
    assert line is not None
    early = date(1999, 1, 1)
    assert line.fare.on_or_first(early) == line.fare.on(_DAY) == 200
    with pytest.raises(LookupError):
        line.fare.on(early)
