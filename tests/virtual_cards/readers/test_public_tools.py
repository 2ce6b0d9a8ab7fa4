"""opensc-tool, written for real cards, sees the readers and reads a card of every profile."""

from __future__ import annotations

import re

import pytest

from tests.virtual_cards.readers.public_tools import (
    EMPTY_SLOT,
    PROFILES,
    SSSE,
    Profile,
    Stand,
    every_profile,
    needs,
)

pytestmark = needs("opensc-tool")
FCI = "6F1C840F" + SSSE + "A50988011E9F0C03860103"


def test_opensc_lists_the_readers_and_the_cards_in_them(stand: Stand) -> None:
    listed = stand.run("opensc-tool", "-l").stdout
    seen = re.findall(r"^(\d+) +(Yes|No) +(OneCard Reader \d+ 00 0\d)$", listed, re.MULTILINE)
    assert [int(number) for number, _, _ in seen] == list(range(len(seen)))
    names = [name for _, _, name in seen]
    assert names[: EMPTY_SLOT + 1] == [slot.name for slot in stand.rack.slots]
    assert [name for _, here, name in seen if here == "Yes"] == names[: len(PROFILES)]


@every_profile
def test_opensc_reads_the_answer_to_reset(stand: Stand, profile: Profile) -> None:
    told = stand.run("opensc-tool", "-r", str(profile.slot), "-a").stdout
    assert told.strip().replace(":", "").upper() == stand.answers_to_reset[profile.name]


@every_profile
def test_opensc_selects_the_social_security_environment(stand: Stand, profile: Profile) -> None:
    command = ":".join(re.findall("..", "00A404000F" + SSSE + "00"))
    told = stand.run("opensc-tool", "-r", str(profile.slot), "-s", command).stdout
    assert "Received (SW1=0x90, SW2=0x00)" in told, "after 611E of a strict card too"
    shown = [line[:47] for line in told[told.index("Received") :].splitlines()[1:]]
    assert "".join(shown).replace(" ", "").startswith(FCI)


def test_opensc_says_when_the_reader_is_empty(stand: Stand) -> None:
    with pytest.raises(AssertionError, match="Card not present"):
        stand.run("opensc-tool", "-r", str(EMPTY_SLOT), "-a")
