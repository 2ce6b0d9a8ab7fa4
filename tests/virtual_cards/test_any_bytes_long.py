"""A million random and mutated commands to each application: always a status word."""

from __future__ import annotations

import random

import pytest

from tests.virtual_cards import bank_cards, people
from tests.virtual_cards.conftest import talk_to
from tests.virtual_cards.test_certificate_area import verify
from virtual_cards.applets.psam.specification import PSAM_SOCIAL_SECURITY_AID
from virtual_cards.assumptions import PSAM_PURSE_AID
from virtual_cards.card_os.card import Card
from virtual_cards.personalisation import load_card, load_psam

COMMANDS = 1_000_000
RESET_EVERY = 500
NEW_CARD_EVERY = 10 * RESET_EVERY
BYTES_MAX = 300

SELECTS = {
    "social security": "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
    "medical": "00A4040006D15600000503",
    "certificates": "00A404000C53532E434552542E41444631",
    "transit": "00A4040008A000000632010105",
    "bank": bank_cards.SELECT_BANK,
    "payment environment": bank_cards.SELECT_PSE,
    "holder certificates": bank_cards.SELECT_CERTIFICATES,
    "psam": "00A4040010" + PSAM_PURSE_AID.hex(),
    "psam social security": "00A4040006" + PSAM_SOCIAL_SECURITY_AID.hex(),
}
PSAM = {"psam", "psam social security"}
CORPUS = [
    bytes.fromhex(command)
    for command in (
        *SELECTS.values(),
        "00A4020002EF05", "00A4000002EF06", "00B2012C00", "00B2010400", "00B2082800", "0084000008",
        "008800001000112233445566778899AABBCCDDEEFF", "0082000A1000112233445566778899AABBCCDDEEFF",
        "0020000003123456", "00B095001E", "00B0970000", "00B201D480", "00B201C417", "00B201F430",
        "805C000204", "805000020B0100001388112233445566", "805001020B0100000064112233445566",
        "805003020B0100000000112233445566", "80DC00F030" + "00" * 48, "80DC00D080" + "00" * 128,
        "805401000F00000001202611220801000011223344", "805200000B2026112208010011223344",
        "805A0009020001", "00C0000000", "8070000024" + "00" * 36, "807200000400000000",
        "BFDE481118" + "00" * 24, "80FA000008" + "00" * 8,
        "8070000025" + "00" * 19 + "0103" + "00" * 16,
        "80A8000002830000", "80A80000238321" + "00" * 33, "80AE800034" + "00" * 52,
        "80AE400022" + "00" * 34, "80CA9F3600", "008200000A" + "00" * 10, bank_cards.SELECT_PPSE,
        "8044000008" + "00" * 8, "8004000008" + "00" * 8,
        "80E2000051" + bank_cards.certificate().hex() + "00" * 8,
        "80E200183B" + "00" * 59, "800C001810" + "00" * 16,
        "04DC05280A05042027010100000000", "04D6880205ABABABABAB", "805E010007123456FF111111",
        "845E0100141122334455667788112233445566778811223344", "842400000400000000",
        "84240001141122334455667788112233445566778811223344", "841E00000400000000",
        "841600000400000000", "B026000304", "B02801010B0100000064112233445566",
        "B02800020B0100000064112233445566", "B02A00000B2026112208010011223344",
        "B02C00000F00000001202611220801000011223344", "B02E0006020001", "B056000004",
        "B0560000082026010111223344", "002001811000112233445566778899AABBCCDDEEFF",
        "80C4010305C10312345600", "8040000008C0020012C2020013", "80C9820008C0020012C2020013",
        "80C9828042", "002A9E9A20" + "11" * 32, "804E000178C2020013C1820070" + "22" * 112,
        "804A021012C110" + "33" * 16, "80C2400046C0020014CA40" + "44" * 64,
        "80C2C00126C2020015CB20" + "55" * 32, "00A40000020018", "00D6000010" + "66" * 16,
        "00B2012C00", "00B201CC29", "00B2015C00", "00A4000002DF01", "00A4000002DF03",
    )
]  # fmt: skip


def mutated(choose: random.Random) -> bytes:
    """A known command with some bytes changed, cut or grown; or noise."""
    if choose.random() < 0.1:
        return choose.randbytes(choose.randrange(BYTES_MAX))
    command = bytearray(choose.choice(CORPUS))
    for _ in range(choose.choice((0, 0, 1, 1, 2, 4))):
        kind = choose.randrange(3)
        place = choose.randrange(len(command) + 1)
        if kind == 0 and command:
            command[min(place, len(command) - 1)] = choose.randrange(256)
        elif kind == 1:
            command[place:place] = choose.randbytes(choose.randrange(1, 4))
        else:
            del command[place : place + choose.randrange(1, 8)]
    return bytes(command)


def new_card(application: str) -> Card:
    if application in PSAM:
        return load_psam(people.full_psam_image()).card
    if application in {"bank", "payment environment", "holder certificates"}:
        return bank_cards.opened_card()
    return load_card(people.full_image()).card


def prove_the_pin(card: Card, application: str) -> None:
    """So that what lies behind the PIN is reached too, as long as it is not locked."""
    if application == "certificates":
        verify(talk_to(card))
    elif application not in PSAM:
        card.transmit(bytes.fromhex("0020000003123456"))


@pytest.mark.long
@pytest.mark.parametrize("application", SELECTS)
def test_any_bytes_are_answered(application: str) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    choose = random.Random(seed)
    card = new_card(application)
    for number in range(COMMANDS):
        if number % RESET_EVERY == 0:
            if number % NEW_CARD_EVERY == 0:
                card = new_card(application)  # on an old one every PIN and key is locked
            card.reset()
            card.transmit(bytes.fromhex(SELECTS[application]))
            prove_the_pin(card, application)
        command = mutated(choose)
        response = card.transmit(command)
        assert 2 <= len(response) <= 258, command.hex()
        assert response[-2] & 0xF0 in {0x60, 0x90}, (command.hex(), response.hex())
