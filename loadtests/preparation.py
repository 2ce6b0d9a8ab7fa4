"""Prepares a load: enrols gates, gives made-up residents active cards and money, all through the
HTTP API.

Rules: nothing is written behind the platform's back; the clock of the load starts only after this.
A refusal ends the preparation with what was asked and what the platform said.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from loadtests.due_requests import Cast, Holder, ProgressOf
from loadtests.errors import LoadTestCannotRun
from loadtests.tap_maker import Gate, Purse
from scenarios.residents import Resident, make_residents

REGION = "500000"
SITE = "loadtest"
OPERATOR = "chongqing-rail-transit"
ENTITLEMENT = "household-registration"

GATES_PER_STATION = 4
RESIDENTS_MIN, RESIDENTS_MAX = 20, 5_000
SECONDS_BETWEEN_TAPS_OF_A_CARD = 0.5
LOAD_FEN_MAX = 90_000  # below the 1,000 yuan that a purse may hold (assumption)
LOAD_SPARE_FEN = 2_000
CONCURRENT = 4
TIMEOUT_S = 20.0


class Desk:
    """Asks the platform as operator, clerk, production and terminal."""

    def __init__(self, host: str, tokens: dict[str, str], run: str) -> None:
        self.tokens = tokens
        self.run = run
        self.client = httpx.Client(base_url=host, timeout=TIMEOUT_S)

    def ask(
        self, method: str, path: str, token: str, body: Any = None, *, key: str = ""
    ) -> dict[str, Any]:
        """The JSON answer of one request.

        Raises `LoadTestCannotRun` for a refusal or when nobody answers.
        """
        headers = {"Authorization": f"Bearer {token}"}
        if key:
            headers["Idempotency-Key"] = f"prep-{self.run}-{key}"
        try:
            response = self.client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as fault:
            raise LoadTestCannotRun(
                f"平台没有应答 {method} {path}：{fault}",
                f"the platform did not answer {method} {path}: {fault}",
            ) from fault
        if not response.is_success:
            told = response.text[:300]
            raise LoadTestCannotRun(
                f"准备压测时平台拒绝了 {method} {path}：{response.status_code} {told}",
                f"the platform refused {method} {path} while preparing the load: "
                f"{response.status_code} {told}",
            )
        answer: dict[str, Any] = response.json()
        return answer

    def enrol(self, kind: str, station: str | None, key: str) -> Gate:
        """A new terminal, with its own token."""
        body = {"kind": kind, "operator": OPERATOR, "station": station, "site": SITE}
        enrolled = self.ask("POST", "/v1/terminals", self.tokens["operator"], body, key=key)
        return Gate(enrolled["terminal_number"], enrolled["token"], station or "")

    def issue(self, resident: Resident, key: str) -> Holder:
        """Application, personalisation, production report and activation of one card."""
        clerk, production = self.tokens["clerk"], self.tokens["production"]
        applied = self.ask(
            "POST",
            "/v1/applications",
            clerk,
            {
                "region": REGION,
                "site": SITE,
                "entitlement": ENTITLEMENT,
                "form": resident.form(),
                "document": resident.document(),
            },
            key=f"apply-{key}",
        )
        card = f"/v1/cards/{applied['card_id']}"
        image = self.ask("POST", f"{card}/personalisation", production, {}, key=f"image-{key}")
        report = {"historical_bytes": image["historical_bytes"]}
        self.ask("POST", f"{card}/production-report", production, report, key=f"report-{key}")
        shown = {"document": resident.document()}
        self.ask("POST", f"{card}/activation", clerk, shown, key=f"activate-{key}")
        return Holder(resident.name, image["card_number"], Purse.from_image(image))

    def load(self, purse: Purse, amount_fen: int, counter: Gate, key: str) -> None:
        """Money onto a purse, with both codes of the card."""
        number = counter.terminal_number
        asked = purse.ask_load(amount_fen, number)
        told = self.ask("POST", "/v1/transit/loads", counter.token, asked, key=f"load-{key}")
        confirmed = purse.take_load(amount_fen, number, told["date"], told["time"])
        path = f"/v1/transit/loads/{told['load_id']}/confirmation"
        self.ask("POST", path, counter.token, confirmed, key=f"confirm-{key}")


def prepare(
    host: str, tokens: dict[str, str], *, taps: int, rate: float, run: str, progress: ProgressOf
) -> Cast:
    """Everyone and everything that `taps` taps at `rate` per second need.

    Raises `LoadTestCannotRun` when the platform refuses, or the run needs too many people.
    """
    desk = Desk(host, tokens, run)
    with desk.client:
        counter = desk.enrol("counter", None, "counter")
        parameters = desk.ask("GET", "/v1/transit/terminal-parameters", counter.token)
        fares = {(f["from"], f["to"]): f["fare_fen"] for f in parameters["fares"]}
        first, second = (station["code"] for station in parameters["stations"][:2])
        fare_fen = max(fares[first, second], fares[second, first])
        gates = tuple(
            [
                desk.enrol("metro_gate", station, f"gate-{station}-{i}")
                for i in range(GATES_PER_STATION)
            ]
            for station in (first, second)
        )
        count = residents_for(taps, rate, fare_fen)
        rides = math.ceil(taps / count / 2) + 1
        amount_fen = min(LOAD_FEN_MAX, rides * fare_fen + LOAD_SPARE_FEN)
        done = 0

        def get_a_card(place: int, resident: Resident) -> Holder:
            holder = desk.issue(resident, str(place))
            desk.load(holder.purse, amount_fen, counter, str(place))
            return holder

        holders = []
        # The seed comes from the run: one person holds one card, also when a platform is used
        # twice.
        residents = make_residents(count, int(run, 16))
        with ThreadPoolExecutor(CONCURRENT) as desks:
            for holder in desks.map(get_a_card, range(count), residents):
                holders.append(holder)
                done += 1
                progress(done, count)
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
