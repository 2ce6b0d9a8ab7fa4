"""Replications: the same numbers wherever and in whatever order they are played."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from distributed import LocalCluster

from sim.engines import COMPILED, SIMPY
from sim.network import Constant, Network, Poisson, Source, Station
from sim.planning.replications import Effort, Experiment, Replications, Runs, replicate, seed_of
from sim.planning.station_intervals import ci95_of, replicate_stations
from sim.planning.targets.figures import names_of, usual_figures
from sim.planning.workers import (
    DaskCluster,
    Here,
    LocalProcesses,
    NoScheduler,
    Workers,
)
from tests.sim.planning.halls import hall

TaskT = TypeVar("TaskT")
ResultT = TypeVar("ResultT")
FIGURES = usual_figures(names_of(hall({})))


class AnyOrder(Here):
    """Workers whose results come in an order of chance."""

    def map(self, work: Callable[[TaskT], ResultT], tasks: Sequence[TaskT]) -> Iterator[ResultT]:
        results = [work(task) for task in tasks]
        random.Random(11).shuffle(results)
        return iter(results)


def played(workers: Workers, runs: Runs, many: int = 10) -> Replications:
    return replicate(hall({}), FIGURES, Experiment(runs, Effort(many, many), workers))


@pytest.mark.parametrize("antithetic", [False, True])
def test_the_results_are_the_same_in_sequence_in_processes_in_any_order_and_on_dask(
    antithetic: bool, tmp_path: Path
) -> None:
    runs = Runs(seed=5, antithetic=antithetic)
    with Here() as here:
        expected = played(here, runs)
    assert len({run.values for run in expected.runs}) == 10
    with LocalProcesses(2, worth_s=0.0) as processes:
        assert played(processes, runs) == expected
    with AnyOrder() as any_order:
        assert played(any_order, runs) == expected
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            dashboard_address=None,
            local_directory=str(tmp_path),
        ) as cluster,
        DaskCluster(cluster.scheduler_address) as dask,
    ):
        assert played(dask, runs) == expected


@pytest.mark.long
def test_dask_workers_that_are_processes_of_their_own_give_the_same_results(
    tmp_path: Path,
) -> None:
    with Here() as here:
        expected = played(here, Runs())
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(tmp_path),
        ) as cluster,
        DaskCluster(cluster.scheduler_address) as dask,
    ):
        assert played(dask, Runs()) == expected


def test_both_engines_give_the_same_figures_to_the_last_bit() -> None:
    with Here() as here:
        assert played(here, Runs(engine=SIMPY), 2) == played(here, Runs(engine=COMPILED), 2)


def test_replication_0_plays_the_seed_itself_and_the_others_are_all_different() -> None:
    assert seed_of(17, 0) == 17
    assert len({seed_of(seed, number) for seed in range(50) for number in range(50)}) == 2500


def test_more_replications_begin_with_the_same_ones() -> None:
    with Here() as here:
        few, many = played(here, Runs(), 4), played(here, Runs(), 8)
    assert many.runs[:4] == few.runs


def test_replications_go_on_until_the_interval_is_as_narrow_as_asked() -> None:
    figure = FIGURES[4]
    assert figure.quantity == "utilisation"
    with LocalProcesses() as workers:
        wide, narrow = (
            replicate(
                hall({}),
                (figure,),
                Experiment(Runs(), Effort(4, 512, precision), workers),
            )
            for precision in (0.05, 0.01)
        )
    assert narrow.interval(figure).relative_half_width <= 0.01
    assert len(narrow.runs) > len(wide.runs)
    assert len(narrow.runs) in Effort(4, 512).rounds()


def test_a_network_that_cannot_serve_what_comes_is_broken_off_and_says_so() -> None:
    desk = Station("desk", ((0.0, 1),), Constant(100.0))
    source = Source("street", "citizen", Poisson(((0.0, 1.0),)), "desk")
    crowded = Network("crowd", 10_000.0, (desk,), (source,))
    with Here() as here:
        found = replicate(
            crowded,
            usual_figures(names_of(crowded)),
            Experiment(Runs(inside_max=500), Effort(2, 2), here),
        )
    assert found.stopped == "crowded"


def test_no_scheduler_at_an_address_is_told() -> None:
    with pytest.raises(NoScheduler), DaskCluster("tcp://127.0.0.1:9", connect_s=0.5):
        pass


def test_the_intervals_of_sim_run_have_the_shape_of_its_stations() -> None:
    with Here() as here:
        told = ci95_of(replicate_stations(hall({}), Experiment(Runs(), Effort(8, 8), here)))
    counter = told["counter"]
    assert set(counter) == {
        "visits", "refused", "abandoned", "wait_s", "utilisation", "queue_max",
    }  # fmt: skip
    assert set(counter["wait_s"]) == {"mean", "p50", "p95", "p99", "max"}
    low, high = counter["utilisation"]
    assert low < 4 / 6 < high  # load 4 on six counters
