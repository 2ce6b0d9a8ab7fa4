"""Pictures of a run: each one SVG that refers to nothing outside, and says what was seen."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pyarrow.csv
import pyarrow.parquet
import pytest

from reports.pictures import fit_into_page, is_wide
from sim.engines import SIMPY, engine_of
from sim.exports import CSV, PARQUET, write_tables
from sim.network import (
    Constant,
    Exponential,
    Network,
    Poisson,
    Retry,
    Route,
    Scheduled,
    Source,
    Station,
    link,
)
from sim.observation import Observation
from sim.pictures import (
    CurvePoint,
    animate_station,
    draw_capacity_curve,
    draw_day,
    draw_station_map,
    draw_waits,
    pictures_of,
)
from sim.pictures.capacity_curve import Shown
from sim.pictures.crowd import QUEUE_PLACES, StationCannotBeShown, crowd_of
from sim.pictures.day import COLUMNS_MAX, columns_of
from sim.pictures.layers import map_of
from sim.playing import Prepared, Run, run_prepared
from sim.story_of_network import story_of_network

SEED = 7


def hall() -> Network:
    return Network(
        "hall",
        7200.0,
        (
            Station("door", ((0.0, 2),), Exponential(20.0)),
            Station("counter", ((0.0, 3), (3600.0, 5)), Exponential(100.0), queue_max=30,
                    patience=Exponential(600.0)),
            Station("cashier", ((0.0, 2),), Exponential(45.0)),
            link("road", Constant(60.0), ((600.0, 900.0),)),
        ),
        (
            Source("walk-in", "ordinary", Poisson(((0.0, 0.04),)), "door"),
            Source("by bus", "elderly", Scheduled(((1200.0, 25),)), "counter"),
        ),
        (
            Route("ordinary", "door", (("counter", 1.0),)),
            Route("ordinary", "counter", (("cashier", 0.6), ("counter", 0.1), ("road", 0.1))),
            Route("ordinary", "cashier", (("door", 0.05),)),
        ),
        (Retry("ordinary", Constant(300.0), 2),),
    )  # fmt: skip


def play(network: Network, *, traced: bool = True) -> Run:
    prepared = Prepared(
        network.name, "", 1.0, network, network.name, network.name, 8 * 3600.0,
        lambda seen, _: story_of_network(seen),
    )  # fmt: skip
    return run_prepared(prepared, SEED, SIMPY, traced=traced)


@pytest.fixture(scope="module")
def run() -> Run:
    return play(hall())


def looked_at(svg: str) -> str:
    ET.fromstring(svg)  # noqa: S314 - our own picture
    assert svg.startswith("<svg")
    assert fit_into_page(svg, "p0").startswith("<svg")  # no script, nothing from outside
    return svg


def test_an_album_shows_days_waits_ways_and_the_moving_station(run: Run) -> None:
    album = {picture.name: picture for picture in pictures_of(run.result, run.observation)}
    assert list(album) == ["day-1", "day-2", "day-3", "day-4", "waits", "map", "moving"]
    for picture in album.values():
        looked_at(picture.svg)
        assert re.search("[\u4e00-\u9fff]", picture.title_zh)
        assert len(picture.svg) < 300_000
    assert album["day-1"].title_en == "counter over time"
    assert album["day-4"].title_en == "road over time"  # nobody waits for a server on a link
    assert is_wide(album["map"].svg)
    assert not is_wide(album["waits"].svg)


def test_a_run_without_trace_has_no_moving_station_and_one_station_needs_no_map() -> None:
    network = Network(
        "one", 600.0, (Station("desk", ((0.0, 1),), Constant(30.0)),),
        (Source("street", "person", Poisson(((0.0, 0.02),)), "desk"),),
    )  # fmt: skip
    told = play(network, traced=False)
    names = [picture.name for picture in pictures_of(told.result, told.observation)]
    assert names == ["day-1", "waits"]


def test_the_same_run_gives_the_same_bytes(run: Run) -> None:
    again = play(hall())
    assert pictures_of(again.result, again.observation) == pictures_of(run.result, run.observation)


def test_a_day_is_drawn_in_few_columns_that_keep_the_longest_queue(run: Run) -> None:
    columns = columns_of(run.result, "counter")
    assert len(columns.hours) <= COLUMNS_MAX < len(run.result.series["counter"]["t_s"])
    assert columns.queue.max() == run.result.stations["counter"].queue_max
    assert columns.hours[0] == 8.0
    assert columns.servers.tolist() == [3.0, 5.0]
    assert columns.servers_from_h.tolist() == [8.0, 9.0]
    text = looked_at(draw_day(run.result, "counter"))
    assert "08:00" in text  # matplotlib names each text in a comment
    assert looked_at(draw_day(run.result, "road"))


def test_servers_open_at_the_moment_of_their_plan_however_long_the_steps_are() -> None:
    days = tuple((3600.0 * 24 * day + 1234.0 * at, 2 * at) for day in range(1, 20) for at in (1, 2))
    capacity = ((0.0, 1), *days)
    source = Source("street", "person", Poisson(((0.0, 0.001),)), "desk")
    told = play(Network("weeks", 20 * 86400.0, (Station("desk", capacity, Constant(60.0)),),
                        (source,)), traced=False).result  # fmt: skip
    columns = columns_of(told, "desk")
    assert columns.servers_from_h == pytest.approx([8 + at_s / 3600 for at_s, _ in capacity])
    many = tuple((600.0 * at, at % 2 + 1) for at in range(10 * COLUMNS_MAX))
    means = columns_of(replace(told, capacity={"desk": many}), "desk")
    assert means.servers_from_h.tolist() == means.hours.tolist()
    assert means.servers[: len(means.servers) // 2] == pytest.approx(1.5, abs=0.1)
    assert looked_at(draw_day(replace(told, capacity={"desk": many}), "desk"))


def test_waits_name_each_class_with_its_quantiles(run: Run) -> None:
    svg = looked_at(draw_waits(run.observation, "counter"))
    assert "ordinary: " in svg
    assert "elderly: " in svg
    together = looked_at(draw_waits(run.observation))
    told = [together.index(f"{name}: ") for name in ("counter", "cashier", "door", "road")]
    assert told[-1] == max(told)  # nobody waits for a server on a link, whatever an outage lasts


def test_a_capacity_curve_tells_what_meets_the_target() -> None:
    verdicts: dict[float, Shown] = {6.0: "undecided", 7.0: "holds", 4.0: "fails", 5.0: "fails"}
    points = [
        CurvePoint(value, wait_s, (wait_s * 0.8, wait_s * 1.2), verdicts[value])
        for value, wait_s in ((6.0, 31.0), (7.0, 3.0), (4.0, 900.0), (5.0, 300.0))
    ]
    svg = looked_at(
        draw_capacity_curve(points, varied="gates", figure="p95, s", target=30.0, answer=7.0)
    )
    for words in ("gates", "p95, s", "target 30", "meets the target", "falls short", "undecided"):
        assert words in svg
    bare = [replace(point, verdict="") for point in points[:1]]
    no_target = looked_at(draw_capacity_curve(bare, varied="gates", figure="use"))
    assert "95 % interval" in no_target
    for words in ("target", "falls short"):
        assert words not in no_target


def test_the_map_puts_stations_in_layers_and_counts_who_goes_where(run: Run) -> None:
    told = map_of(run.observation)
    layers = {node.name: node.layer for node in told.nodes}
    assert layers == {"door": 0, "counter": 1, "cashier": 2, "road": 2}
    ways = {(told.nodes[w.origin].name, told.nodes[w.goal].name): w for w in told.ways}
    assert {pair for pair, way in ways.items() if way.is_back} == {
        ("cashier", "door"), ("counter", "counter"),
    }  # fmt: skip
    door = run.observation.stations[0]
    assert ways["door", "counter"].customers == door.waits.count
    comes = dict(zip([node.name for node in told.nodes], told.comes, strict=True))
    assert comes["counter"] >= 25
    assert comes["road"] == 0
    busy = {node.name: node.utilisation for node in told.nodes}
    assert busy["road"] is None
    assert busy["cashier"] == pytest.approx(run.result.stations["cashier"].utilisation)


def test_a_map_of_very_many_stations_draws_the_less_busy_as_one() -> None:
    first = [Station(f"gate-{at:03d}", ((0.0, 1),), Constant(5.0)) for at in range(150)]
    hub = Station("hub", ((0.0, 40),), Constant(60.0))
    network = Network(
        "city", 600.0, (*first, hub),
        tuple(Source(each.name, each.name, Poisson(((0.0, 0.01),)), each.name) for each in first),
        tuple(Route(each.name, each.name, (("hub", 1.0),)) for each in first),
    )  # fmt: skip
    observation = engine_of(SIMPY)(network, SEED)
    told = map_of(observation, drawn_max=60)
    assert len(told.nodes) <= 60
    assert sum(node.stations for node in told.nodes) == 151
    assert sum(node.visits for node in told.nodes) == observation.visits
    assert "more" in looked_at(draw_station_map(observation))


def test_the_moving_station_shows_everyone_of_the_stretch_around_the_longest_queue(
    run: Run,
) -> None:
    crowd = crowd_of(run.observation, "counter")
    assert max(waiting for _, waiting in crowd.queue) == run.result.stations["counter"].queue_max
    assert crowd.servers <= 5
    unserved = [person for person in crowd.people if not person.is_served]
    assert unserved
    for person in crowd.people:
        moments = person.moments
        assert all(a.at_s <= b.at_s for a, b in pairwise(moments))
        assert moments[-1].place == ("out" if person.is_served else "away")
        assert all(0 <= each.number < QUEUE_PLACES for each in moments if each.place == "queue")
    for server in range(crowd.servers):  # nobody is served where somebody else is
        times = sorted(
            (person.start_s, person.end_s)
            for person in crowd.people
            for moment in person.moments
            if (moment.place, moment.number) == ("server", server)
        )
        assert all(a[1] <= b[0] for a, b in pairwise(times))


def test_the_animation_is_a_page_of_its_own_whose_moves_are_in_order(run: Run) -> None:
    page = animate_station(run.observation, "counter", run.result.first_s_of_day)
    assert page.startswith("<!doctype html>")
    assert not re.search(r"(?:src|href)=|@import|https?://(?!www\.w3\.org)", page)
    moves = re.findall(r'values="([^"]+)" keyTimes="([^"]+)"', page)
    assert len(moves) > 100
    for values, times in moves:
        shares = [float(share) for share in times.split(";")]
        assert len(values.split(";")) == len(shares)
        assert shares[0] == 0
        assert shares == sorted(shares)
        assert shares[-1] <= 1


def test_what_cannot_be_shown_moving_says_why(run: Run) -> None:
    untraced = play(hall(), traced=False)
    with pytest.raises(StationCannotBeShown, match="no trace"):
        crowd_of(untraced.observation, "counter")
    with pytest.raises(StationCannotBeShown, match="no trace of till"):
        crowd_of(run.observation, "till")
    wide = Network(
        "wide", 10.0, (link("road", Constant(600.0)),),
        (Source("all", "person", Scheduled(((0.0, 100),)), "road"),),
    )  # fmt: skip
    with pytest.raises(StationCannotBeShown, match="100 servers at work"):
        crowd_of(play(wide).observation, "road")


def test_tables_hold_every_visit_and_every_step_in_both_forms(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    written = [*write_tables(run.result, run.observation, folder, CSV)]
    written += write_tables(run.result, run.observation, folder, PARQUET)
    assert [path.name for path in written] == [
        "stations.csv", "series.csv", "visits.csv",
        "stations.parquet", "series.parquet", "visits.parquet",
    ]  # fmt: skip
    visits = pyarrow.parquet.read_table(folder / "visits.parquet")
    assert visits.num_rows == run.observation.visits
    assert pyarrow.csv.read_csv(folder / "visits.csv").num_rows == visits.num_rows
    first = visits.slice(0, 1).to_pylist()[0]
    assert first["source"] == "walk-in"
    assert (first["class"], first["station"], first["visit"]) == ("ordinary", "door", 0)
    series = pyarrow.parquet.read_table(folder / "series.parquet")
    assert series.num_rows == sum(len(each["t_s"]) for each in run.result.series.values())
    untraced = play(hall(), traced=False)
    few = write_tables(untraced.result, untraced.observation, folder / "few", CSV)
    assert [path.name for path in few] == ["stations.csv", "series.csv"]


def test_a_run_that_was_broken_off_has_pictures_too() -> None:
    network = Network(
        "too small", 600.0, (Station("desk", ((0.0, 1),), Constant(100_000.0)),),
        (Source("street", "person", Poisson(((0.0, 0.2),)), "desk"),),
    )  # fmt: skip
    told = play(network)
    assert told.result.stopped is not None
    assert told.result.digest is None
    assert "Most wait at station desk" in told.result.answer_en
    assert "more than it can serve" in told.result.answer_en
    seen: Observation = told.observation
    assert [looked_at(picture.svg) for picture in pictures_of(told.result, seen)]
