"""The certificate area as public card writers use it (medium confidence), and SM2 itself."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.virtual_cards import people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.keys import sm2
from virtual_cards.personalisation import load_card

SELECT = "00A404000C504B492EC9E7BBE1B1A3D5CF"
KEY_PAIR = "08C0020012C2020013"
_BLOCKS = modes.ECB()  # noqa: S305 - single blocks, as the writers do


def sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def sm4(key: bytes, blocks: bytes) -> bytes:
    return Cipher(SM4(key), _BLOCKS).encryptor().update(blocks)


@pytest.fixture
def talk() -> Talk:
    talk = talk_to(load_card(people.full_image()).card)
    talk(SELECT)
    assert talk("00A4000002DF01") == "6110"
    return talk


def verify(talk: Talk, pin: str = "123456") -> str:
    challenge = bytes.fromhex(talk("0084000008")[:-4])
    return talk("0020018110" + sm4(sm3(bytes.fromhex(pin))[:16], challenge + bytes(8)).hex())


def test_df01_means_another_directory_below_each_environment(talk: Talk) -> None:
    assert talk("00A404000C53532E434552542E4144463100")[4:8] == "840C"
    talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    assert talk("00A4000002DF0100") == "6F088406D156000005009000"


def test_the_pin_is_proved_once_and_its_tries_are_those_of_the_card(talk: Talk) -> None:
    assert talk("0020018110" + "00" * 16) == "6984"
    assert verify(talk, "111111") == "63C5"
    assert verify(talk) == "9000"
    assert verify(talk, "111111") == "63C5"
    assert talk("8040000008C0020012C2020013") == "6982", "a wrong proof loses the status"
    assert talk("0020000003123456") == "6A86"


def test_a_card_hashes_with_sm3(talk: Talk) -> None:
    assert talk("80C4010305C10312345600").startswith("3DE741F445DD357BEA4E6C3FE6437036F62B5E3E")


def test_a_key_pair_is_made_exported_and_signs(talk: Talk) -> None:
    assert talk("80C98200" + KEY_PAIR) == "6A88", "there is none yet"
    assert talk("80400000" + KEY_PAIR) == "6982"
    verify(talk)
    assert talk("80400000" + KEY_PAIR) == "9000"
    assert talk("80C9828042") == "6985"
    assert talk("80C98200" + KEY_PAIR) == "9000"
    exported = talk("80C9828042")
    assert exported[:4] == "CA40"
    public = bytes.fromhex(exported[4:-4])
    talk("00A40000020012")
    assert talk("00B0000042") == exported
    digest = sm3(b"an application")
    signature = bytes.fromhex(talk("002A9E9A20" + digest.hex() + "00")[:-4])
    assert len(signature) == 64
    assert sm2.verify_digest(public, digest, signature)
    assert not sm2.verify_digest(public, sm3(b"another"), signature)


def test_no_command_reads_a_private_key(talk: Talk) -> None:
    verify(talk)
    talk("80400000" + KEY_PAIR)
    for identifier in ("0013", "0015"):
        assert talk("00A4000002" + identifier) == "6A82"
    assert talk("00B0930000") == "6A82"


def test_certificates_are_read_freely_and_written_in_parts_after_the_pin(talk: Talk) -> None:
    talk("00A40000020018")
    assert talk("00B0000004") == "308200009000"
    assert talk("00D6000002" + "ABCD") == "6982"
    verify(talk)
    for offset, length in ((0, 250), (250, 250), (500, 250), (750, 250), (1000, 20)):
        assert talk(f"00D6{offset:04X}{length:02X}" + f"{offset >> 8:02X}" * length) == "9000"
    assert talk("00B003E814") == "03" * 20 + "9000"
    assert talk("00D603E815" + "00" * 21) == "6700"


def test_an_encryption_key_comes_in_an_envelope(talk: Talk) -> None:
    verify(talk)
    talk("80400000" + KEY_PAIR)
    talk("80C98200" + KEY_PAIR)
    mine = bytes.fromhex(talk("80C9828042")[4:-4])
    public, private = sm2.generate()
    session_key = people.master("session")
    envelope = sm2.encrypt(mine, session_key)
    assert len(envelope) == 0x70
    opened = talk("804E000178C2020013C1820070" + envelope.hex() + "00")
    assert opened == session_key.hex().upper() + "9000"
    assert talk("804A021012C110" + opened[:-4]) == "9000"
    assert talk("80C2400046C0020014CA40" + public.hex()) == "9000"
    assert talk("80C2C00126C2020015CB20" + sm4(session_key, private).hex()) == "9000"
    assert talk("80C2C00126C2020015CB20" + sm4(session_key, private).hex()) == "6985"
    to_card = sm2.encrypt(public, b"sixteen bytes ok").hex()
    answer = talk("804E000178C2020015C1820070" + to_card + "00")
    assert bytes.fromhex(answer[:-4]) == b"sixteen bytes ok"
    broken = to_card[:-2] + f"{int(to_card[-2:], 16) ^ 1:02X}"
    assert talk("804E000178C2020015C1820070" + broken + "00") == "6A80"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("8040000008C0020012C2020015", "6A82"),
        ("8040000005C002001200", "6A80"),
        ("8040000004C0020012", "6A80"),
        ("804E000104C2020013", "6A80"),
        ("80C2400046C0020012CA40" + "00" * 64, "6A82"),
        ("002A9E9A10" + "00" * 16, "6700"),
        ("002A9E9B20" + "00" * 32, "6A86"),
        ("802A9E9A20" + "00" * 32, "6E00"),
        ("00DC010400", "6700"),
    ],
)
def test_malformed_commands_are_refused(talk: Talk, command: str, status: str) -> None:
    verify(talk)
    assert talk(command) == status


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=1, max_size=100))
def test_an_envelope_opens_for_its_holder(data: bytes) -> None:
    public, private = sm2.generate()
    assert sm2.decrypt(private, sm2.encrypt(public, data)) == data
    signature = sm2.sign_digest(private, sm3(data))
    assert sm2.verify_digest(public, sm3(data), signature)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_envelope_or_faulty(data: bytes) -> None:
    with pytest.raises(sm2.EnvelopeIsFaulty):
        sm2.decrypt(bytes(31) + b"\x07", data)
