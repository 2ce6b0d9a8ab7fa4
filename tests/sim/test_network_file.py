"""A planner's own file: what it says is what is played, and every fault is told where it stands."""

import random
import re
from pathlib import Path

import pytest

from sim.engines import SIMPY, engine_of
from sim.network import (
    UNLIMITED,
    Batch,
    Breakdown,
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Network,
    Poisson,
    Recorded,
    Retry,
    Route,
    Scheduled,
    Source,
    Station,
    Uniform,
    link,
)
from sim.network_file import FaultyFile, FileFault, NetworkFile
from sim.network_file.lines import Lines
from sim.network_file.sections import STATION_KEYS

HALL = """\
[network]
name = "service hall"
horizon_s = 28800            # arrivals end here; everyone inside is served

[[station]]
name = "counter"
servers = 5                  # or capacity
discipline = "fifo"
queue_max = 100
service = { distribution = "exponential", mean_s = 120 }
patience = { distribution = "exponential", mean_s = 600 }

[[station]]
name = "cashier"
servers = 2
service = { distribution = "lognormal", mean_s = 45, cv = 0.5 }

[[source]]
name = "walk-in"
class = "ordinary"
priority = 1
arrivals = { process = "poisson", rate_per_s = 0.03 }
start = "counter"

[[route]]
class = "ordinary"
from = "counter"
to = { cashier = 0.7, exit = 0.3 }

[[retry]]
class = "ordinary"
after_s = { distribution = "exponential", mean_s = 900 }
attempts_max = 3
"""

EVERYTHING = """\
[network]
name = "everything"
horizon_s = 7200
starts_at = "08:30"

[[station]]
name = "desk"
capacity = [[0, 5], [3600, 8]]
discipline = "priority"
service = { distribution = "erlang", shape = 3, mean_s = 60 }
service_of.elderly = { distribution = "gamma", mean_s = 120, cv = 0.5 }
breakdown = { between = { distribution = "uniform", low_s = 600, high_s = 1200 }, \
repair = { distribution = "constant", value_s = 60 }, whole = true }

[station.patience]
distribution = "empirical"
values_s = [600, 60, 300]

[[station]]
name = "press"
servers = 1
service = { distribution = "empirical", file = "press.csv" }
batch = { size = 20, wait_s = 600 }

[[link]]
name = "road"
delay = { distribution = "constant", value_s = 30 }
outages = [[600, 900]]

[[source]]
name = "by bus"
class = "elderly"
priority = 0
arrivals = { process = "scheduled", batches = [[0, 30], [1800, 25]] }
start = "desk"

[[source]]
name = "logged"
class = "ordinary"
priority = 1
arrivals = { process = "recorded", file = "times.csv" }
start = "desk"

[[source]]
name = "morning"
class = "ordinary"
arrivals = { process = "poisson", piecewise = [[0, 0.01], [3600, 0.05]] }
start = "road"

[[route]]
class = "ordinary"
from = "desk"
to = { press = 0.5 }

[[retry]]
class = "ordinary"
station = "desk"
after_s = { distribution = "constant", value_s = 60 }
attempts_max = 2
"""


def read(folder: Path, text: str, scale: float = 1.0, **settings: str | float) -> Network:
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    told = {key.replace("__", "."): value for key, value in settings.items()}
    return NetworkFile(path).planned(told, scale).network


def faults_of(folder: Path, text: str, **settings: str | float) -> tuple[FileFault, ...]:
    with pytest.raises(FaultyFile) as refused:
        read(folder, text, 1.0, **settings)
    return refused.value.faults


def told_of(faults: tuple[FileFault, ...]) -> list[tuple[int, str]]:
    return [(fault.line, fault.key) for fault in faults]


def test_the_file_of_the_contract_is_the_network_it_says(tmp_path: Path) -> None:
    assert read(tmp_path, HALL) == Network(
        "service hall",
        28800.0,
        (
            Station(
                "counter", ((0.0, 5),), Exponential(120.0), queue_max=100,
                patience=Exponential(600.0),
            ),
            Station("cashier", ((0.0, 2),), Lognormal(45.0, 0.5)),
        ),
        (Source("walk-in", "ordinary", Poisson(((0.0, 0.03),)), "counter", 1),),
        (Route("ordinary", "counter", (("cashier", 0.7),)),),
        (Retry("ordinary", Exponential(900.0), 3),),
    )  # fmt: skip


