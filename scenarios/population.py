"""A made-up population of any size, person by person; nobody is real.

Rules: person number i of a population is always the same one, and no two are alike: the number
picks birthday, district and sequence of the identity number by a walk through all there are. The
districts are others than those of `residents`, so that both may live on one platform. Names are
family and given names from Faker's lists, addresses are made of a district and a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

from faker.providers.address.zh_CN import Provider as Addresses
from faker.providers.person.zh_CN import Provider as Names

from card_platform.issuance.population import Newcomer
from scenarios.residents import BIRTHDAYS, FIRST_BIRTHDAY, check_character

DISTRICTS: Final = (
    "500109", "500110", "500111", "500115", "500116",
    "500117", "500118", "500119", "500120", "500151",
)  # fmt: skip
"""Other districts of Chongqing (GB/T 2260)."""
SEQUENCES: Final = 999
PEOPLE_MAX: Final = len(DISTRICTS) * BIRTHDAYS * SEQUENCES
_STRIDE: Final = 104_395_303
"""A prime that divides PEOPLE_MAX not: stepping by it reaches every place once."""
_FAMILY_STRIDE: Final = 7_919
_GIVEN_STRIDE: Final = 104_729


class PeopleAreUsedUp(ValueError):
    """More people than a population can have."""


def make_population(first: int, count: int) -> Iterator[Newcomer]:
    """The people numbered `first` to `first + count - 1`, from 0.

    Raises:
        PeopleAreUsedUp: there are not so many.
    """
    if first < 0 or first + count > PEOPLE_MAX:
        raise PeopleAreUsedUp(f"people are numbered 0 to {PEOPLE_MAX - 1}")
    family, given, streets = _names()
    days = _birthdays()
    for number in range(first, first + count):
        place = number * _STRIDE % PEOPLE_MAX
        place, sequence = divmod(place, SEQUENCES)
        district, day = divmod(place, BIRTHDAYS)
        compact, birth_date = days[day]
        digits = f"{DISTRICTS[district]}{compact}{sequence + 1:03d}"
        sex = "1" if (sequence + 1) % 2 else "2"
        names = given[sex]
        surname = family[number * _FAMILY_STRIDE % len(family)]
        name = names[number * _GIVEN_STRIDE % len(names)]
        yield Newcomer(
            name=surname + name,
            document_number=digits + check_character(digits),
            sex=sex,
            birth_date=birth_date,
            birth_place=DISTRICTS[district],
            phone=f"199{number % 100_000_000:08d}",
            address=f"{surname}家{streets[number % len(streets)]}{number % 999 + 1}号",
        )


@cache
def _birthdays() -> list[tuple[str, str]]:
    """Every birthday, as an identity number has it and as a form does."""
    days = (FIRST_BIRTHDAY + timedelta(days=day) for day in range(BIRTHDAYS))
    return [(f"{day:%Y%m%d}", day.isoformat()) for day in days]


@cache
def _names() -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Family names, given names by sex, kinds of streets."""
    given = {"1": tuple(Names.first_names_male), "2": tuple(Names.first_names_female)}
    return tuple(Names.last_names), given, tuple(Addresses.street_suffixes)
