"""Tables for other programs, as CSV or Parquet: figures and series of stations, every visit of a
traced run, and rows of whatever planning found.

Columns have their units in their names, as everywhere; seconds count from the start of the model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from sim.observation import Observation
from sim.order import SOURCE_BITS
from sim.result import SimulationResult

CSV, PARQUET = "csv", "parquet"


def write_tables(
    result: SimulationResult, observation: Observation, folder: Path, form: str
) -> tuple[Path, ...]:
    """`stations`, `series` and, of a traced run, `visits`, in this folder; which files they are.

    Raises `OSError` where they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"stations": stations_table(result), "series": series_table(result)}
    if observation.trace is not None:
        tables["visits"] = visits_table(observation)
    written = []
    for name, table in tables.items():
        written.append(_written(table, folder / f"{name}.{form}", form))
    return tuple(written)


def write_rows(rows: list[dict[str, Any]], folder: Path, name: str, form: str) -> Path:
    """A table of these rows, whose keys are its columns, in this folder; which file it is.

    Raises `OSError` where it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return _written(pa.Table.from_pylist(rows), folder / f"{name}.{form}", form)


def _written(table: pa.Table, path: Path, form: str) -> Path:
    if form == CSV:
        csv.write_csv(table, path)
    else:
        parquet.write_table(table, path)
    return path


def stations_table(result: SimulationResult) -> pa.Table:
    """One row for each station: counts, waits, utilisation, longest queue."""
    rows = [
        {
            "station": name,
            "visits": station.visits,
            "refused": station.refused,
            "abandoned": station.abandoned,
            **{f"wait_s_{figure}": value for figure, value in station.wait_s.items()},
            "utilisation": station.utilisation,
            "queue_max": station.queue_max,
        }
        for name, station in result.stations.items()
    ]
    return pa.Table.from_pylist(rows)


def series_table(result: SimulationResult) -> pa.Table:
    """One row for each station and step, as `SimulationResult.series` says."""
    names = list(result.series)
    lengths = [len(result.series[name]["t_s"]) for name in names]
    columns: dict[str, Any] = {"station": np.repeat(np.array(names, dtype=object), lengths)}
    for column in ("t_s", "arrivals_per_min", "queue", "busy", "servers", "wait_mean_s"):
        columns[column] = np.concatenate([result.series[name][column] for name in names])
    return pa.table(columns)


def visits_table(observation: Observation) -> pa.Table:
    """One row for each visit, by customers in order of arrival: whose, which, where, when.

    Who is refused or loses patience has `start_s` and `end_s` at the moment of leaving.
    """
    trace, network = observation.trace, observation.network
    if trace is None:
        raise ValueError("a run that was not traced has no visits to tell")
    order = trace.in_order()
    sources = np.array([source.name for source in network.sources], dtype=object)
    classes = np.array([source.customer_class for source in network.sources], dtype=object)
    stations = np.array([station.name for station in network.stations], dtype=object)
    whose = trace.customer[order] >> SOURCE_BITS
    return pa.table(
        {
            "source": sources[whose],
            "customer": trace.customer[order] & ((1 << SOURCE_BITS) - 1),
            "class": classes[whose],
            "came_s": trace.came_s[order],
            "visit": trace.visit[order],
            "station": stations[trace.station[order]],
            "arrival_s": trace.arrival_s[order],
            "start_s": trace.start_s[order],
            "end_s": trace.end_s[order],
        }
    )
