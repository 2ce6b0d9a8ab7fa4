"""Published values of the purse and of SM4, and what follows from the key seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from card_platform.errors import PlatformCannotStart
from card_platform.keys import KeySeed, SecurityModule, open_key_seed
from card_platform.keys.ciphers import DesMac, sm4_block, sm4_mac, triple_des
from card_platform.keys.diversification import (
    certificate_card_key,
    social_security_card_key,
    social_security_province_key,
)
from card_platform.keys.medical_codes import (
    MedicalLoad,
    MedicalPayment,
    medical_load_session,
    medical_payment_session,
)
from card_platform.keys.transaction_codes import (
    Load,
    Purchase,
    authentication_value,
    load_session_key,
    purchase_session_key,
)

_KEY = bytes.fromhex("11223344556677888877665544332211")
_RANDOM = bytes.fromhex("11223344")
_TERMINAL = bytes.fromhex("001122334455")


def test_load_codes_are_those_of_the_published_example() -> None:
    # PBOC 2.0 load worked through in public (cnblogs ttss, posts 4280376 and 4280430).
    session = load_session_key(_KEY, _RANDOM, bytes(2))
    load = Load(0, 0x1000, _TERMINAL, bytes(2), type=0x01)
    assert session.hex().upper() == "9B1D924E05595603"
    assert load.mac1(session).hex().upper() == "2988AE5A"
    mac2 = load.mac2(session, bytes.fromhex("20111221"), bytes.fromhex("214822"))
    assert mac2.hex().upper() == "3A845BF0"


def test_purchase_codes_are_those_of_the_published_example() -> None:
    session = purchase_session_key(_KEY, _RANDOM, bytes(2), bytes.fromhex("00000001"))
    day, time = bytes.fromhex("20120229"), bytes.fromhex("135100")
    purchase = Purchase(0x1000, _TERMINAL, bytes.fromhex("00000001"), day, time, type=0x06)
    assert session.hex().upper() == "003238ABC57659DD"
    assert purchase.mac1(session).hex().upper() == "F15CAB75"
    assert purchase.mac2(session).hex().upper() == "56988A13"


def test_sm4_gives_the_example_of_the_standard() -> None:
    # GB/T 32907-2016, appendix A, example 1.
    block = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert sm4_block(block, block).hex().upper() == "681EDF34D206965E86B3E94F536E4246"


def test_social_security_keys_take_three_levels() -> None:
    chip = bytes.fromhex("00814A4446866050000000002A")
    key = _KEY
    for factor in ("3530303030307368", "3530303030307378", chip[-8:].hex()):
        f8 = bytes.fromhex(factor)
        key = sm4_block(key, f8 + bytes(b ^ 0xFF for b in f8))
    assert social_security_card_key(_KEY, "500000", chip) == key


def test_the_authentication_value_is_half_xor_half() -> None:
    process, original = bytes(range(8)), bytes(range(8, 16))
    session = sm4_block(_KEY, process + bytes(8))
    block = sm4_block(session, original + bytes(8))
    expected = bytes(a ^ b for a, b in zip(block[:8], block[8:], strict=True))
    assert authentication_value(_KEY, process, original) == expected


def test_the_province_level_is_two_levels_above_the_card() -> None:
    chip = bytes.fromhex("00814A4446866050000000002A")
    province = social_security_province_key(_KEY, "500000")
    city = bytes.fromhex("3530303030307378")
    key = sm4_block(province, city + bytes(b ^ 0xFF for b in city))
    key = sm4_block(key, chip[-8:] + bytes(b ^ 0xFF for b in chip[-8:]))
    assert social_security_card_key(_KEY, "500000", chip) == key


def test_the_sm4_mac_pads_always_and_xors_the_four_words() -> None:
    one = sm4_block(_KEY, b"\x01\x80" + bytes(14))
    assert sm4_mac(_KEY, b"\x01") == bytes(
        one[i] ^ one[4 + i] ^ one[8 + i] ^ one[12 + i] for i in range(4)
    )
    first = sm4_block(_KEY, bytes(16))
    padding = b"\x80" + bytes(15)
    last = sm4_block(_KEY, bytes(a ^ b for a, b in zip(first, padding, strict=True)))
    assert sm4_mac(_KEY, bytes(16)) == bytes(
        last[i] ^ last[4 + i] ^ last[8 + i] ^ last[12 + i] for i in range(4)
    )


def test_medical_codes_are_taken_over_the_fields_of_the_interface() -> None:
    day, time = bytes.fromhex("20260105"), bytes.fromhex("081500")
    session = medical_load_session(_KEY, _RANDOM, b"\x00\x07")
    assert session == sm4_block(_KEY, _RANDOM + b"\x00\x07\x80\x00" + bytes(8))
    load = MedicalLoad(100, 700, 2, _TERMINAL, b"\x00\x07")
    asked = bytes.fromhex("000002BC0202") + _TERMINAL
    assert load.mac1(session) == sm4_mac(session, bytes.fromhex("00000064") + asked)
    assert load.mac2(session, day, time) == sm4_mac(session, asked + day + time)
    receipt = bytes.fromhex("000003200007") + asked + day + time
    assert load.tac(_KEY, 800, day, time) == sm4_mac(_KEY, receipt)

    sequence = bytes.fromhex("00010203")
    session = medical_payment_session(_KEY, _RANDOM, b"\x00\x09", sequence)
    assert session == sm4_block(_KEY, _RANDOM + b"\x00\x09\x02\x03" + bytes(8))
    payment = MedicalPayment(700, 1, _TERMINAL, sequence, day, time)
    asked = bytes.fromhex("000002BC0601") + _TERMINAL
    assert payment.mac1(session) == sm4_mac(session, asked + day + time)
    assert payment.mac2(session) == sm4_mac(session, bytes.fromhex("000002BC"))
    assert payment.tac(_KEY) == sm4_mac(_KEY, asked + sequence + day + time)


def test_a_certificate_key_is_one_level_below_its_master() -> None:
    chip = bytes.fromhex("00814A4446866050000000002A")
    f8 = chip[-8:]
    child = triple_des(_KEY, f8) + triple_des(_KEY, bytes(b ^ 0xFF for b in f8))
    assert certificate_card_key(_KEY, chip) == child


def test_one_seed_gives_one_set_of_keys() -> None:
    chip = bytes.fromhex("00814A4446866050000000002A")
    first, again = SecurityModule(KeySeed(bytes(32))), SecurityModule(KeySeed(bytes(32)))
    other = SecurityModule(KeySeed(bytes(31) + b"\x01"))
    assert first.social_security_keys("500000", chip) == again.social_security_keys("500000", chip)
    assert first.social_security_keys("500000", chip) != other.social_security_keys("500000", chip)
    assert first.testbed == "66687AAD"  # SHA-256 of 32 zero bytes begins so


def test_the_seed_is_made_once_with_mode_0600_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key-seed"
    seed = open_key_seed(path, may_create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_key_seed(path, may_create=False) == seed
    path.write_text("nonsense")
    with pytest.raises(PlatformCannotStart, match="64 hexadecimal"):
        open_key_seed(path, may_create=True)
    path.unlink()
    with pytest.raises(PlatformCannotStart, match="missing"):
        open_key_seed(path, may_create=False)


def test_macs_of_many_messages_are_those_of_each_alone() -> None:
    mac = DesMac(_KEY[:8])
    for length in (0, 7, 8, 15, 22):
        messages = [bytes([number]) * length for number in range(5)]
        assert mac.over_each(messages) == [mac.over(each) for each in messages]
    with pytest.raises(ValueError, match="several lengths"):
        mac.over_each([b"1", b"22"])
