"""`onecard terminals run hospital, pharmacy, counter, kiosk, library`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import click

from scenarios.residents import VALID_UNTIL
from testbed.bilingual import option
from testbed.faults import Fault
from testbed.terminals import kinds
from testbed.terminals.enrolment import Place, clerk_line
from testbed.terminals.equipment import Equipment
from testbed.terminals.function_choice import place_of_function
from testbed.terminals.guided_work import Guidance, guided_work
from testbed.terminals.holder_work import (
    Wanted,
    counter_work,
    hospital_work,
    kiosk_work,
    library_work,
    pharmacy_work,
)
from testbed.terminals.kinds import Kind
from testbed.terminals.work import Work
from testbed.verbs.terminals.running import (
    TEST_PIN,
    Running,
    attend,
    require_amount,
    require_pin,
    terminal_verb,
)
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.terminals import Clerk, ShownDocument, Way
from virtual_cards.terminals.presentation import MANNERS

_WAIT_S = " / ".join(str(MANNERS[each].answer_within_s) for each in Way)


def _amount(zh: str, en: str, name: str = "--amount-fen") -> Callable[[Any], Any]:
    return option(name, type=int, default=0, show_default=True, zh=zh, en=en)


_account = option(
    "--account",
    type=click.Choice([str(each.value) for each in Account]),
    default=str(Account.CURRENT_YEAR.value),
    show_default=True,
    zh="医保账户：1 当年，2 历年",
    en="medical account: 1 this year's, 2 of earlier years",
)
_pin = option(
    "--pin",
    default=TEST_PIN,
    show_default=True,
    zh="持卡人输入的 PIN（只用于测试卡）",
    en="the PIN the holder types (test cards only)",
)
_medical = _amount("充入医保账户（分）", "load into the medical account, in fen", "--medical-fen")


@terminal_verb(
    kinds.HOSPITAL,
    examples=(
        "onecard terminals run hospital",
        "onecard terminals run hospital --amount-fen 4500 --once",
    ),
)
@_amount("账单（分）；0 只识别病人", "the bill, in fen; 0 only says who the patient is")
@_pin
def hospital(running: Running, amount_fen: int, pin: str) -> int:
    """Run the desk of a hospital."""
    return _attend(kinds.HOSPITAL, running, hospital_work, Wanted(amount_fen, pin=pin))


@terminal_verb(
    kinds.PHARMACY,
    examples=("onecard terminals run pharmacy --amount-fen 2300 --account 2",),
)
@_amount("应付（分）；0 只识别顾客", "the price, in fen; 0 only says who the customer is")
@_account
@_pin
def pharmacy(running: Running, amount_fen: int, account: str, pin: str) -> int:
    """Run the till of a pharmacy."""
    wanted = Wanted(amount_fen, account=Account(int(account)), pin=pin)
    return _attend(kinds.PHARMACY, running, pharmacy_work, wanted)


@terminal_verb(
    kinds.COUNTER,
    examples=(
        "onecard terminals run counter --once",
        "onecard terminals run counter --amount-fen 5000",
        "onecard terminals run counter --new-pin 246810 --card-id ID --document NUMBER --once",
        "onecard terminals run counter --scheme ID --number R-1 --once",
    ),
)
@_amount("充入电子钱包（分）", "load into the purse, in fen")
@_medical
@_account
@_pin
@option(
    "--new-pin",
    zh="重置为这个 PIN（6 位数字），用于遗忘或锁定的密码；须同时给出 --card-id 和 --document",
    en="reset a forgotten or locked PIN to this one, six digits; needs --card-id and --document",
)
@option("--card-id", metavar="ID", zh="平台上的卡片标识", en="what the platform calls the card")
@option(
    "--document",
    metavar="NUMBER",
    zh="持卡人出示的居民身份证号码（虚构人员）",
    en="number of the resident identity card the holder shows (made-up people only)",
)
@option(
    "--scheme",
    metavar="NAME|ID",
    zh="把这项已融合的功能写入卡（已终止的则从卡上删除）；须同时给出 --number",
    en="write the function of this merged scheme on the card, or take it off where it has ended; "
    "needs --number",
)
@option(
    "--number",
    zh="持卡人在该功能中的编号，已绑定到此卡（POST /v1/card-schemes/ID/moves）",
    en="the holder's number in the scheme, bound to this card (POST /v1/card-schemes/ID/moves)",
)
def counter(
    running: Running,
    amount_fen: int,
    medical_fen: int,
    account: str,
    pin: str,
    new_pin: str | None,
    card_id: str | None,
    document: str | None,
    scheme: str | None,
    number: str | None,
) -> int:
    """Run a service counter."""
    wanted = Wanted(amount_fen, medical_fen, Account(int(account)), pin, new_pin)
    if (scheme is None) is not (number is None):
        raise Fault("--scheme 与 --number 须同时给出。", "--scheme and --number go together.")
    if scheme is not None and number is not None:
        found = place_of_function(running.access, scheme, None, ()).scheme or scheme
        wanted = replace(wanted, scheme=found, number=number)
    if new_pin is None:
        return _attend(kinds.COUNTER, running, counter_work, wanted)
    if card_id is None or document is None:
        raise Fault(
            "重置 PIN 须给出 --card-id 和 --document（onecard cards issue 会告知）。",
            "a PIN reset needs --card-id and --document, as onecard cards issue tells.",
        )
    shown = ShownDocument("resident-id", document, VALID_UNTIL)
    with clerk_line(running.access) as line:
        served = replace(wanted, clerk=Clerk(line, card_id, shown))
        return _attend(kinds.COUNTER, running, counter_work, served)


@terminal_verb(
    kinds.KIOSK,
    examples=(
        "onecard terminals run kiosk",
        "onecard terminals run kiosk --amount-fen 5000 --once",
        "onecard terminals run kiosk --pin 123456 --new-pin 654321 --once",
        "onecard terminals run kiosk --way large-print --amount-fen 5000 --answers-after-s 60",
    ),
)
@_amount("充入电子钱包（分）", "load into the purse, in fen")
@_medical
@_account
@_pin
@option("--new-pin", zh="改为这个 PIN", en="change the PIN to this one")
@option(
    "--way",
    type=click.Choice([each.value for each in Way]),
    zh="逐步引导持卡人：普通 ordinary、大字 large-print、语音 voice"
    f"，每次回答分别等候 {_WAIT_S} 秒；默认不引导",
    en="lead the holder step by step, in this way; waits "
    f"{_WAIT_S} s for each answer (default: not led)",
)
@option(
    "--answers-after-s",
    type=float,
    metavar="SECONDS",
    zh="与 --way 同用：持卡人每次回答用时（秒，模拟）；过久则结束，卡内不变",
    en="with --way: how long the holder takes for each answer (made up); too long ends it, the "
    "card unchanged",
)
def kiosk(
    running: Running,
    amount_fen: int,
    medical_fen: int,
    account: str,
    pin: str,
    new_pin: str | None,
    way: str | None,
    answers_after_s: float | None,
) -> int:
    """Run a self-service kiosk."""
    wanted = Wanted(amount_fen, medical_fen, Account(int(account)), pin, new_pin)
    if way is None:
        if answers_after_s is not None:
            raise Fault("--answers-after-s 须与 --way 同用。", "--answers-after-s goes with --way.")
        return _attend(kinds.KIOSK, running, kiosk_work, wanted)
    if medical_fen:
        raise Fault(
            "引导服务不充医保账户：请去掉 --way 或 --medical-fen。",
            "no medical account is loaded step by step: leave out --way or --medical-fen.",
        )
    if (answers_after_s or 0) < 0:
        raise Fault("--answers-after-s 应为 0 或更大。", "--answers-after-s must be 0 or more.")
    guidance = Guidance(Way(way), answers_after_s or 0.0)
    return _attend(kinds.KIOSK, running, partial(guided_work, guidance=guidance), wanted)


@terminal_verb(
    kinds.LIBRARY,
    examples=(
        "onecard terminals run library",
        "onecard terminals run library --amount-fen 100 --once",
    ),
)
@_amount("费用（分）；0 只登记", "the fee, in fen; 0 only signs in")
def library(running: Running, amount_fen: int) -> int:
    """Run the desk of a library."""
    return _attend(kinds.LIBRARY, running, library_work, Wanted(amount_fen))


def _attend(
    kind: Kind, running: Running, work: Callable[[Equipment, Wanted], Work], wanted: Wanted
) -> int:
    require_amount("--amount-fen", wanted.amount_fen)
    require_amount("--medical-fen", wanted.medical_fen)
    if wanted.pin:
        require_pin("--pin", wanted.pin)
    if wanted.new_pin is not None:
        require_pin("--new-pin", wanted.new_pin)
    asked = (wanted.amount_fen, wanted.medical_fen, wanted.new_pin, wanted.scheme)
    if sum(map(bool, asked)) > 1:
        raise Fault(
            "一次只做一件事：--amount-fen、--medical-fen、--new-pin、--scheme 请只给一个。",
            "one thing for each card: give only one of --amount-fen, --medical-fen, --new-pin, "
            "--scheme.",
        )
    return attend(kind, Place(), running, lambda equipment: work(equipment, wanted))
