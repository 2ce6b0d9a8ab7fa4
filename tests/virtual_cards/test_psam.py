"""The social security application of a PSAM: it proves terminals, checks cards, signs payments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.virtual_cards import issuer, people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.card_os import LeRule
from virtual_cards.personalisation import (
    ImageIsFaulty,
    StoredCard,
    load_card,
    load_psam,
    load_stored_psam,
)
from virtual_cards.readers import InProcessReader, TranscriptReader
from virtual_cards.terminals import CardRefusesCommand, SecurityModule
from virtual_cards.transcripts import TranscriptDecoder

SELECT = "00A4040006D15600000590"
SELECT_PURSE = "00A4040010A0000006324D4F542E435053414D3031"
FACTORS = people.CARD_FACTOR.hex() + people.CITY_FACTOR.hex()
PROCESS, ORIGINAL = "1122334455667788", "A1A2A3A4A5A6A7A8"
MOMENT = "20260504081500"
TERMINAL = people.TERMINAL.hex()


def deliver(levels: int = 2, key: str = "13", kind: int = 8) -> str:
    factors = (FACTORS + "3530303030307368")[: 16 * levels]
    body = bytes.fromhex(factors + PROCESS)
    return f"BFDE{levels << 5 | kind:02X}{key}{len(body):02X}{body.hex()}"


def expected_value(name: str) -> str:
    key = people.social_security_key(name)
    process, original = bytes.fromhex(PROCESS), bytes.fromhex(ORIGINAL)
    return issuer.authentication_value(key, process, original, "03").hex().upper()


def medical_init(random: str, sequence: str, amount: int, account: str = "01") -> str:
    data = f"{random}{sequence}{amount:08X}06{account}{MOMENT}0103{FACTORS}"
    return f"8070000025{data}"


@pytest.fixture
def sam() -> Talk:
    return talk_to(load_psam(people.full_psam_image()).card)


@pytest.mark.parametrize(("key", "name"), [("11", "IRK"), ("12", "UKSSSE"), ("13", "RKSSSE")])
def test_a_session_key_gives_the_value_of_the_cards_key_once(
    sam: Talk, key: str, name: str
) -> None:
    assert sam(SELECT) == "610A"
    assert sam(deliver(key=key)) == "9000"
    assert sam("80FA000008" + ORIGINAL) == "6108"
    assert sam("00C0000008") == expected_value(name) + "9000"
    assert sam("80FA000008" + ORIGINAL) == "6985"


def test_over_strict_t0_the_value_waits_for_get_response() -> None:
    sam = talk_to(load_psam(people.full_psam_image(), le_rule=LeRule.STRICT).card)
    sam(SELECT)
    sam(deliver())
    assert sam("80FA000008" + ORIGINAL + "08") == "6108"
    assert sam("00C0000008") == expected_value("RKSSSE") + "9000"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (deliver(levels=1), "6A80"),
        (deliver(levels=3), "6A80"),
        (deliver(key="14"), "6A88"),
        (deliver(kind=9), "6A88"),
        (deliver()[:-2], "6700"),
        ("BFDE481317" + "00" * 23, "6700"),
        ("80DE481318" + "00" * 24, "6E00"),
        ("80FA010008" + ORIGINAL, "6A86"),
        ("80FA000007" + ORIGINAL[2:], "6700"),
        ("BFFA000008" + ORIGINAL, "6E00"),
        ("00B0950000", "6D00"),
    ],
)
def test_a_wrong_command_is_refused(sam: Talk, command: str, status: str) -> None:
    sam(SELECT)
    assert sam(command) == status


def test_a_refused_session_leaves_none_and_a_select_forgets_it(sam: Talk) -> None:
    sam(SELECT)
    sam(deliver())
    assert sam(deliver(levels=1)) == "6A80"
    assert sam("80FA000008" + ORIGINAL) == "6985"
    sam(deliver())
    sam(SELECT)
    assert sam("80FA000008" + ORIGINAL) == "6985"


def test_a_key_the_module_was_not_given_is_6a88() -> None:
    image = people.full_psam_image()
    image["social_security"]["keys"] = {"IRK": people.province_key("IRK").hex().upper()}
    sam = talk_to(load_psam(image).card)
    sam(SELECT)
    assert sam(deliver(key="13")) == "6A88"
    assert sam(deliver(key="11")) == "9000"
    assert sam(medical_init("11223344", "0000", 100)) == "6A88"


def test_a_medical_payment_is_signed_and_its_answer_checked_once(sam: Talk) -> None:
    sam(SELECT)
    random, sequence, amount = "11223344", "0007", 1234
    assert sam(medical_init(random, sequence, amount)) == "6108"
    answer = sam("00C0000008")
    assert answer[:8] == "00000001"
    factor = bytes.fromhex(random + sequence + answer[4:8])
    session = issuer.session(people.medical_key("DPK"), factor, "03")
    signed = bytes.fromhex(f"{amount:08X}0601{TERMINAL}{MOMENT}")
    assert answer[8:16] == issuer.mac(session, signed, "03").hex().upper()
    mac2 = issuer.mac(session, amount.to_bytes(4, "big"), "03").hex()
    assert sam("8072000004" + mac2) == "9000"
    assert sam("8072000004" + mac2) == "6985"
    sam(medical_init(random, sequence, amount) + "08")
    assert sam("8072000004" + "00" * 4) == "9302"
    assert sam("8072000004" + mac2) == "6985"


@pytest.mark.parametrize(("place", "value"), [(38, "02"), (40, "00")])
def test_another_key_version_or_algorithm_is_9403(sam: Talk, place: int, value: str) -> None:
    sam(SELECT)
    command = medical_init("11223344", "0000", 100)
    start = 10 + place
    assert sam(command[:start] + value + command[start + 2 :]) == "9403"
    assert sam("8072000004" + "00" * 4) == "6985"


def test_both_applications_draw_from_one_terminal_sequence(sam: Talk) -> None:
    purchase = "8070000024" + "00" * 6 + f"{100:08X}09{MOMENT}0100" + "00" * 16 + "08"
    numbers = []
    for _ in range(2):
        sam(SELECT)
        numbers.append(sam(medical_init("11223344", "0000", 100) + "08")[:8])
        sam(SELECT_PURSE)
        numbers.append(sam(purchase)[:8])
    assert numbers == [f"{number:08X}" for number in range(1, 5)]
    assert sam(purchase.replace("80700000", "80FA0000")) == "6D00"


def test_version_1_has_no_such_application_and_stays_as_it_was() -> None:
    sam = talk_to(load_psam(people.psam_image()).card)
    assert sam(SELECT) == "6A82"
    image = people.psam_image() | {"social_security": people.full_psam_image()["social_security"]}
    with pytest.raises(ImageIsFaulty, match="social_security: found a member"):
        load_psam(image)


def test_a_faulty_section_is_told_without_its_keys() -> None:
    image = people.full_psam_image()
    image["social_security"] = {"province": "5", "keys": {"IRK": "SECRET", "GMPK": "00"}}
    with pytest.raises(ImageIsFaulty) as told:
        load_psam(image)
    text = str(told.value)
    assert "SECRET" not in text
    for place in ("province", "keys.IRK", "keys.GMPK"):
        assert f"$.social_security.{place}" in text


def test_a_snapshot_keeps_the_sequence_of_both() -> None:
    first = load_psam(people.full_psam_image())
    talk = talk_to(first.card)
    talk(SELECT)
    talk(medical_init("11223344", "0000", 100))
    again = talk_to(load_psam(json.loads(json.dumps(first.snapshot()))).card)
    again(SELECT)
    assert again(medical_init("11223344", "0000", 100) + "08")[:8] == "00000002"


class Desk:
    """A terminal with its module, which keeps a transcript, and a person's card."""

    def __init__(self, image: dict[str, Any] | None = None) -> None:
        module = load_psam(image or people.full_psam_image()).card
        self.slot = TranscriptReader(InProcessReader("SAM", module))
        self.module = SecurityModule(self.slot)
        self.card = talk_to(load_card(people.full_image()).card)

    def value(self, key: str | int, process: str, original: str) -> str:
        return (
            self.module.authentication_value(
                key,
                people.REGION,
                people.HISTORICAL_BYTES,
                bytes.fromhex(process),
                bytes.fromhex(original),
            )
            .hex()
            .upper()
        )

    def commands(self) -> list[str]:
        return [exchange.command.hex().upper()[:8] for exchange in self.slot.take().exchanges]


