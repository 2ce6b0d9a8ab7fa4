"""Stations put in layers from the street to the way out, and in an order with few crossings.

Rules: a way that leads back to where somebody has been is a way back and moves nobody to a later
layer; with more stations than can be read, the smaller ones of a layer are drawn as one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.observation import Observation

STATIONS_DRAWN_MAX = 60
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Way:
    """Customers from one node to another; a way back is drawn apart."""

    origin: int
    goal: int
    customers: float
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A station, or several of a layer as one; without servers to count, `utilisation` is None."""

    name: str
    stations: int
    visits: int
    utilisation: float | None
    queue_max: int
    layer: int


@dataclass(frozen=True, slots=True)
class StationMap:
    """Nodes in their order within layers, ways between them, who comes in and goes out by node."""

    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    comes: tuple[float, ...]
    leaves: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Flows:
    """By stations: who takes which way, which ways lead back, who comes in and goes out, where."""

    ways: dict[tuple[int, int], float]
    back: set[tuple[int, int]]
    comes: list[float]
    leaves: list[float]
    layers: list[int]


def map_of(observation: Observation, drawn_max: int = STATIONS_DRAWN_MAX) -> StationMap:
    """The map of a run.

    How many took a way is reckoned from those served and the route's shares: an engine does not
    count ways.
    """
    network = observation.network
    places = {station.name: place for place, station in enumerate(network.stations)}
    ways: dict[tuple[int, int], float] = {}
    leaves = [0.0] * len(places)
    for at, name in enumerate(network.classes()):
        for station in network.stations:
            origin = places[station.name]
            seen = observation.stations[origin].by_class[at]
            served = float(seen.waits.count)
            leaves[origin] += served
            if network.retry_of(name, station.name) is None:
                leaves[origin] += seen.refused + seen.abandoned
            route = network.route_after(name, station.name)
            for goal, share in route.to if route else ():
                leaves[origin] -= served * share
                if served * share:
                    way = (origin, places[goal])
                    ways[way] = ways.get(way, 0.0) + served * share
    starts = list(dict.fromkeys(places[source.start] for source in network.sources))
    comes = [0.0] * len(places)
    for place in starts:
        inside = sum(customers for (_, goal), customers in ways.items() if goal == place)
        comes[place] = observation.stations[place].visits - inside
    back = _ways_back(ways, starts)
    flows = _Flows(ways, back, comes, leaves, _layers(len(places), ways, back))
    return _drawn(observation, flows, _groups(observation, flows.layers, drawn_max))


def _ways_back(flows: dict[tuple[int, int], float], starts: list[int]) -> set[tuple[int, int]]:
    """Ways that close a circle, in a walk along the widest ways first."""
    onward: dict[int, list[int]] = {}
    for origin, goal in sorted(flows, key=lambda way: -flows[way]):
        onward.setdefault(origin, []).append(goal)
    back, done, trail = set[tuple[int, int]](), set[int](), set[int]()
    for start in [*dict.fromkeys(starts), *onward]:
        if start in done:
            continue
        trail.add(start)
        walk = [(start, iter(onward.get(start, ())))]
        while walk:
            at, goals = walk[-1]
            goal = next(goals, -1)
            if goal < 0:
                walk.pop()
                trail.discard(at)
                done.add(at)
            elif goal in trail:
                back.add((at, goal))
            elif goal not in done:
                trail.add(goal)
                walk.append((goal, iter(onward.get(goal, ()))))
    return back


def _layers(
    count: int, flows: dict[tuple[int, int], float], back: set[tuple[int, int]]
) -> list[int]:
    layers, ahead = [0] * count, [way for way in flows if way not in back]
    for _ in range(count):
        changed = False
        for origin, goal in ahead:
            if layers[goal] <= layers[origin]:
                layers[goal], changed = layers[origin] + 1, True
        if not changed:
            break
    return layers


def _groups(observation: Observation, layers: list[int], drawn_max: int) -> list[list[int]]:
    """Stations that are drawn as one node: each by itself where there are few enough."""
    if len(layers) <= drawn_max:
        return [[place] for place in range(len(layers))]
    groups: list[list[int]] = []
    for layer in range(max(layers) + 1):
        here = [place for place, each in enumerate(layers) if each == layer]
        here.sort(key=lambda place: (-observation.stations[place].utilisation, place))
        own = max(1, drawn_max * len(here) // len(layers) - 1)
        own = own if own < len(here) - 1 else len(here)
        groups += [[place] for place in here[:own]]
        groups += [here[own:]] if here[own:] else []
    return groups


def _drawn(observation: Observation, flows: _Flows, groups: list[list[int]]) -> StationMap:
    group_of = {place: at for at, group in enumerate(groups) for place in group}
    ways: dict[tuple[int, int], float] = {}
    ways_back: dict[tuple[int, int], float] = {}
    for (origin, goal), customers in flows.ways.items():
        kind = ways_back if (origin, goal) in flows.back else ways
        way = (group_of[origin], group_of[goal])
        kind[way] = kind.get(way, 0.0) + customers
    order = _order([flows.layers[group[0]] for group in groups], ways)
    new = {old: at for at, old in enumerate(order)}
    drawn = [Way(new[a], new[b], many) for (a, b), many in ways.items()]
    drawn += [Way(new[a], new[b], many, is_back=True) for (a, b), many in ways_back.items()]

    def at_doors(of_stations: list[float]) -> tuple[float, ...]:
        return tuple(max(0.0, sum(of_stations[each] for each in groups[old])) for old in order)

    nodes = tuple(_node(observation, groups[old], flows.layers) for old in order)
    return StationMap(nodes, tuple(drawn), at_doors(flows.comes), at_doors(flows.leaves))


def _node(observation: Observation, group: list[int], layers: list[int]) -> Node:
    stations = observation.network.stations
    seen = [observation.stations[place] for place in group]
    staffed = [observation.stations[place] for place in group if not stations[place].is_link]
    available_s = sum(each.available_server_s for each in staffed)
    busy_s = sum(each.busy_server_s for each in staffed)
    return Node(
        stations[group[0]].name if len(group) == 1 else "",
        len(group),
        sum(each.visits for each in seen),
        busy_s / available_s if available_s else None,
        max(each.queue_max for each in seen),
        layers[group[0]],
    )


def _order(layer_of: list[int], ways: dict[tuple[int, int], float]) -> list[int]:
    """Nodes by layer, within one near the middle of those they are joined to."""
    rank = {node: float(node) for node in range(len(layer_of))}
    by_layer = [
        [node for node, layer in enumerate(layer_of) if layer == at]
        for at in range(max(layer_of) + 1)
    ]
    for sweep in range(SWEEPS):
        for nodes in by_layer if sweep % 2 == 0 else reversed(by_layer):
            middle = {}
            for node in nodes:
                joined = [a if sweep % 2 == 0 else b for a, b in ways if node == (b, a)[sweep % 2]]
                ranks = [rank[each] for each in joined]
                middle[node] = sum(ranks) / len(ranks) if ranks else rank[node]
            nodes.sort(key=lambda node: (middle[node], node))
            for at, node in enumerate(nodes):
                rank[node] = at * 100.0 / len(nodes)
    return [node for nodes in by_layer for node in nodes]
