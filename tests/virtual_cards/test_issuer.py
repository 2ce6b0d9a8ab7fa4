"""The issuer's side: one seed, one testbed; its HSM permits and checks what cards do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_cards.issuer import (
    IssuerSecurityModule,
    LoadFigures,
    MadeUpHolder,
    card_image,
    hold_ceremony,
    psam_image,
)
from virtual_cards.personalisation import load_card, load_psam

SEED = bytes(range(32))
TERMINAL = bytes.fromhex("500000000001")
MOMENT = bytes.fromhex("20261121080000")


@pytest.fixture
def hsm() -> IssuerSecurityModule:
    return IssuerSecurityModule(hold_ceremony(SEED))


def test_the_same_seed_gives_the_same_keys_and_another_seed_others() -> None:
    keys, again, others = hold_ceremony(SEED), hold_ceremony(SEED), hold_ceremony(SEED[::-1])
    assert keys == again
    assert keys.testbed != others.testbed
    assert not set(keys.social_security.values()) & set(others.social_security.values())
    assert keys.check_value("IRK") != others.check_value("IRK")
    assert "IRK" not in repr(keys)


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, this one has 31"):
        hold_ceremony(SEED[1:])


@given(st.integers(1, 99_999_999))
def test_every_made_up_holder_gets_a_card_that_loads(number: int) -> None:
    hsm = IssuerSecurityModule(hold_ceremony(SEED))
    card = load_card(card_image(hsm, MadeUpHolder(number)))
    assert card.card.atr[-4:] == number.to_bytes(4, "big")


def test_a_load_is_permitted_and_its_receipt_found_right(hsm: IssuerSecurityModule) -> None:
    holder = MadeUpHolder(7)
    card = load_card(card_image(hsm, holder, balance_fen=250)).card
    card.transmit(bytes.fromhex("00A4040008A000000632010105"))
    asked = bytes.fromhex("805000020B01") + (5_000).to_bytes(4, "big") + TERMINAL + b"\x10"
    answer = card.transmit(asked)
    load = LoadFigures(
        issuer=bytes.fromhex("50000001FFFFFFFF"),
        application_serial=holder.application_serial,
        balance_before_fen=int.from_bytes(answer[:4], "big"),
        amount_fen=5_000,
        online_sequence=int.from_bytes(answer[4:6], "big"),
        terminal=TERMINAL,
        random=answer[8:12],
        moment=MOMENT,
    )
    with pytest.raises(ValueError, match="MAC1"):
        hsm.permit_load(load, bytes(4))
    mac2 = hsm.permit_load(load, answer[12:16])
    receipt = card.transmit(bytes.fromhex("805200000B") + MOMENT + mac2 + b"\x04")
    assert receipt[-2:] == b"\x90\x00"
    assert hsm.load_tac_is_right(load, receipt[:4])
    assert not hsm.load_tac_is_right(load, bytes(4))


def test_a_psam_of_another_testbed_cannot_debit_the_card(hsm: IssuerSecurityModule) -> None:
    foreign = IssuerSecurityModule(hold_ceremony(SEED[::-1]))
    assert load_psam(psam_image(hsm)).image != load_psam(psam_image(foreign)).image
    assert hsm.purchase_master_key() != foreign.purchase_master_key()


def test_a_holder_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1 to 99999999"):
        MadeUpHolder(0)
