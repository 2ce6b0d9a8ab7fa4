"""Ciphers, MACs and session keys against published values (tests/vectors)."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_cards import people
from virtual_cards.applets.transit.tac import load_tac, purchase_tac, tac_key
from virtual_cards.keys import (
    DesMac,
    des_mac,
    diversify_sm4,
    diversify_triple_des,
    load_session,
    purchase_session,
)
from virtual_cards.keys.ciphers import sm3, sm4, triple_des
from virtual_cards.keys.sessions import exclusive_or

VECTORS = Path(__file__).parents[1] / "vectors"
PURSE: dict[str, Any] = json.loads((VECTORS / "purse.json").read_text(encoding="utf-8"))
SOCIAL: dict[str, Any] = json.loads((VECTORS / "social_security.json").read_text(encoding="utf-8"))


def _bytes(values: dict[str, str]) -> dict[str, bytes]:
    return {name: bytes.fromhex(value) for name, value in values.items()}


def test_a_load_reproduces_the_published_session_key_and_macs() -> None:
    key, load = bytes.fromhex(PURSE["key"]), _bytes(PURSE["load"])
    session = load_session(key, load["random"], load["online_sequence"])
    assert session == load["session"]
    signed = load["amount"] + load["type"] + load["terminal"]
    assert des_mac(session, load["balance_before"] + signed) == load["mac1"]
    assert des_mac(session, signed + load["moment"]) == load["mac2"]


def test_a_purchase_reproduces_the_published_session_key_and_macs() -> None:
    key, buy = bytes.fromhex(PURSE["key"]), _bytes(PURSE["purchase"])
    session = purchase_session(
        key, buy["random"], buy["offline_sequence"], buy["terminal_sequence"]
    )
    assert session == buy["session"]
    signed = buy["amount"] + buy["type"] + buy["terminal"] + buy["moment"]
    assert des_mac(session, signed) == buy["mac1"]
    assert des_mac(session, buy["amount"]) == buy["mac2"]


def test_sm3_of_the_pin_is_the_published_hash() -> None:
    vector = SOCIAL["sm3_of_pin"]
    assert sm3(bytes.fromhex(vector["data"])).hex().upper().startswith(vector["sm3_begins"])


def test_sm4_gives_the_block_of_the_standard() -> None:
    vector = _bytes({name: SOCIAL["sm4"][name] for name in ("key", "block", "cipher")})
    assert sm4(vector["key"], vector["block"]) == vector["cipher"]


def test_diversification_agrees_with_the_derivation_written_for_the_tests() -> None:
    parent, factor = people.master("any"), people.SERIAL[-8:]
    assert diversify_sm4(parent, factor) == people.sm4_child(parent, factor)
    assert diversify_triple_des(parent, factor) == people.des_child(parent, factor)


def test_a_diversification_factor_has_eight_bytes() -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        diversify_sm4(bytes(16), bytes(7))


def test_the_tac_is_a_mac_with_both_halves_of_its_key() -> None:
    dtk = people.master("DTK")
    key = tac_key(dtk)
    assert key == bytes(a ^ b for a, b in zip(dtk[:8], dtk[8:], strict=True))
    parts = {"amount": bytes(4), "kind": b"\x09", "terminal": bytes(6), "moment": bytes(7)}
    assert purchase_tac(key, terminal_sequence=bytes(4), **parts) == des_mac(
        key, bytes(4) + b"\x09" + bytes(6) + bytes(4) + bytes(7)
    )
    assert load_tac(key, balance_after=b"\0\0\0\1", online=b"\0\2", **parts) == des_mac(
        key, b"\0\0\0\1\0\2" + bytes(4) + b"\x09" + bytes(6) + bytes(7)
    )


@given(st.binary(min_size=8, max_size=8), st.lists(st.binary(max_size=40), max_size=6))
def test_macs_one_after_the_other_are_those_of_their_own(key: bytes, data: list[bytes]) -> None:
    codes = DesMac(key)
    assert [codes.mac(each) for each in data] == [des_mac(key, each) for each in data]


def test_threads_may_share_the_ciphers_of_long_lived_keys() -> None:
    keys = [bytes([number]) * 8 + bytes(8) for number in range(4)]
    block = bytes(range(16))
    right = {key: (triple_des(key, block), sm4(key, block)) for key in keys}
    wrong: list[bytes] = []

    def work() -> None:
        for _ in range(2_000):
            for key in keys:
                if (triple_des(key, block), sm4(key, block)) != right[key]:
                    wrong.append(key)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_only_strings_of_one_length_are_combined() -> None:
    assert exclusive_or(b"\x0f\xf0", b"\xff\xff") == b"\xf0\x0f"
    with pytest.raises(ValueError, match="1 and 2 bytes"):
        exclusive_or(b"\0", b"\0\0")
