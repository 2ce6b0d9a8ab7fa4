"""The social security application as readers meet it (LD/T 32.5, 32.6)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.virtual_cards import people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.card_os import Card, LeRule
from virtual_cards.keys import authentication_value
from virtual_cards.personalisation import load_card

VECTOR = json.loads(
    (Path(__file__).parents[1] / "vectors" / "social_security.json").read_text(encoding="utf-8")
)["select_third_generation_card"]
SELECT = "00A404000F" + VECTOR["name"]
EF05_LENGTHS = ("12", "03", "06", "0E", "06", "06", "0B")
EF06 = (("08", "14"), ("09", "20"), ("4E", "16"), ("0A", "03"), ("0B", "03"), ("0C", "05"))


def unlock_reading(talk: Talk) -> str:
    process, original = (bytes.fromhex(talk("0084000008")[:-4]) for _ in range(2))
    value = authentication_value(people.social_security_key("RKSSSE"), process, original)
    return talk("0082000A10" + value.hex() + original.hex())


def test_select_answers_as_a_recorded_third_generation_card(talk: Talk) -> None:
    assert talk(SELECT) == VECTOR["status_without_le"]
    assert talk("00C000001E") == VECTOR["fci"] + "9000"
    assert talk(SELECT + "00") == VECTOR["fci"] + "9000"


def test_the_atr_carries_the_historical_bytes(card: Card) -> None:
    assert card.power_on().hex().upper() == "3B6D0000" + people.HISTORICAL_BYTES.hex().upper()


def test_select_takes_the_beginning_of_the_name(talk: Talk) -> None:
    assert talk("00A4040007" + VECTOR["name"][:14]) == "611E"


def test_a_name_nobody_has_is_6a82_and_leaves_the_selection(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00A4040007A0000000031010") == "6A82"
    assert talk("00A4020002EF05") == "9000"


@pytest.mark.parametrize("select", ["00A4020002EF05", "00A4000002EF05"])
def test_form_a_reads_by_number_after_select(talk: Talk, select: str) -> None:
    talk(SELECT)
    assert talk(select) == "9000"
    for number, length in enumerate(EF05_LENGTHS, start=1):
        answer = talk(f"00B2{number:02X}04{length}")
        assert answer.startswith(f"{number:02X}")
        assert answer.endswith("9000")
        assert len(answer) == int(length, 16) * 2 + 4


def test_form_b_reads_by_short_identifier_and_number(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00B2072C0B") == "0709" + people.an(people.CARD_NUMBER, 9) + "9000"


def test_form_c_reads_by_short_identifier_and_tag(talk: Talk) -> None:
    talk(SELECT)
    unlock_reading(talk)
    assert talk("00B2092820") == "6A83"
    assert talk("00B2093020") == "091E" + people.an(people.NAME, 30) + "9000"


def test_form_d_reads_by_tag_in_the_current_file(talk: Talk) -> None:
    talk(SELECT)
    unlock_reading(talk)
    talk("00A4020002EF06")
    for tag, length in EF06:
        answer = talk(f"00B2{tag}00{length}")
        assert answer.startswith(tag)
        assert len(answer) == int(length, 16) * 2 + 4


def test_form_e_finds_no_such_file(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00B2015C00") == "6A82"


def test_numbers_and_tags_differ_in_ef06(talk: Talk) -> None:
    talk(SELECT)
    unlock_reading(talk)
    assert talk("00B2023400").startswith("09")
    assert talk("00B2043400").startswith("0A01")


def test_on_a_card_of_version_1_sex_is_record_3_and_reading_is_free() -> None:
    talk = talk_to(load_card(people.card_image("1.00")).card)
    talk(SELECT)
    assert talk("00B2033400") == "0A01319000"


def test_a_card_of_version_2_is_read_freely() -> None:
    talk = talk_to(load_card(people.card_image("2.00")).card)
    talk(SELECT)
    assert talk("00B2043400") == "0A01319000"


def test_all_records_are_read_at_once_from_a_number_to_the_last(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00B2062D00") == "060420360101" + "0709" + people.an("A12345678", 9) + "9000"


def test_first_last_next_and_previous_walk_through_the_records(talk: Talk) -> None:
    talk(SELECT)
    assert [talk(f"00B2002{p2}00")[:2] for p2 in "8AA9BBA"] == [
        "01",
        "02",
        "03",
        "07",
        "06",
        "05",
        "06",
    ]


def test_ef06_of_a_version_3_card_opens_by_external_authentication(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00B2023400") == "6982"
    assert unlock_reading(talk) == "9000"
    assert talk("00B2023400").endswith("9000")
    talk(SELECT)
    assert talk("00B2023400").endswith("9000"), "the status stays while the DF stays selected"
    talk("00A40000023F00")
    talk(SELECT)
    assert talk("00B2023400") == "6982"


def test_reset_takes_the_security_status_away(card: Card, talk: Talk) -> None:
    talk(SELECT)
    unlock_reading(talk)
    card.reset()
    talk(SELECT)
    assert talk("00B2023400") == "6982"


def test_internal_authentication_proves_the_card(talk: Talk) -> None:
    talk(SELECT)
    process, original = (talk("0084000008")[:-4] for _ in range(2))
    value = authentication_value(
        people.social_security_key("IRK"), bytes.fromhex(process), bytes.fromhex(original)
    )
    assert talk("0088000010" + process + original + "08") == value.hex().upper() + "9000"


def test_a_challenge_is_usable_once(talk: Talk) -> None:
    talk(SELECT)
    process, original = (talk("0084000008")[:-4] for _ in range(2))
    value = authentication_value(
        people.social_security_key("RKSSSE"), bytes.fromhex(process), bytes.fromhex(original)
    ).hex()
    assert talk("0082000A10" + value + original) == "9000"
    assert talk("0082000A10" + value + original) == "6984"


def test_challenges_spent_on_internal_authentication_do_not_serve_again(talk: Talk) -> None:
    talk(SELECT)
    process, original = (talk("0084000008")[:-4] for _ in range(2))
    talk("0088000010" + process + original)
    assert talk("0082000A10" + "00" * 8 + original) == "6984"


def test_wrong_authentications_lock_the_key_for_good(card: Card, talk: Talk) -> None:
    talk(SELECT)
    for left in (4, 3, 2, 1, 0):
        talk("0084000008")
        talk("0084000008")
        assert talk("0082000A10" + "00" * 16) == f"63C{left}"
    assert talk("0082000A10" + "00" * 16) == "6983"
    card.reset()
    talk(SELECT)
    assert unlock_reading(talk) == "6983"


def test_an_unknown_key_is_6a88(talk: Talk) -> None:
    talk(SELECT)
    assert talk("0082000B10" + "00" * 16) == "6A88"


def test_a_right_authentication_gives_the_tries_back(talk: Talk) -> None:
    talk(SELECT)
    talk("0084000008")
    talk("0084000008")
    assert talk("0082000A10" + "00" * 16) == "63C4"
    assert unlock_reading(talk) == "9000"
    talk("0084000008")
    talk("0084000008")
    assert talk("0082000A10" + "00" * 16) == "63C4"


def test_the_pin_locks_after_its_tries(card: Card, talk: Talk) -> None:
    talk(SELECT)
    assert talk("0020000000") == "63C6"
    assert talk("0020000003123456") == "9000"
    for left in (5, 4, 3, 2, 1, 0):
        assert talk("0020000003000000") == f"63C{left}"
    assert talk("0020000003123456") == "6983"
    card.reset()
    talk(SELECT)
    assert talk("0020000003123456") == "6983"


def test_the_pin_may_be_filled_with_f(talk: Talk) -> None:
    talk(SELECT)
    assert talk("0020000008123456FFFFFFFFFF") == "9000"


def test_writing_needs_the_update_key(talk: Talk) -> None:
    talk(SELECT)
    update = "00DC052806050420270101"
    assert talk(update) == "6982"
    process, original = (bytes.fromhex(talk("0084000008")[:-4]) for _ in range(2))
    value = authentication_value(people.social_security_key("UKSSSE"), process, original)
    assert talk("0082000410" + value.hex() + original.hex()) == "9000"
    assert talk(update) == "9000"
    assert talk("00B2052806") == "0504202701019000"
    assert talk("00DC052806060420270101") == "6A80", "the tag of a record does not change"


def test_to_the_letter_le_00_is_answered_with_the_true_length() -> None:
    talk = talk_to(load_card(people.card_image(), le_rule=LeRule.STRICT).card)
    assert talk(SELECT + "00") == "611E"
    assert talk("00C0000000") == VECTOR["fci"] + "9000"
    assert talk("00B2072C00") == "6C0B"
    assert talk("00B2072C0B").endswith("9000")
    assert talk("00B200280B") == "6C12"
    assert talk("00B2002812")[:2] == "01"
    assert talk("00B2002A00") == "6C03", "the repeated command did not move the record pointer"


def test_a_reader_that_sends_the_length_of_the_value_gets_that_much(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00B2072C09") == "0709" + people.an("A12345678", 9)[:14] + "9000"


@pytest.mark.parametrize("by_field", [False, True], ids=["contact", "contactless"])
def test_the_two_step_reading_flow_in_its_exact_order(by_field: bool) -> None:
    """iReadCardBas_HSM_Step1 and Step2, command by command, on either face."""
    card = load_card(people.full_image()).card
    face = card.contactless if by_field else card
    assert face is not None
    talk = talk_to(face)

    def data(command: str) -> str:
        answer = talk(command)
        assert answer[-4:] == "9000", command
        return answer[:-4]

    talk(SELECT)
    data("00A4020002EF05")
    assert data("00B2010012").startswith("0110500000D156000005")
    assert data("00B2030006") == "0304" + people.an("3.00", 4)
    assert data("00B207000B") == "0709" + people.an(people.CARD_NUMBER, 9)
    talk(SELECT)
    process, original = (bytes.fromhex(data("0084000008")) for _ in range(2))
    proof = authentication_value(people.social_security_key("IRK"), process, original)
    assert data("0088000010" + process.hex() + original.hex() + "08") == proof.hex().upper()
    process, original = (bytes.fromhex(data("0084000008")) for _ in range(2))
    value = authentication_value(people.social_security_key("RKSSSE"), process, original)
    data("0082000A10" + value.hex() + original.hex())
    data("00A4020002EF05")
    assert data("00B2050006") == "050420260101"
    assert data("00B2060006") == "060420360101"
    data("00A4020002EF06")
    assert data("00B2080014") == "0812" + people.an(people.SOCIAL_SECURITY_NUMBER, 18)
    assert data("00B2090020") == "091E" + people.an(people.NAME, 30)
    assert data("00B24E0016") == "4E14" + "00" * 20
