"""opensc-explorer walks through a card of every profile: selects by name, prints records."""

from __future__ import annotations

import re

from tests.virtual_cards import bank_cards, people
from tests.virtual_cards.readers.public_tools import (
    BANK,
    PURSE,
    SSSE,
    Profile,
    Stand,
    every_profile,
    needs,
)

pytestmark = needs("opensc-explorer")
PSE = b"1PAY.SYS.DDF01".hex().upper()
PPSE = b"2PAY.SYS.DDF01".hex().upper()
REFUSED = "Read failed: Security status not satisfied"


def explore(stand: Stand, profile: Profile, *commands: str) -> tuple[str, str]:
    """What it printed, and what it complained of."""
    script = stand.file("explore.txt", *commands, "quit")
    done = stand.run("opensc-explorer", "-r", str(profile.slot), script)
    return done.stdout, done.stderr


def records(told: str) -> dict[int, str]:
    """Records printed by `cat`, in hexadecimal by number."""
    found: dict[int, str] = {}
    for number, body in re.findall(r"^Record (\d+):\n((?:[0-9A-F]{8}: .*\n)+)", told, re.MULTILINE):
        lines = [line[10:58].split(" ") for line in body.splitlines()]
        # after the bytes stands what they are as text; a short line leaves it no column of its own
        octets = [
            [word for word in line[:16] if re.fullmatch("[0-9A-F]{2}", word)] for line in lines
        ]
        found[int(number)] = "".join("".join(line) for line in octets)
    return found


def one_record(tag: str, value: str) -> str:
    return f"{tag}{len(value) // 2:02X}{value}"


@every_profile
def test_the_card_data_are_found_by_name_and_printed(stand: Stand, profile: Profile) -> None:
    told, complaint = explore(stand, profile, f"cd aid:{SSSE}", "info", "cat sfi:05")
    assert complaint == ""
    assert "Dedicated File" in told
    assert "Proprietary attributes:  88 01 1E 9F 0C 03 86 01 03" in told
    ef05 = people.full_image(profile.version)["social_security"]["files"]["EF05"]
    shown = records(told)
    assert list(shown) == [1, 2, 3, 4, 5, 6, 7]
    for number, (tag, value) in enumerate(ef05.items(), start=1):
        assert shown[number].startswith(one_record(tag, value))


@every_profile
def test_holder_data_are_printed_only_where_reading_is_free(stand: Stand, profile: Profile) -> None:
    told, complaint = explore(stand, profile, f"cd aid:{SSSE}", "cat sfi:06")
    if not profile.is_read_freely:
        assert records(told) == {}
        assert complaint.startswith(REFUSED)
        return
    assert complaint == ""
    shown = records(told)
    assert shown[2].startswith(one_record("09", people.an(people.NAME, 30)))
    assert shown[3 if profile.version == "1.00" else 4].startswith("0A0131")
    assert len(shown) == (6 if profile.version == "1.00" else 7)


@every_profile
def test_a_pin_is_tried_and_a_wrong_one_costs_a_try(stand: Stand, profile: Profile) -> None:
    told, _ = explore(
        stand, profile, f"cd aid:{SSSE}", "apdu 0020000003999999", "apdu 0020000003123456"
    )
    statuses = re.findall(r"Received \(SW1=0x(..), SW2=0x(..)\)", told)
    assert statuses == [("63", "C5"), ("90", "00")]


@every_profile
def test_the_purse_is_found_by_name(stand: Stand, profile: Profile) -> None:
    told, complaint = explore(
        stand, profile, f"cd aid:{PURSE}", "info", "apdu 00B095001E", "apdu 805C030204", "random 8"
    )
    assert complaint == ""
    assert "Proprietary attributes:  9F 08 01 02 9F 0C 1E 01 65 69 00" in told
    assert told.count("Success!") == 2
    balance = "00 00 00 00" if profile.has_bank else "00 00 04 E2"
    assert re.search(rf"^{balance} ", told, re.MULTILINE)


@every_profile
def test_the_bank_application_is_there_only_where_it_is_open(
    stand: Stand, profile: Profile
) -> None:
    told, complaint = explore(
        stand,
        profile,
        f"cd aid:{PSE}",
        "cat sfi:01 1",
        f"cd aid:{BANK}",
        "cat sfi:02 1",
        "apdu 80CA9F1700",
        f"cd aid:{PPSE}",
        "info",
    )
    if not profile.has_bank:
        assert complaint.count("unable to select DF: File not found") == 3
        return
    assert complaint == ""
    assert f"5A08{bank_cards.PAN}" in told.replace(" ", "")
    assert b"PBOC DEBIT".hex().upper() in told.replace(" ", "")
    assert "9F 17 01 03" in told
    assert re.search(rf"BF0C..6119..08{BANK}", told.replace(" ", ""))
