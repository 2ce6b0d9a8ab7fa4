"""The sections of a file: `[[station]]`, `[[link]]`, `[[source]]`, `[[route]]`, `[[retry]]`.

Each reader returns a part of the network even where it has faults, with something harmless in
place of what is wrong, so that the parts can be judged together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sim.customers import Arrivals, Poisson, Recorded, Retry, Route, Scheduled, Source
from sim.fault_sentences import Words
from sim.network_file.distributions import distribution_of, times_of_file
from sim.network_file.table import Table
from sim.places import Batch, Breakdown, Station, link

EXIT = "exit"
FIFO, PRIORITY = "fifo", "priority"
POISSON, SCHEDULED, RECORDED = "poisson", "scheduled", "recorded"
STATION_KEYS = (
    "name", "servers", "capacity", "discipline", "queue_max", "service", "service_of", "patience",
    "batch", "breakdown",
)  # fmt: skip
ONE_SERVER = ((0.0, 1),)
ASCENDING = Words(
    "升序且互不重叠的 [开始秒, 结束秒]", "[from second, until second], ascending, not overlapping"
)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the files named in a file are looked for, and how many times as many people come."""

    path: Path
    scale: float


def station_of(table: Table, folder: Folder) -> Station:
    """A `[[station]]`."""
    table.knows_only(*STATION_KEYS)
    name = table.text("name") or table.key
    service_of = table.table("service_of", needed=False)
    inside = (
        [(each, service_of.table(each)) for each, _ in service_of.items()] if service_of else []
    )
    patience = table.table("patience", needed=False)
    return Station(
        name,
        _capacity(table),
        distribution_of(table.table("service"), folder.path),
        queue_max=table.whole("queue_max", needed=False),
        patience=distribution_of(patience, folder.path) if patience else None,
        priority=table.choice("discipline", (FIFO, PRIORITY), FIFO) == PRIORITY,
        service_of=tuple((each, distribution_of(own, folder.path)) for each, own in inside),
        breakdown=_breakdown(table, folder),
        batch=_batch(table),
    )


def link_of(table: Table, folder: Folder) -> Station:
    """A `[[link]]`."""
    table.knows_only("name", "delay", "outages", "breakdown")
    outages: tuple[tuple[float, float], ...] = ()
    if "outages" in table:
        told = Words("开始秒, 结束秒", "from second, until second")
        outages = table.pairs("outages", told, whole=False) or ()
        rising = all(begin < end for begin, end in outages)
        apart = all(a[1] < b[0] for a, b in pairwise(outages))
        if outages and not (rising and apart and outages[0][0] >= 0):
            table.wrong("outages", ASCENDING, table.raw("outages"))
            outages = ()
    name = table.text("name") or table.key
    delay = distribution_of(table.table("delay"), folder.path)
    return link(name, delay, outages, _breakdown(table, folder))


def source_of(table: Table, folder: Folder) -> Source:
    """A `[[source]]`."""
    table.knows_only("name", "class", "priority", "arrivals", "start")
    arrivals = table.table("arrivals")
    return Source(
        table.text("name") or table.key,
        table.text("class") or "",
        _arrivals(arrivals, folder) if arrivals else Poisson(((0.0, 0.0),)),
        table.text("start") or "",
        table.whole("priority", 0, needed=False) or 0,
    )


def route_of(table: Table) -> Route:
    """A `[[route]]`; the share that goes to `exit` leaves."""
    table.knows_only("class", "from", "to")
    customer_class, origin = table.text("class") or "", table.text("from") or ""
    to = table.table("to")
    goals: list[tuple[str, float]] = []
    for goal, _ in to.items() if to else ():
        share = to.number(goal) if to else None
        goals.append((goal, 0.0 if share is None else share))
    inside = tuple((goal, share) for goal, share in goals if goal != EXIT)
    outside = sum(share for goal, share in goals if goal == EXIT)
    total = sum(share for _, share in inside)
    if outside < 0 or total <= 1 + 1e-9 < total + outside:
        told = Words("不小于 0、合计不超过 1 的概率", "probabilities >= 0 with sum <= 1")
        table.wrong("to", told, table.raw("to"))
    return Route(customer_class, origin, inside)


def retry_of(table: Table, folder: Folder) -> Retry:
    """A `[[retry]]`, at one station or at every one."""
    table.knows_only("class", "station", "after_s", "attempts_max")
    attempts_max = table.whole("attempts_max")
    return Retry(
        table.text("class") or "",
        distribution_of(table.table("after_s"), folder.path),
        1 if attempts_max is None else attempts_max,
        table.text("station", needed=False),
    )


def _capacity(table: Table) -> tuple[tuple[float, int], ...]:
    if "servers" in table and "capacity" in table:
        expected = Words(" servers 或 capacity 其中一个", "one of servers, capacity")
        table.wrong("capacity", expected, "servers, capacity")
    elif "capacity" in table:
        steps = table.pairs("capacity", Words("起始秒, 窗口数", "from second, servers"), whole=True)
        return tuple((at, int(servers)) for at, servers in steps) if steps else ONE_SERVER
    servers = table.whole("servers")
    return ONE_SERVER if servers is None else ((0.0, servers),)


def _batch(table: Table) -> Batch | None:
    batch = table.table("batch", needed=False)
    if batch is None:
        return None
    batch.knows_only("size", "wait_s")
    size, wait_s = batch.whole("size"), batch.number("wait_s", 0.0, needed=False)
    return Batch(1 if size is None else size, wait_s or 0.0)


def _breakdown(table: Table, folder: Folder) -> Breakdown | None:
    told = table.table("breakdown", needed=False)
    if told is None:
        return None
    told.knows_only("between", "repair", "whole")
    between = distribution_of(told.table("between"), folder.path)
    repair = distribution_of(told.table("repair"), folder.path)
    return Breakdown(between, repair, told.flag("whole", False))


def _arrivals(table: Table, folder: Folder) -> Arrivals:
    process = table.choice("process", (POISSON, SCHEDULED, RECORDED), POISSON)
    if process == SCHEDULED:
        table.knows_only("process", "batches")
        batches = table.pairs("batches", Words("秒, 人数", "second, customers"), whole=True) or ()
        return Scheduled(tuple((at, round(many * folder.scale)) for at, many in batches))
    if process == RECORDED:
        return _recorded(table, folder)
    if process is None:
        return Poisson(((0.0, 0.0),))
    table.knows_only("process", "rate_per_s", "piecewise")
    if ("rate_per_s" in table) == ("piecewise" in table):
        found = "rate_per_s, piecewise" if "piecewise" in table else None
        told = Words(" rate_per_s 或 piecewise 其中一个", "one of rate_per_s, piecewise")
        table.wrong("", told, found)
        return Poisson(((0.0, 0.0),))
    if "piecewise" in table:
        told = Words("起始秒, 每秒人数", "from second, rate per second")
        steps = table.pairs("piecewise", told, whole=False) or ((0.0, 0.0),)
    else:
        steps = ((0.0, table.number("rate_per_s") or 0.0),)
    return Poisson(tuple((at, rate * folder.scale) for at, rate in steps))


def _recorded(table: Table, folder: Folder) -> Arrivals:
    table.knows_only("process", "file")
    name = table.text("file")
    times_s = None
    if name is not None:
        times_s = times_of_file(table, name, folder.path, ascending=True)
    if folder.scale != 1:
        told = Words(
            " --scale 1：来自文件的到达不能按倍数缩放", "--scale 1: recorded arrivals stay"
        )
        table.wrong("", told, f"--scale {folder.scale:g}")
    return Recorded(times_s) if times_s else Recorded()
