"""What the desks for a person do with a card: hospital, pharmacy, counter, kiosk, library."""

from __future__ import annotations

from dataclasses import dataclass

from testbed.terminals.equipment import Equipment
from testbed.terminals.outcome import Facts, Outcome, masked, yuan
from testbed.terminals.refusals import pin_wrong, turned_away
from testbed.terminals.transit_work import sold
from testbed.terminals.work import Work
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.terminals import (
    Clerk,
    Contents,
    Counter,
    HospitalDesk,
    Kiosk,
    LibraryDesk,
    LoadReceipt,
    NotPaid,
    NotReceived,
    Paid,
    Pharmacy,
    Received,
    Sold,
)

COUNTER_PURPOSE = "service-counter"
_WRITING = "function-writing"
_WRITTEN = "功能已写入卡", "the function is on the card"
_TAKEN_OFF = "功能已从卡上删除", "the function is off the card"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a desk is to do with each card, besides reading it; amounts in fen, 0 for nothing.

    With a `clerk`, the new PIN is one the clerk sets for a holder who lost theirs. `scheme` and
    `number` are the id of a merged scheme and the holder's number there.
    """

    amount_fen: int = 0
    medical_fen: int = 0
    account: Account = Account.CURRENT_YEAR
    pin: str = ""
    new_pin: str | None = None
    clerk: Clerk | None = None
    scheme: str = ""
    number: str = ""


def hospital_work(equipment: Equipment, wanted: Wanted) -> Work:
    """A patient, and with an amount the bill."""
    desk = HospitalDesk(*equipment.kit, **equipment.wiring)

    def serve() -> Outcome:
        patient = desk.register()
        if isinstance(patient, NotReceived) or not wanted.amount_fen:
            return of_receiving(patient)
        bill = equipment.premises.open_bill()
        settled = desk.settle(patient.holder, bill, wanted.amount_fen, wanted.pin)
        if isinstance(settled, NotPaid):
            return _not_paid(settled, patient)
        equipment.premises.close_bill()
        return _paid(patient, settled.payments, settled.unpaid_fen)

    return Work("medical-payment" if wanted.amount_fen else "identity", serve, desk.use_parameters)


def pharmacy_work(equipment: Equipment, wanted: Wanted) -> Work:
    """A customer, and with an amount the purchase."""
    shop = Pharmacy(*equipment.kit, **equipment.wiring)

    def serve() -> Outcome:
        customer = shop.greet()
        if isinstance(customer, NotReceived) or not wanted.amount_fen:
            return of_receiving(customer)
        bill = equipment.premises.open_bill()
        paid = shop.sell(customer.holder, bill, wanted.amount_fen, wanted.pin, wanted.account)
        if isinstance(paid, NotPaid):
            return _not_paid(paid, customer)
        equipment.premises.close_bill()
        return _paid(customer, (paid,), 0)

    return Work("medical-payment" if wanted.amount_fen else "identity", serve, shop.use_parameters)


def library_work(equipment: Equipment, wanted: Wanted) -> Work:
    """Who borrows, and with an amount the fee."""
    desk = LibraryDesk(*equipment.kit, **equipment.wiring)

    def serve() -> Outcome:
        reader = desk.sign_in()
        if isinstance(reader, NotReceived):
            return of_receiving(reader)
        if wanted.amount_fen:
            fee = desk.take_fee(equipment.premises.open_bill(), wanted.amount_fen)
            if isinstance(fee, Sold):
                equipment.premises.close_bill()
            return sold(fee, "fee")
        shown = [each.kind.name.lower() for each in reader.concessions]
        return of_receiving(reader.received, {"certificates": ", ".join(shown) or None})

    return Work("fee" if wanted.amount_fen else "identity", serve, desk.use_parameters)


def counter_work(equipment: Equipment, wanted: Wanted) -> Work:
    """Who is it, is the card good; with amounts, loads; with a clerk, a PIN reset; with a scheme,
    its function is written on the card.
    """
    counter = Counter(equipment.reader, equipment.module, equipment.line, equipment.journal)

    def serve() -> Outcome:
        holder = counter.read_card()
        check = counter.check_identity(COUNTER_PURPOSE, holder)
        if check.result != "valid":
            refused = NotReceived(
                holder,
                check.reason or check.result,
                check.check_id,
                detail_zh=check.detail_zh,
                detail_en=check.detail_en,
            )
            return of_receiving(refused)
        if wanted.clerk is not None and wanted.new_pin is not None:
            counter.reset_pin(wanted.clerk, wanted.new_pin)
            wanted.clerk.report_pin_reset()
            told = "PIN 已重置", "the PIN is reset"
            return of_receiving(Received(holder, check.check_id), did="pin-reset", more=told)
        if wanted.scheme:
            stands = counter.write_function(wanted.scheme, wanted.number)
            told = _WRITTEN if stands.state == "on_chip" else _TAKEN_OFF
            facts: Facts = {"function_state": stands.state}
            return of_receiving(Received(holder, check.check_id), facts, did=_WRITING, more=told)
        if wanted.amount_fen:
            return of_load(counter.load(wanted.amount_fen), "load")
        if wanted.medical_fen:
            loaded = counter.load_medical(wanted.account, wanted.medical_fen, wanted.pin)
            return of_load(loaded, "medical-load")
        fen = counter.read_purse().balance_fen
        more = f"电子钱包 {yuan(fen)} 元", f"purse {yuan(fen)} yuan"
        return of_receiving(Received(holder, check.check_id), {"balance_fen": fen}, more=more)

    return Work(desk_work(wanted, "identity"), serve)


def kiosk_work(equipment: Equipment, wanted: Wanted) -> Work:
    """What is on the card; with a new PIN or amounts, changes the PIN or loads."""
    kiosk = Kiosk(*equipment.kit, **equipment.wiring)

    def serve() -> Outcome:
        holder = kiosk.welcome()
        if isinstance(holder, NotReceived):
            return of_receiving(holder)
        if wanted.new_pin is not None:
            kiosk.change_pin(wanted.pin, wanted.new_pin)
            return of_receiving(holder, did="pin-change", more=("PIN 已更改", "the PIN is changed"))
        if wanted.amount_fen:
            return of_load(kiosk.load(wanted.amount_fen), "load")
        if wanted.medical_fen:
            loaded = kiosk.load_medical(holder, wanted.account, wanted.medical_fen, wanted.pin)
            return of_load(loaded, "medical-load")
        return of_contents(kiosk.show(), holder)

    return Work(desk_work(wanted, "contents"), serve, kiosk.use_parameters)


def desk_work(wanted: Wanted, otherwise: str) -> str:
    """What a desk that loads and changes PINs is asked to do; else what it does anyway."""
    if wanted.new_pin is not None:
        return "pin-change" if wanted.clerk is None else "pin-reset"
    if wanted.scheme:
        return _WRITING
    if wanted.amount_fen:
        return "load"
    return "medical-load" if wanted.medical_fen else otherwise


def of_receiving(
    holder: Received | NotReceived,
    facts: Facts | None = None,
    *,
    did: str = "identity",
    more: tuple[str, str] = ("", ""),
) -> Outcome:
    """A holder the desk serves, with `more` to tell in both languages, or does not serve."""
    number, name = holder.holder.card_number, masked(holder.holder.name)
    if isinstance(holder, NotReceived):
        told = (holder.detail_zh, holder.detail_en) if holder.detail_zh else None
        return turned_away(holder.reason, did, told=told, card=number)
    alone_zh, alone_en = ("（离线判断）", " (decided alone)") if holder.is_offline else ("", "")
    more_zh, more_en = (f"：{more[0]}", f": {more[1]}") if more[0] else ("", "")
    return Outcome(
        result="served",
        did=did,
        card=number,
        zh=f"{name}，卡号 {number}，有效{alone_zh}{more_zh}",
        en=f"{name}, card {number}, valid{alone_en}{more_en}",
        facts={"offline": holder.is_offline} | (facts or {}),
    )


def of_contents(contents: Contents, holder: Received) -> Outcome:
    """What a kiosk shows."""
    facts: Facts = {}
    zh, en = [], []
    if contents.purse is not None:
        fen = contents.purse.balance_fen
        facts |= {"balance_fen": fen, "log_records": len(contents.log)}
        zh.append(f"电子钱包 {yuan(fen)} 元，交易 {len(contents.log)} 笔")
        en.append(f"purse {yuan(fen)} yuan, {len(contents.log)} transactions")
    for account, fen in (contents.medical_fen or {}).items():
        facts[f"medical_{account.value}_fen"] = fen
        zh.append(f"医保账户{account.value} {yuan(fen)} 元")
        en.append(f"medical account {account.value} {yuan(fen)} yuan")
    return of_receiving(
        holder, facts, did="contents", more=("；".join(zh) or "-", "; ".join(en) or "-")
    )


def _not_paid(decision: NotPaid, holder: Received) -> Outcome:
    did, number = "medical-payment", holder.holder.card_number
    if decision.reason == "pin-wrong":
        return pin_wrong(did, decision.tries_left, number)
    return turned_away(decision.reason, did, card=number)


def _paid(holder: Received, payments: tuple[Paid, ...], unpaid_fen: int) -> Outcome:
    paid_fen = sum(each.payment.amount_fen for each in payments)
    cash_zh = f"，另付现金 {yuan(unpaid_fen)} 元" if unpaid_fen else ""
    cash_en = f", {yuan(unpaid_fen)} yuan left for cash" if unpaid_fen else ""
    return Outcome(
        result="served",
        did="medical-payment",
        card=holder.holder.card_number,
        amount_fen=paid_fen,
        recovered=any(each.recovered for each in payments),
        reported=all(each.receipt is not None for each in payments) if payments else None,
        zh=f"{masked(holder.holder.name)}，医保支付 {yuan(paid_fen)} 元{cash_zh}",
        en=f"{masked(holder.holder.name)}, {yuan(paid_fen)} yuan from the medical purse{cash_en}",
        facts={"unpaid_fen": unpaid_fen, "offline": holder.is_offline},
    )


def of_load(receipt: LoadReceipt, did: str) -> Outcome:
    """A purse that was loaded."""
    added, left = yuan(receipt.amount_fen), yuan(receipt.balance_after_fen)
    return Outcome(
        result="served",
        did=did,
        card=receipt.application_serial,
        amount_fen=receipt.amount_fen,
        balance_after_fen=receipt.balance_after_fen,
        recovered=receipt.recovered,
        reported=True,
        zh=f"已充值 {added} 元，余额 {left} 元",
        en=f"loaded {added} yuan, balance {left} yuan",
    )
