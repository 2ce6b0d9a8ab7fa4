"""The plan of a load: every request with the moment it is due, written before the clock starts.

Rules: request i is due i / rate seconds after the start (constant rate); taps go round the purses
in turn, each purse in and out in turn, so that a card's next tap comes as late as possible. A
purse's requests carry its place as `lane`: the sender keeps a lane in order, because no card can
leave before it has entered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from loadtests.profiles import Profile
from loadtests.tap_maker import Gate, Purse

CHINA_TIME = timezone(timedelta(hours=8))
TAPS_PATH, CHECKS_PATH = "/v1/transit/taps", "/v1/identity-checks"
PURPOSE = "metro-concession"


class DueRequest(msgspec.Struct, frozen=True):
    """One POST, due `due_s` after the start; lanes keep their order, lane -1 may overtake.

    `wants` is what a right answer says, by dotted path: a fast wrong answer is a failure.
    """

    due_s: float
    name: str
    path: str
    token: str
    key: str
    lane: int
    body: bytes
    wants: dict[str, str | int]


@dataclass(slots=True)
class Holder:
    """A made-up resident with an active card."""

    name: str
    card_number: str
    purse: Purse


@dataclass(slots=True)
class Cast:
    """Who takes part: holders, the gates of two stations, and the fares between the two."""

    holders: list[Holder]
    gates: tuple[list[Gate], list[Gate]]
    fares_fen: dict[tuple[str, str], int]


def write_plan(
    profile: Profile, rate: float, duration_s: float, cast: Cast, run: str
) -> list[DueRequest]:
    """All requests of a run in order of their due moments.

    `run` makes the idempotency keys of this run its own.
    """
    started = datetime.now(CHINA_TIME)
    encode = msgspec.json.encode
    plan: list[DueRequest] = []
    taps = checks = 0
    for place in range(round(rate * duration_s)):
        due_s = place / rate
        key = f"load-{run}-{place}"
        if profile.is_identity_check(place):
            holder = cast.holders[checks % len(cast.holders)]
            gates = cast.gates[0]
            token = gates[checks % len(gates)].token
            checks += 1
            body: dict[str, Any] = {
                "purpose": PURPOSE,
                "card_number": holder.card_number,
                "name": holder.name,
            }
            plan.append(
                DueRequest(
                    due_s,
                    "identity-check",
                    CHECKS_PATH,
                    token,
                    key,
                    -1,
                    encode(body),
                    {"result": "valid"},
                )
            )
            continue
        lane, tour = taps % len(cast.holders), taps // len(cast.holders)
        taps += 1
        purse = cast.holders[lane].purse
        gate, fare_fen = _gate_and_fare(cast, purse, lane, tour)
        body = purse.tap(gate, fare_fen, started + timedelta(seconds=due_s))
        name = f"tap-{body['kind']}"
        wants: dict[str, str | int] = {"tac": "right"}
        if body["kind"] == "exit":
            wants["ride.charged_fen"] = fare_fen
        plan.append(DueRequest(due_s, name, TAPS_PATH, gate.token, key, lane, encode(body), wants))
    return plan


def share_of(plan: list[DueRequest], process: int, processes: int) -> list[DueRequest]:
    """What one of several sender processes sends: whole lanes, so that their order holds."""

    def belongs(place: int, request: DueRequest) -> bool:
        return (request.lane if request.lane >= 0 else place) % processes == process

    return [request for place, request in enumerate(plan) if belongs(place, request)]


def _gate_and_fare(cast: Cast, purse: Purse, lane: int, tour: int) -> tuple[Gate, int]:
    # Tours 0, 1, 2, 3: in at the first station, out at the second, in at the second, out at the
    # first.
    station = (tour + 1) // 2 % 2
    gates = cast.gates[station]
    gate = gates[lane % len(gates)]
    if purse.inside_at is None:
        return gate, 0
    return gate, cast.fares_fen[purse.inside_at, gate.station]


ProgressOf = Callable[[int, int], None]
"""Told (done, planned)."""
