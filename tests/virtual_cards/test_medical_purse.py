"""The medical purse: its state machine, its money against an auditor, and a card torn out of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.virtual_cards import issuer, people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.card_os import Card
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader

SELECT = "00A4040006D15600000503"
VERIFY = "0020000003123456"
TERMINAL = "500000000009"
MOMENT = "20260504081500"
TERMINAL_SEQUENCE = "00000007"
ALGORITHMS = ("03", "01")


def key(name: str) -> bytes:
    return people.medical_key(name)


def tac(data: str, algorithm: str) -> str:
    dtk = key("DTK")
    if algorithm == "01":
        dtk = bytes(a ^ b for a, b in zip(dtk[:8], dtk[8:], strict=True))
    return issuer.mac(dtk, bytes.fromhex(data), algorithm).hex().upper()


class Desk:
    """A hospital desk with the issuer behind it: it knows the keys."""

    def __init__(self, talk: Talk, algorithm: str) -> None:
        self.talk = talk
        self.algorithm = algorithm

    def open(self) -> None:
        self.talk(SELECT)
        assert self.talk(VERIFY) == "9000"

    def mac(self, name: str, random: str, tail: str, data: str) -> str:
        factor = bytes.fromhex(random + tail)
        session = issuer.session(key(name), factor, self.algorithm)
        return issuer.mac(session, bytes.fromhex(data), self.algorithm).hex().upper()

    def begin(self, p1: str, account: str, amount: int) -> str:
        return self.talk(f"B028{p1}{account}0B01{amount:08X}{TERMINAL}18")

    def load_command(self, account: str, amount: int, answer: str) -> str:
        sequence, random = answer[8:12], answer[16:24]
        signed = f"{amount:08X}02{account}{TERMINAL}"
        expected = self.mac("DLK", random, sequence + "8000", answer[:8] + signed)
        assert answer[24:32] == expected, "MAC1 proves the card"
        mac = self.mac("DLK", random, sequence + "8000", signed + MOMENT)
        return f"B02A00000B{MOMENT}{mac}"

    def debit_command(self, account: str, amount: int, answer: str) -> str:
        sequence, random = answer[8:12], answer[16:24]
        signed = f"{amount:08X}06{account}{TERMINAL}{MOMENT}"
        mac = self.mac("DPK", random, sequence + TERMINAL_SEQUENCE[-4:], signed)
        return f"B02C00000F{TERMINAL_SEQUENCE}{MOMENT}{mac}"

    def balance(self, which: str) -> int:
        answer = self.talk(f"B02600{which}04")
        assert answer.endswith("9000")
        return int(answer[:-4], 16)


@pytest.fixture(params=ALGORITHMS, ids=["SM4", "3DES"])
def desk(request: pytest.FixtureRequest) -> Desk:
    algorithm = str(request.param)
    desk = Desk(talk_to(load_card(people.full_image(algorithm=algorithm)).card), algorithm)
    desk.open()
    return desk


def test_a_purchase_pays_and_proves_itself(desk: Desk) -> None:
    answer = desk.begin("01", "01", 1234)
    debited = desk.talk(desk.debit_command("01", 1234, answer) + "08")
    signed = f"{1234:08X}0601{TERMINAL}"
    assert debited[:8] == tac(signed + TERMINAL_SEQUENCE + MOMENT, desk.algorithm)
    mac = desk.mac("DPK", answer[16:24], answer[8:12] + TERMINAL_SEQUENCE[-4:], f"{1234:08X}")
    assert debited[8:16] == mac
    assert [desk.balance(which) for which in ("01", "02", "03")] == [3766, 300, 4066]
    assert desk.talk("B02E000602000108") == mac + debited[:8] + "9000"
    assert desk.talk("B02E000602000008") == "9406"
    assert desk.talk("00B2013C00") == f"000001{1234:08X}06{TERMINAL}{MOMENT}9000"


def test_a_load_adds_to_the_account_it_names(desk: Desk) -> None:
    answer = desk.begin("00", "02", 700)
    loaded = desk.talk(desk.load_command("02", 700, answer) + "04")
    signed = f"{700:08X}0202{TERMINAL}"
    assert loaded == tac(f"{1000:08X}0000{signed}{MOMENT}", desk.algorithm) + "9000"
    assert desk.balance("02") == 1000


IDLE, LOAD, PURCHASE = "", "00", "01"


@pytest.mark.parametrize(
    ("state", "command", "allowed"),
    [
        (IDLE, "B02A00000B" + "00" * 11, False),
        (IDLE, "B02C00000F" + "00" * 15, False),
        (IDLE, "B026000104", True),
        (IDLE, "B02E0006020001", True),
        (IDLE, "B056000004", True),
        (IDLE, "B056000008" + "00" * 8, False),
        (LOAD, "B02C00000F" + "00" * 15, False),
        (LOAD, "B02E0006020001", False),
        (LOAD, "B056000004", False),
        (LOAD, "B026000104", True),
        (PURCHASE, "B02A00000B" + "00" * 11, False),
        (PURCHASE, "B02E0006020001", False),
        (PURCHASE, "B056000004", False),
        (PURCHASE, "B056000008" + "00" * 8, False),
        (PURCHASE, "B026000104", True),
    ],
)
def test_a_command_out_of_its_state_is_6901_and_ends_it(
    desk: Desk, state: str, command: str, allowed: bool
) -> None:
    answer = desk.begin(state, "01", 100) if state else ""
    assert (desk.talk(command) != "6901") is allowed
    if not state:
        return
    make = desk.load_command if state == LOAD else desk.debit_command
    assert (desk.talk(make("01", 100, answer)) == "6901") is not allowed
    assert desk.balance("01") == (5000 if not allowed else 5100 if state == LOAD else 4900)


def test_a_wrong_mac_moves_no_money_and_ends_the_transaction(desk: Desk) -> None:
    answer = desk.begin("01", "01", 100)
    command = desk.debit_command("01", 100, answer)
    wrong = f"{int(command[-8:], 16) ^ 1:08X}"
    assert desk.talk(command[:-8] + wrong) == "9302"
    assert desk.talk(command) == "6901"
    assert desk.balance("01") == 5000


def test_a_purchase_needs_pin_account_key_and_money(desk: Desk) -> None:
    assert desk.begin("01", "01", 5001) == "9401"
    assert desk.begin("00", "01", 0x7FFF_FFFF) == "6985"
    assert desk.begin("01", "03", 1) == "6A86"
    assert desk.talk(f"B02801010B02{1:08X}{TERMINAL}") == "9403"
    desk.talk("00A40000023F00")
    desk.talk(SELECT)
    assert desk.begin("01", "01", 1) == "6982"
    assert desk.balance("01") == 5000
    assert desk.talk("B0FF000000") == "6D00"
    desk.talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    assert desk.talk("B026000104") == "6E00", "the purse is in DF04"


def test_the_starting_day_is_set_with_a_session_of_the_issuer(desk: Desk) -> None:
    assert desk.talk("B056000004") == "202601019000"
    answer = desk.begin("00", "01", 0)
    mac = desk.mac("DLK", answer[16:24], answer[8:12] + "8000", "20270101")
    assert desk.talk("B056000008" + "20270101" + mac) == "9000"
    assert desk.talk("B056000004") == "202701019000"


class Torn(Exception):
    """The card was taken out."""


def _purchase(desk: Desk) -> None:
    desk.open()
    answer = desk.begin("01", "01", 100)
    desk.talk(desk.debit_command("01", 100, answer))


def _load(desk: Desk) -> None:
    desk.open()
    answer = desk.begin("00", "01", 100)
    desk.talk(desk.load_command("01", 100, answer))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("tear_at", [1, 2, 3, 4])
@pytest.mark.parametrize(("play", "change"), [(_purchase, -100), (_load, 100)])
def test_a_tear_leaves_the_purse_as_before_or_as_after(
    play: Callable[[Desk], None], change: int, tear_at: int, after: bool
) -> None:
    card: Card = load_card(people.full_image()).card
    reader = InProcessReader("slot", card)
    reader.connect()
    count = 0

    def torn(command: str) -> str:
        nonlocal count
        count += 1
        if count == tear_at and not after:
            reader.remove()
            raise Torn
        answer = reader.transmit(bytes.fromhex(command)).hex().upper()
        if count == tear_at:
            reader.remove()
            raise Torn
        return answer

    before = card.memory.values()
    with pytest.raises(Torn):
        play(Desk(torn, "03"))
    happened = after and tear_at == 4
    changed = {name for name, value in card.memory.values().items() if value != before[name]}
    sequence = "medical/offline_sequence" if change < 0 else "medical/online_sequence"
    log = "social_security/DF04/EF07"
    whole = {"medical/current_year_fen", sequence, "medical/last_proof", log}
    assert changed == (whole if happened else set())

    again = Desk(talk_to(card), "03")
    again.open()
    assert again.balance("01") == 5000 + (change if happened else 0)
    proof = again.talk(f"B02E00{'06' if change < 0 else '02'}02000108")
    assert proof[-4:] == ("9000" if happened else "9406"), "the desk can ask what became of it"


AMOUNTS = st.integers(0, 3000)
ACCOUNTS = st.sampled_from(["01", "02"])


class PurseAudit(RuleBasedStateMachine):
    """Loads, purchases, wrong MACs, tears and snapshots in any order, against plain arithmetic."""

    def __init__(self) -> None:
        super().__init__()
        self.card = load_card(people.full_image())
        self.fen = {"01": 5000, "02": 300}
        self.open()

    def open(self) -> None:
        self.desk = Desk(talk_to(self.card.card), "03")
        self.desk.open()

    @rule(account=ACCOUNTS, amount=AMOUNTS, honest=st.booleans())
    def purchase(self, account: str, amount: int, honest: bool) -> None:
        answer = self.desk.begin("01", account, amount)
        if amount > self.fen[account]:
            assert answer == "9401"
            return
        command = self.desk.debit_command(account, amount if honest else amount + 1, answer)
        assert self.desk.talk(command) == ("6108" if honest else "9302")
        self.fen[account] -= amount if honest else 0

    @rule(account=ACCOUNTS, amount=AMOUNTS)
    def load(self, account: str, amount: int) -> None:
        answer = self.desk.begin("00", account, amount)
        assert self.desk.talk(self.desk.load_command(account, amount, answer)) == "6104"
        self.fen[account] += amount

    @rule(account=ACCOUNTS, amount=AMOUNTS)
    def tear(self, account: str, amount: int) -> None:
        self.desk.begin("00", account, amount)
        self.card.card.reset()
        self.open()

    @rule()
    def store_and_load_again(self) -> None:
        self.card = load_card(self.card.snapshot())
        self.open()

    @invariant()
    def the_card_agrees_with_the_auditor(self) -> None:
        assert {which: self.desk.balance(which) for which in self.fen} == self.fen


PurseAudit.TestCase.settings = settings(deadline=None, max_examples=25, stateful_step_count=20)
TestMedicalPurseAudit = PurseAudit.TestCase
