"""A loaded population: its cards are what issued cards are, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import Table, select

from card_platform.app import build_app
from card_platform.installation import Installation
from card_platform.issuance.losses import ENDED_AT_ONCE_MAX, Losses
from card_platform.issuance.population import PART, People, load_population
from card_platform.issuance.registers import CARD_FUNCTIONS, HAND_OVERS
from card_platform.issuance.store import (
    APPLICATIONS,
    CARD_CHANGES,
    CARDS,
    ELECTRONIC_CARDS,
    PERSONS,
)
from card_platform.issuance.validity import EXPIRED_AT_ONCE_MAX, Validity
from card_platform.storage import Transaction
from card_platform.storage.unit_of_work import RowsAreRefused
from scenarios.population import PEOPLE_MAX, make_population
from scenarios.residents import make_residents
from tests.card_platform.city import City

TABLES = (
    PERSONS,
    CARDS,
    APPLICATIONS,
    CARD_CHANGES,
    CARD_FUNCTIONS,
    ELECTRONIC_CARDS,
    HAND_OVERS,
)
ITS_OWN = {
    "person_id", "card_id", "application_id", "electronic_card_id", "document_number", "name",
    "sex", "birth_date", "birth_place", "phone", "address", "card_number", "card_serial",
    "historical_bytes", "application_serial", "at", "by", "since", "state_since", "collected_at",
    "collected_by", "site", "accepted_at_site", "collection_site",
}  # fmt: skip
"""Columns that differ from card to card, or by who made it."""


def load(parts: Installation, count: int, people: People = make_population) -> list[int]:
    """Load; what was told of the progress."""
    told: list[int] = []
    load_population(parts.database, parts.policy, parts.clock, people, count, progress=told.append)
    return told


def rows_of(parts: Installation, table: Table) -> list[dict[str, Any]]:
    columns = table.primary_key.columns
    query = select(table).order_by(*columns)
    return parts.database.read_now(
        lambda tx: [dict(row._mapping) for row in tx.connection.execute(query)]
    )


def test_a_loaded_card_is_what_an_issued_one_is(installation: Installation) -> None:
    parts = installation
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        city = City(client, parts.access.tokens)
        city.active_card()
        issued = {table.name: rows_of(parts, table) for table in TABLES}
        assert load(parts, 1) == [1]
        for table in TABLES:
            known = issued[table.name]
            loaded = [row for row in rows_of(parts, table) if row not in known]
            assert len(loaded) == len(known), table.name
            for one, other in zip(known, loaded, strict=True):
                shared = one.keys() - ITS_OWN
                assert {name: one[name] for name in shared} == {
                    name: other[name] for name in shared
                }, table.name
                assert {name: type(value) for name, value in one.items()} == {
                    name: type(value) for name, value in other.items()
                }, table.name


def test_a_loaded_holder_is_served_as_any_other(installation: Installation) -> None:
    parts = installation
    load(parts, 3)
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        city = City(client, parts.access.tokens)
        (card, *_) = rows_of(parts, CARDS)
        holder = next(
            person for person in rows_of(parts, PERSONS) if person["person_id"] == card["person_id"]
        )
        check = {"purpose": "test", "card_number": card["card_number"], "name": holder["name"]}
        assert city.post("/v1/identity-checks", check, "clerk").json()["result"] == "valid"
        path = f"/v1/cards/{card['card_id']}"
        lost = city.post(f"{path}/loss-report", {"kind": "formal"}, "clerk")
        assert lost.json()["state"] == "lost"
        history = city.get(f"{path}/history", "clerk").json()["changes"]
        assert [each["action"] for each in history][-2:] == ["activate", "report_loss"]
        _, chip = city.active_card()
        assert chip is not None, "numbers go on where the load ended"


def test_a_second_load_goes_on_and_the_same_people_are_refused(
    installation: Installation,
) -> None:
    parts = installation
    load(parts, 20)
    load(parts, 20)
    assert len(rows_of(parts, CARDS)) == 40
    with pytest.raises(RowsAreRefused):
        load(parts, 2, lambda _first, count: make_population(39, count))
    assert len(rows_of(parts, CARDS)) == 40, "nothing of a part is left"
    load(parts, 5)
    assert len(rows_of(parts, CARDS)) == 45


def test_a_load_tells_its_progress_and_takes_each_person_once(installation: Installation) -> None:
    assert load(installation, 2 * PART + 7) == [PART, 2 * PART, 2 * PART + 7]
    people = rows_of(installation, PERSONS)
    expected = {each.document_number for each in make_population(0, 2 * PART + 7)}
    assert {each["document_number"] for each in people} == expected


def test_a_population_has_nobody_twice_and_nobody_of_the_residents() -> None:
    people = [*make_population(0, 50_000), *make_population(PEOPLE_MAX - 50_000, 50_000)]
    numbers = {person.document_number for person in people}
    assert len(numbers) == 100_000
    assert not numbers & {resident.number for resident in make_residents(2_000, 1)}
    assert list(make_population(7, 3)) == list(make_population(0, 10))[7:]
    with pytest.raises(ValueError, match="people are numbered 0 to"):
        next(make_population(PEOPLE_MAX, 1))


def test_a_jump_of_the_clock_ends_all_that_fell_due_before_it_is_answered_a_piece_at_a_time(
    installation: Installation,
) -> None:
    parts, lost_of = installation, ENDED_AT_ONCE_MAX + 10
    people = EXPIRED_AT_ONCE_MAX + lost_of + 10
    load(parts, people)
    cards = [row["card_id"] for row in rows_of(parts, CARDS)]
    losses, validity = Losses(parts.policy, parts.clock), Validity(parts.policy, parts.clock)

    def lose(tx: Transaction) -> None:
        for card_id in cards[:lost_of]:
            losses.report(tx, card_id, "oral", "clerk")

    def standing() -> Counter[str]:
        return Counter(row["state"] for row in rows_of(parts, CARDS))

    parts.database.write_now(lose)
    later = parts.clock.now() + timedelta(days=4_000)
    with pytest.raises(_UndoneError):
        parts.database.write_now(lambda tx: _one_piece(tx, validity, later))
    assert standing() == {"orally_lost": lost_of, "active": people - lost_of}
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        city = City(client, parts.access.tokens)
        moved = city.post("/v1/clock", {"advance_s": 4_000 * 86_400}, "trainer")
        assert moved.status_code == 200, moved.text
    assert standing() == {"expired": people}


class _UndoneError(Exception):
    pass


def _one_piece(tx: Transaction, validity: Validity, later: datetime) -> None:
    assert validity.expire(tx, later) is True, "there are more"
    expired = select(CARDS.c.card_id).where(CARDS.c.state == "expired")
    assert len(tx.select(expired)) == EXPIRED_AT_ONCE_MAX
    raise _UndoneError
