"""Servers by the hour: the fewest with which the target holds in every hour.

Rules: the search begins with the square-root rule, load + sqrt(load), on the offered load of each
hour; hours that are not shown to hold get more servers until all hold; then each hour in turn, the
largest first, gives up servers as long as every hour still holds. So at the end no single hour can
spare one (each of these trials is among the evidence of the run), but another division between
hours may be as good: a heuristic. The hour of a customer is that of arrival; a queue left over by
one hour is the next one's burden, and is seen there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sim.network import Network
from sim.parameters import Fault, FaultyParameters
from sim.planning.replications import FIRST_RUNS, Experiment, Runs
from sim.planning.staffing.hours import (
    PERIOD_S,
    HoursEstimates,
    HoursTask,
    LoadTask,
    offered_load,
    periods_of,
    play_hours,
)
from sim.planning.targets.expressions import Target
from sim.planning.targets.figures import WHOLE
from sim.planning.targets.verdicts import Judged, Verdict, confidence_of_a_look, judge, together

PILOTS = 4
RAISES_MAX = 100

Planned = tuple[int, ...]
Tried = Callable[[int, int, int], None]
"""Told now and then: rosters tried, replications of this one done, and planned."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One period: when it begins (model seconds), its offered load, servers, and what was found."""

    from_s: float
    load: float
    servers: int
    judged: tuple[Judged, ...]
    verdict: Verdict

    @property
    def ok(self) -> bool:
        """Whether the target is shown to hold in it."""
        return self.verdict == "holds"


@dataclass(frozen=True, slots=True)
class Staffing:
    """The roster, hour by hour; without `ok` no roster was found that holds.

    Without hours none was tried: `stopped` says why runs with unlimited servers were broken off.
    With hours it says the same of the last roster tried.
    """

    station: str
    target: str
    period_s: float
    hours: tuple[Hour, ...]
    rosters: int
    replications: int
    stopped: str = ""

    @property
    def ok(self) -> bool:
        """Whether every hour holds."""
        return bool(self.hours) and all(hour.ok for hour in self.hours)

    @property
    def server_hours(self) -> float:
        """Of all hours together."""
        return sum(hour.servers for hour in self.hours) * self.period_s / 3600

    @property
    def capacity(self) -> tuple[tuple[float, int], ...]:
        """As a network takes it: (from second, servers)."""
        return capacity_of(tuple(hour.servers for hour in self.hours), self.period_s)

    def to_json(self) -> dict[str, Any]:
        """The JSON of `onecard sim staffing`."""
        return {
            "station": self.station,
            "target": self.target,
            "period_s": self.period_s,
            "ok": self.ok,
            "server_hours": self.server_hours,
            "capacity": [list(step) for step in self.capacity],
            "rosters_tried": self.rosters,
            "replications": self.replications,
            "stopped": self.stopped,
            "hours": [
                {
                    "from_s": hour.from_s,
                    "offered_load": hour.load,
                    "servers": hour.servers,
                    "ok": hour.ok,
                    "conditions": [
                        {
                            "condition": str(each.condition),
                            "estimate": each.found.mean,
                            "ci95": [each.found.low, each.found.high],
                            "ok": each.verdict == "holds",
                        }
                        for each in hour.judged
                    ],
                }
                for hour in self.hours
            ],
        }


Known = Callable[[Staffing], None]


def capacity_of(roster: Planned, period_s: float) -> tuple[tuple[float, int], ...]:
    """A roster as steps; hours with as many servers as the one before make none."""
    return tuple(
        (hour * period_s, servers)
        for hour, servers in enumerate(roster)
        if hour == 0 or servers != roster[hour - 1]
    )


