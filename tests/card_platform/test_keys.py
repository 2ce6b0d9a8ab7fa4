"""Published values of the purse and of SM4, and what follows from the key seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from card_platform.errors import PlatformCannotStart
from card_platform.keys import KeySeed, SecurityModule, open_key_seed
from card_platform.keys.ciphers import sm4_block
from card_platform.keys.diversification import social_security_card_key
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
