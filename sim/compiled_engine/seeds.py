"""The tables of a network with the random streams of a seed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import Any, NamedTuple

import numpy as np

from sim.compiled_engine.lines import copy_in_lines
from sim.compiled_engine.tables import NONE, Tables, tables_without_seed
from sim.network import Network
from sim.random_numbers import (
    ARRIVALS,
    BREAKDOWN,
    PATIENCE,
    REPAIR,
    RETRY,
    ROUTING,
    SERVICE,
    streams_of,
)

Which = np.ndarray[Any, np.dtype[np.bool_]]


class _Drawn(NamedTuple):
    """A network as arrays, but for what depends on the seed."""

    network: Network
    tables: Tables


_last: _Drawn | None = None
"""The last one: who plays a network once plays it again, with another seed."""


def tables_of(network: Network, seed: int, mask: int) -> Tables:
    """The network as arrays; `mask` is 0, or -1 in an antithetic run."""
    global _last  # noqa: PLW0603 - what is remembered changes no result
    drawn = _last
    if drawn is None or drawn.network is not network:
        drawn = _last = _Drawn(network, tables_without_seed(network))
    stations, sources = copy_in_lines(drawn.tables.stations), drawn.tables.sources.copy()
    names = [station.name for station in network.stations]
    for column, purpose, are_drawn in _station_streams(drawn.tables):
        stations[column][are_drawn] = streams_of(seed, purpose, compress(names, are_drawn))
    sources["stream"] = streams_of(seed, ARRIVALS, [source.name for source in network.sources])
    return drawn.tables._replace(stations=stations, sources=sources, mask=mask)


def _station_streams(tables: Tables) -> Iterator[tuple[str, int, Which]]:
    """Each stream of a station: where it stands, what for, and which stations draw from it."""
    stations, of_class = tables.stations, tables.of_class.reshape(len(tables.stations), -1)
    breaks = stations["between"] != NONE
    drawn: tuple[tuple[str, int, Any], ...] = (
        ("service_stream", SERVICE, np.ones(len(stations), dtype=bool)),
        ("patience_stream", PATIENCE, stations["patience"] != NONE),
        ("routing_stream", ROUTING, (of_class["way_end"] > of_class["way_first"]).any(axis=1)),
        ("retry_stream", RETRY, (of_class["attempts_max"] > 0).any(axis=1)),
        ("breakdown_stream", BREAKDOWN, breaks),
        ("repair_stream", REPAIR, breaks),
    )
    yield from drawn
