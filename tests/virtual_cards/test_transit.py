"""The transit purse with a PSAM and with an issuer, command by command (JT/T 978.2)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.virtual_cards import people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.applets.transit import load_tac, purchase_tac, tac_key
from virtual_cards.card_os import Card
from virtual_cards.keys import des_mac, load_session
from virtual_cards.personalisation import load_card

SELECT = "00A4040008A000000632010105"
TERMINAL = people.TERMINAL.hex().upper()
MOMENT = "20260504081500"
JOURNEY = ("03" + "0000" + TERMINAL).ljust(96, "0")
RAIL = people.rail_record("01")


@pytest.fixture
def sam(psam: Card) -> Talk:
    talk = talk_to(psam)
    talk("00A4040010A0000006324D4F542E435053414D3031")
    return talk


def initialise(talk: Talk, kind: str, amount_fen: int) -> str:
    return talk(f"8050{kind}020B01{amount_fen:08X}{TERMINAL}0F")


def sign(sam: Talk, initialised: str, kind: str, amount_fen: int) -> tuple[str, str]:
    answer = sam(
        "8070000024"
        + initialised[22:30]
        + initialised[8:12]
        + f"{amount_fen:08X}{kind}{MOMENT}"
        + initialised[18:22]
        + people.SERIAL[-8:].hex()
        + people.ISSUER.hex()
        + "08"
    )
    assert answer.endswith("9000")
    return answer[:8], answer[8:16]


def enter(talk: Talk, sam: Talk, amount_fen: int = 0) -> str:
    talk(SELECT)
    sequence, mac = sign(sam, initialise(talk, "03", amount_fen), "09", amount_fen)
    assert talk("80DC00F030" + JOURNEY) == "9000"
    assert talk("80DC00D080" + RAIL) == "9000"
    return talk(f"805401000F{sequence}{MOMENT}{mac}08")


def test_select_answers_version_and_file_15(talk: Talk) -> None:
    file_15 = people.card_image()["transit"]["files"]["15"]
    assert talk(SELECT + "00") == ("6F318408A000000632010105A5259F0801029F0C1E" + file_15 + "9000")
    assert talk("00B095001E") == file_15 + "9000"
    assert talk("00B097000B") == "000001565000690000000" + "1" + "9000"


def test_the_holder_file_needs_the_pin(talk: Talk) -> None:
    talk(SELECT)
    assert talk("00B0960037") == "6982"
    talk("0020000003123456")
    assert talk("00B0960037").endswith("9000")


def test_balance_in_its_four_forms() -> None:
    image = people.card_image(balance_fen=1250)
    image["transit"]["overdraft_limit_fen"] = 800
    talk = talk_to(load_card(image).card)
    talk(SELECT)
    assert [talk(f"805C{p1:02X}0204") for p1 in range(4)] == [
        f"{2050:08X}9000",
        f"{800:08X}9000",
        "000000009000",
        f"{1250:08X}9000",
    ]


def test_a_purchase_takes_the_amount_and_both_sides_check_each_other(talk: Talk, sam: Talk) -> None:
    talk(SELECT)
    initialised = initialise(talk, "01", 250)
    assert initialised[:22] == f"{1250:08X}" + "0000" + "000000" + "0100"
    sequence, mac = sign(sam, initialised, "06", 250)
    answer = talk(f"805401000F{sequence}{MOMENT}{mac}08")
    tac = purchase_tac(
        tac_key(people.transit_key("GMTK")),
        amount=(250).to_bytes(4, "big"),
        kind=b"\x06",
        terminal=people.TERMINAL,
        terminal_sequence=bytes.fromhex(sequence),
        moment=bytes.fromhex(MOMENT),
    )
    assert answer[:8] == tac.hex().upper()
    assert sam("8072000004" + answer[8:16]) == "9000"
    assert talk("805C000204") == f"{1000:08X}9000"
    assert talk("00B201C417") == f"0000000000{250:08X}06{TERMINAL}{MOMENT}9000"
    assert talk("00B202C417") == "6A83"


def test_a_complex_purchase_changes_balance_counter_records_and_log_at_once(
    talk: Talk, sam: Talk
) -> None:
    answer = enter(talk, sam, 300)
    assert answer.endswith("9000")
    assert sam("8072000004" + answer[8:16]) == "9000"
    assert talk("805C030204") == f"{950:08X}9000"
    assert talk("00B201D480") == RAIL + "9000"
    assert talk("00B201F430") == JOURNEY + "9000"
    assert initialise(talk, "03", 0)[8:12] == "0001"


def test_an_entry_of_nothing_is_normal(talk: Talk, sam: Talk) -> None:
    assert enter(talk, sam, 0).endswith("9000")
    assert talk("805C030204") == f"{1250:08X}9000"


@pytest.mark.parametrize("tear_after", ["initialise", "journey", "rail"])
def test_a_tear_before_8054_leaves_no_trace(
    card: Card, talk: Talk, sam: Talk, tear_after: str
) -> None:
    before = card.memory.values()
    talk(SELECT)
    sequence, mac = sign(sam, initialise(talk, "03", 300), "09", 300)
    if tear_after != "initialise":
        talk("80DC00F030" + JOURNEY)
    if tear_after == "rail":
        talk("80DC00D080" + RAIL)
    card.reset()
    talk(SELECT)
    assert card.memory.values() == before
    assert talk(f"805401000F{sequence}{MOMENT}{mac}") == "6985"
    assert card.memory.values() == before


def test_the_cached_records_are_not_seen_before_8054(talk: Talk) -> None:
    talk(SELECT)
    initialise(talk, "03", 0)
    talk("80DC00D080" + RAIL)
    assert talk("00B201D480") == people.rail_record() + "9000"


def test_a_wrong_mac_is_9302_and_the_purse_is_idle(card: Card, talk: Talk, sam: Talk) -> None:
    talk(SELECT)
    before = card.memory.values()
    sequence, mac = sign(sam, initialise(talk, "03", 300), "09", 300)
    assert talk(f"805401000F{sequence}{MOMENT}00000000") == "9302"
    assert talk(f"805401000F{sequence}{MOMENT}{mac}") == "6985"
    assert card.memory.values() == before


def test_refusals_of_the_purse(talk: Talk) -> None:
    talk(SELECT)
    assert initialise(talk, "01", 1251) == "9401"
    assert talk(f"805001020B02{1:08X}{TERMINAL}") == "9403"
    assert talk("805401000F" + "00" * 15) == "6985"
    assert talk("805200000B" + "00" * 11) == "6985"
    initialise(talk, "00", 1)
    assert talk("805401000F" + "00" * 15) == "6901"
    assert talk("805200000B" + "00" * 11) == "6985"
    assert talk("80DC00F030" + JOURNEY) == "6985"
    assert talk("805002020B01" + "00" * 10) == "6A86"
    assert talk("805001020A" + "00" * 10) == "6700"
    assert talk("005C000204") == "6E00"
    assert talk("00DC01D480" + RAIL) == "6982", "files of the purse change in transactions only"


def test_records_that_do_not_fit_are_refused(talk: Talk) -> None:
    talk(SELECT)
    initialise(talk, "03", 0)
    assert talk("80DC00F02F" + JOURNEY[:-2]) == "6700"
    assert talk("80DC01D080" + RAIL) == "6A80", "P1 names the record by its identifier"
    assert talk("80DC01D080" + "2701" + RAIL[4:]) == "6A83"
    assert talk("80DC00C017" + "00" * 23) == "6982", "only the purse writes its log"


def test_the_log_keeps_the_ten_newest(talk: Talk, sam: Talk) -> None:
    for _ in range(12):
        enter(talk, sam)
    assert talk("00B201C417")[:4] == "000B"
    assert talk("00B20AC417")[:4] == "0002"
    assert talk("00B20BC417") == "6A83"


def test_a_load_is_signed_by_card_and_issuer(talk: Talk) -> None:
    talk(SELECT)
    answer = talk(f"805000020B01{1000:08X}{TERMINAL}10")
    assert answer[:16] == f"{1250:08X}" + "0000" + "0100"
    random, mac1 = answer[16:24], answer[24:32]
    session = load_session(people.transit_key("GMLK"), bytes.fromhex(random), bytes(2))
    amount = (1000).to_bytes(4, "big")
    signed = amount + b"\x02" + people.TERMINAL
    assert des_mac(session, (1250).to_bytes(4, "big") + signed).hex().upper() == mac1
    moment = bytes.fromhex(MOMENT)
    mac2 = des_mac(session, signed + moment).hex()
    tac = load_tac(
        tac_key(people.transit_key("GMTK")),
        balance_after=(2250).to_bytes(4, "big"),
        online=bytes(2),
        amount=amount,
        kind=b"\x02",
        terminal=people.TERMINAL,
        moment=moment,
    )
    assert talk(f"805200000B{MOMENT}{mac2}04") == tac.hex().upper() + "9000"
    assert talk("805C000204") == f"{2250:08X}9000"


def test_the_proof_of_the_last_purchase_survives_a_lost_answer(
    card: Card, talk: Talk, sam: Talk
) -> None:
    answer = enter(talk, sam, 300)
    card.reset()
    talk(SELECT)
    assert talk("805A0009020001" + "08") == answer[8:16] + answer[:8] + "9000"
    assert talk("805A0009020002" + "08") == "9406"
    assert talk("805A0006020001" + "08") == "9406"


def test_the_psam_counts_and_checks_once(talk: Talk, sam: Talk) -> None:
    talk(SELECT)
    first, _ = sign(sam, initialise(talk, "03", 0), "09", 0)
    second, _ = sign(sam, initialise(talk, "03", 0), "09", 0)
    assert (first, second) == ("00000001", "00000002")
    assert sam("8072000004" + "00" * 4) == "9302"
    assert sam("8072000004" + "00" * 4) == "6985"


def test_the_psam_shows_serial_and_terminal_number(psam: Card) -> None:
    talk = talk_to(psam)
    assert talk("00B095000F") == people.psam_image()["psam_serial"] + "9000"
    assert talk("00B0960006") == TERMINAL + "9000"
    assert talk("00A40000020016") == "9000"
    assert talk("00B0000006") == TERMINAL + "9000"


def test_a_purse_with_the_published_key_and_random_plays_the_published_purchase() -> None:
    vectors = json.loads(
        (Path(__file__).parents[1] / "vectors" / "purse.json").read_text(encoding="utf-8")
    )
    buy = vectors["purchase"]
    image = people.card_image(balance_fen=0x1000)
    image["transit"]["keys"]["DPK"] = vectors["key"]
    published_random = bytes.fromhex(buy["random"])
    talk = talk_to(load_card(image, random_bytes=lambda _length: published_random).card)
    talk(SELECT)
    initialised = talk(f"805001020B01{buy['amount']}{buy['terminal']}0F")
    assert initialised[8:12] == buy["offline_sequence"]
    assert initialised[-12:-4] == buy["random"]
    answer = talk(f"805401000F{buy['terminal_sequence']}{buy['moment']}{buy['mac1']}08")
    assert answer[8:] == buy["mac2"] + "9000"
    assert talk("805C000204") == "000000009000"
