"""What is refused of bills of double stays."""

from __future__ import annotations

from card_platform.errors import Refusal


class BillIsHeld(Refusal):
    """The stay overlaps another one, and nobody has decided which it was."""

    code = "medical-bill-held"
    status = 409
    title = "Bill held"
    zh = "该次住院与在 {region} 的另一次住院重叠，费用暂缓结算，待参保地核实并由主管决定。"
    en = "The stay overlaps another in {region}; the bill is held until a supervisor has decided."


class BillOfDoubleStayIsRefused(Refusal):
    """It was decided that this stay is not paid for."""

    code = "medical-bill-of-double-stay"
    status = 409
    title = "Bill of a double stay refused"
    zh = "该次住院与在 {region} 的另一次住院重叠，经核实决定不予结算。"
    en = "The stay overlaps another in {region}; it was decided that it is not settled."


class HeldBillIsUnknown(Refusal):
    """There is none of that id."""

    code = "held-bill-unknown"
    status = 404
    title = "Held bill unknown"
    zh = "没有这笔暂缓结算的费用。"
    en = "There is no such held bill."


class HeldBillStateForbids(Refusal):
    """A step out of order: what is held is examined, and then decided on once."""

    code = "held-bill-state-forbids"
    status = 409
    title = "Held bill's state forbids this"
    zh = "该笔暂缓结算的费用状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The held bill is {state}; it does not allow {action}. Allowed now: {allowed}."


class HeldBillDecisionIsOnesOwn(Refusal):
    """Who examined it does not decide on it."""

    code = "held-bill-decision-ones-own"
    status = 403
    title = "Held bill decided on by who examined it"
    zh = "核实人不能自行决定，须由另一名主管决定。"
    en = "Who examined the bill may not decide on it; another supervisor does."
