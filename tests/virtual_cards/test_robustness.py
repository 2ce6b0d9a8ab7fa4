"""Whatever the bytes are, a card answers a status word, and its memory stays whole."""

from __future__ import annotations

import hypothesis
from hypothesis import strategies as st

from tests.virtual_cards import bank_cards, people
from virtual_cards.card_os import Card, LeRule
from virtual_cards.personalisation import load_card, load_psam

SELECTS = [
    bytes.fromhex(command)
    for command in (
        "00A40000023F00",
        "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",
        "00A4040008A000000632010105",
        "00A4040010A0000006324D4F542E435053414D3031",
        "00A4040006D15600000590",
        "00A4020002EF06",
        bank_cards.SELECT_PSE,
        bank_cards.SELECT_PPSE,
        bank_cards.SELECT_BANK,
        bank_cards.SELECT_CERTIFICATES,
        "00A4040006D15600000500",
        "00A4000002DF04",
        "00A404000C504B492EC9E7BBE1B1A3D5CF",
        "00A404000C53532E434552542E41444631",
        "0084000008",
        "0020000003123456",
        "8040000008C0020012C2020013",
    )
]
HEADERS = [
    bytes.fromhex(command)
    for command in (
        "00B20128",
        "00B2002A",
        "00B2012C",
        "00B201D4",
        "00B09500",
        "00B00000",
        "00840000",
        "00880000",
        "0082000A",
        "00200000",
        "00DC0528",
        "00D69500",
        "80500002",
        "80500102",
        "80500302",
        "80520000",
        "80540100",
        "80DC00F0",
        "80DC00D0",
        "805A0009",
        "805C0002",
        "80700000",
        "80720000",
        "BFDE4811",
        "80FA0000",
        "00C00000",
        "80A80000",
        "80AE8000",
        "80AE4000",
        "80CA9F36",
        "80440000",
        "80040000",
        "80E20000",
        "80E20018",
        "800C0018",
        "00B2010C",
        "00B2015C",
        "04DC0528",
        "04D68700",
        "805E0100",
        "845E0100",
        "84240000",
        "84240001",
        "841E0000",
        "84160000",
        "B0260003",
        "B0280001",
        "B0280102",
        "B02A0000",
        "B02C0000",
        "B02E0006",
        "B0560000",
        "00200181",
        "002A9E9A",
        "804A0210",
        "804E0001",
        "80C24000",
        "80C2C001",
        "80C40103",
        "80C98200",
        "80C98280",
    )
]
KEYED = bytes.fromhex("0100000000500000000001")
WHOLE = [
    bytes.fromhex("80A8000002830000"),
    bytes.fromhex("80A80000238321") + bytes(33),
    bytes.fromhex("80AE800034") + bank_cards.first_data(),
    bytes.fromhex("80AE400022") + bank_cards.second_data(),
    bytes.fromhex("80E2000051") + bank_cards.certificate() + bytes(8),
    bytes.fromhex("80E200183B0011223344556677") + bytes(51),
    bytes.fromhex("800C0018100011223344556677") + bytes(8),
    bytes.fromhex("BFDE481118") + bytes(24),
    bytes.fromhex("80FA0000080011223344556677"),
    bytes.fromhex("8070000025") + bytes(19) + b"\x01\x03" + bytes(16),
]


@st.composite
def command_like(draw: st.DrawFn) -> bytes:
    """A known header, perhaps with one byte changed, and a body of any kind."""
    header = bytearray(draw(st.sampled_from(HEADERS)))
    if draw(st.booleans()):
        header[draw(st.integers(0, 3))] = draw(st.integers(0, 255))
    body = draw(
        st.one_of(
            st.just(b""),
            st.binary(min_size=1, max_size=1),
            st.binary(max_size=48).map(lambda data: bytes([len(data)]) + data),
            st.just(bytes([len(KEYED)]) + KEYED + b"\x00"),
            st.binary(max_size=300),
        )
    )
    return bytes(header) + body


COMMANDS = st.lists(
    st.one_of(st.sampled_from(SELECTS + WHOLE), command_like(), st.binary(max_size=300)),
    max_size=30,
)


def _answers(card: Card, commands: list[bytes]) -> None:
    names = set(card.memory.values())
    for command in commands:
        answer = card.transmit(command)
        assert 2 <= len(answer) <= 258
        assert answer[-2] & 0xF0 in (0x60, 0x90)
    assert set(card.memory.values()) == names


@hypothesis.settings(deadline=None, max_examples=150)
@hypothesis.given(commands=COMMANDS, rule=st.sampled_from(LeRule))
def test_a_card_answers_every_byte_string(commands: list[bytes], rule: LeRule) -> None:
    card = load_card(bank_cards.image(balance_fen=1250), le_rule=rule).card
    _answers(card, commands)
    assert card.memory.values()["transit/balance_fen"] == 1250, "no MAC, no money"
    assert card.memory.values()["bank/financial_function"] == 0, "no proof, no bank"


@hypothesis.settings(deadline=None, max_examples=80)
@hypothesis.given(commands=COMMANDS, rule=st.sampled_from(LeRule), by_field=st.booleans())
def test_an_opened_bank_application_answers_every_byte_string(
    commands: list[bytes], rule: LeRule, by_field: bool
) -> None:
    card = load_card(bank_cards.image(), le_rule=rule).card
    assert bank_cards.switch(card) == "9000"
    face = bank_cards.by_field(card) if by_field else card
    face.transmit(bytes.fromhex(bank_cards.SELECT_BANK))
    _answers(face, commands)
    assert card.memory.values()["bank/last_online_counter"] == 0, "no issuer, no approval"
    assert card.memory.values()["certificates/01"] == ()


@hypothesis.settings(deadline=None, max_examples=150)
@hypothesis.given(
    commands=COMMANDS,
    rule=st.sampled_from(LeRule),
    algorithm=st.sampled_from(["01", "03"]),
    by_field=st.booleans(),
)
def test_a_card_with_everything_answers_every_byte_string(
    commands: list[bytes], rule: LeRule, algorithm: str, by_field: bool
) -> None:
    card = load_card(people.full_image(algorithm=algorithm), le_rule=rule).card
    face = card.contactless if by_field else card
    assert face is not None
    _answers(face, commands)
    stored = card.memory.values()
    assert stored["medical/current_year_fen"] == 5000, "no MAC, no money"
    assert stored["card/life_cycle"] == stored["social_security/life_cycle"] == 0


@hypothesis.settings(deadline=None, max_examples=80)
@hypothesis.given(commands=COMMANDS, rule=st.sampled_from(LeRule))
def test_a_psam_answers_every_byte_string(commands: list[bytes], rule: LeRule) -> None:
    for image in (people.psam_image(), people.full_psam_image()):
        _answers(load_psam(image, le_rule=rule).card, commands)
