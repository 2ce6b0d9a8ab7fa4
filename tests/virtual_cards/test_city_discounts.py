"""File 19 of the purse, the day state in it, and the issuer's files: cards of image version 2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.virtual_cards import people
from tests.virtual_cards.conftest import Talk, talk_to
from tests.virtual_cards.test_transit import JOURNEY, MOMENT, RAIL, SELECT, initialise, sign
from virtual_cards.applets.transit.specification import EMPTY_DAY_STATE
from virtual_cards.card_os import Card
from virtual_cards.personalisation import ImageIsFaulty, PersonalisedCard, load_card, load_psam
from virtual_cards.readers import CardIsAbsent, Fault, FaultPlan, FaultyCard, InProcessReader
from virtual_cards.transcripts import TranscriptDecoder

EMPTY = EMPTY_DAY_STATE.hex().upper()
DAY = ("19013D01" + "20260504" + "02" + f"{550:08X}{50:08X}" + MOMENT + "01" + "0305").ljust(
    128, "0"
)
BUS = "27017D01".ljust(256, "0")
UPDATES = ("80DC00F030" + JOURNEY, "80DC00D080" + RAIL, "80DC01C840" + DAY)
CHANGED = {"transit/19", "transit/1A", "transit/1E", "transit/18", "transit/last_proof"}


def image(**files: Any) -> dict[str, Any]:
    made = people.card_image(balance_fen=1250)
    made["version"] = 2
    made["transit"]["files"] |= files
    return made


@pytest.fixture
def person() -> PersonalisedCard:
    return load_card(image())


@pytest.fixture
def talk(person: PersonalisedCard) -> Talk:
    talk = talk_to(person.card)
    talk(SELECT)
    return talk


@pytest.fixture
def sam() -> Talk:
    talk = talk_to(load_psam(people.psam_image()).card)
    talk("00A4040010A0000006324D4F542E435053414D3031")
    return talk


def test_every_card_of_version_2_has_an_empty_day_state(talk: Talk) -> None:
    assert len(EMPTY) == 128
    assert EMPTY.startswith("19013D01" + "00" * 4)
    assert talk("00B201CC40") == EMPTY + "9000"
    assert talk("00B201C840") == EMPTY + "9000", "by its identifier 1901 too"
    assert talk("00B202CC40") == "6A83"


def test_a_card_of_version_1_has_neither_file_19_nor_those_of_the_issuer(card: Card) -> None:
    talk = talk_to(card)
    talk(SELECT)
    assert talk("00B201CC40") == "6A82"
    assert talk("00B0850010") == "6A82"
    assert not {"transit/19", "transit/05"} & set(card.memory.values())


def test_an_image_may_bring_the_day_state_discounts_and_issuer_files() -> None:
    student = "1902" + "0C01" + "50" * 12
    talk = talk_to(load_card(image(**{"19": {"01": DAY, "02": student}, "05": "A1B2"})).card)
    talk(SELECT)
    assert talk("00B201CC40") == DAY + "9000"
    assert talk("00B202C810") == student + "9000"
    assert talk("00B0850004") == "A1B200009000"
    assert talk("00B0880080") == "00" * 128 + "9000"
    assert talk("00D6850001FF") == "6982", "the issuer's files are not for terminals"
    assert talk("00DC01CC40" + EMPTY) == "6982", "only a transaction changes file 19"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"19": {"01": "1902" + DAY[4:]}}, "19.01"),
        ({"19": {"01": DAY[:-2]}}, "19.01"),
        ({"19": {"02": "1902"}}, "19.01"),
        ({"19": {"01": DAY, "02": "19"}}, "19.02"),
        ({"05": "00" * 129}, "05"),
        ({"09": "00"}, "09"),
    ],
)
def test_a_faulty_file_is_told(files: dict[str, Any], place: str) -> None:
    with pytest.raises(ImageIsFaulty) as told:
        load_card(image(**files))
    assert {fault.path for fault in told.value.faults} == {f"$.transit.files.{place}"}


def ride(talk: Talk, sam: Talk, amount_fen: int = 300) -> str:
    sequence, mac = sign(sam, initialise(talk, "03", amount_fen), "09", amount_fen)
    for update in UPDATES:
        assert talk(update) == "9000"
    return talk(f"805401000F{sequence}{MOMENT}{mac}08")


def test_a_ride_changes_19_1a_and_1e_in_one_set(
    person: PersonalisedCard, talk: Talk, sam: Talk
) -> None:
    before = person.card.memory.values()
    sequence, _ = sign(sam, initialise(talk, "03", 300), "09", 300)
    for update in UPDATES:
        assert talk(update) == "9000"
    assert talk(f"805401000F{sequence}{MOMENT}0000000008") == "9302"
    assert person.card.memory.values() == before, "a wrong MAC leaves all three as they were"
    assert ride(talk, sam).endswith("9000")
    assert talk("00B201CC40") == DAY + "9000"
    assert talk("00B201D480") == RAIL + "9000"
    assert talk("00B201F430") == JOURNEY + "9000"
    assert talk("805C030204") == f"{950:08X}9000"


def test_several_records_of_one_file_change_in_one_set(sam: Talk) -> None:
    made = image()
    made["transit"]["files"]["1A"]["02"] = BUS
    talk = talk_to(load_card(made).card)
    talk(SELECT)
    sequence, mac = sign(sam, initialise(talk, "03", 0), "09", 0)
    bus = BUS[:-2] + "77"
    for update in (*UPDATES, "80DC01D080" + bus):
        assert talk(update) == "9000"
    assert talk(f"805401000F{sequence}{MOMENT}{mac}08").endswith("9000")
    assert talk("00B202D480") == bus + "9000"
    assert talk("00B201D480") == RAIL + "9000"


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ("80DC02C840" + DAY, "6A80"),
        ("80DC02C840" + "1902" + DAY[4:], "6A83"),
        ("80DC01C83F" + DAY[:-2], "6700"),
        ("80DC01CC40" + DAY, "6A86"),
        ("80DC002804" + "00" * 4, "6981"),
    ],
)
def test_a_wrong_update_is_refused_and_the_others_stay(
    talk: Talk, sam: Talk, update: str, status: str
) -> None:
    sequence, mac = sign(sam, initialise(talk, "03", 0), "09", 0)
    assert talk("80DC01C840" + DAY) == "9000"
    assert talk(update) == status
    assert talk(f"805401000F{sequence}{MOMENT}{mac}08").endswith("9000")
    assert talk("00B201CC40") == DAY + "9000"


@pytest.mark.parametrize(
    ("header", "phase", "taken"),
    [
        ("80dc01c8", "response", False),
        ("80540100", "command", False),
        ("80540100", "response", True),
    ],
)
def test_a_tear_leaves_all_three_as_before_or_as_after(
    person: PersonalisedCard, sam: Talk, header: str, phase: Any, taken: bool
) -> None:
    tear = Fault(kind="tear", header=header, phase=phase, byte=2)
    slot = InProcessReader("gate", FaultyCard(person.card, FaultPlan((tear,))))
    slot.connect()
    before = person.card.memory.values()

    def talk(command: str) -> str:
        return slot.transmit(bytes.fromhex(command)).hex().upper()

    talk(SELECT)
    with pytest.raises(CardIsAbsent):
        ride(talk, sam)
    after = person.card.memory.values()
    changed = {name for name, value in after.items() if value != before[name]}
    money = {"transit/balance_fen", "transit/offline_sequence"}
    assert changed == (CHANGED | money if taken else set())


def test_a_snapshot_from_before_file_19_gets_an_empty_day_state(person: PersonalisedCard) -> None:
    snapshot = person.snapshot()
    memory = snapshot["memory"]
    assert isinstance(memory, dict)
    for name in ("19", "05", "06", "07", "08"):
        del memory[f"transit/{name}"]
    talk = talk_to(load_card(snapshot).card)
    talk(SELECT)
    assert talk("00B201CC40") == EMPTY + "9000"


def test_the_day_state_is_decoded() -> None:
    decoder = TranscriptDecoder()
    decoder.decode_bytes(bytes.fromhex(SELECT), bytes.fromhex("9000"))
    read = decoder.decode_bytes(bytes.fromhex("00B201CC40"), bytes.fromhex(DAY + "9000"))
    written = decoder.decode_bytes(bytes.fromhex(UPDATES[2]), bytes.fromhex("9000"))
    for shown in (read, written):
        fields = {field.name_en: field.value for field in shown.fields}
        assert fields["day"] == "2026-05-04"
        assert fields["rides of the day"] == "2"
        assert fields["spent that day"] == "5.50 元 / yuan"
        assert fields["saved that day"] == "0.50 元 / yuan"
        assert fields["last exit time"] == "2026-05-04 08:15:00"
        assert fields["last industry"] == "01 轨道 / metro"


def test_a_bus_record_is_read_as_one() -> None:
    record = "27017D010100" + people.SERIAL[-8:].hex() + "01" + "5000" + "00" * 7 + "01"
    record += "1234" + "0056" + "07" + b"BUS00042".hex() + "00" * 8 + MOMENT
    decoder = TranscriptDecoder()
    decoder.decode_bytes(bytes.fromhex(SELECT), bytes.fromhex("9000"))
    answer = bytes.fromhex(record.ljust(256, "0") + "9000")
    for command in ("00B202D480", "80DC01D080" + record.ljust(256, "0")):
        shown = decoder.decode_bytes(bytes.fromhex(command), answer)
        fields = {field.name_en: field.value for field in shown.fields}
        assert fields["entry vehicle"] == "BUS00042"
        assert fields["entry line"] == "0056"
        assert fields["entry time"] == "2026-05-04 08:15:00"
        assert "entry station" not in fields
