"""What the operating system decides before any application: classes, SELECT, GET RESPONSE."""

from __future__ import annotations

import pytest

from tests.virtual_cards import people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.card_os import Card, LeRule
from virtual_cards.personalisation import load_card

SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
SELECT_PURSE = "00A4040008A000000632010105"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("01B2012C00", "6881"),
        ("04B2012C00", "6882"),
        ("84DC012C04" + "00" * 4, "6882"),
        ("10B2012C00", "6E00"),
        ("B02A000000", "6E00"),
        ("F2A4040000", "6E00"),
        ("80A4040008A000000632010105", "6E00"),
        ("00F2000000", "6D00"),
        ("0061000000", "6D00"),
        ("0090000000", "6D00"),
        ("00A4050002EF05", "6A86"),
        ("00A4040102EF05", "6A86"),
        ("00A4040004A0000006", "6700"),
        ("00A4020001EF", "6700"),
        ("00A4020002EF0F", "6A82"),
        ("00B2012400", "6A82"),
        ("00B2010400", "6986"),
        ("00B2012F00", "6A86"),
        ("00B201FC00", "6A86"),
        ("00B0850000", "6981"),
        ("00B0E50000", "6A86"),
        ("00B0000000", "6986"),
        ("0084010008", "6A86"),
        ("0084000007", "6700"),
        ("0088000108" + "00" * 8, "6700"),
        ("0020000001" + "00", "6700"),
        ("0020000100", "6A86"),
        ("00C0000000", "6985"),
        ("00C0010000", "6A86"),
    ],
)
def test_refusals_by_the_book(talk: Talk, command: str, status: str) -> None:
    talk(SELECT_SSSE + "00")
    assert talk(command) == status


def test_the_master_file_is_selected_after_reset_and_by_three_forms(talk: Talk) -> None:
    assert talk("00B2010400") == "6986"
    for select in ("00A4000000", "00A40000", "00A40000023F0000", "00A40300"):
        assert talk(select) == "6F0483023F009000"
    assert talk("00A4000C023F00") == "9000", "P2 0C asks for no data"
    assert talk("0084000008") == "6D00"


def test_next_occurrence_goes_on_from_the_selected_application(talk: Talk) -> None:
    assert talk(SELECT_SSSE) == "611E"
    assert talk(SELECT_SSSE.replace("00A40400", "00A40402")) == "6A82"
    talk(SELECT_PURSE)
    assert talk(SELECT_SSSE.replace("00A40400", "00A40402")) == "611E"


def test_an_answer_may_be_fetched_in_parts_and_is_lost_to_another_command(talk: Talk) -> None:
    assert talk(SELECT_SSSE) == "611E"
    assert talk("00C00000FF") == "6C1E"
    assert talk("00C0000010")[-4:] == "610E"
    assert talk("00C000000E")[-4:] == "9000"
    assert talk("00C0000001") == "6985"
    talk(SELECT_SSSE)
    talk("0084000008")
    assert talk("00C0000000") == "6985"


def test_selecting_another_application_forgets_the_security_status(talk: Talk) -> None:
    talk(SELECT_PURSE)
    talk("0020000003123456")
    assert talk("00B0960037").endswith("9000")
    talk(SELECT_PURSE)
    assert talk("00B0960037").endswith("9000")
    assert talk("0020000000") == "63C6"
    assert talk("00B0960037").endswith("9000"), "asking for the tries left loses nothing"
    talk(SELECT_SSSE)
    talk(SELECT_PURSE)
    assert talk("00B0960037") == "6982"


def test_reset_forgets_everything_volatile(card: Card, talk: Talk) -> None:
    talk(SELECT_PURSE)
    assert card.reset() == card.atr
    assert talk("00C0000000") == "6985"
    assert talk("805C000204") == "6D00"


def test_strict_and_lenient_store_the_same_card() -> None:
    strict = load_card(people.card_image(), le_rule=LeRule.STRICT)
    talk = talk_to(strict.card)
    talk(SELECT_PURSE)
    assert talk("00B0950000") == "6C1E"
    assert talk("00B095001F") == "6C1E"
    assert talk("00B095000A").endswith("9000"), "READ BINARY may ask for less"
    assert strict.snapshot() == load_card(people.card_image()).snapshot()
