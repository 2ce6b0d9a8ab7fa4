"""The models: what they say of people and sites, at every preset, scale and limit."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from sim import FaultyParameters, compiled_engine, run_model
from sim.models import MODELS, Model
from sim.models.commuter_rush import city_of, with_one_more_gate
from sim.models.model import Values
from sim.network import UNLIMITED, Network
from sim.observation import Observation
from sim.parameters import ASSUMPTION, values_of
from sim.region.days import DAY_S, HOUR_S
from sim.region.published import sichuan
from sim.simpy_engine.play import play
from tests.sim.expected_arrivals import expected_customers

OF_ALL = [(name, preset) for name, model in MODELS.items() for preset in model.presets]
SMALL = {
    "metro-station": 0.2,
    "commuter-rush": 0.06,
    "payout-day": 0.1,
    "card-replacement": 0.02,
    "holiday": 0.05,
    "emergency": 0.05,
    "hotline": 1.0,
    "service-hall": 1.0,
}
ONE_PLACE = {"metro-station", "hotline", "service-hall"}
SEED = 20241108
PART = 0.15


def values(name: str, preset: str = "", **settings: float) -> Values:
    model = MODELS[name]
    preset = preset or next(iter(model.presets))
    return values_of(model.parameters, model.presets[preset], settings)


def network(name: str, preset: str = "", scale: float = 1.0, **settings: float) -> Network:
    return MODELS[name].build(values(name, preset, **settings), scale)


def seen_at(seen: Observation, prefix: str) -> dict[str, int]:
    places = zip(seen.network.stations, seen.stations, strict=True)
    return {at.name: each.visits for at, each in places if at.name.startswith(prefix)}


@pytest.mark.parametrize(("name", "preset"), OF_ALL)
def test_every_preset_builds_at_full_size(name: str, preset: str) -> None:
    built = network(name, preset)
    assert built.name == name
    assert not built.stations[0].is_link, "the picture shows the first station"


@pytest.mark.parametrize("name", MODELS)
def test_a_model_at_its_default_serves_all_who_come_and_answers_in_both_languages(
    name: str,
) -> None:
    model, scale = MODELS[name], SMALL[name]
    planned = values(name)
    built = model.build(planned, scale)
    seen = play(built, SEED)
    assert seen.stopped is None
    expected = expected_customers(built)
    assert seen.customers == pytest.approx(expected, abs=5 * math.sqrt(expected)), f"seed {SEED}"
    for station in seen.stations:
        served = station.waits.count
        assert station.visits == served + station.refused + station.abandoned
        assert station.visits > 0
    story = model.answer(planned, scale, seen, lambda variant: play(variant, SEED))
    assert "\n" not in story.zh + story.en
    assert re.search("[一-鿿]", story.zh)
    assert not re.search("[一-鿿]", story.en)
    assert story.zh.endswith("。")
    assert story.en.endswith((".", ")"))
    # The figures are the same in both; a share and a percentage are written alike.
    figures = [sorted(re.findall(r"\d[\d,.]*\d", text)) for text in (story.zh, story.en)]
    assert figures[0] == figures[1]


@pytest.mark.parametrize(("name", "preset"), OF_ALL)
def test_both_engines_play_every_preset_alike_to_the_last_bit(name: str, preset: str) -> None:
    scale = {"card-replacement": 0.0003, "service-hall": 0.05}.get(name, 0.001)
    built = network(name, preset, max(scale, 0.05) if name in ONE_PLACE else scale)
    seen = play(built, SEED, traced=True)
    again = compiled_engine.play(built, SEED, traced=True)
    assert seen.stopped is None
    expected = expected_customers(built)
    assert seen.customers == pytest.approx(expected, abs=5 * math.sqrt(expected)), f"seed {SEED}"
    assert seen.trace is not None
    assert again.trace is not None
    assert seen.trace.digest() == again.trace.digest()


@pytest.mark.parametrize(
    ("name", "preset", "of", "people"),
    [
        ("commuter-rush", "shanghai", "", 12.86e6 * 19.29 / 32.24 + 3.5e6),
        ("payout-day", "sichuan", "line", 320e6 * 91.62e6 / 1.386e9),
        ("payout-day", "county", "line", 320e6 * 480e3 / 1.386e9),
        ("holiday", "sichuan", "patient", 8 * 70.8e6 / 90 * 91.62e6 / 1.386e9),
        ("hotline", "sichuan", "", 105e6 / 250 * 91.62e6 / 1.386e9),
        ("hotline", "beijing", "", 21.48e6 / 5 / 365),
        ("emergency", "sichuan", "victim", 0.005 * 91.62e6),
        ("service-hall", "sichuan", "", 100 * 75),
    ],
)
def test_as_many_people_come_as_the_figures_say(
    name: str, preset: str, of: str, people: float
) -> None:
    assert expected_customers(network(name, preset), of) == pytest.approx(people, rel=1e-5)


def test_sichuan_has_twenty_million_trips_in_hundreds_of_gate_lines() -> None:
    whole = network("commuter-rush", "sichuan")
    assert 20_000_000 < expected_customers(whole) < 21_000_000
    assert sum(station.name.startswith(("entry", "exit")) for station in whole.stations) == 720


def test_those_who_look_for_themselves_have_an_electronic_card() -> None:
    planned = values("emergency", "sichuan")
    assert planned["ecard_share"] == pytest.approx(62.36e6 / 91.62e6)
    looking = [
        expected_customers(network("emergency", "sichuan", ecard_share=share), "looking")
        for share in (0.0, 0.5, 1.0)
    ]
    assert looking == pytest.approx([0, looking[2] / 2, looking[2]])


def test_sichuan_replaces_fifty_to_ninety_million_cards_at_6056_points() -> None:
    planned = values("card-replacement", "sichuan")
    assert planned["sites"] == sichuan("joint-service-points") == 6056
    whole = network("card-replacement", "sichuan")
    booked = sum(source.start == "booking" for source in whole.sources)
    assert booked == 2
    made = expected_customers(whole) - 0.6 * planned["cards"] * 0.08 / 0.92
    assert 50e6 < made < 90e6
    assert made == pytest.approx(planned["cards"], rel=1e-6)


@pytest.mark.parametrize("name", [name for name in MODELS if "sichuan" in MODELS[name].presets])
def test_a_tenth_of_a_province_has_a_tenth_of_the_people_and_of_the_servers(name: str) -> None:
    whole, tenth = network(name, "sichuan"), network(name, "sichuan", 0.1)
    assert expected_customers(tenth) == pytest.approx(expected_customers(whole) / 10, rel=1e-3)

    def servers(of: Network) -> int:
        most = [max(many for _, many in station.capacity) for station in of.stations]
        return sum(many for many in most if many != UNLIMITED)

    assert servers(tenth) == pytest.approx(servers(whole) / 10, rel=0.06)


@pytest.mark.parametrize("name", MODELS)
def test_every_parameter_may_be_set_to_its_bounds(name: str) -> None:
    model = MODELS[name]
    planned = list(model.presets.values())[-1]
    for parameter in model.parameters:
        for bound in (parameter.low, parameter.high):
            set_to = values_of(model.parameters, planned, {parameter.name: bound})
            built = model.build(set_to, 0.01)
            assert built.stations, f"{parameter.name}={bound}"


@pytest.mark.parametrize("name", MODELS)
def test_every_value_of_a_preset_is_within_bounds_and_says_where_it_is_from(name: str) -> None:
    model = MODELS[name]
    by_name = {parameter.name: parameter for parameter in model.parameters}
    for preset, planned in model.presets.items():
        sources = model.sources.get(preset, {})
        for key, value in planned.items():
            assert by_name[key].low <= value <= by_name[key].high, (preset, key)
            assert not by_name[key].whole or value == int(value), (preset, key)
            if model.sources:
                assert sources[key], (preset, key)


@pytest.mark.parametrize("name", MODELS)
def test_a_number_is_sourced_or_marked_as_an_assumption(name: str) -> None:
    model = MODELS[name]
    told = [parameter.source for parameter in model.parameters]
    told += [source for of in model.sources.values() for source in of.values()]
    marked = re.compile(
        rf"{ASSUMPTION}|\d{{4}}-\d\d-\d\d|gov\.cn|Cai Yi|Shockley|no metro|a weak page|2022, a page"
        r"|6,324 stations|325 lines|SC-q"
    )
    assert not [source for source in told if not marked.search(source)]
    assert all(parameter.meaning_zh and parameter.meaning_en for parameter in model.parameters)


def test_a_presets_own_source_stands_beside_its_value() -> None:
    result = run_model("hotline", "sichuan", scale=0.02, settings={"talk_s": 200})
    rows = {row["name"]: row for row in result.assumptions}
    assert "SC-q" in rows["calls"]["source"]
    assert rows["seats"]["source"] == "assumption"
    assert rows["talk_s"]["source"] == "set by the caller"


@pytest.fixture(scope="module")
def city() -> Observation:
    """A part of the default city, for a day."""
    return play(network("commuter-rush", scale=PART), SEED)


def test_homes_fill_in_the_morning_and_offices_in_the_evening(city: Observation) -> None:
    rate = {source.name: source.arrivals for source in network("commuter-rush").sources}

    def busiest_h(name: str) -> float:
        moment_s, _ = max(rate[name].rate_per_s, key=lambda step: step[1])  # type: ignore[union-attr]
        return moment_s / HOUR_S

    assert 7 <= busiest_h("entry_01 out") <= 9
    assert 17 <= busiest_h("entry_01 home") <= 19
    entries, exits = list(seen_at(city, "entry").values()), list(seen_at(city, "exit").values())
    assert sum(entries) == pytest.approx(sum(exits), rel=0.01)
    series = city.stations[0].series
    by_hour = series.arrivals[: int(DAY_S / series.step_s)].reshape(24, -1).sum(axis=1)
    assert int(np.argmax(by_hour)) in {7, 8}


def test_a_gate_line_alone_sees_the_passengers_it_saw_in_the_city(city: Observation) -> None:
    planned, model = values("commuter-rush"), MODELS["commuter-rush"]
    wider = play(model.build({**planned, "gates_extra": 1.0}, PART), SEED)
    names = [station.name for station in wider.network.stations]
    divided = city_of(planned, PART)
    for place, name in enumerate(divided.entries):
        alone = with_one_more_gate(divided, place, planned, lambda it: play(it, SEED))
        in_city, before = wider.stations[names.index(name)], city.stations[names.index(name)]
        assert alone.visits == in_city.visits == before.visits
        assert alone.waits.sum_s == in_city.waits.sum_s < before.waits.sum_s


def test_without_an_outage_nobody_pays_up_front_and_with_one_rides_wait_for_it() -> None:
    waits, away = [], []
    for outage_h in (0.0, 3.0):
        built = network("holiday", scale=0.03, outage_h=outage_h)
        seen = play(built, SEED)
        at = {station.name: seen.stations[i] for i, station in enumerate(built.stations)}
        away.append(at["asking_home"].abandoned)
        waits.append(at["forwarding_rides"].waits.longest_s)
        rides = at["forwarding_rides"].visits
        assert at["clearing"].visits == rides == at["clearing"].waits.count
    assert away[0] == 0 < away[1]
    assert waits[0] == 0
    assert 2.9 * HOUR_S < waits[1] <= 3 * HOUR_S


def test_everybody_who_needs_help_is_called_first_at_an_ordinary_counter() -> None:
    seen = play(network("service-hall", visitors=800.0, at_counters_share=1.0), SEED)
    counters = seen.stations[0].by_class
    ordinary, assisted = (
        counters[seen.network.classes().index(name)] for name in ("ordinary", "assisted")
    )
    assert assisted.waits.mean_s < ordinary.waits.mean_s / 2
    assert ordinary.waits.count > 50


def test_a_card_made_centrally_is_given_out_in_opening_hours_some_weeks_later() -> None:
    built = network("card-replacement", scale=0.003, instant_share=0.0)
    seen = play(built, SEED, traced=True)
    assert seen.trace is not None
    names = [station.name for station in built.stations]
    desks = [place for place, name in enumerate(names) if name.startswith("desks")]
    came_s = seen.trace.arrival_s[np.isin(seen.trace.station, desks)]
    inside = came_s < built.horizon_s
    assert ((came_s % DAY_S >= 9 * HOUR_S) & (came_s % DAY_S <= 16.01 * HOUR_S))[inside].all()
    assert (came_s // DAY_S % 7 < 5)[inside].all()
    assert 14 * DAY_S < seen.journeys[0].quantile_s(0.5) < 28 * DAY_S


def test_more_seats_answer_more_callers() -> None:
    shares = []
    for seats in (10.0, 13.0, 18.0):
        hotline = play(network("hotline", seats=seats), SEED).stations[0]
        shares.append(hotline.waits.count / hotline.visits)
    assert shares == sorted(shares)
    assert shares[-1] > 0.9 > shares[0] + 0.2


def test_what_is_too_large_for_any_engine_is_told_as_faults_of_the_call() -> None:
    with pytest.raises(FaultyParameters) as caught:
        run_model("hotline", scale=1000.0, settings={"seats": 100_000})
    assert "station.hotline.capacity" in str(caught.value)
    assert "expected 0 to 1000000 servers" in str(caught.value)


def test_a_wrong_engine_and_wrong_settings_are_told_together() -> None:
    with pytest.raises(FaultyParameters) as caught:
        run_model("hotline", engine="abacus", settings={"seats": "many", "chairs": 3})
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["engine", "seats", "chairs"]


def test_a_model_is_named_as_its_place_in_the_list_says() -> None:
    for name, model in MODELS.items():
        assert isinstance(model, Model)
        assert model.name == name
        assert model.title_zh
        assert model.title_en
