"""Two regions, a thousand requests between them, kill -9 in the middle: each has effect once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.card_platform.neighbours import WITHIN_S, Neighbour, two_regions, wait_for

REQUESTS = 1000
CLERKS = 8
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=DATABASES)
def regions(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Neighbour, Neighbour]]:
    with two_regions(tmp_path, request, request.param) as both:
        yield both


class Clerk:
    """A client whose platform may die: it sends the same key until it is answered."""

    def __init__(self, at: Neighbour, connection: httpx.Client) -> None:
        self._at = at
        self._http = connection

    def insist(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        token = self._at.desk.access.tokens["clerk"]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        deadline = time.monotonic() + WITHIN_S
        while True:
            try:
                url = self._at.desk.access.url + path
                answer = self._http.post(url, json=body, headers=headers)
            except httpx.HTTPError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
                continue
            assert answer.status_code < httpx.codes.MULTIPLE_CHOICES, answer.text
            told: dict[str, Any] = answer.json()
            return told


def pass_on_complaints(of: Neighbour, to: Neighbour, places: range, numbers: list[str]) -> None:
    with httpx.Client(timeout=20) as connection:
        pass_each_on(Clerk(of, connection), to, places, numbers)


def pass_each_on(clerk: Clerk, to: Neighbour, places: range, numbers: list[str]) -> None:
    for place in places:
        filing = {
            "kind": "complaint",
            "channel": "site",
            "subject": f"第 {place} 件",
            "content": "外地用卡被拒",
        }
        number = clerk.insist("/v1/complaints", filing, f"file-{place}")["number"]
        path = f"/v1/complaints/{number}/passing-on"
        clerk.insist(path, {"region": to.code}, f"pass-{place}")
        numbers.append(number)


@pytest.mark.timeout(300)
def test_a_thousand_complaints_arrive_once_each_though_both_sides_are_killed(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    numbers: list[str] = []
    with ThreadPoolExecutor(CLERKS) as clerks:
        work = [
            clerks.submit(
                pass_on_complaints, chongqing, sichuan, range(first, REQUESTS, CLERKS), numbers
            )
            for first in range(CLERKS)
        ]
        for victim, at in ((sichuan, 200), (chongqing, 400), (sichuan, 600)):
            while len(numbers) < at:
                time.sleep(0.01)
                assert not any(each.done() and each.exception() for each in work)
            victim.kill()
            time.sleep(0.3)
            victim.start()
        for each in work:
            each.result()
    assert len(set(numbers)) == REQUESTS

    def all_brought() -> dict[str, Any] | None:
        (link,) = chongqing.desk.get("operator", "/v1/exchange/links")["links"]
        return link if link["waiting"] == 0 else None

    link = wait_for(all_brought)
    assert link["sent"] == REQUESTS
    (back,) = sichuan.desk.get("operator", "/v1/exchange/links")["links"]
    assert back["taken"] == REQUESTS
    there = sichuan.desk.get("inspector", "/v1/complaint-statistics")["by_channel"]
    assert there == {"region": REQUESTS}
