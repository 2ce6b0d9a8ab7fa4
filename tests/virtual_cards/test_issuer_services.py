"""What a desk gets from the issuer: a PIN reset, certificates, money for the medical purse."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.applets.certificates import Certificate, CertificateKind
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.card_os import Card
from virtual_cards.issuer import (
    IssuerSecurityModule,
    MadeUpHolder,
    MedicalLoadFigures,
    MedicalPurchaseFigures,
    card_image,
    hold_ceremony,
    psam_image,
)
from virtual_cards.issuer.made_up_card import REGION
from virtual_cards.personalisation import IMAGE_SCHEMA, load_card, load_psam
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import SecurityModule

SELECT_SOCIAL_SECURITY = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
SELECT_MEDICAL = "00A4040006D15600000503"
SELECT_CERTIFICATES = "00A404000AF04F4E45434152440001"
MOMENT = bytes.fromhex("20261121080000")
TERMINAL = bytes.fromhex("500000000001")
HOLDER = MadeUpHolder(42)
HISTORICAL = HOLDER.historical_bytes


@pytest.fixture(scope="module")
def hsm() -> IssuerSecurityModule:
    return IssuerSecurityModule(hold_ceremony(bytes(range(32))))


@pytest.fixture
def card(hsm: IssuerSecurityModule) -> Card:
    return load_card(card_image(hsm, HOLDER, balance_fen=100, medical_fen=5_000)).card


@pytest.fixture
def talk(card: Card) -> Talk:
    return talk_to(card)


def challenge(talk: Talk) -> bytes:
    return bytes.fromhex(talk("0084000008")[:-4])


def test_the_made_up_image_is_one_of_the_published_schema(hsm: IssuerSecurityModule) -> None:
    schema = json.loads(IMAGE_SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(card_image(hsm, HOLDER), schema)


def test_a_desk_resets_a_locked_pin_without_the_puk(hsm: IssuerSecurityModule, talk: Talk) -> None:
    talk(SELECT_SOCIAL_SECURITY)
    tries = [talk("0020000003000000") for _ in range(6)]
    assert tries == ["63C5", "63C4", "63C3", "63C2", "63C1", "63C0"]
    assert talk("0020000003123456") == "6983", "locked, the right PIN too"
    command = hsm.pin_reset_command(REGION, HISTORICAL, challenge(talk), "654321")
    assert command.hex().startswith("8424000114")
    assert "654321" not in command.hex()
    assert talk(command.hex()) == "9000"
    assert talk("0020000003123456") == "63C5", "the old PIN is gone"
    assert talk("0020000003654321") == "9000"
    talk(SELECT_MEDICAL)
    assert talk("0020000003654321") == "9000", "one PIN for the whole card"


def test_a_pin_reset_serves_one_card_and_one_challenge(
    hsm: IssuerSecurityModule, talk: Talk
) -> None:
    talk(SELECT_SOCIAL_SECURITY)
    other = MadeUpHolder(43).historical_bytes
    foreign = hsm.pin_reset_command(REGION, other, challenge(talk), "654321")
    assert talk(foreign.hex()) == "6988"
    command = hsm.pin_reset_command(REGION, HISTORICAL, challenge(talk), "654321").hex()
    assert talk(command) == "9000"
    assert talk(command) == "6984"
    challenge(talk)
    assert talk(command) == "6988", "recorded, it is worth nothing"


@pytest.mark.parametrize("pin", ["123", "12345a", "1234567890123", ""])
def test_what_is_no_pin_is_refused_before_it_goes_to_a_card(
    hsm: IssuerSecurityModule, pin: str
) -> None:
    with pytest.raises(ValueError, match="4 to 12 digits"):
        hsm.pin_reset_command(REGION, HISTORICAL, bytes(8), pin)


def test_an_odd_pin_is_filled(hsm: IssuerSecurityModule, talk: Talk) -> None:
    talk(SELECT_SOCIAL_SECURITY)
    command = hsm.pin_reset_command(REGION, HISTORICAL, challenge(talk), "12345")
    assert talk(command.hex()) == "9000"
    assert talk("002000000312345F") == "9000"


def certificate(kind: CertificateKind, level: int) -> Certificate:
    return Certificate.of(
        kind,
        level=level,
        number="50000019900101004243",
        issuer="测试区残疾人联合会",
        region="500100",
        valid_from="20260101",
        valid_until="99991231",
    )


@pytest.mark.parametrize(
    ("kind", "level"), [(CertificateKind.DISABILITY, 2), (CertificateKind.VETERAN, 0)]
)
def test_a_certificate_is_written_and_read_freely(
    hsm: IssuerSecurityModule, talk: Talk, kind: CertificateKind, level: int
) -> None:
    written = certificate(kind, level)
    talk(SELECT_CERTIFICATES)
    assert talk("00B2010C0D") == "6A83"
    command = hsm.certificate_command(HISTORICAL, challenge(talk), written)
    assert command.hex().startswith("80e2000051")
    assert talk(command.hex()) == "9000"
    assert talk("00B2010C0D") == written.concession.hex().upper() + "9000"
    assert talk(command.hex()) == "6984"


def test_one_kind_of_certificate_is_not_written_with_the_key_of_another(
    hsm: IssuerSecurityModule,
) -> None:
    keys = hsm.certificate_keys(HISTORICAL)
    assert keys["disability"] != keys["veteran"]
    with pytest.raises(ValueError, match="6A80"):
        certificate(CertificateKind.DISABILITY, 0)


def test_the_medical_purse_is_loaded_and_pays_under_the_eyes_of_the_issuer(
    hsm: IssuerSecurityModule, talk: Talk
) -> None:
    talk(SELECT_MEDICAL)
    talk("0020000003123456")
    asked = bytes.fromhex(talk(f"B02800020B01{700:08X}{TERMINAL.hex()}10"))
    load = MedicalLoadFigures(
        region=REGION,
        historical_bytes=HISTORICAL,
        account=Account.EARLIER_YEARS,
        balance_before_fen=int.from_bytes(asked[:4], "big"),
        amount_fen=700,
        online_sequence=int.from_bytes(asked[4:6], "big"),
        terminal=TERMINAL,
        random=asked[8:12],
        moment=MOMENT,
    )
    with pytest.raises(ValueError, match="MAC1"):
        hsm.permit_medical_load(load, bytes(4))
    mac2 = hsm.permit_medical_load(load, asked[12:16])
    receipt = bytes.fromhex(talk(f"B02A00000B{(MOMENT + mac2).hex()}04"))
    assert receipt[4:] == b"\x90\x00"
    assert hsm.medical_load_tac_is_right(load, receipt[:4])
    assert not hsm.medical_load_tac_is_right(load, bytes(4))

    module = SecurityModule(InProcessReader("PSAM", load_psam(psam_image(hsm)).card))
    initialised = bytes.fromhex(talk(f"B02801010B01{1200:08X}{TERMINAL.hex()}0C"))[:-2]
    signed = module.sign_medical_purchase(
        initialised=initialised,
        amount=(1200).to_bytes(4, "big"),
        kind=b"\x06",
        account=b"\x01",
        moment=MOMENT,
        region=REGION,
        historical_bytes=HISTORICAL,
    )
    debit = signed.terminal_sequence + MOMENT + signed.mac
    paid = bytes.fromhex(talk(f"B02C00000F{debit.hex()}08"))
    assert module.confirms_medical(paid[4:8])
    purchase = MedicalPurchaseFigures(
        region=REGION,
        historical_bytes=HISTORICAL,
        account=Account.CURRENT_YEAR,
        amount_fen=1200,
        terminal=TERMINAL,
        terminal_sequence=int.from_bytes(signed.terminal_sequence, "big"),
        moment=MOMENT,
    )
    assert hsm.medical_purchase_tac_is_right(purchase, paid[:4])
    assert not hsm.medical_purchase_tac_is_right(purchase, paid[4:8])
    assert [talk(f"B02600{which}04") for which in ("01", "02")] == [
        f"{3800:08X}9000",
        f"{700:08X}9000",
    ]


def test_a_module_of_the_issuer_reads_holders_of_its_province(hsm: IssuerSecurityModule) -> None:
    module = SecurityModule(InProcessReader("PSAM", load_psam(psam_image(hsm)).card))
    process, original = bytes(range(8)), bytes(range(8, 16))
    for name, expected in (
        ("IRK", hsm.internal_authentication(REGION, HISTORICAL, process, original)),
        ("RKSSSE", hsm.external_authentication(REGION, HISTORICAL, process, original)),
    ):
        given = module.authentication_value(name, REGION, HISTORICAL, process, original)
        assert given == expected
    district = "330102"
    value = module.authentication_value("IRK", district, HISTORICAL, process, original)
    assert value != hsm.internal_authentication(district, HISTORICAL, process, original), (
        "another province's cards need another module"
    )
    with pytest.raises(ValueError, match="six digits"):
        module.authentication_value("IRK", "5000", HISTORICAL, process, original)
