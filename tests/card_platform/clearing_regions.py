"""Two regions that clear rides with each other, in one process: messages are carried by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from card_platform.app import build_platform
from card_platform.exchange import store
from card_platform.exchange.model import BATCH_MAX, Participant, Sent
from card_platform.exchange.road import Road
from card_platform.installation import Installation, open_installation
from card_platform.settings import TRANSIT_SEED_FILE, Settings
from card_platform.vocabulary.moment import moment_of
from tests.books import fault_of
from tests.card_platform.chip import Chip
from tests.card_platform.city import City, application, document

DAY_S = 86_400
_SEED = "5A" * 32


@dataclass
class Region:
    """One of the two: its people, its road and its database."""

    city: City
    road: Road
    parts: Installation

    @property
    def code(self) -> str:
        return self.parts.policy.region.code

    @property
    def today(self) -> date:
        return self.parts.clock.now().date()

    def active_card(self, sequence: int) -> Chip:
        body = application(sequence, region=self.code)
        answer = self.city.post("/v1/applications", body, "clerk")
        assert answer.status_code == 201, answer.text
        card_id = answer.json()["card_id"]
        chip = self.city.produce(card_id)
        activation = {"document": document(sequence)}
        self.city.post(f"/v1/cards/{card_id}/activation", activation, "clerk")
        chip.balance_fen = 100_000
        return chip

    def ride(self, chip: Chip, operator: str, fen: int, day: date | None = None) -> Any:
        """A bus ride paid by this chip."""
        line = self.parts.policy.transit.bus_lines[0].code
        bus = self.city.enrol("bus_validator", None, bus_line=line, operator=operator)
        written = (day or self.today).strftime("%Y%m%d")
        tap = chip.tap(bus.number, "single", line, amount_fen=fen, date=written)
        return self.city.post("/v1/transit/taps", tap, bus.token)

    def end_day(self) -> str:
        """Go on to the morning after; the day that ended."""
        day = self.today
        answer = self.city.post("/v1/clock", {"advance_s": DAY_S}, "trainer")
        assert answer.status_code == 200
        return day.isoformat()

    def clear(self, day: str) -> Any:
        return self.city.post("/v1/clearing/days", {"day": day}, "operator")

    def statement(self, day: str, *of: str) -> Any:
        return self.city.get("/".join(["/v1/clearing/days", day, *of])).json()


def participant_of(region: Region) -> Participant:
    """A region as the other enrols it."""
    return region.road.as_participant(region.parts.policy.region.name_zh, "http://region.test")


def enrol(at: Region, other: Region) -> None:
    """Let the other onto the road."""
    participant = participant_of(other)
    at.parts.database.write_now(lambda tx: at.road.enrol(tx, participant, "operator"))


def carry(sender: Region, recipient: Region) -> int:
    """Bring what waits and learn the answers; how many messages were brought."""
    base = sender.parts.database
    waiting = base.read_now(lambda tx: store.waiting_for(tx, recipient.code, BATCH_MAX))
    if waiting:
        letters = [sender.road.seal.message(each) for each in waiting]
        reply = recipient.parts.database.write_now(lambda tx: recipient.road.take(tx, letters))
        answers = sender.road.seal.open_answers(participant_of(recipient), letters, reply)
        base.write_now(lambda tx: sender.road.learn(tx, waiting, answers))
    return len(waiting)


def refused_there(sender: Region, recipient: Region, subject: str, purpose: str, body: Any) -> str:
    """The code by which the recipient refuses a message; empty where it is taken."""
    number = recipient.parts.database.read_now(lambda tx: store.last_taken(tx, sender.code)) + 1
    text, at = json.dumps(body), moment_of(sender.parts.clock.now())
    sent = Sent(recipient.code, number, f"m{number}", subject, purpose, text, None, at)
    letter = sender.road.seal.message(sent)
    reply = recipient.parts.database.write_now(lambda tx: recipient.road.take(tx, [letter]))
    answers = sender.road.seal.open_answers(participant_of(recipient), [letter], reply)
    problem = answers.answers[0].problem
    return "" if problem is None else problem.code


@contextmanager
def region_of(
    settings: Settings, *, shared: bool = True, faulty_books: bool = False
) -> Iterator[Region]:
    """A region whose transit keys are shared with the other, or are its own; its books are whole at
    the end, unless a test means to leave a fault.
    """
    if shared:
        settings.data.mkdir(parents=True, exist_ok=True)
        (settings.data / TRANSIT_SEED_FILE).write_text(_SEED)
    parts = open_installation(settings)
    platform = build_platform(
        parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock, limits_times=0
    )
    with TestClient(platform.app) as client:
        yield Region(City(client, parts.access.tokens), platform.road, parts)
    try:
        fault = fault_of(parts, settings.data)
    finally:
        parts.database.close()
    assert (fault is not None) is faulty_books, f"the books this test left: {fault}"


@contextmanager
def two_regions(
    first: Settings, folder: Path, other: str = "SC", *, faulty_books: bool = False
) -> Iterator[tuple[Region, Region]]:
    """Chongqing over the given settings, and a neighbour on SQLite; on each other's road."""
    there_settings = Settings(folder / other, region=other, clock="virtual")
    with region_of(first, faulty_books=faulty_books) as here, region_of(there_settings) as there:
        enrol(here, there)
        enrol(there, here)
        yield here, there


def yesterday(region: Region) -> date:
    return region.today - timedelta(days=1)
