"""What is said of a run that was broken off: where it stuck, why, and what is known so far."""

from __future__ import annotations

from itertools import pairwise

from sim.distributions import mean_s
from sim.endless_work import expected_visits
from sim.models.model import Story
from sim.network import Network
from sim.observation import (
    CROWDED,
    ENDLESS,
    ClassSeen,
    Observation,
    Stopped,
)
from sim.places import UNLIMITED, Station

DAY_S = 86400.0
READABLE = 1e7
"""Larger numbers of servers are told by their order."""


def story_of_stopped(observation: Observation, stopped: Stopped, inside_max: int) -> Story:
    """The sentence in both languages; more than `inside_max` customers stop a run."""
    network = observation.network
    names = [station.name for station in network.stations]
    place = names.index(stopped.station)
    station, seen = network.stations[place], observation.stations[place]
    left = sum(times.count for times in observation.journeys)
    zh, en = _reason(stopped, network.horizon_s, inside_max)
    load, servers = offered_load(network, station, seen.by_class, stopped.at_s), _servers(station)
    zh += f"“{stopped.station}”处排队最多，{stopped.waiting:,} 人"
    en += f" Most wait at station {stopped.station}: {stopped.waiting:,}"
    if servers != UNLIMITED:
        verdict_zh = "，来的多于能服务的" if load > servers else ""
        verdict_en = ", more than it can serve" if load > servers else ""
        needed = f"{load:,.1f}" if load < READABLE else f"{load:.2g}"
        zh += f"；到来的工作量需 {needed} 个窗口，平均开放 {servers:,.1f} 个{verdict_zh}"
        en += f"; the work that comes needs {needed} servers, {servers:,.1f} are open on average"
        en += verdict_en
    zh += f"。已知：来了 {observation.customers:,} 人，{left:,} 人已离开；表中数字截至此刻。"
    en += f". Known so far: {observation.customers:,} customers came, {left:,} have left; the "
    en += "figures are those until then."
    return Story(zh, en)


def offered_load(
    network: Network, station: Station, by_class: tuple[ClassSeen, ...], until_s: float
) -> float:
    """Servers that would be busy all the time with the work that came, over the time of arrivals.

    In batches one service is shared by a full batch. Who comes back after an attempt in vain still
    wants one service: where a class does, its visits are those of who never came before.
    """
    own, place = dict(station.service_of), network.stations.index(station)
    arriving_s = max(min(until_s, network.horizon_s), 1e-9)
    work_s = 0.0
    for name, seen in zip(network.classes(), by_class, strict=True):
        wanted = float(seen.visits)
        if network.retry_of(name, station.name) is not None:
            wanted = min(wanted, float(expected_visits(network, name, arriving_s)[place]))
        work_s += wanted * mean_s(own.get(name, station.service))
    if station.batch is not None:
        work_s /= station.batch.size
    return work_s / arriving_s


def moment(at_s: float) -> str:
    """A moment of the model: days where there are any, then HH:MM:SS."""
    days, rest = divmod(int(at_s), int(DAY_S))
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{days} d {clock}" if days else clock


def _reason(stopped: Stopped, horizon_s: float, inside_max: int) -> tuple[str, str]:
    at = moment(stopped.at_s)
    if stopped.reason == CROWDED:
        return (
            f"运行在模型时间 {at} 停止：系统内超过 {inside_max:,} 人。",
            f"Stopped at {at} of model time: more than {inside_max:,} were inside.",
        )
    if stopped.reason == ENDLESS:
        late = moment(stopped.at_s - horizon_s)
        return (
            f"运行在模型时间 {at} 停止：到达结束 {late} 之后仍有人在内。",
            f"Stopped at {at} of model time: {late} after the last arrivals people are still "
            "inside.",
        )
    return f"运行在模型时间 {at} 被中断。", f"Interrupted at {at} of model time."


def _servers(station: Station) -> float:
    """Servers on average over the plan, from its first step to its last."""
    steps = station.capacity
    if len(steps) == 1 or station.is_link:
        return float(steps[-1][1])
    lasts = [after[0] - step[0] for step, after in pairwise(steps)]
    busy = sum(step[1] * last for step, last in zip(steps, lasts, strict=False))
    return busy / sum(lasts)
