"""What the versions 1.0, 2.0 and 3.0 of the card specification differ in (LD/T 32.6; SC, 10).

Rules: the first three characters of the version decide, an empty version is 1.0. The algorithm is
tag 86 of the issuer data; without it a card of a region beginning 11 has SSF33 and every other card
3DES. SSF33 is not public: such a card cannot be made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.files.access import ALWAYS, AccessCondition, all_of, key
from virtual_cards.keys.algorithms import Algorithm

UPDATE_KEY: Final = 0x04
"""UKSSSE: writes EF05 and EF06."""
READ_KEY: Final = 0x0A
"""RKSSSE: reads EF06 of a card of version 3.0."""

_ALGORITHM_TAG: Final = 0x86
_SSF33_REGION: Final = "11"


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of the specification."""

    version: str
    read_person: AccessCondition
    """Who reads EF06."""
    has_name_extension: bool
    """Whether EF06 may have a record 4E; without it sex is record 3."""
    has_first_issue: bool
    """Whether there may be an EF0D."""
    has_pictures: bool
    """Whether there may be EF07 and EF08."""


VERSION_1: Final = Profile("1.0", ALWAYS, False, False, False)
VERSION_2: Final = Profile("2.0", ALWAYS, True, False, True)
VERSION_3: Final = Profile("3.0", all_of(key(READ_KEY)), True, True, True)

_BY_MAJOR: Final = {"1": VERSION_1, "2": VERSION_2, "3": VERSION_3}


def profile_of(spec_version: str) -> Profile:
    """The profile of a version such as `3.00`; whatever is unknown is read as 1.0."""
    return _BY_MAJOR.get(spec_version[:1], VERSION_1)


def algorithm_of(issuer_data: bytes, region: str) -> Algorithm | None:
    """The algorithm of a card; None when it is one that cannot be made here (SSF33, or unknown).

    `region` is the code of the issuing region, as many digits as are known.
    """
    try:
        stated = tlv.find(issuer_data, _ALGORITHM_TAG)
    except tlv.TlvIsFaulty:
        return None
    if stated is None:
        return None if region.startswith(_SSF33_REGION) else Algorithm.TRIPLE_DES
    try:
        return Algorithm(int.from_bytes(stated, "big"))
    except ValueError:
        return None