def test_a_terminal_checks_a_card_and_proves_itself_without_the_platform() -> None:
    desk = Desk()
    desk.card("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    process, original = (desk.card("0084000008")[:16] for _ in range(2))
    answer = desk.card("0088000010" + process + original + "08")
    assert answer == desk.value("IRK", process, original) + "9000"
    process, original = (desk.card("0084000008")[:16] for _ in range(2))
    proof = desk.value("RKSSSE", process, original)
    assert desk.card("0082000A10" + proof + original) == "9000"
    assert desk.card("00B2023400").endswith("9000"), "the name may be read now"


def test_a_terminal_pays_from_the_medical_purse() -> None:
    desk = Desk()
    desk.card("00A4040006D15600000503")
    assert desk.card("0020000003123456") == "9000"
    initialised = desk.card(f"B02801010B01{1200:08X}{TERMINAL}0C")
    signed = desk.module.sign_medical_purchase(
        initialised=bytes.fromhex(initialised[:-4]),
        amount=(1200).to_bytes(4, "big"),
        kind=b"\x06",
        account=b"\x01",
        moment=bytes.fromhex(MOMENT),
        region=people.REGION,
        historical_bytes=people.HISTORICAL_BYTES,
    )
    debit = signed.terminal_sequence.hex() + MOMENT + signed.mac.hex()
    answer = desk.card(f"B02C00000F{debit}08")
    assert answer.endswith("9000")
    assert desk.module.confirms_medical(bytes.fromhex(answer[8:16]))
    assert not desk.module.confirms_medical(bytes.fromhex(answer[8:16]))


def test_the_module_is_told_of_another_application_only_when_it_changes() -> None:
    desk = Desk()
    desk.commands()
    purchase = {
        "initialised": bytes(4) + bytes(2) + bytes(3) + b"\x01\x00" + bytes(4),
        "amount": bytes(4),
        "kind": b"\x09",
        "moment": bytes.fromhex(MOMENT),
        "card": bytes(16),
    }
    desk.module.sign_purchase(**purchase)
    desk.module.confirms(bytes(4))
    assert desk.commands() == ["80700000", "80720000"], "a tap at a gate pays for no SELECT"
    for _ in range(2):
        desk.value("IRK", PROCESS, ORIGINAL)
    assert [c for c in desk.commands() if c.startswith("00A4")] == ["00A40400"]
    desk.module.sign_purchase(**purchase)
    assert desk.commands()[0] == "00A40400"


def test_other_numbers_of_levels_are_tried_as_public_readers_do() -> None:
    desk = Desk()
    desk.module._levels = (1, 3, 2)
    desk.commands()
    assert desk.value("RKSSSE", PROCESS, ORIGINAL) == expected_value("RKSSSE")
    desk.value("RKSSSE", PROCESS, ORIGINAL)
    told = [c for c in desk.commands() if c.startswith("BFDE")]
    assert told == ["BFDE2813", "BFDE6813", "BFDE4813", "BFDE4813"], "the second time it is known"


def test_a_module_of_version_1_is_said_to_lack_the_application() -> None:
    desk = Desk(people.psam_image())
    with pytest.raises(CardRefusesCommand, match="6A82"):
        desk.value("IRK", PROCESS, ORIGINAL)
    assert not desk.module.confirms(bytes(4)), "and is not confused by it"


def test_its_commands_are_decoded() -> None:
    desk = Desk()
    desk.value("RKSSSE", PROCESS, ORIGINAL)
    desk.module.sign_medical_purchase(
        initialised=bytes(6) + b"\x01\x03" + bytes(4),
        amount=(1200).to_bytes(4, "big"),
        kind=b"\x06",
        account=b"\x01",
        moment=bytes.fromhex(MOMENT),
        region=people.REGION,
        historical_bytes=people.HISTORICAL_BYTES,
    )
    decoded = TranscriptDecoder().decode_all(desk.slot.transcript.exchanges)
    assert [each.title_en for each in decoded[-4:]] == [
        "SELECT PSAM social security application",
        "DELIVER SESSION KEY",
        "CIPHER (computes an authentication value)",
        "INIT SAM FOR MEDICAL PURCHASE (computes MAC1)",
    ]
    fields = {each.name_en: each.value for each in (*decoded[-3].fields, *decoded[-1].fields)}
    assert fields["key"] == "13 RKSSSE"
    assert fields["levels"] == "2"
    assert fields["amount"] == "12.00 元 / yuan"
    assert fields["terminal sequence"] == "1"


def sign(path: Path) -> bytes:
    """A purchase signed by the PSAM of a file; the terminal sequence it drew."""
    psam = load_stored_psam(path) if path.is_file() else load_psam(people.psam_image())
    module = SecurityModule(InProcessReader("PSAM", StoredCard(psam, path)))
    signed = module.sign_purchase(
        initialised=bytes(9) + bytes.fromhex("0100") + bytes(4),
        amount=bytes(4),
        kind=b"\x06",
        moment=bytes.fromhex(MOMENT),
        card=bytes(16),
    )
    return signed.terminal_sequence


def test_a_stored_module_has_its_number_in_the_file_before_it_answers(tmp_path: Path) -> None:
    path = tmp_path / "psam.json"
    assert [sign(path)[-1] for _ in range(3)] == [1, 2, 3], "each time another program"
    assert path.stat().st_mode & 0o777 == 0o600
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="is no regular file"):  # so nobody hears the number
        sign(tmp_path / "folder")
