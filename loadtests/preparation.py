"""Prepares a load: enrols gates, gives made-up residents active cards and money, all through the
HTTP API.

Rules: nothing is written behind the platform's back; the clock of the load starts only after this.
A refusal ends the preparation with what was asked and what the platform said.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import httpx

from loadtests.due_requests import Cast, Holder, ProgressOf
from loadtests.errors import LoadTestCannotRun
from loadtests.tap_maker import Gate, Purse
from scenarios.residents import Resident, make_residents
from scenarios.service_desk import Access, PlatformRefused, ServiceDesk

GATES_PER_STATION = 4
RESIDENTS_MIN, RESIDENTS_MAX = 20, 5_000
SECONDS_BETWEEN_TAPS_OF_A_CARD = 0.5
LOAD_FEN_MAX = 90_000  # below the 1,000 yuan that a purse may hold (assumption)
LOAD_SPARE_FEN = 2_000
CONCURRENT = 4


def enrol(desk: ServiceDesk, kind: str, station: str | None) -> Gate:
    """A new terminal, with its own token."""
    enrolled = desk.enrol_terminal(kind, station)
    return Gate(enrolled["terminal_number"], enrolled["token"], station or "")


def issue(desk: ServiceDesk, resident: Resident) -> Holder:
    """A resident with an active card."""
    _, image = desk.issue(resident.form(), resident.document())
    return Holder(resident.name, image["card_number"], Purse.from_image(image))


def load(desk: ServiceDesk, purse: Purse, amount_fen: int, counter: Gate) -> None:
    """Money onto a purse, with both codes of the card."""
    number = counter.terminal_number
    asked = purse.ask_load(amount_fen, number)
    told = desk.ask("POST", "/v1/transit/loads", counter.token, asked)
    confirmed = purse.take_load(amount_fen, number, told["date"], told["time"])
    path = f"/v1/transit/loads/{told['load_id']}/confirmation"
    desk.ask("POST", path, counter.token, confirmed)


def prepare(
    host: str, tokens: dict[str, str], *, taps: int, rate: float, run: str, progress: ProgressOf
) -> Cast:
    """Everyone and everything that `taps` taps at `rate` per second need.

    Raises `LoadTestCannotRun` when the platform refuses, or the run needs too many people.
    """
    try:
        with ServiceDesk(Access(host, tokens)) as desk:
            return _cast_of(desk, taps=taps, rate=rate, run=run, progress=progress)
    except PlatformRefused as refused:
        raise LoadTestCannotRun(
            f"准备压测时平台拒绝了 {refused.asked}：{refused.status} {refused.code} {refused.zh}",
            f"the platform refused {refused.asked} while preparing the load: "
            f"{refused.status} {refused.code} {refused.en}",
        ) from refused
    except httpx.HTTPError as fault:
        raise LoadTestCannotRun(
            f"准备压测时平台没有应答：{fault}",
            f"the platform did not answer while preparing the load: {fault}",
        ) from fault


def _cast_of(desk: ServiceDesk, *, taps: int, rate: float, run: str, progress: ProgressOf) -> Cast:
    counter = enrol(desk, "counter", None)
    parameters = desk.ask("GET", "/v1/transit/terminal-parameters", counter.token)
    fares = {(f["from"], f["to"]): f["fare_fen"] for f in parameters["fares"]}
    first, second = (station["code"] for station in parameters["stations"][:2])
    fare_fen = max(fares[first, second], fares[second, first])
    gates = tuple(
        [enrol(desk, "metro_gate", station) for _ in range(GATES_PER_STATION)]
        for station in (first, second)
    )
    count = residents_for(taps, rate, fare_fen)
    rides = math.ceil(taps / count / 2) + 1
    amount_fen = min(LOAD_FEN_MAX, rides * fare_fen + LOAD_SPARE_FEN)

    def get_a_card(resident: Resident) -> Holder:
        holder = issue(desk, resident)
        load(desk, holder.purse, amount_fen, counter)
        return holder

    holders = []
    # The seed comes from the run: one person holds one card, also when a platform is used twice.
    residents = make_residents(count, int(run, 16))
    with ThreadPoolExecutor(CONCURRENT) as clerks:
        for holder in clerks.map(get_a_card, residents):
            holders.append(holder)
            progress(len(holders), count)
    return Cast(holders, (gates[0], gates[1]), fares)


def residents_for(taps: int, rate: float, fare_fen: int) -> int:
    """How many people a run needs: enough money, and a pause between the taps of each card."""
    by_pause = math.ceil(rate * SECONDS_BETWEEN_TAPS_OF_A_CARD)
    by_money = math.ceil(taps / 2 * fare_fen / (LOAD_FEN_MAX - LOAD_SPARE_FEN - 2 * fare_fen))
    count = max(RESIDENTS_MIN, by_pause, by_money)
    if count > RESIDENTS_MAX:
        raise LoadTestCannotRun(
            f"该压测需要 {count} 名居民，最多 {RESIDENTS_MAX} 名：请降低速率或缩短时间",
            f"the load needs {count} residents, at most {RESIDENTS_MAX}: "
            "lower the rate or the duration",
        )
    return count
