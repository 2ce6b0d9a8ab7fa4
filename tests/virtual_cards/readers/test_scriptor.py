"""scriptor runs files of APDUs against every profile; each status word is as the standard says.

The longest is the two-step reading flow of third-generation cards (LD/T 6001.5; iReadCardBas_HSM),
in its exact order. A file cannot compute, so the cards draw challenges a test can foresee, and the
values of the HSM are computed beforehand by the issuer's side of the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.virtual_cards import bank_cards, issuer, people
from tests.virtual_cards.readers.public_tools import (
    BANK,
    PROFILES,
    PURSE,
    SSSE,
    Challenges,
    Profile,
    Stand,
    every_profile,
    needs,
)
from virtual_cards.card_os import LeRule, Protocol

pytestmark = needs("scriptor")
PROCESS, ORIGINAL = b"PROCESS8", b"ORIGINAL"
WITH_AUTHENTICATION = [p for p in PROFILES if not p.is_read_freely and not p.has_bank]
EF05_LENGTHS = ("12", "03", "06", "0E", "06", "06", "0B")
HELD = "9000"


@dataclass(frozen=True)
class Line:
    """A command of a file, what must come back before the status word, and the status word."""

    command: str
    status: str = HELD
    data: str | None = None
    """In hexadecimal; None: any."""


def run(stand: Stand, profile: Profile, lines: list[Line]) -> None:
    """Run a file of these lines and compare every answer."""
    script = stand.file("commands.scriptor", "reset", *(line.command for line in lines))
    name = stand.rack.slots[profile.slot].name
    told = stand.run("scriptor", "-r", name, script).stdout
    assert f"Using {profile.protocol.value} protocol" in told
    assert "< OK: " in told
    answers = [
        re.sub(r"\s", "", answer)
        for answer in re.findall(r"^< ((?:[0-9A-F]{2}\s+)+): ", told, re.MULTILINE)
    ]
    assert len(answers) == len(lines), told
    seen = [
        Line(line.command, answer[-4:], line.data if line.data is None else answer[:-4])
        for line, answer in zip(lines, answers, strict=True)
    ]
    assert seen == lines


def select(profile: Profile, name: str) -> Line:
    """SELECT without Le: over T=0 the answer waits, over T=1 it comes at once."""
    command = f"00A40400{len(name) // 2:02X}{name}"
    if profile.protocol is Protocol.T1:
        return Line(command)
    waits = {SSSE: "611E", PURSE: "6133"}
    return Line(command, waits.get(name, "612E"))


def with_answer(profile: Profile, command: str, data: str) -> list[Line]:
    """A command with data and an answer: over T=0 GET RESPONSE fetches it."""
    if profile.protocol is Protocol.T1:
        return [Line(command, HELD, data)]
    length = f"{len(data) // 2:02X}"
    return [Line(command, "61" + length, ""), Line("00C00000" + length, HELD, data)]


def record(tag: str, value: str) -> str:
    return f"{tag}{len(value) // 2:02X}{value}"


def files_of(profile: Profile, name: str) -> dict[str, str]:
    found: dict[str, str] = people.full_image(profile.version)["social_security"]["files"][name]
    return found


def authentication(key: str, process: bytes, original: bytes) -> str:
    """Eight bytes, as card and HSM compute them (LD/T 32.4, 8.4.2), by the tests' own code."""
    session = issuer.session(people.social_security_key(key), process, "03")
    block = issuer.session(session, original, "03")  # again one block, filled up with 00
    return bytes(a ^ b for a, b in zip(block[:8], block[8:], strict=True)).hex().upper()


@every_profile
def test_reading_forms_a_to_e_get_their_records(stand: Stand, profile: Profile) -> None:
    ef05 = [record(tag, value) for tag, value in files_of(profile, "EF05").items()]
    lines = [select(profile, SSSE), Line("00A4020002EF05", HELD, "")]
    for number, (length, data) in enumerate(zip(EF05_LENGTHS, ef05, strict=True), start=1):
        lines += [
            Line(f"00B2{number:02X}04{length}", HELD, data),  # A, current file by number
            Line(f"00B2{number:02X}2C{length}", HELD, data),  # B, short identifier and number
            Line(f"00B2{number:02X}28{length}", HELD, data),  # C, short identifier and tag
            Line(f"00B2{number:02X}00{length}", HELD, data),  # D, current file by tag
        ]
    lines += [
        # E, EF0B: some cards have none, others keep it behind their PIN
        Line("00B2015C00", "6A82" if profile.has_bank else "6982", ""),
        Line("00B2082C00", "6A83", ""),
        Line("00A4020002EF63", "6A82", ""),
        Line("0020000000", "63C6", ""),
        Line("00EE000000", "6D00", ""),
    ]
    run(stand, profile, lines)