def test_every_word_of_a_network_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "press.csv").write_text("seconds\n30\n10\n# measured\n\n20.5\n", encoding="utf-8")
    (tmp_path / "times.csv").write_text("1\n1\n7.5\n", encoding="utf-8")
    network = read(tmp_path, EVERYTHING)
    desk, press, road = network.stations
    assert desk == Station(
        "desk", ((0.0, 5), (3600.0, 8)), Erlang(3, 60.0), priority=True,
        patience=Empirical((60.0, 300.0, 600.0)), service_of=(("elderly", Gamma(120.0, 0.5)),),
        breakdown=Breakdown(Uniform(600.0, 1200.0), Constant(60.0), whole=True),
    )  # fmt: skip
    assert press == Station(
        "press", ((0.0, 1),), Empirical((10.0, 20.5, 30.0)), batch=Batch(20, 600.0)
    )
    assert road == link("road", Constant(30.0), ((600.0, 900.0),))
    assert road.capacity[0][1] == UNLIMITED
    assert [source.arrivals for source in network.sources] == [
        Scheduled(((0.0, 30), (1800.0, 25))),
        Recorded(network.sources[1].arrivals.moments_s),  # type: ignore[union-attr]
        Poisson(((0.0, 0.01), (3600.0, 0.05))),
    ]
    assert list(network.sources[1].arrivals.moments_s) == [1.0, 1.0, 7.5]  # type: ignore[union-attr]
    assert network.retries == (Retry("ordinary", Constant(60.0), 2, "desk"),)
    assert NetworkFile(tmp_path / "hall.toml").planned().first_s_of_day == 8.5 * 3600
    assert engine_of(SIMPY)(network, 1).stopped is None


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ('"constant", value_s = 3', Constant(3.0)),
        ('"exponential", mean_s = 3', Exponential(3.0)),
        ('"uniform", low_s = 1, high_s = 3', Uniform(1.0, 3.0)),
        ('"erlang", shape = 2, mean_s = 3', Erlang(2, 3.0)),
        ('"lognormal", mean_s = 3, cv = 0.5', Lognormal(3.0, 0.5)),
        ('"gamma", mean_s = 3, cv = 0.5', Gamma(3.0, 0.5)),
        ('"empirical", values_s = [3, 1]', Empirical((1.0, 3.0))),
    ],
)
def test_every_distribution_of_the_contract_is_read(
    told: str, meant: Distribution, tmp_path: Path
) -> None:
    text = HALL.replace('"exponential", mean_s = 120', told)
    assert read(tmp_path, text).stations[0].service == meant


def test_all_faults_of_a_file_are_told_at_once_each_at_its_line(tmp_path: Path) -> None:
    text = HALL
    for right, wrong in (
        ("horizon_s = 28800", "horizon_s = -5"),
        ("servers = 5 ", 'servers = "five"'),
        ("discipline", "disciplin"),
        ("queue_max = 100", "queue_max = -1"),
        ('"exponential", mean_s = 120', '"exponental", mean_s = 120'),
        ("mean_s = 600", "mean_s = -600"),
        ("mean_s = 45, cv = 0.5", "mean_s = 45"),
        ("rate_per_s = 0.03", "rate_per_s = -0.03"),
        ('start = "counter"', 'start = "conter"'),
        ("cashier = 0.7, exit = 0.3", "cashier = 0.7, exit = 0.5"),
        ("attempts_max = 3", "attempts_max = 0"),
    ):
        assert right in text
        text = text.replace(right, wrong)
    faults = faults_of(tmp_path, text)
    assert told_of(faults) == [
        (3, "network.horizon_s"),
        (7, "station.counter.servers"),
        (8, "station.counter.disciplin"),
        (9, "station.counter.queue_max"),
        (10, "station.counter.service.distribution"),
        (11, "station.counter.patience.mean_s"),
        (16, "station.cashier.service.cv"),
        (22, "source.walk-in.arrivals.rate_per_s"),
        (23, "source.walk-in.start"),
        (28, "route.ordinary.counter.to"),
        (33, "retry.ordinary.attempts_max"),
    ]
    told = {fault.key: fault for fault in faults}
    assert told["station.counter.servers"].en.endswith(
        'hall.toml, line 7, station.counter.servers: found "five", expected a whole number'
    )
    assert told["station.counter.servers"].zh.endswith(
        'hall.toml 第 7 行，station.counter.servers：现为 "five"，应为整数'
    )
    assert told["station.counter.disciplin"].expected.en.startswith("discipline (known keys: name")
    assert told["station.cashier.service.cv"].found.en == "nothing"
    assert "缺少" in told["station.cashier.service.cv"].zh
    assert told["source.walk-in.start"].expected.en.startswith("counter (there are: counter")
    assert told["retry.ordinary.attempts_max"].expected.en == "1 to 1000"


