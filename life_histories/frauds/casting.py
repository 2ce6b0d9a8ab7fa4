"""Who takes part in a case, and what each of them does in it.

A deed is done in one life at one of three moments: before it is lived (a death is decided), after
it (other events are added, with the card's true purse), and at the end, when counters and balances
are known (a copy of the purse, a tap sent again).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from life_histories.dice import Dice, Stream
from life_histories.life.life import Life, World
from life_histories.people import Person

LOUD, MIDDLE, SLY = range(3)
Act = Callable[[Life], None]
ROLES: Final = ("worker", "pensioner", "homemaker", "student", "night")


class Moment(Enum):
    """When a deed is done."""

    BEFORE = "before"
    AFTER = "after"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person's life has of a case."""

    case: str
    moment: Moment
    act: Act


@dataclass(slots=True)
class Case:
    """A planted case; an alert about any of the subjects finds it."""

    code: str
    typology: str
    variant: int
    subjects: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Casting:
    """Hands out people, each once, and gathers deeds by person."""

    world: World
    dice: Dice
    case: Case
    deeds: dict[int, list[Deed]]
    pools: dict[str, list[int]]

    def cast(self, role: str, fits: Callable[[Person], bool] | None = None) -> Person:
        """Somebody of a role who is in no other case."""
        pool = self.pools[role]
        for at in range(len(pool) - 1, -1, -1):
            person = self.world.people[pool[at]]
            if fits is None or fits(person):
                pool.pop(at)
                return person
        raise TooFewPeople(self.case.typology)

    def cast_many(
        self, count: int, role: str, fits: Callable[[Person], bool] | None = None
    ) -> list[Person]:
        """So many of them; fewer where a small population has no more (at least three)."""
        people: list[Person] = []
        for _ in range(count):
            try:
                people.append(self.cast(role, fits))
            except TooFewPeople:
                if len(people) < FEWEST:
                    raise
                break
        return people

    def subject(self, kind: str, code: str) -> None:
        """An alert about this one finds the case."""
        if (kind, code) not in self.case.subjects:
            self.case.subjects.append((kind, code))

    def about(self, person: Person) -> None:
        """An alert about this person or their card finds the case."""
        self.subject("card", person.card)
        self.subject("person", person.number)

    def does(self, person: Person, moment: Moment, act: Act) -> None:
        """Give a person a deed."""
        self.deeds.setdefault(person.index, []).append(Deed(self.case.code, moment, act))


FEWEST: Final = 3


class TooFewPeople(ValueError):
    """The population is too small for the cases asked of it."""


def make_pools(world: World) -> dict[str, list[int]]:
    """People by role in an order of their own."""
    pools: dict[str, list[int]] = {role: [] for role in ROLES}
    for person in world.people:
        if person.role in pools:
            pools[person.role].append(person.index)
    return {
        role: Dice(world.seed, Stream.CASTING, number).shuffled(pools[role])
        for number, role in enumerate(ROLES)
    }
