"""Functions of merged schemes: written and erased by those who load them, read by terminals."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.virtual_cards.bank_cards import SELECT_CERTIFICATES, by_field, send
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.certificates import LoadedFunction
from virtual_cards.assumptions import CERTIFICATES_AID
from virtual_cards.card_os import Card, LeRule
from virtual_cards.issuer import IssuerSecurityModule, MadeUpHolder, card_image, hold_ceremony
from virtual_cards.personalisation import IMAGE_SCHEMA, ImageIsFaulty, load_card
from virtual_cards.personalisation.card_image import VERSIONS
from virtual_cards.readers import (
    CardIsAbsent,
    FaultPlan,
    FaultyCard,
    InProcessReader,
    TranscriptReader,
    tears_of,
)
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue
from virtual_cards.transcripts import TranscriptDecoder

HSM = IssuerSecurityModule(hold_ceremony(bytes(range(32))))
OTHER_HSM = IssuerSecurityModule(hold_ceremony(bytes(range(1, 33))))
HOLDER = MadeUpHolder(51)
CHIP = HOLDER.historical_bytes
SELECT_SOCIAL_SECURITY = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
SCHEME = "00112233445566AA"
NUMBER = "N-2026-0001"
READ_TERM = "00B2011C13"
READ_NUMBER = "00B2012428"
FUNCTIONS_MAX = 16


def image(**keys: Any) -> dict[str, Any]:
    return card_image(HSM, HOLDER) | keys


@pytest.fixture
def card() -> Card:
    return load_card(image()).card


def function(
    scheme: str = SCHEME, *, until: str = "20351231", number: str = NUMBER
) -> LoadedFunction:
    return LoadedFunction.of(
        scheme=scheme, region="150000", valid_from="20260101", valid_until=until, number=number
    )


def changed(place: int, octets: str) -> bytes:
    """A record with other bytes from this place on."""
    record, new = function().record, bytes.fromhex(octets)
    return record[:place] + new + record[place + len(new) :]


def challenge(card: Card) -> bytes:
    send(card, SELECT_CERTIFICATES)
    return bytes(card.transmit(bytes.fromhex("0084000008"))[:-2])


def write(
    card: Card, what: LoadedFunction, hsm: IssuerSecurityModule = HSM, chip: bytes = CHIP
) -> str:
    return send(card, hsm.function_command(chip, challenge(card), what).hex())


def erase(card: Card, scheme: str = SCHEME) -> str:
    return send(card, HSM.function_erasure(CHIP, challenge(card), bytes.fromhex(scheme)).hex())


def terms(card: Card) -> list[str]:
    """File 03, record by record, as hexadecimal."""
    send(card, SELECT_CERTIFICATES)
    found: list[str] = []
    for number in range(1, FUNCTIONS_MAX + 2):
        told = send(card, f"00B2{number:02X}1C13")
        if told == "6A83":
            return found
        found.append(told.removesuffix("9000"))
    raise AssertionError("more records than the card holds")


@pytest.mark.parametrize("rule", LeRule)
def test_a_function_is_written_read_freely_and_erased(rule: LeRule) -> None:
    card = load_card(image(), le_rule=rule).card
    assert terms(card) == []
    assert write(card, function()) == "9000"
    assert terms(card) == [SCHEME + "150000" + "20260101" + "20351231"]
    assert write(card, function("FF" * 8)) == "9000"
    assert write(card, function(until="20401231")) == "9000"
    assert [each[:16] + each[-8:] for each in terms(card)] == [
        SCHEME + "20401231",
        "FF" * 8 + "20351231",
    ]
    assert erase(card) == "9000"
    assert erase(card) == "9000", "what is not there is erased already"
    assert [each[:16] for each in terms(card)] == ["FF" * 8]


def test_both_faces_take_and_tell_functions(card: Card) -> None:
    field = by_field(card)
    field.reset()
    select = bytes.fromhex(SELECT_CERTIFICATES)
    assert field.transmit(select)[-2:].hex() == "9000"
    given = field.transmit(bytes.fromhex("0084000008"))[:-2]
    assert field.transmit(HSM.function_command(CHIP, given, function())).hex() == "9000"
    told = field.transmit(bytes.fromhex(READ_TERM))
    field.power_off()
    card.reset()
    assert [told.hex().upper().removesuffix("9000")] == terms(card)


def test_the_number_needs_the_pin_of_the_holder(card: Card) -> None:
    write(card, function(number="读者0001"))
    assert send(card, READ_NUMBER) == "6982"
    assert send(card, "0020000003123456") == "9000"
    told = bytes.fromhex(send(card, READ_NUMBER))[:-2]
    assert told[:8].hex().upper() == SCHEME
    assert told[8:].rstrip(b"\0").decode("gbk") == "读者0001"
    send(card, SELECT_SOCIAL_SECURITY)
    send(card, SELECT_CERTIFICATES)
    assert send(card, READ_NUMBER) == "6982"


def test_only_those_who_load_functions_of_this_card_can_write(card: Card) -> None:
    other_chip = MadeUpHolder(52).historical_bytes
    assert write(card, function(), chip=other_chip) == "63C4"
    assert write(card, function(), OTHER_HSM) == "63C3"
    assert terms(card) == []
    assert write(card, function()) == "9000"
    for left in (4, 3, 2, 1, 0):
        assert write(card, function(), OTHER_HSM) == f"63C{left}"
    assert write(card, function()) == "6983"
    assert erase(card) == "6983"
    assert terms(card) != []


def test_a_challenge_serves_once_and_update_record_is_closed(card: Card) -> None:
    command = HSM.function_command(CHIP, challenge(card), function()).hex()
    assert send(card, command) == "9000"
    assert send(card, command) == "6984"
    assert send(card, "00DC011C0101") == "6982"
    assert send(card, "00E2001800") == "6E00"


@pytest.mark.parametrize(
    ("header", "record", "status"),
    [
        ("80E20018", function().record[:-1], "6700"),
        ("80E20018", function().record + b"\0", "6700"),
        ("80E20018", changed(8, "AA"), "6A80"),
        ("80E20018", changed(11, "AA"), "6A80"),
        ("80E20018", changed(13, "13"), "6A80"),
        ("80E20018", changed(15, "2025"), "6A80"),
        ("80E20018", changed(19, "00" * 32), "6A80"),
        ("80E20118", function().record, "6A86"),
        ("80E20019", function().record, "6A86"),
        ("800C0018", bytes(7), "6700"),
        ("800C0000", bytes(8), "6A86"),
        ("800C0118", bytes(8), "6A86"),
    ],
    ids=[
        "short",
        "long",
        "region",
        "no date",
        "month",
        "ends before it begins",
        "no number",
        "P1",
        "P2",
        "short scheme",
        "erase P2",
        "erase P1",
    ],
)
def test_a_faulty_command_is_refused_and_costs_no_try(
    card: Card, header: str, record: bytes, status: str
) -> None:
    before = card.memory.values()
    challenge(card)
    body = record + bytes(8)
    assert send(card, header + bytes([len(body)]).hex() + body.hex()) == status
    assert card.memory.values() == before


def test_a_full_card_takes_no_more_but_still_renews_and_erases(card: Card) -> None:
    schemes = [f"{number:016X}" for number in range(FUNCTIONS_MAX)]
    for scheme in schemes:
        assert write(card, function(scheme)) == "9000"
    before = card.memory.values()
    assert write(card, function()) == "6A84"
    assert card.memory.values() == before
    assert write(card, function(schemes[7], until="20401231")) == "9000"
    assert erase(card, schemes[3]) == "9000"
    assert write(card, function()) == "9000"
    expected = [*schemes[:3], *schemes[4:], SCHEME]
    assert [each[:16] for each in terms(card)] == expected


@pytest.mark.parametrize("what", ["write", "renew", "erase"])
def test_a_tear_leaves_both_files_as_before_or_as_after(what: str) -> None:
    def do(slot: Reader) -> None:
        dialogue = CardDialogue(slot)
        dialogue.connect()
        dialogue.select_name(CERTIFICATES_AID)
        given = dialogue.ask(CommandApdu(0x00, 0x84, 0x00, 0x00, le=8))
        new = function(until="20401231")
        command = HSM.function_command(CHIP, given, new)
        if what == "erase":
            command = HSM.function_erasure(CHIP, given, bytes.fromhex(SCHEME))
        dialogue.ask(CommandApdu.parse(command))

    def fresh() -> Card:
        made = load_card(image()).card
        if what != "write":
            write(made, function())
        write(made, function("EE" * 8))
        made.power_off()
        return made

    whole = fresh()
    before = whole.memory.values()
    recorder = TranscriptReader(InProcessReader("desk", whole))
    do(recorder)
    after = whole.memory.values()
    changed = {name for name in after if after[name] != before[name]}
    assert changed >= {"certificates/03"}
    assert what == "renew" or changed == {"certificates/03", "certificates/04"}
    seen = set()
    for tear in tears_of((one.command, one.response) for one in recorder.transcript.exchanges[1:]):
        card = fresh()
        slot = InProcessReader("desk", FaultyCard(card, FaultPlan((tear,))))
        with pytest.raises(CardIsAbsent):
            do(slot)
        assert card.memory.values() in (before, after), tear
        seen.add(card.memory.values() == after)
        again = InProcessReader("desk", card)
        do(again)
        assert card.memory.values() == after, "done again, it is done"
    assert seen == {False, True}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_card_issued_before_loads_and_says_it_has_no_key(version: int) -> None:
    old = image(version=version)
    del old["certificates"]["keys"]["function"]
    if version == 1:
        del old["social_security"]
    jsonschema.validate(old, json.loads(IMAGE_SCHEMA.read_text(encoding="utf-8")))
    issued = load_card(old)
    stored = issued.snapshot()
    memory = stored["memory"]
    assert isinstance(memory, dict)
    for name in ("certificates/03", "certificates/04"):
        del memory[name]
    card = load_card(stored).card
    assert terms(card) == []
    assert write(card, function()) == "6A88"
    assert erase(card) == "6A88"


def test_a_card_keeps_its_functions_in_its_snapshot() -> None:
    made = load_card(image())
    write(made.card, function())
    again = load_card(made.snapshot()).card
    assert terms(again) == terms(made.card)


def test_a_faulty_key_of_functions_is_told() -> None:
    faulty = image()
    faulty["certificates"]["keys"]["function"] = "00"
    with pytest.raises(ImageIsFaulty) as told:
        load_card(faulty)
    assert [each.path for each in told.value.faults] == ["$.certificates.keys.function"]


def test_what_the_card_would_refuse_is_no_function() -> None:
    for wrong in ({"until": "20251231"}, {"number": ""}):
        with pytest.raises(ValueError, match="no function"):
            function(**wrong)


def test_a_transcript_says_what_was_done_and_hides_the_number() -> None:
    card = load_card(image()).card
    reader = TranscriptReader(InProcessReader("desk", card))
    reader.connect()
    reader.transmit(bytes.fromhex(SELECT_CERTIFICATES))
    given = reader.transmit(bytes.fromhex("0084000008"))[:-2]
    reader.transmit(HSM.function_command(CHIP, given, function()))
    for read in (READ_TERM, "0020000003123456", READ_NUMBER):
        reader.transmit(bytes.fromhex(read))
    given = reader.transmit(bytes.fromhex("0084000008"))[:-2]
    reader.transmit(HSM.function_erasure(CHIP, given, bytes.fromhex(SCHEME)))
    decoded = TranscriptDecoder().decode_all(reader.transcript.exchanges)
    titles = [(each.title_zh, each.title_en) for each in decoded]
    assert ("加载功能", "WRITE FUNCTION") in titles
    assert ("删除功能", "ERASE FUNCTION") in titles
    term = decoded[4]
    assert [(one.name_zh, one.name_en, one.value) for one in term.fields] == [
        ("卡证码编号", "scheme", SCHEME),
        ("加载地区", "region", "150000"),
        ("有效期起", "valid from", "2026-01-01"),
        ("有效期至", "valid until", "2035-12-31"),
    ]
    assert NUMBER not in str(decoded)
    assert NUMBER.encode().hex().upper() not in str(decoded).upper()
