"""Measured service times in a call: which stations have them, and how a report tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.engines import Engine
from sim.input_words import input_row
from sim.models.model import Story
from sim.network import Network
from sim.observation import Observation
from sim.parameters import Fault, FaultyParameters
from sim.planning.calibration import Calibration, Serving, calibrated, read_calibration
from sim.playing import Prepared
from testbed.planning.pairs import pairs_of


@dataclass(frozen=True, slots=True)
class Measured:
    """What `onecard calibrate` wrote, from which file, and which station has which request's time;
    nothing of it where none was asked for.
    """

    calibration: Calibration | None = None
    servings: tuple[Serving, ...] = ()
    file: Path | None = None

    def network(self, network: Network) -> Network:
        """The network with these times. Raises `FaultyParameters` where it has no such station."""
        if self.calibration is None:
            return network
        return calibrated(network, self.calibration, self.servings)

    def prepared(self, prepared: Prepared) -> Prepared:
        """The same with these times, among its inputs as well, and in the variants that its answer
        plays, as far as they have these stations. Raises `FaultyParameters`.
        """
        if self.calibration is None:
            return prepared

        def tell(seen: Observation, play: Engine) -> Story:
            def play_measured(network: Network, *how: Any, **more: Any) -> Observation:
                return play(self._of(network), *how, **more)

            return prepared.tell(seen, play_measured)

        network = self.network(prepared.network)
        inputs = [*prepared.assumptions, *self.inputs()]
        return replace(prepared, network=network, tell=tell, assumptions=inputs)

    def inputs(self) -> list[dict[str, str]]:
        """The stations whose service times were measured, as inputs."""
        of = self.calibration
        if of is None:
            return []
        return [
            input_row(
                f"{each.station}.service",
                f"{of.services[each.request].mean_s:.4g}",
                unit="s",
                source=f"measured: {each.request} of the load test {of.profile}, "
                f"{of.services[each.request].reading}",
                meaning=(
                    "实测的平均服务时间（代替上面的输入）",
                    "mean service time as measured, in place of what stands above",
                ),
            )
            for each in self.servings
        ]

    def words(self) -> list[str]:
        """What is typed to ask for it."""
        if self.file is None:
            return []
        services = [f"--service {each.station}={each.request}" for each in self.servings]
        return [f"--calibration {self.file}", *services]

    def _of(self, network: Network) -> Network:
        names = {station.name for station in network.stations}
        here = tuple(each for each in self.servings if each.station in names)
        return replace(self, servings=here).network(network)


def servings_of(
    calibration: Path | None, services: Sequence[str]
) -> tuple[tuple[Serving, ...], list[Fault]]:
    """The stations with measured times, STATION=REQUEST each, and what is wrong with them."""
    pairs, faults = pairs_of("service", services, "platform=tap-entry")
    if bool(services) != (calibration is not None):
        faults.append(Fault("service", "one without the other", "--calibration and --service"))
    return tuple(Serving(station, request) for station, request in pairs.items()), faults


def measured_of(calibration: Path | None, services: Sequence[str]) -> Measured:
    """The measured times of a call. Raises `FaultyParameters`."""
    servings, faults = servings_of(calibration, services)
    if faults:
        raise FaultyParameters(tuple(faults))
    return Measured(read_calibration(calibration) if calibration else None, servings, calibration)
