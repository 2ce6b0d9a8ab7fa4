"""Made-up residents: names and addresses by Faker, identity numbers after GB 11643 by our own hand.

Rules: nobody is real. The same seed makes the same people. A number is 6 digits of region, 8 of
birth date, 3 of sequence (odd male, even female) and the check character of ISO 7064 MOD 11-2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from faker import Faker

DISTRICTS = ("500101", "500103", "500105", "500106", "500107", "500108", "500112", "500113")
"""Districts of Chongqing (GB/T 2260)."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FIRST_BIRTHDAY, BIRTHDAYS = date(1950, 1, 1), 365 * 55
_FIRST_OF_WORKING_AGE, _WORKING_BIRTHDAYS = date(1970, 1, 1), 365 * 35
VALID_UNTIL = "2045-12-31"
HAN = "01"  # GB/T 3304


@dataclass(frozen=True, slots=True)
class Resident:
    """A made-up person who applies for a card."""

    name: str
    number: str
    sex: str
    birth_date: str
    district: str
    phone: str
    address: str

    def form(self) -> dict[str, Any]:
        """The application form."""
        return {
            "name": self.name,
            "sex": self.sex,
            "ethnicity": HAN,
            "birth_date": self.birth_date,
            "birth_place": self.district,
            "phone": self.phone,
            "address": self.address,
        }

    def document(self) -> dict[str, str]:
        """The resident identity card."""
        return {"kind": "resident-id", "number": self.number, "valid_until": VALID_UNTIL}


def check_character(seventeen: str) -> str:
    """The eighteenth character after GB 11643."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, seventeen, strict=True))
    return CHECK_CHARACTERS[total % 11]


def make_residents(count: int, seed: int) -> list[Resident]:
    """`count` different made-up residents of Chongqing; the same seed gives the same people.

    All are of working age: whoever pays less for their age is made up on purpose.
    """
    faker = Faker("zh_CN")
    faker.seed_instance(seed)
    random = Random(seed)  # noqa: S311 - made-up people, no secrets
    residents: dict[str, Resident] = {}
    while len(residents) < count:
        district = random.choice(DISTRICTS)
        born = _FIRST_OF_WORKING_AGE + timedelta(days=random.randrange(_WORKING_BIRTHDAYS))
        sequence = random.randrange(1, 1000)
        digits = f"{district}{born:%Y%m%d}{sequence:03d}"
        number = digits + check_character(digits)
        male = sequence % 2 == 1
        residents[number] = Resident(
            name=faker.name_male() if male else faker.name_female(),
            number=number,
            sex="1" if male else "2",
            birth_date=born.isoformat(),
            district=district,
            phone=faker.phone_number(),
            address=faker.address().rsplit(" ", 1)[0],
        )
    return list(residents.values())


def hash_of(text: str) -> int:
    """A number that is the same for a text in every process, unlike `hash`."""
    return int.from_bytes(text.encode(), "big") % 100_003
