"""Images become cards, faulty images tell all their faults, stored cards come back."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_cards import bank_cards, people
from tests.virtual_cards.conftest import talk_to
from virtual_cards.personalisation import (
    ImageIsFaulty,
    load_card,
    load_psam,
    load_stored_card,
    store_card,
)

SELECT_PURSE = "00A4040008A00000063201010500"


def test_a_faulty_image_tells_all_its_faults_at_once() -> None:
    image = people.card_image()
    image["version"] = 3
    image["historical_bytes"] = "0081"
    image["pin"] = "12345x"
    image["colour"] = "red"
    image["social_security"]["files"]["EF05"]["05"] = "2026"
    image["social_security"]["spec_version"] = "2.00"
    del image["social_security"]["keys"]["IRK"]
    image["transit"]["files"]["1A"]["01"] = "xyz"
    image["transit"]["balance_fen"] = -1
    with pytest.raises(ImageIsFaulty) as raised:
        load_card(image)
    assert {fault.path for fault in raised.value.faults} == {
        "$.version",
        "$.historical_bytes",
        "$.pin",
        "$.colour",
        "$.social_security.files.EF05.05",
        "$.social_security.files.EF05.03",
        "$.social_security.keys.IRK",
        "$.transit.files.1A.01",
        "$.transit.balance_fen",
    }
    message = str(raised.value)
    assert "9 faults" in message
    assert "$.historical_bytes: found 2 bytes, expected upper-case hexadecimal of 13" in message
    assert "12345x" not in message, "a PIN is never quoted"


@pytest.mark.parametrize("document", ["", "[]", "null", b"\xff", "{}", '{"format": 3}'])
def test_a_document_that_is_no_image_is_faulty(document: str | bytes) -> None:
    with pytest.raises(ImageIsFaulty):
        load_card(document)
    with pytest.raises(ImageIsFaulty):
        load_psam(document)


def test_an_image_may_come_as_text() -> None:
    assert load_card(json.dumps(people.card_image())).card.atr.hex().startswith("3b6d0000")


def test_faults_of_bank_and_certificates_are_told_with_the_others() -> None:
    image = bank_cards.image(pan="6234560000000017")
    image["bank"]["expires"] = "361331"
    image["bank"]["keys"]["AC"] = "00"
    image["bank"]["colour"] = "red"
    image["certificates"]["veteran"] = {**bank_cards.veteran_section(), "level": 11}
    image["certificates"]["disability"] = {
        **bank_cards.veteran_section(), "level": 1, "valid_until": "20191231"
    }  # fmt: skip
    del image["certificates"]["keys"]["veteran"]
    with pytest.raises(ImageIsFaulty) as raised:
        load_card(image)
    assert {fault.path for fault in raised.value.faults} == {
        "$.bank.pan",
        "$.bank.expires",
        "$.bank.keys.AC",
        "$.bank.colour",
        "$.certificates.veteran.level",
        "$.certificates.disability.valid_until",
        "$.certificates.keys.veteran",
    }
    assert "6234560000000017" not in str(raised.value), "an account is never quoted"


@pytest.mark.parametrize("pan", ["4111111111111111", "62345600000000017", "623456000000"])
def test_only_a_made_up_account_of_whole_bytes_becomes_a_card(pan: str) -> None:
    with pytest.raises(ImageIsFaulty):
        load_card(bank_cards.image(pan=pan))


def test_an_account_may_have_eighteen_digits() -> None:
    assert load_card(bank_cards.image(pan=bank_cards.LONG_PAN)).card


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data())
def test_an_image_with_a_member_of_any_kind_is_a_card_or_faulty(data: st.DataObject) -> None:
    image: Any = bank_cards.image()
    part = image
    key = data.draw(st.sampled_from(sorted(part)))
    while isinstance(part[key], dict) and data.draw(st.booleans()):
        part = part[key]
        key = data.draw(st.sampled_from(sorted(part)))
    part[key] = data.draw(JSON)
    try:
        card = load_card(image).card
    except ImageIsFaulty as faulty:
        assert faulty.faults
    else:
        assert card.transmit(b"") == b"\x67\x00"


@pytest.mark.parametrize("missing", ["social_security", "transit"])
def test_an_application_may_be_absent(missing: str) -> None:
    image = people.card_image()
    del image[missing]
    talk = talk_to(load_card(image).card)
    answers = [talk(SELECT_PURSE)[-4:], talk("00A40400077378312E73682E00")[-4:]]
    assert sorted(answers) == ["6A82", "9000"]


def test_a_snapshot_keeps_what_the_card_keeps(tmp_path: Path) -> None:
    first = load_card(people.card_image(balance_fen=77))
    talk = talk_to(first.card)
    talk("00A40400077378312E73682E")
    assert talk("0020000003000000") == "63C5"
    path = tmp_path / "card.json"
    store_card(first, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["card.json"]
    second = load_stored_card(path)
    assert second.snapshot() == first.snapshot()
    talk = talk_to(second.card)
    talk("00A40400077378312E73682E")
    assert talk("0020000000") == "63C5"
    talk(SELECT_PURSE)
    assert talk("805C000204") == f"{77:08X}9000"


def test_a_psam_keeps_its_sequence_in_a_snapshot() -> None:
    first = load_psam(people.psam_image())
    snapshot = first.snapshot()
    memory = snapshot["memory"]
    assert isinstance(memory, dict)
    memory["psam/terminal_sequence"] = 41
    again = load_psam(json.dumps(snapshot))
    assert again.card.memory.values()["psam/terminal_sequence"] == 41


def test_a_snapshot_with_a_strange_value_is_faulty() -> None:
    snapshot = load_card(people.card_image()).snapshot()
    memory = snapshot["memory"]
    assert isinstance(memory, dict)
    memory["transit/balance_fen"] = "AB"
    memory["transit/colour"] = 3
    with pytest.raises(ImageIsFaulty) as raised:
        load_card(snapshot)
    assert [fault.path for fault in raised.value.faults] == [
        "$.memory.transit/balance_fen",
        "$.memory.transit/colour",
    ]


def test_objects_too_deep_are_one_fault() -> None:
    with pytest.raises(ImageIsFaulty) as faulty:
        load_card('{"a":' * 100_000 + "1" + "}" * 100_000)
    assert [fault.path for fault in faulty.value.faults] == ["$"]


def test_a_card_is_never_put_in_the_place_of_a_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="no regular file"):
        store_card(load_card(people.card_image()), pipe)
    assert pipe.is_fifo()