def staff(
    network: Network,
    station: str,
    target: Target,
    experiment: Experiment,
    *,
    period_s: float = PERIOD_S,
    least: int = 1,
    tried: Tried | None = None,
    known: Known = lambda _: None,
) -> Staffing:
    """The fewest servers, at least `least` in every hour, with which every hour holds; no hours
    where even unlimited servers would not keep runs from being broken off. `known` is told the
    best roster so far, or the last one tried, for whoever breaks the search off.

    Raises `FaultyParameters` where the target asks for another place or for figures an hour does
    not have.
    """
    asked = Asked(network, station, target, period_s)
    _check(asked, least, experiment.runs)
    search = _Search(asked, experiment, tried)
    loads, stopped = search.loads()
    if stopped:
        return Staffing(station, target.text, period_s, (), 0, search.replications, stopped)
    roster = tuple(max(least, math.ceil(load + math.sqrt(load))) for load in loads)
    for raised in range(RAISES_MAX):
        found = search.trial(roster)
        known(search.told(roster, loads, found))
        if all(verdict == "holds" for verdict, _ in found):
            break
        if raised == RAISES_MAX - 1:
            return search.told(roster, loads, found)
        roster = tuple(
            servers + (0 if verdict == "holds" else max(1, round(math.sqrt(load) / 4)))
            for servers, load, (verdict, _) in zip(roster, loads, found, strict=True)
        )
    for hour in sorted(range(len(roster)), key=lambda each: -roster[each]):
        while roster[hour] > least:
            fewer = (*roster[:hour], roster[hour] - 1, *roster[hour + 1 :])
            if not all(verdict == "holds" for verdict, _ in search.trial(fewer)):
                break
            roster = fewer
            known(search.told(roster, loads, search.trial(roster)))
    return search.told(roster, loads, search.trial(roster))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which station of which network is to hold which target in every period."""

    network: Network
    station: str
    target: Target
    period_s: float

    def staffed(self, roster: Planned) -> Network:
        """The network with these servers."""
        stations = tuple(
            replace(each, capacity=capacity_of(roster, self.period_s))
            if each.name == self.station
            else each
            for each in self.network.stations
        )
        return replace(self.network, stations=stations)


Found = tuple[tuple[Verdict, tuple[Judged, ...]], ...]
"""Of each hour: the verdict, and what it stands on."""


class _Search:
    def __init__(
        self,
        asked: Asked,
        experiment: Experiment,
        tried: Tried | None,
    ) -> None:
        self.asked, self.experiment, self.tried = asked, experiment, tried
        self.replications = 0
        self._found: dict[Planned, Found] = {}
        self._stopped: dict[Planned, str] = {}

    def loads(self) -> tuple[tuple[float, ...], str]:
        """Of each hour; and why a run was broken off, if one was."""
        asked, runs = self.asked, self.experiment.runs
        tasks = [
            LoadTask(asked.network, number, runs, asked.station, asked.period_s)
            for number in range(PILOTS)
        ]
        # Sorted before they are summed: the order of arrival must not change the last bit.
        offered = [*self.experiment.workers.map(offered_load, tasks)]
        self.replications += PILOTS
        if stopped := next((each.stopped for each in offered if each.stopped), ""):
            return (), stopped
        of_runs = sorted(each.load for each in offered)
        return tuple(math.fsum(each) / PILOTS for each in zip(*of_runs, strict=True)), ""

    def trial(self, roster: Planned) -> Found:
        if roster not in self._found:
            self._found[roster] = self._try(roster)
        return self._found[roster]

    def told(self, roster: Planned, loads: tuple[float, ...], found: Found) -> Staffing:
        hours = tuple(
            Hour(place * self.asked.period_s, load, servers, judged, verdict)
            for place, (load, servers, (verdict, judged)) in enumerate(
                zip(loads, roster, found, strict=True)
            )
        )
        return Staffing(
            self.asked.station, self.asked.target.text, self.asked.period_s, hours,
            len(self._found), self.replications, self._stopped.get(roster, ""),
        )  # fmt: skip

    def _try(self, roster: Planned) -> Found:
        asked, runs = self.asked, self.experiment.runs
        network = asked.staffed(roster)
        rounds, played = self.experiment.effort.rounds(), list[HoursEstimates]()
        found: Found = ()
        for until in (min(FIRST_RUNS, rounds[0]), *rounds):
            tasks = [
                HoursTask(
                    network, number, runs, asked.target.figures, asked.station, asked.period_s
                )
                for number in range(len(played), until)
            ]
            begun = len(played)
            for estimates in self.experiment.workers.map(play_hours, tasks):
                played.append(estimates)
                if self.tried is not None:
                    self.tried(len(self._found), len(played), until)
            self.replications += len(played) - begun
            played.sort(key=lambda each: each.replication)
            if stopped := next((each.stopped for each in played if each.stopped), ""):
                self._stopped[roster] = stopped
                return (("fails", ()),) * len(roster)
            if until < rounds[0]:
                continue
            found = self._judged(played, confidence_of_a_look(len(rounds)), len(roster))
            verdicts = {verdict for verdict, _ in found}
            if "undecided" not in verdicts or "fails" in verdicts:
                break
        return found

    def _judged(self, played: list[HoursEstimates], confidence: float, hours: int) -> Found:
        figures = self.asked.target.figures
        found: list[tuple[Verdict, tuple[Judged, ...]]] = []
        for hour in range(hours):
            judged = tuple(
                judge(
                    condition,
                    [each.values[hour][figures.index(condition.figure)] for each in played],
                    confidence,
                )
                for condition in self.asked.target.conditions
            )
            found.append((together(judged), judged))
        return tuple(found)


def _check(asked: Asked, least: int, runs: Runs) -> None:
    network, station, period_s = asked.network, asked.station, asked.period_s
    names, whole = [each.name for each in network.stations], ", ".join(WHOLE)
    if station not in names:
        raise FaultyParameters((Fault("station", repr(station), f"one of {', '.join(names)}"),))
    faults = [
        Fault("target", str(figure), f"a figure of {station} that an hour has: not {whole}")
        for figure in asked.target.figures
        if figure.place != station or figure.quantity in WHOLE
    ]
    if not 0 < period_s <= network.horizon_s or periods_of(network, period_s) > 24 * 366:
        expected = f"seconds, at most the horizon of {network.horizon_s:g}, at most a year of hours"
        faults.append(Fault("period_s", f"{period_s:g}", expected))
    if least < 1:
        faults.append(Fault("least", f"{least}", "at least 1 server"))
    if runs.antithetic or runs.measured_from_s:
        faults.append(Fault("runs", "antithetic or warm-up", "plain runs of the whole day"))
    if faults:
        raise FaultyParameters(tuple(faults))
