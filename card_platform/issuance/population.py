"""Loads a population that has its cards already, as a province moves in from an older system.

Rules:
- A loaded card is what an issued and activated one is: the same rows with the same columns, its
  whole life in its history. Only the audit is shorter: one record for each part of the load.
- People come in parts of PART, a transaction each, some at the same time. What was loaded stays
  when the load is broken off, and the next one goes on after the numbers taken by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar, Final, NamedTuple

from card_platform.issuance.lifecycle import (
    ELECTRONIC_STATE,
    CardAction,
    CardState,
    FunctionState,
    PinState,
    next_state,
)
from card_platform.issuance.personalisation import historical_bytes_of
from card_platform.regions import RegionPolicy
from card_platform.storage import Database, Event, Statement, Transaction
from card_platform.storage.counters import next_numbers
from card_platform.vocabulary.card_number import application_serial_of, card_number_of
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of, years_later

PART: Final = 5_000
"""People in one transaction."""
MANY: Final = 100_000
"""People after whose loading the database is given a moment to settle."""
PARTS_AT_ONCE: Final = 3
"""While PostgreSQL writes some, the next is made; SQLite writes one after the other."""
BY: Final = "population"
_LOADED: Final = "population"
"""The counter of the people whose numbers were taken."""
_LIFE: Final = (CardAction.PERSONALISE, CardAction.REPORT_PRODUCTION, CardAction.ACTIVATE)
_SITE: Final = "批量导入"
DOCUMENT, HAN = "resident-id", "01"
"""The kind of document, and the ethnicity (GB/T 3304), of everybody who is loaded."""


class Newcomer(NamedTuple):
    """Somebody to load; dates as YYYY-MM-DD, places by GB/T 2260."""

    name: str
    document_number: str
    sex: str
    birth_date: str
    birth_place: str
    phone: str
    address: str


class PopulationLoaded(Event, frozen=True, kw_only=True):
    """A part of a population was put in."""

    action: ClassVar[str] = "load-population"
    people: int
    first_card: str

    @property
    def detail(self) -> str:
        """How many, from which card on."""
        return f"{self.people} people, cards from {self.first_card}"


People = Callable[[int, int], Iterable[Newcomer]]
"""Gives the people from a number on, so many; numbers begin at 0."""


class _Loader:
    """Loads parts for one region."""

    def __init__(
        self, database: Database, policy: RegionPolicy, clock: Clock, people: People
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock
        self._people = people

    def load(self, count: int) -> int:
        """Load a part of so many; how many. Raises `RowsAreRefused`."""
        # Numbers first and alone: who keeps their rows locked while writing lets nobody beside it.
        serial, number = self._database.write_now(
            lambda tx: (next_numbers(tx, "card-serial", count), next_numbers(tx, _LOADED, count))
        )
        part = list(self._people(number - 1, count))
        self._database.write_now(lambda tx: self._add(tx, serial, part))
        return count

    def _add(self, tx: Transaction, first: int, part: Sequence[Newcomer]) -> None:
        policy, at, today = self._policy, moment_of(self._clock.now()), self._clock.now().date()
        region = policy.region.code
        prefix = policy.transit.application_serial_prefix
        entitlement = policy.issuance.entitlements.codes[0]
        issued = today.isoformat()
        valid_until = years_later(today, policy.issuance.card_validity.on(today)).isoformat()
        serials = range(first, first + len(part))
        persons = [new_identifier("person") for _ in part]
        cards = [new_identifier("card") for _ in part]
        rows: dict[Statement, Iterator[Sequence[object]]] = {
            _PERSON: (
                (person, DOCUMENT, each.document_number, each.name, each.sex, HAN,
                 each.birth_date, each.birth_place, each.phone, each.address)
                for person, each in zip(persons, part, strict=True)
            ),
            _CARD: (
                (card, person, card_number_of(serial), serial, region, CardState.ACTIVE, at,
                 historical_bytes_of(region, serial), application_serial_of(prefix, serial),
                 issued, valid_until)
                for card, person, serial in zip(cards, persons, serials, strict=True)
            ),
            _ELECTRONIC_CARD: (
                (new_identifier("ecard"), card, ELECTRONIC_STATE[CardState.ACTIVE], at)
                for card in cards
            ),
            _APPLICATION: (
                (new_identifier("application"), card, person, entitlement, _SITE, at, BY)
                for card, person in zip(cards, persons, strict=True)
            ),
            _CHANGE: (
                (card, number, action, before, after, at, BY)
                for card in cards
                for number, (action, before, after) in enumerate(_STEPS)
            ),
            _FUNCTIONS: (
                (card, PinState.INITIAL, FunctionState.OPEN, FunctionState.CLOSED, at)
                for card in cards
            ),
            _HAND_OVER: ((card, "site", _SITE, _SITE, at, BY) for card in cards),
        }  # fmt: skip
        for statement, values in rows.items():
            tx.add_ordered(statement, values)
        tx.emit(
            PopulationLoaded(
                at=at, by=BY, card_id=None, people=len(part), first_card=card_number_of(first)
            )
        )


def load_population(
    database: Database,
    policy: RegionPolicy,
    clock: Clock,
    people: People,
    count: int,
    *,
    progress: Callable[[int], None],
) -> None:
    """Give so many people, from the first not yet loaded on, a card in use.

    `progress` is told how many are loaded.

    Raises:
        RowsAreRefused: somebody is on this platform already; that part was not loaded, nor what
            was to come after it.
    """
    loader = _Loader(database, policy, clock, people)
    sizes = [min(PART, count - done) for done in range(0, count, PART)]
    loaded = 0
    with ThreadPoolExecutor(PARTS_AT_ONCE, thread_name_prefix="population") as threads:
        try:
            for size in threads.map(loader.load, sizes):
                loaded += size
                progress(loaded)
        except BaseException:
            threads.shutdown(wait=True, cancel_futures=True)
            raise
    if count >= MANY:
        database.settle()


def _steps_of_a_life() -> Iterator[tuple[str, str | None, str]]:
    yield "apply", None, CardState.APPLIED
    state = CardState.APPLIED
    for action in _LIFE:
        before, state = state, next_state(state, action)
        yield action, before, state


_STEPS: Final = tuple(_steps_of_a_life())


def _insert(table: str, *columns: str) -> Statement:
    names = ", ".join('"by"' if column == "by" else column for column in columns)
    values = ", ".join(f":{column}" for column in columns)
    return Statement(f"INSERT INTO {table} ({names}) VALUES ({values})")  # noqa: S608 - our names


_PERSON = _insert(
    "persons", "person_id", "document_kind", "document_number", "name", "sex", "ethnicity",
    "birth_date", "birth_place", "phone", "address",
)  # fmt: skip
_CARD = _insert(
    "cards", "card_id", "person_id", "card_number", "card_serial", "region", "state",
    "state_since", "historical_bytes", "application_serial", "issue_date", "valid_until",
)  # fmt: skip
_ELECTRONIC_CARD = _insert(
    "electronic_cards", "electronic_card_id", "card_id", "state", "state_since"
)
_APPLICATION = _insert(
    "applications", "application_id", "card_id", "person_id", "entitlement", "site", "at", "by"
)
_CHANGE = _insert("card_changes", "card_id", "number", "action", "before", "after", "at", "by")
_FUNCTIONS = _insert("card_functions", "card_id", "pin", "social_security", "financial", "since")
_HAND_OVER = _insert(
    "hand_overs", "card_id", "channel", "accepted_at_site", "collection_site", "collected_at",
    "collected_by",
)  # fmt: skip
