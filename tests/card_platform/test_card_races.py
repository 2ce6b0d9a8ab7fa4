"""Fifty at once for one card: exchange, replacement and application race, and one wins (CQ-5a)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.issuance.application import Application, IdentityDocument
from card_platform.storage import Transaction
from card_platform.use_cases import UseCases, build_use_cases
from card_platform.web.request_body import read_body
from tests.card_platform.city import City, application, document

RACERS = 50
Racer = Callable[[Transaction], Any]
APPLICATION = read_body(msgspec.json.encode(application()), Application)
DOCUMENT = read_body(msgspec.json.encode(document()), IdentityDocument)


def exchanging(services: UseCases, card_id: str) -> Racer:
    return lambda tx: services.renewals.exchange(
        tx,
        card_id,
        reason="unreadable",
        document=DOCUMENT,
        new_name=None,
        site="A",
        collection_site=None,
        by="clerk",
    )


def replacing(services: UseCases, card_id: str) -> Racer:
    return lambda tx: services.renewals.replace(
        tx, card_id, document=DOCUMENT, site="A", collection_site=None, by="clerk"
    )


def applying(services: UseCases, _card_id: str) -> Racer:
    return lambda tx: services.issuance.apply(tx, APPLICATION, "clerk")


def cancelling(services: UseCases, card_id: str) -> Racer:
    return lambda tx: services.decisions.cancel(tx, card_id, "death", "证明", "supervisor")


@pytest.mark.parametrize(
    ("lost", "racers"),
    [
        (False, [exchanging]),
        (True, [replacing]),
        (False, [exchanging, applying]),
        (True, [replacing, applying]),
    ],
    ids=["exchange", "replacement", "exchange and application", "replacement and application"],
)
def test_of_fifty_racing_renewals_one_wins_and_the_person_has_one_card(
    city: City, installation: Installation, lost: bool, racers: list[Any]
) -> None:
    services = build_use_cases(installation.policy, installation.keys, installation.clock)
    card_id, _ = city.active_card()
    if lost:
        city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    makers = [racers[number % len(racers)] for number in range(RACERS)]
    results = _race(installation, [make(services, card_id) for make in makers])
    assert _refusals(results) <= {"card-state-forbids", "person-already-holds-card"}
    assert sum(not isinstance(each, BaseException) for each in results) == 1
    assert _living_cards(installation) == 1


def test_however_cancellation_exchange_and_application_race_nobody_has_two_cards(
    city: City, installation: Installation
) -> None:
    services = build_use_cases(installation.policy, installation.keys, installation.clock)
    card_id, _ = city.active_card()
    makers = [(cancelling, exchanging, applying)[number % 3] for number in range(RACERS)]
    results = _race(installation, [make(services, card_id) for make in makers])
    assert _refusals(results) <= {"card-state-forbids", "person-already-holds-card"}
    assert _living_cards(installation) <= 1


def _race(installation: Installation, works: list[Racer]) -> list[Any]:
    async def race() -> list[Any]:
        writes = [installation.database.write(work) for work in works]
        return await asyncio.gather(*writes, return_exceptions=True)

    return asyncio.run(race())


def _refusals(results: list[Any]) -> set[str]:
    failed = [each for each in results if isinstance(each, BaseException)]
    assert all(isinstance(each, Refusal) for each in failed), Counter(map(repr, failed))
    return {each.code for each in failed if isinstance(each, Refusal)}


def _living_cards(installation: Installation) -> int:
    query = text("SELECT COUNT(*) FROM cards WHERE state <> 'cancelled' AND state <> 'superseded'")
    return int(installation.database.read_now(lambda tx: tx.execute(query).scalar_one()))