@every_profile
def test_le_00_is_the_exact_length_on_a_strict_card_and_the_data_elsewhere(
    stand: Stand, profile: Profile
) -> None:
    data = record("07", people.an(people.CARD_NUMBER, 9))
    strict = profile.le_rule is LeRule.STRICT
    first = Line("00B2072C00", "6C0B", "") if strict else Line("00B2072C00", HELD, data)
    run(stand, profile, [select(profile, SSSE), first, Line("00B2072C0B", HELD, data)])


@pytest.mark.parametrize("profile", WITH_AUTHENTICATION, ids=lambda profile: profile.name)
def test_the_whole_two_step_reading_flow_runs_from_a_file(stand: Stand, profile: Profile) -> None:
    stand.rack.remove(profile.slot)
    stand.rack.insert(profile.slot, profile.make_card())  # its challenges begin anew
    stand.rack.reader(profile.slot).connect()
    ef05, ef06 = files_of(profile, "EF05"), files_of(profile, "EF06")
    card_answers = authentication("IRK", PROCESS, ORIGINAL)
    hsm_answers = authentication("RKSSSE", Challenges.at(2), Challenges.at(3))
    step_1 = [
        select(profile, SSSE),
        Line("00A4020002EF05", HELD, ""),
        Line("00B2010012", HELD, record("01", ef05["01"])),
        Line("00B2030006", HELD, record("03", ef05["03"])),
        Line("00B207000B", HELD, record("07", ef05["07"])),
        select(profile, SSSE),
        *(Line("0084000008", HELD, Challenges.at(n).hex().upper()) for n in (0, 1)),
        *with_answer(profile, f"0088000010{PROCESS.hex()}{ORIGINAL.hex()}", card_answers),
        *(Line("0084000008", HELD, Challenges.at(n).hex().upper()) for n in (2, 3)),
    ]
    step_2 = [
        Line(f"0082000A10{hsm_answers}{Challenges.at(3).hex()}", HELD, ""),
        Line("00A4020002EF05", HELD, ""),
        Line("00B2050006", HELD, record("05", ef05["05"])),
        Line("00B2060006", HELD, record("06", ef05["06"])),
        Line("00A4020002EF06", HELD, ""),
        Line("00B2080014", HELD, record("08", ef06["08"])),
        Line("00B2090020", HELD, record("09", ef06["09"])),
        Line("00B24E0016", HELD, record("4E", ef06["4E"])),
    ]
    run(stand, profile, step_1 + step_2)


@every_profile
def test_holder_data_without_authentication(stand: Stand, profile: Profile) -> None:
    if profile.is_read_freely:
        name = Line("00B2093020", HELD, record("09", people.an(people.NAME, 30)))
        extension = Line("00B24E3016", "6A83" if profile.version == "1.00" else HELD)
    else:
        name, extension = Line("00B2093020", "6982", ""), Line("00B24E3016", "6982", "")
    run(stand, profile, [select(profile, SSSE), name, extension])


@every_profile
def test_the_purse_is_read(stand: Stand, profile: Profile) -> None:
    file_15 = people.full_image()["transit"]["files"]["15"]
    balance = "00000000" if profile.has_bank else "000004E2"
    lines = [
        select(profile, PURSE),
        Line("00B095001E", HELD, file_15),
        Line("805C030204", HELD, balance),
        Line("00B201C417", "6A83", ""),
    ]
    run(stand, profile, lines)


@every_profile
def test_the_bank_application_answers_where_it_is_open(stand: Stand, profile: Profile) -> None:
    if not profile.has_bank:
        run(stand, profile, [Line(f"00A4040008{BANK}", "6A82", "")])
        return
    items = f"5A08{bank_cards.PAN}" + "5F2403361231" + "5F2503260101" + "5F28020156" + "5F340101"
    bank_record = "7029" + items + "9F0702FF00" + "9F08020030"
    start = Line("80A8000002830000", HELD, "800A1C00" + "08010100" + "10010200")
    if profile.is_contactless:  # a terminal of the other face must tell its terms, as the PDOL asks
        start = Line("80A8000002830000", "6700", "")
    lines = [
        select(profile, BANK),
        start,
        Line("00B2011400", HELD, bank_record),
        Line("80CA9F1700", HELD, "9F170103"),
        Line("80CA9F3600", HELD),
    ]
    if profile.is_contactless:
        terms = "26000000" + bank_cards.terms().hex()
        lines.append(Line(f"80A80000238321{terms}00", HELD))
    run(stand, profile, lines)
