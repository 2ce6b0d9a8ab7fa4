"""Small networks that the planning tests ask about."""

from __future__ import annotations

from collections.abc import Mapping

from sim.network import Exponential, Network, Poisson, Route, Source, Station

HORIZON_S = 20_000.0


def hall(values: Mapping[str, float]) -> Network:
    """M/M/c: 0.1 customers/s, 40 s each: four counters busy on average."""
    station = Station("counter", ((0.0, int(values.get("counters", 6))),), Exponential(40.0))
    source = Source("street", "citizen", Poisson(((0.0, 0.1),)), "counter")
    return Network("hall", HORIZON_S, (station,), (source,))


def hotline(values: Mapping[str, float]) -> Network:
    """M/M/c+M: 0.1 calls/s, 60 s each, patience of 90 s on average: six seats busy."""
    station = Station(
        "seats",
        ((0.0, int(values.get("seats", 6))),),
        Exponential(60.0),
        patience=Exponential(90.0),
    )
    source = Source("line", "caller", Poisson(((0.0, 0.1),)), "seats")
    return Network("hotline", HORIZON_S, (station,), (source,))


def hall_with_cashier(values: Mapping[str, float]) -> Network:
    """The hall with a cashier behind the counters: 15 s each, one and a half busy."""
    one = hall(values)
    cashier = Station("cashier", ((0.0, int(values.get("cashiers", 2))),), Exponential(15.0))
    way = Route("citizen", "counter", (("cashier", 1.0),))
    return Network("hall", 5_000.0, (*one.stations, cashier), one.sources, (way,))