def test_faults_of_the_network_as_a_whole_stand_at_the_line_they_are_about(tmp_path: Path) -> None:
    circle = HALL.replace("cashier = 0.7, exit = 0.3", "counter = 1.0")
    assert told_of(faults_of(tmp_path, circle)) == [(25, "route.ordinary.counter")]
    nobody = HALL.replace("servers = 2", "capacity = [[0, 2], [100, 0]]")
    assert told_of(faults_of(tmp_path, nobody)) == [(15, "station.cashier.capacity")]
    twice = HALL.replace('name = "cashier"', 'name = "counter"')
    assert (14, "station.counter.name") in told_of(faults_of(tmp_path, twice))
    stranger = HALL.replace("queue_max = 100", 'service_of = { tall = { distribution = "x" } }')
    assert told_of(faults_of(tmp_path, stranger)) == [
        (9, "station.counter.service_of.tall.distribution"),
        (9, "station.counter.service_of.tall"),
    ]
    two_rules = HALL + HALL[HALL.index("[[retry]]") :].replace(
        "attempts_max = 3", "attempts_max = 0"
    )
    assert told_of(faults_of(tmp_path, two_rules)) == [
        (34, "retry.ordinary"),
        (37, "retry.ordinary.attempts_max"),
    ]


def test_what_is_missing_altogether_is_told(tmp_path: Path) -> None:
    keys = [key for _, key in told_of(faults_of(tmp_path, "# nothing yet\n"))]
    assert keys == ["network", "station", "source"]


def test_what_is_no_toml_is_told_by_line_and_the_rest_is_read_all_the_same(tmp_path: Path) -> None:
    text = (
        HALL.replace('"service hall"', "service hall")
        .replace("mean_s = 120 }", "mean_s = 120")
        .replace("[[source]]", "[[source]")
        .replace("queue_max = 100", 'queue_max = "many"')
    )
    faults = faults_of(tmp_path, text)
    assert told_of(faults) == [(2, ""), (9, "station.counter.queue_max"), (10, ""), (18, "")]
    assert faults[0].en.endswith(
        "found name = service hall, expected TOML: a value (text stands in quotes)"
    )
    assert "以 } 结束的内联表" in faults[2].zh


def test_an_array_left_open_is_told_where_it_begins(tmp_path: Path) -> None:
    text = HALL.replace("servers = 2", "capacity = [[0, 2],\n  [60, 3]\n")
    assert told_of(faults_of(tmp_path, text))[0] == (15, "")


def test_a_file_of_times_is_judged_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "press.csv").write_text("3\nfast\n-1\nnan\n", encoding="utf-8")
    (tmp_path / "times.csv").write_text("5\n4\n", encoding="utf-8")
    faults = faults_of(tmp_path, EVERYTHING)
    assert [(fault.file, fault.line) for fault in faults] == [
        ("press.csv", 2), ("press.csv", 3), ("press.csv", 4), ("times.csv", 2),
    ]  # fmt: skip
    assert faults[3].expected.en == "seconds >= 0, ascending, one a line"
    (tmp_path / "times.csv").unlink()
    missing = faults_of(tmp_path, EVERYTHING)[0]
    assert missing.key == "source.logged.arrivals.file"
    assert "No such file" in missing.found.en


def test_a_file_that_is_not_there_or_no_text_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match=r"none\.toml: found No such file or directory"):
        NetworkFile(tmp_path / "none.toml")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    with pytest.raises(FaultyFile, match="found no UTF-8"):
        NetworkFile(tmp_path / "picture.toml")


def test_a_setting_changes_what_the_file_says(tmp_path: Path) -> None:
    network = read(
        tmp_path, HALL, station__counter__servers="6", network__horizon_s=3600.0,
        station__cashier__capacity="[[0, 1], [9, 2]]", route__ordinary__counter__to__cashier="0.5",
    )  # fmt: skip
    assert [station.capacity for station in network.stations] == [
        ((0.0, 6),), ((0.0, 1), (9.0, 2)),
    ]  # fmt: skip
    assert network.horizon_s == 3600
    assert network.routes[0].to == (("cashier", 0.5),)
    batch = read(tmp_path, HALL, station__counter__batch__size="4")
    assert batch.stations[0].batch == Batch(4)


def test_a_setting_that_cannot_be_is_told_with_the_faults_of_the_file(tmp_path: Path) -> None:
    text = HALL.replace("queue_max = 100", "queue_max = -1")
    faults = faults_of(
        tmp_path, text, station__counter__servers="many", station__till__servers="1",
        station__counter__capacity__first="1",
    )  # fmt: skip
    told = [fault.en for fault in faults]
    assert any(
        each.startswith("--set station.counter.servers=many, station.counter.servers: found")
        for each in told
    )
    assert "--set station.till.servers=1: found station.till.servers, expected a path" in told[0]
    assert any("line 9, station.counter.queue_max" in each for each in told)


