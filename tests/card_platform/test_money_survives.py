"""kill -9 under payments, payouts and taps: nothing acknowledged is lost, nothing is doubled, the
books balance, and the auditor, who saw replies only, agrees with them to the fen.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from card_platform.settings import Settings
from card_platform.settlement.beside_the_ledger import first_fault_beside
from card_platform.settlement.ledger import check_books
from tests.card_platform.city import City
from tests.card_platform.money_auditor import CONDUCT, Reply
from tests.card_platform.money_load import FARE_FEN, PAYEES, Fire, burning, under_load
from tests.card_platform.test_bank_orders import DAY_S, behave, wait
from tests.card_platform.test_banks import BANK
from tests.card_platform.test_reconciliation import compared
from tests.conftest import CountKills

SEED = 20_261_123
KILLS, KILLS_LONG = 5, 200
ALIVE_S_MAX = 1.6
"""The process dies at some moment within this of being ready: sooner more often than later."""
PATIENT_EVERY = 4
"""Every so many lives the moment comes when everybody was answered, so that the load goes on."""
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str | None:
    is_sqlite = request.param == "sqlite"
    return None if is_sqlite else str(request.getfixturevalue("fresh_postgresql"))


@pytest.mark.timeout(300)
def test_money_survives_kills_at_random_moments(
    tmp_path: Path, database: str | None, count_kills: CountKills
) -> None:
    survive(tmp_path, database, KILLS, count_kills)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_money_survives_two_hundred_kills(
    tmp_path: Path, database: str | None, count_kills: CountKills
) -> None:
    survive(tmp_path, database, KILLS_LONG, count_kills)


def survive(folder: Path, database: str | None, kills: int, count_kills: CountKills) -> None:
    print(f"seed {SEED}")
    chosen = random.Random(SEED)
    with burning(folder / "data", database) as fire:
        with under_load(fire, SEED) as look:
            for life in range(kills):
                if life % PATIENT_EVERY == PATIENT_EVERY - 1:
                    fire.wait_for_replies()
                time.sleep(0.02 + ALIVE_S_MAX * chosen.random() ** 2)
                fire.process.kill()
                fire.process.start()
                look()
                with fire.city() as city:
                    check = city.get("/v1/ledger/check").json()
                    assert (check["balanced"], check["sum_fen"]) == (True, 0), check
            time.sleep(ALIVE_S_MAX)
        with fire.city() as city:
            settle(city)
            orders, batches = agree(city, fire)
            reconcile(city)
    url = Settings(folder / "data", database).sqlalchemy_url
    check = check_books(url)
    assert (check.balanced, check.sum_fen) == (True, 0), check
    assert first_fault_beside(url) is None
    taps = sum(len(each) for each in fire.taps.values())
    told = (
        f"{orders} orders, {batches} payout files, {taps} taps; {fire.repeated} requests repeated"
    )
    assert min(orders, batches, taps) > kills
    assert fire.repeated > kills / 2, "the kills met no request"
    count_kills("sqlite" if database is None else "postgresql", kills, told)


def settle(city: City) -> None:
    """The bank is well, and days pass."""
    behave(city, **CONDUCT)
    city.client.timeout = httpx.Timeout(600)  # all that has fallen due is done before the answer
    for seconds in (1, 3_600, 3_600, 2 * DAY_S, 1):
        wait(city, seconds)


def agree(city: City, fire: Fire) -> tuple[int, int]:
    """All that was acknowledged is there once, ended as it must; the books are as replies say."""
    told = fire.auditor
    orders = every(city, "/v1/bank-orders", "orders")
    ids = [each["client_id"] for each in orders]
    assert len(ids) == len(set(ids)), "an order was doubled"
    assert set(ids) == set(told.asked), "an order was lost, or nobody's"
    for each in orders:
        told.told_of_order(None, each)
    batches = every(city, "/v1/payout-batches", "batches")
    assert {each["batch_id"] for each in batches} == set(told.batches)
    assert {each["state"] for each in batches} == {"executed"}
    for batch_id in list(told.batches):
        lines = every(city, f"/v1/payout-batches/{batch_id}/lines", "lines")
        assert len(lines) == len(PAYEES)
        told.batches[batch_id] = lines
    for serial, taps in fire.taps.items():
        assert told.moved[f"purse:{serial}"] == -FARE_FEN * len(taps)
    told.require_fates()
    told.compare(city.balances())
    return len(orders), len(batches)


def reconcile(city: City) -> None:
    """The bank's own book has the same, day by day: it took nothing twice."""
    today = date.fromisoformat(city.get("/v1/clock").json()["now"][:10])
    path = f"/v1/bank-statements/{BANK}"
    compared_lines = 0
    for before in range(1, 40):
        day = (today - timedelta(days=before)).isoformat()
        if city.get(f"{path}/{day}/own-file").json()["lines"]:
            answer = compared(city, day)
            assert (answer["differences"], answer["matched"]) == (0, answer["lines"]), answer
            compared_lines += answer["lines"]
    assert compared_lines


def every(city: City, path: str, name: str) -> list[Reply]:
    """A whole list."""
    found: list[Any] = []
    after = ""
    while True:
        told = city.get(f"{path}?limit=200{after}", "auditor").json()
        found += told[name]
        if told["next"] is None:
            return found
        after = f"&after={told['next']}"
