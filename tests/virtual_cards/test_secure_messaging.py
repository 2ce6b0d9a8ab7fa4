"""Secured writing, PIN change and unblock, blocks: with SM4 and with 3DES (LD/T 32.4, 32.5)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.virtual_cards import issuer, people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.card_os import Card
from virtual_cards.keys import Algorithm, CipherTextIsFaulty
from virtual_cards.personalisation import load_card

SELECT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
UPDATE = "04DC0528"
DATE = bytes.fromhex("050420270101")
WRITE_KEY = people.social_security_key("UKSSSE")
PUK = people.social_security_key("PUK")
BLOCK_KEY = people.master("STKSSSE")


@pytest.fixture(params=["03", "01"], ids=["SM4", "3DES"])
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def card(algorithm: str) -> Card:
    return load_card(people.full_image(algorithm=algorithm)).card


@pytest.fixture
def talk(card: Card) -> Talk:
    talk = talk_to(card)
    talk(SELECT)
    return talk


def test_a_right_mac_writes_without_external_authentication(talk: Talk, algorithm: str) -> None:
    assert talk("00DC052806" + DATE.hex()) == "6982"
    assert issuer.secured(talk, UPDATE, DATE, WRITE_KEY, algorithm=algorithm) == "9000"
    assert talk("00B2052806") == DATE.hex().upper() + "9000"
    assert talk("00DC052806" + DATE.hex()) == "6982", "the status held for that command only"


def test_a_transparent_file_is_written_secured_at_an_offset(talk: Talk, algorithm: str) -> None:
    written = issuer.secured(talk, "04D68802", b"\xab\xcd", WRITE_KEY, algorithm=algorithm)
    assert written == "9000"
    issuer.authenticate(talk, "0A", people.social_security_key("RKSSSE"), algorithm)
    assert talk("00B0880006") == "F2F2ABCDF2F29000"


def test_a_wrong_mac_costs_a_try_and_in_the_end_the_key(talk: Talk, algorithm: str) -> None:
    wrong = people.master("another")
    for _ in range(5):
        assert issuer.secured(talk, UPDATE, DATE, wrong, algorithm=algorithm) == "6988"
    assert issuer.secured(talk, UPDATE, DATE, WRITE_KEY, algorithm=algorithm) == "6983"
    assert talk("00B2052806") == "0504202601019000"


def test_a_secured_command_needs_a_challenge_of_its_own(talk: Talk, algorithm: str) -> None:
    assert talk(UPDATE + "0A" + DATE.hex() + "00000000") == "6984"
    assert issuer.secured(talk, UPDATE, DATE, WRITE_KEY, algorithm=algorithm) == "9000"
    assert talk(UPDATE + "0A" + DATE.hex() + "00000000") == "6984"
    assert talk(UPDATE + "03000000") == "6700"


def test_the_mac_covers_the_header(talk: Talk, algorithm: str) -> None:
    session = issuer.session(WRITE_KEY, bytes.fromhex(talk("0084000008")[:-4]), algorithm)
    mac = issuer.mac(session, bytes.fromhex("04DC05280A") + DATE, algorithm)
    assert talk("04DC052C0A" + DATE.hex() + mac.hex()) == "6988"


@pytest.mark.parametrize("command", ["04B2012C00", "84DC012C0400000000", "0482000A1400"])
def test_other_commands_are_not_secured(talk: Talk, command: str) -> None:
    assert talk(command + "00" * (20 if command.endswith("1400") else 0))[:2] in {"68", "67"}


def test_a_file_without_a_key_is_not_written_secured(talk: Talk) -> None:
    talk("00A4040008A000000632010105")
    assert talk("04DC010C05" + "00" * 5) == "6882"
    assert talk("04DC01D405" + "00" * 5) == "6882"
    assert talk("8424000004" + "00" * 4) == "6D00"


def test_the_pin_is_changed_with_the_old_one(talk: Talk) -> None:
    assert talk("805E010007" + "654321" + "FF" + "111111") == "63C5"
    assert talk("805E010007" + "123456" + "FF" + "111111") == "9000"
    assert talk("0020000003123456") == "63C5"
    assert talk("0020000003111111") == "9000"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("805E010003123456", "6A80"),
        ("805E010006123456FF1111", "9000"),
        ("805E010005123456FF11", "6A80"),
        ("805E010007123456FFAB1111", "6A80"),
        ("805E000007123456FF111111", "6A86"),
        ("805E010001FF", "6A80"),
        ("005E010007123456FF111111", "6E00"),
    ],
)
def test_a_new_pin_has_digits(talk: Talk, command: str, status: str) -> None:
    assert talk(command) == status


def test_the_pin_is_changed_secured(talk: Talk, algorithm: str) -> None:
    data = bytes.fromhex("123456FF112233")
    changed = issuer.secured(talk, "845E0100", data, PUK, algorithm=algorithm, enciphers=True)
    assert changed == "9000"
    assert talk("0020000003112233") == "9000"


def test_the_puk_unblocks_the_pin_and_may_set_a_new_one(talk: Talk, algorithm: str) -> None:
    for _ in range(6):
        talk("0020000003000000")
    assert talk("0020000003123456") == "6983"
    assert issuer.secured(talk, "84240000", b"", WRITE_KEY, algorithm=algorithm) == "6988"
    assert issuer.secured(talk, "84240000", b"", PUK, algorithm=algorithm) == "9000"
    assert talk("0020000003123456") == "9000"
    new = bytes.fromhex("998877")
    reset = issuer.secured(talk, "84240001", new, PUK, algorithm=algorithm, enciphers=True)
    assert reset == "9000"
    assert talk("0020000003123456") == "63C5"
    assert talk("0020000003998877") == "9000"
    assert talk("8424000105" + "00" * 5) == "6700"


def test_a_blocked_application_answers_6a81_until_it_is_locked(
    card: Card, talk: Talk, algorithm: str
) -> None:
    assert issuer.secured(talk, "841E0000", b"", BLOCK_KEY, algorithm=algorithm) == "9000"
    assert talk("00B2052806") == "6A81"
    card.reset()
    assert talk(SELECT) == "6A81"
    assert talk("00A4040006D15600000500") == "6A81", "its directories are blocked with it"
    assert talk("00A40000023F00") == "6106"
    assert talk("00A4040008A000000632010105") == "6133", "the purse of the city is not"


def test_a_locked_application_answers_9303(card: Card, talk: Talk, algorithm: str) -> None:
    assert issuer.secured(talk, "841E0000", b"", BLOCK_KEY, algorithm=algorithm) == "9000"
    assert issuer.secured(talk, "841E0001", b"", BLOCK_KEY, algorithm=algorithm) == "9000"
    assert talk("0084000008") == "9303"
    card.reset()
    assert talk(SELECT) == "9303"


def test_a_blocked_card_answers_nothing_else_on_either_face(
    card: Card, talk: Talk, algorithm: str
) -> None:
    assert issuer.secured(talk, "84160000", b"", BLOCK_KEY, algorithm=algorithm) == "9000"
    card.power_off()
    assert card.contactless is not None
    assert card.contactless.power_on()
    for command in (SELECT, "00A40000023F00", "0084000008"):
        assert talk_to(card.contactless)(command) == "6A81"


def test_blocks_survive_in_a_snapshot(algorithm: str) -> None:
    first = load_card(people.full_image(algorithm=algorithm))
    talk = talk_to(first.card)
    talk(SELECT)
    issuer.secured(talk, "841E0000", b"", BLOCK_KEY, algorithm=algorithm)
    assert talk_to(load_card(first.snapshot()).card)(SELECT) == "6A81"


@given(st.sampled_from(Algorithm), st.binary(min_size=8, max_size=8), st.binary(max_size=60))
def test_what_is_enciphered_is_deciphered(algorithm: Algorithm, factor: bytes, data: bytes) -> None:
    session = algorithm.session(people.master("any"), factor)
    assert algorithm.decipher(session, algorithm.encipher(session, data)) == data


@given(st.sampled_from(Algorithm), st.binary(max_size=64))
def test_any_bytes_are_deciphered_or_faulty(algorithm: Algorithm, data: bytes) -> None:
    session = algorithm.session(people.master("any"), bytes(8))
    try:
        plain = algorithm.decipher(session, data)
    except CipherTextIsFaulty:
        return
    assert len(plain) < len(data)


KEYS = (WRITE_KEY, PUK, BLOCK_KEY)
SECURED = ("04DC05", "04DC01", "04D688", "04D600", "845E01", "842400", "841E00", "841600")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(SECURED),
            st.sampled_from(["00", "01", "28", "2C", "6C"]),
            st.sampled_from(KEYS),
            st.one_of(
                st.binary(max_size=40),
                st.binary(max_size=20).map(lambda value: b"\x05" + bytes([len(value)]) + value),
            ),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.sampled_from(["01", "03"]),
)
def test_any_data_under_a_right_mac_get_a_status_word(
    commands: list[tuple[str, str, bytes, bytes, bool]], algorithm: str
) -> None:
    card = load_card(people.full_image(algorithm=algorithm)).card
    talk = talk_to(card)
    talk(SELECT)
    names = set(card.memory.values())
    for header, p2, key, data, enciphers in commands:
        if talk("0084000008")[-4:] != "9000":
            break
        answer = issuer.secured(
            talk, header + p2, data, key, algorithm=algorithm, enciphers=enciphers
        )
        assert len(answer) == 4
        assert answer[0] in "69"
    assert set(card.memory.values()) == names