def test_scale_multiplies_those_who_come_and_cannot_stretch_a_log(tmp_path: Path) -> None:
    twice = read(tmp_path, HALL, 2.0)
    assert twice.sources[0].arrivals == Poisson(((0.0, 0.06),))
    assert twice.stations == read(tmp_path, HALL).stations
    (tmp_path / "press.csv").write_text("3\n", encoding="utf-8")
    (tmp_path / "times.csv").write_text("5\n", encoding="utf-8")
    with pytest.raises(FaultyFile) as refused:
        read(tmp_path, EVERYTHING, 2.0)
    assert told_of(refused.value.faults) == [(40, "source.logged.arrivals")]
    scheduled = EVERYTHING.replace('process = "recorded", file = "times.csv"', "rate_per_s = 0")
    assert read(tmp_path, scheduled, 2.0).sources[0].arrivals == Scheduled(
        ((0.0, 60), (1800.0, 50))
    )


def test_every_input_is_told_with_its_unit_and_the_line_it_stands_on(tmp_path: Path) -> None:
    read(tmp_path, HALL)
    file = NetworkFile(tmp_path / "hall.toml")
    inputs = {row["name"]: row for row in file.inputs({"station.counter.servers": "6"})}
    assert inputs["station.cashier.servers"]["source"] == "hall.toml, line 15"
    assert inputs["station.counter.servers"]["value"] == "6"
    assert inputs["station.counter.servers"]["source"] == "set by the caller"
    assert inputs["source.walk-in.arrivals.rate_per_s"]["unit"] == "customers/s"
    assert all(row["unit"] for name, row in inputs.items() if not name.endswith("distribution"))


def test_lines_are_found_through_comments_strings_and_arrays_over_many_lines() -> None:
    lines = Lines(
        '# [[station]]\ntext = """\n[network]\nname = 1\n"""\n[a."b.c"] # x\n'
        "list = [\n  [1, 2], # ]\n  { k = ']' },\n]\nd.e = 1\n[[t]]\n[[t]]\nx = 2\n[t.y]\nz = 3\n"
    )
    assert lines.of(("text",)) == 2
    assert lines.of(("a", "b.c")) == 6
    assert lines.of(("a", "b.c", "list", 1)) == 9
    assert lines.of(("a", "b.c", "list", 1, "k")) == 9
    assert lines.of(("a", "b.c", "d", "e")) == 11
    assert lines.of(("t", 1, "x")) == 14
    assert lines.of(("t", 1, "y", "z")) == 16
    assert lines.of(("t", 1, "missing")) == 13


def test_whatever_is_written_it_is_read_or_refused_with_faults_in_both_languages(
    tmp_path: Path,
) -> None:
    seed = 20261123
    print("seed", seed)
    chance = random.Random(seed)
    bits = (
        "[ ] { } = \" ' \n , -1 1e999 true exit [[station]] [station] # 1979-05-27 \\ inf nan . 0x"
    )
    pieces = [*bits.split(" "), "[[1, 2]]", "10" + "0" * 400, "\ufeff", "名"]
    for _ in range(400):
        text = HALL
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            end = at + chance.choice([0, 0, 1, 3, 10, 40])
            text = text[:at] + chance.choice(pieces) + text[end:]
        try:
            read(tmp_path, text)
        except FaultyFile as refused:
            assert refused.faults, text
            for fault in refused.faults:
                assert 0 <= fault.line <= text.count("\n") + 1
                assert not re.search("[a-z]{2,} [a-z]{2,}", fault.expected.zh), fault


def test_the_file_of_the_guide_is_read_and_played_to_its_end(tmp_path: Path) -> None:
    guide = Path(__file__).resolve().parents[2] / "docs" / "guides" / "network-files.md"
    told = re.search(r"```toml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    assert told is not None
    network = read(tmp_path, told.group(1))
    seen = engine_of(SIMPY)(network, 1)
    assert seen.stopped is None
    assert all(station.visits for station in seen.stations)
    for section, keys in SECTIONS.items():
        for key in keys:
            assert f"`{key}`" in guide.read_text(encoding="utf-8"), (section, key)


SECTIONS = {
    "station": STATION_KEYS,
    "network": ("name", "horizon_s", "starts_at"),
    "link": ("name", "delay", "outages", "breakdown"),
    "source": ("name", "class", "priority", "arrivals", "start"),
    "route": ("class", "from", "to"),
    "retry": ("class", "station", "after_s", "attempts_max"),
}
