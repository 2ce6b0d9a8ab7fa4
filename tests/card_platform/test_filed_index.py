"""The index that is made afterwards: at every stage it finds what a look at all rows finds."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from card_platform.installation import Installation
from card_platform.services.identity.store import CHECKS_OF_CARD, IDENTITY_CHECKS
from card_platform.storage import Transaction
from card_platform.storage import filed_index as sizes
from card_platform.storage.filed_index import Filing

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARDS = [f"card-{number}" for number in range(12)]
RUN_ROWS = 300


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many transactions a run."""
    monkeypatch.setattr(sizes, "WHERE_NOBODY_WAITS", 1)
    monkeypatch.setattr(sizes, "ROWS_READ_MAX", 70)
    monkeypatch.setattr(sizes, "ROWS_PLACED_MAX", 40)


def add(installation: Installation, first: int, count: int, cards: list[str] = CARDS) -> None:
    """So many checks, every ninth of nobody's card."""
    draw = random.Random(first)

    def work(tx: Transaction) -> None:
        rows = [
            {
                "check_id": f"check-{number}",
                "card_id": None if number % 9 == 0 else draw.choice(cards),
                "purpose": "hotel",
                "result": "valid",
                "at": f"2026-01-01T00:00:{number % 60:02}+08:00",
                "by": "clerk",
            }
            for number in range(first, first + count)
        ]
        tx.execute(IDENTITY_CHECKS.insert().values(rows))

    installation.database.write_now(work)


def is_right(installation: Installation, cards: list[str] = CARDS) -> bool:
    """Whether index and whole table agree for each card."""
    columns = IDENTITY_CHECKS.c

    def query(tx: Transaction) -> bool:
        plain = [
            tx.select(
                select(columns.number).where(columns.card_id == card).order_by(columns.number)
            )
            for card in cards
        ]
        filed = [
            tx.select(
                select(columns.number).where(CHECKS_OF_CARD.has(card)).order_by(columns.number)
            )
            for card in cards
        ]
        return plain == filed and any(plain)

    return installation.database.read_now(query)


def steps(installation: Installation, filing: Filing) -> Iterator[bool]:
    """File piece by piece, to the end."""
    while True:
        more = installation.database.write_now(lambda tx: filing.file(tx, NOW))
        yield more
        if not more:
            return


@pytest.mark.usefixtures("small_pieces")
def test_it_finds_the_same_at_every_step_while_rows_come(installation: Installation) -> None:
    add(installation, 1, 700)
    filing, number = Filing(CHECKS_OF_CARD, RUN_ROWS), 701
    taken = 0
    for _ in steps(installation, filing):
        assert is_right(installation)
        taken += 1
        if taken % 7 == 0 and number < 1400:
            add(installation, number, 50)
            number += 50
    assert taken > 20
    assert is_right(installation)


@pytest.mark.usefixtures("small_pieces")
def test_broken_off_anywhere_another_goes_on(installation: Installation) -> None:
    add(installation, 1, 2_000)
    draw = random.Random(7)
    crew = [Filing(CHECKS_OF_CARD, RUN_ROWS) for _ in range(2)]
    more = True
    while more:
        one = draw.randrange(2)
        if draw.random() < 0.1:
            crew[one] = Filing(CHECKS_OF_CARD, RUN_ROWS)
        more = next(steps(installation, crew[one]))
    assert is_right(installation)


@pytest.mark.usefixtures("small_pieces")
def test_what_was_placed_and_rolled_back_is_placed_again(installation: Installation) -> None:
    add(installation, 1, 400)
    filing = Filing(CHECKS_OF_CARD, RUN_ROWS)

    def fail(tx: Transaction) -> None:
        filing.file(tx, NOW)
        raise ValueError("the disk is full")

    draw = random.Random(3)
    for _ in steps(installation, filing):
        while draw.random() < 0.4:
            with pytest.raises(ValueError, match="disk"):
                installation.database.write_now(fail)
    assert is_right(installation)


def test_few_rows_are_looked_through(installation: Installation) -> None:
    add(installation, 1, RUN_ROWS - 1)
    assert list(steps(installation, Filing(CHECKS_OF_CARD, RUN_ROWS))) == [False]
    assert is_right(installation)


def test_two_cards_of_one_key_are_kept_apart(installation: Installation) -> None:
    seen: dict[int, str] = {}
    pair: list[str] = []
    draw = random.Random(1)
    for _ in range(1_000_000):
        card = f"card-{draw.randbytes(8).hex()}"
        other = seen.setdefault(zlib.crc32(card.encode()), card)
        if other != card:
            pair = [other, card]
            break
    assert pair, "of a million keys of 32 bits some are the same"
    add(installation, 1, RUN_ROWS, pair)
    list(steps(installation, Filing(CHECKS_OF_CARD, RUN_ROWS)))
    assert is_right(installation, pair)
