"""Versions 1.0, 2.0 and 3.0, the directories DF01 to DF04 and who may read them (LD/T 32.6)."""

from __future__ import annotations

import pytest

from tests.virtual_cards import issuer, people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.applets.social_security import DIRECTORIES
from virtual_cards.applets.social_security.directories import DirectoryRow
from virtual_cards.personalisation import ImageIsFaulty, load_card

SELECT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
SELECT_DF01 = "00A4040006D15600000500"


@pytest.fixture
def talk() -> Talk:
    talk = talk_to(load_card(people.full_image()).card)
    talk(SELECT)
    return talk


@pytest.mark.parametrize(
    ("version", "sex_record", "person"),
    [("1.00", 3, "9000"), ("2.00", 4, "9000"), ("3.00", 4, "6982")],
)
def test_a_version_decides_record_numbers_and_who_reads(
    version: str, sex_record: int, person: str
) -> None:
    talk = talk_to(load_card(people.full_image(version, "01" if version < "3" else "03")).card)
    talk(SELECT)
    assert talk(f"00B20{sex_record}3400")[-4:] == person
    reference, key = "0A", people.social_security_key("RKSSSE")
    assert issuer.authenticate(talk, reference, key, "01" if version < "3" else "03") == "9000"
    assert talk(f"00B20{sex_record}3400") == "0A01319000"
    assert talk("00B0880002") == ("6A82" if version == "1.00" else "F2F29000")
    assert talk("00B2EB6800") == ("EB035000009000" if version == "3.00" else "6A82")


def test_the_algorithm_stands_in_the_issuer_data_or_follows_from_the_region() -> None:
    image = people.full_image("2.00")
    image["social_security"]["issuer_data"] = ""
    talk = talk_to(load_card(image).card)
    assert talk(SELECT) == "6118"
    assert talk("00C0000000") == "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E9000"
    key = people.social_security_key("RKSSSE")
    assert issuer.authenticate(talk, "0A", key, "01") == "9000"
    image["historical_bytes"] = "00814A444686601100" + "0000002A"
    with pytest.raises(ImageIsFaulty) as raised:
        load_card(image)
    assert [fault.path for fault in raised.value.faults] == ["$.social_security.issuer_data"]


def test_internal_authentication_follows_the_algorithm() -> None:
    talk = talk_to(load_card(people.full_image("1.00", "01")).card)
    talk(SELECT)
    process, original = bytes(range(8)), bytes(range(8, 16))
    session = issuer.session(people.social_security_key("IRK"), process, "01")
    expected = issuer.session(session * 2, original, "01")
    answer = talk("0088000010" + process.hex() + original.hex() + "08")
    assert answer == expected.hex().upper() + "9000"


def test_directories_are_selected_by_name_and_by_identifier(talk: Talk) -> None:
    assert talk(SELECT_DF01 + "00") == "6F088406D156000005009000"
    assert talk("00A4000002DF04") == "610A"
    assert talk("00A4000002DF02") == "6A82", "this card has no DF02"
    assert talk("00A4040005D156000005") == "610A", "the beginning of a name finds the first"


def test_a_pin_opens_the_household_and_only_with_a_key_the_education(talk: Talk) -> None:
    talk(SELECT_DF01)
    assert talk("00B2012C00") == "6982"
    assert talk("00B201AC00") == "6982"
    assert talk("0020000003123456") == "9000"
    assert talk("00B2012C00") == "2001319000"
    assert talk("00B2022C00")[:4] == "0E28", "records stand in the order of the table"
    assert talk("00B201AC00") == "6982"
    assert issuer.authenticate(talk, "0A", people.master("DF01RK"), "03") == "9000"
    assert talk("00B201AC00") == "4001019000"


def test_a_status_of_one_directory_is_none_in_another(talk: Talk) -> None:
    talk(SELECT_DF01)
    talk("0020000003123456")
    talk("00A4000002DF03")
    assert talk("00B201CC29") == "6982"
    talk("0020000003123456")
    assert talk("00B201CC29") == "7927" + "00" * 39 + "9000", "as a public reader reads EF19"


def test_a_directory_is_written_with_its_own_key_plain_or_secured(talk: Talk) -> None:
    talk(SELECT_DF01)
    record = bytes.fromhex("200132")
    wrong = people.social_security_key("UKSSSE")
    right = people.master("DF01UK")
    assert issuer.secured(talk, "04DC012C", record, wrong, algorithm="03") == "6988"
    assert issuer.secured(talk, "04DC012C", record, right, algorithm="03") == "9000"
    assert issuer.authenticate(talk, "04", right, "03") == "9000"
    assert talk("00DC012C03200133") == "9000"
    assert talk("00B0960001") == "AA9000", "PIN or update key"


def test_form_e_reads_the_local_file_after_the_pin(talk: Talk) -> None:
    assert talk("00B2015C00") == "6982"
    talk("0020000003123456")
    assert talk("00B2015C00") == "7008" + people.an("local", 8) + "9000"


def test_the_first_issue_is_written_with_key_0d(talk: Talk) -> None:
    record = bytes.fromhex("EB03310000")
    key = people.master("UKEF0D")
    assert issuer.secured(talk, "04DC026C", record, key, algorithm="03") == "9000"
    assert talk("00B2026C05") == "EB033100009000"


@pytest.mark.parametrize("row", DIRECTORIES.values(), ids=lambda row: row.name)
def test_a_table_names_each_file_once(row: DirectoryRow) -> None:
    rows = row.files
    for attribute in ("name", "identifier", "short_identifier"):
        values = [getattr(file_row.file, attribute) for file_row in rows]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    ("version", "path", "value"),
    [
        ("1.00", ("files", "EF0D"), {"EA": "00" * 12, "EB": "500000"}),
        ("2.00", ("files", "EF0D"), {"EA": "00" * 12, "EB": "500000"}),
        ("1.00", ("files", "EF08"), "00"),
        ("1.00", ("files", "EF06", "4E"), "00" * 20),
        ("3.00", ("files", "EF08"), "00" * 4097),
        ("3.00", ("directories", "DF01", "files", "EF05", "99"), "00"),
        ("3.00", ("directories", "DF01", "files", "EF05", "20"), "00" * 128),
        ("3.00", ("directories", "DF01", "files", "EF15", "1F"), "00"),
        ("3.00", ("directories", "DF01", "keys", "UK"), "00"),
        ("3.00", ("directories", "DF05"), {}),
        ("3.00", ("medical_purse", "starting_day"), "2026-01-01"),
        ("3.00", ("pki", "certificates", "0018"), "00" * 1021),
    ],
)
def test_what_a_card_cannot_have_is_a_fault(
    version: str, path: tuple[str, ...], value: object
) -> None:
    image = people.full_image(version, "01")
    part = image["social_security"]
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    with pytest.raises(ImageIsFaulty) as raised:
        load_card(image)
    assert [f.path for f in raised.value.faults] == [".".join(("$", "social_security", *path))]
