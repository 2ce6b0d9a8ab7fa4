"""Commands, responses and TLV as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_cards.apdu import CommandApdu, Refused, Response, Tlv, TlvIsFaulty, tlv

BYTE = st.integers(0, 255)


@given(
    st.builds(
        CommandApdu,
        BYTE,
        BYTE,
        BYTE,
        BYTE,
        st.binary(max_size=255),
        st.none() | st.integers(1, 256),
    )
)
def test_a_command_built_is_the_command_parsed(command: CommandApdu) -> None:
    assert CommandApdu.parse(command.to_bytes()) == command


@pytest.mark.parametrize(
    ("raw", "case"),
    [
        ("00A40000", CommandApdu(0, 0xA4, 0, 0)),
        ("00840000 08", CommandApdu(0, 0x84, 0, 0, le=8)),
        ("00B20104 00", CommandApdu(0, 0xB2, 1, 4, le=256)),
        ("00A40000 02 3F00", CommandApdu(0, 0xA4, 0, 0, b"\x3f\x00")),
        ("00A40000 02 3F00 00", CommandApdu(0, 0xA4, 0, 0, b"\x3f\x00", 256)),
    ],
)
def test_the_four_cases(raw: str, case: CommandApdu) -> None:
    assert CommandApdu.parse(bytes.fromhex(raw)) == case


@pytest.mark.parametrize(
    "raw",
    ["", "00", "00A400", "00A40000023F", "00A40000013F0000", "00A40000000002", "00B00000000100"],
)
def test_what_is_no_short_command_is_a_wrong_length(raw: str) -> None:
    with pytest.raises(Refused) as refused:
        CommandApdu.parse(bytes.fromhex(raw))
    assert refused.value.status == 0x6700


@pytest.mark.parametrize(
    "command", [CommandApdu(0, 0, 0, 0, bytes(256)), CommandApdu(0, 0, 0, 0, le=257)]
)
def test_a_command_that_does_not_fit_is_not_built(command: CommandApdu) -> None:
    with pytest.raises(ValueError, match=r"256|257"):
        command.to_bytes()


@given(st.binary(max_size=256), st.integers(0, 0xFFFF))
def test_a_response_built_is_the_response_parsed(data: bytes, status: int) -> None:
    assert Response.parse(Response(data, status).to_bytes()) == Response(data, status)


def test_a_response_without_status_word_is_none() -> None:
    with pytest.raises(ValueError, match="2 bytes"):
        Response.parse(b"\x90")


@given(
    st.lists(
        st.builds(
            Tlv,
            st.sampled_from([0x01, 0x4E, 0x6F, 0x84, 0x9F0C, 0xBF0C, 0x5F2D, 0x9F8101]),
            st.binary(max_size=400),
        ),
        max_size=5,
    )
)
def test_tlv_built_is_tlv_parsed(objects: list[Tlv]) -> None:
    raw = b"".join(tlv.encode(*part) for part in objects)
    assert tlv.decode(raw) == tuple(objects)


@given(st.binary(max_size=40))
def test_any_bytes_are_tlv_or_faulty(raw: bytes) -> None:
    try:
        objects = tlv.decode(raw)
    except TlvIsFaulty:
        return
    assert sum(len(part.value) for part in objects) <= len(raw)


def test_find_walks_down_a_path() -> None:
    issuer = tlv.encode(0x88, b"\x01") + tlv.encode(0x9F0C, bytes.fromhex("860103"))
    fci = tlv.encode(0x6F, tlv.encode(0x84, b"\xaa") + tlv.encode(0xA5, issuer))
    assert tlv.find(fci, 0x6F, 0xA5, 0x9F0C) == bytes.fromhex("860103")
    assert tlv.find(fci, 0x6F, 0x50) is None
    assert Tlv(0xA5, b"").is_constructed
    assert not Tlv(0x9F0C, b"").is_constructed
