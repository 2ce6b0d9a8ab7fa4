"""The overdraft of the purse: how far it goes, what shows it, how a load pays it back."""

from __future__ import annotations

import pytest

from tests.virtual_cards.conftest import Talk, talk_to
from tests.virtual_cards.test_transit import SELECT
from virtual_cards.issuer import (
    IssuerSecurityModule,
    LoadFigures,
    MadeUpHolder,
    card_image,
    hold_ceremony,
    psam_image,
)
from virtual_cards.issuer.made_up_card import ISSUER
from virtual_cards.personalisation import load_card, load_psam

BALANCE_FEN = 200
LIMIT_FEN = 800
HOLDER = MadeUpHolder(9)
TERMINAL = "500000000001"
MOMENT = "20260504081500"
NO_RECORD = "6A83"


def signed(fen: int) -> str:
    return f"{fen % 2**32:08X}"


@pytest.fixture(scope="module")
def hsm() -> IssuerSecurityModule:
    return IssuerSecurityModule(hold_ceremony(bytes(range(32))))


class Purse:
    """A purse with an overdraft and the module of a terminal."""

    def __init__(self, hsm: IssuerSecurityModule) -> None:
        image = card_image(hsm, HOLDER, balance_fen=BALANCE_FEN)
        image["transit"]["overdraft_limit_fen"] = LIMIT_FEN
        self.talk: Talk = talk_to(load_card(image).card)
        self.sam: Talk = talk_to(load_psam(psam_image(hsm)).card)
        self.sam("00A4040010A0000006324D4F542E435053414D3031")
        self.talk(SELECT)

    def initialise(self, amount_fen: int) -> str:
        return self.talk(f"805001020B01{amount_fen:08X}{TERMINAL}0F")

    def pay(self, amount_fen: int) -> str:
        answer = self.initialise(amount_fen)
        factors = HOLDER.application_serial[-8:].hex() + ISSUER.hex()
        data = f"{answer[22:30]}{answer[8:12]}{amount_fen:08X}06{MOMENT}{answer[18:22]}{factors}"
        given = self.sam(f"8070000024{data}08")
        paid = self.talk(f"805401000F{given[:8]}{MOMENT}{given[8:16]}08")
        assert self.sam("8072000004" + paid[8:16]) == "9000"
        return paid

    def balances(self) -> list[int]:
        """With overdraft, limit, used, net."""
        found = [self.talk(f"805C{p1:02X}0204") for p1 in range(4)]
        assert all(answer.endswith("9000") for answer in found)
        return [int.from_bytes(bytes.fromhex(answer[:8]), "big", signed=True) for answer in found]


@pytest.fixture
def purse(hsm: IssuerSecurityModule) -> Purse:
    return Purse(hsm)


def test_the_four_balances_follow_the_purse_below_zero(purse: Purse) -> None:
    assert purse.balances() == [1000, 800, 0, 200]
    purse.pay(150)
    assert purse.balances() == [850, 800, 0, 50]
    purse.pay(350)
    assert purse.balances() == [500, 800, 300, -300]
    assert purse.talk("805C040204") == "6A86"


def test_the_limit_is_reached_to_the_fen_and_not_passed(purse: Purse) -> None:
    whole = BALANCE_FEN + LIMIT_FEN
    assert purse.initialise(whole + 1) == "9401"
    assert purse.initialise(whole).endswith("9000")
    purse.pay(whole)
    assert purse.balances() == [0, 800, 800, -800]
    assert purse.initialise(1) == "9401"
    assert purse.initialise(0).endswith("9000"), "an entry costs nothing"


def test_8050_and_the_log_tell_limit_and_balance(purse: Purse) -> None:
    first = purse.initialise(500)
    assert first[:22] == signed(200) + "0000" + f"{LIMIT_FEN:06X}" + "0100"
    purse.pay(500)
    second = purse.initialise(100)
    assert second[:22] == signed(-300) + "0001" + f"{LIMIT_FEN:06X}" + "0100"
    assert purse.talk("00B201C417") == f"0000{LIMIT_FEN:06X}{500:08X}06{TERMINAL}{MOMENT}9000"
    assert purse.talk("00B202C417") == NO_RECORD


@pytest.mark.parametrize("amount_fen", [100, 300, 1000])
def test_a_load_pays_the_overdraft_back_first(
    hsm: IssuerSecurityModule, purse: Purse, amount_fen: int
) -> None:
    purse.pay(500)
    asked = bytes.fromhex(purse.talk(f"805000020B01{amount_fen:08X}{TERMINAL}10"))
    load = LoadFigures(
        issuer=ISSUER,
        application_serial=HOLDER.application_serial,
        balance_before_fen=int.from_bytes(asked[:4], "big", signed=True),
        amount_fen=amount_fen,
        online_sequence=int.from_bytes(asked[4:6], "big"),
        terminal=bytes.fromhex(TERMINAL),
        random=asked[8:12],
        moment=bytes.fromhex(MOMENT),
    )
    assert load.balance_before_fen == -300
    mac2 = hsm.permit_load(load, asked[12:16])
    receipt = bytes.fromhex(purse.talk(f"805200000B{MOMENT}{mac2.hex()}04"))
    assert receipt[4:] == b"\x90\x00"
    assert hsm.load_tac_is_right(load, receipt[:4])
    net = amount_fen - 300
    assert purse.balances() == [LIMIT_FEN + net, LIMIT_FEN, max(0, -net), net]
