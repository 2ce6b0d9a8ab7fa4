"""What the terminals at the transit purse do with a card: gate, bus, station desk, canteen."""

from __future__ import annotations

from collections.abc import Callable

from testbed.faults import Fault
from testbed.terminals.equipment import Equipment
from testbed.terminals.outcome import Outcome, yuan
from testbed.terminals.refusals import turned_away
from testbed.terminals.work import Work
from virtual_cards.terminals import (
    Admitted,
    BusLineIsUnknown,
    BusValidator,
    Canteen,
    Direction,
    Gate,
    Purchase,
    Sold,
    StationDesk,
    Tap,
    TurnedAway,
)
from virtual_cards.terminals.purse_terminal import PurseTerminal

_PASSED = {
    Direction.ENTRY: ("进站", "entered"),
    Direction.EXIT: ("出站", "left"),
    Direction.SINGLE: ("上车", "aboard"),
    Direction.ADJUSTMENT: ("已补票", "ride ended"),
    Direction.MISSING_ENTRY: ("已补进站票，放行", "let out without an entry"),
}


def gate_work(equipment: Equipment, direction: Direction) -> Work:
    """A gate at the station the terminal was enrolled for, one way."""
    station = equipment.identity.station or ""
    gate = Gate(*equipment.kit, station=station, **equipment.wiring)
    pass_gate = gate.enter if direction is Direction.ENTRY else gate.leave
    return _work(gate, direction.value, lambda: _passed(pass_gate(), direction))


def bus_work(equipment: Equipment) -> Work:
    """A validator of the bus line the terminal was enrolled for. Raises `Fault`."""
    try:
        bus_line = equipment.identity.bus_line or ""
        bus = BusValidator(*equipment.kit, bus_line=bus_line, **equipment.wiring)
    except BusLineIsUnknown as unknown:
        raise Fault(
            f"平台的参数中没有这条公交线路（{unknown}）：请用 --state 另选目录重新入网。",
            f"the platform's parameters lack the bus line ({unknown}): enrol anew with another "
            "--state.",
        ) from None
    single = Direction.SINGLE
    return _work(bus, single.value, lambda: _passed(bus.board(), single))


def station_desk_work(equipment: Equipment, direction: Direction) -> Work:
    """The help desk of a station: for cards whose exit is missing, or for those whose entry is."""
    station = equipment.identity.station
    desk = StationDesk(*equipment.kit, station=station, **equipment.wiring)
    settle = desk.end_ride if direction is Direction.ADJUSTMENT else desk.let_out
    return _work(desk, direction.value, lambda: _passed(settle(), direction))


def canteen_work(equipment: Equipment, amount_fen: int) -> Work:
    """A till: each card pays the amount; a card that left in the middle has not to pay twice."""
    till = Canteen(*equipment.kit, **equipment.wiring)

    def serve() -> Outcome:
        outcome = till.sell(equipment.premises.open_bill(), amount_fen)
        if isinstance(outcome, Sold):
            equipment.premises.close_bill()
        return sold(outcome, "sale")

    return _work(till, "sale", serve)


def sold(outcome: Sold | TurnedAway, did: str) -> Outcome:
    """A purchase from the purse, in words."""
    if isinstance(outcome, TurnedAway):
        return _turned_away(outcome, did)
    purchase = outcome.purchase
    paid, left = yuan(purchase.amount_fen), yuan(purchase.balance_after_fen)
    told = f"已付 {paid} 元，余额 {left} 元", f"paid {paid} yuan, balance {left} yuan"
    return _served(did, purchase, outcome, told)


def _passed(outcome: Admitted | TurnedAway, direction: Direction) -> Outcome:
    if isinstance(outcome, TurnedAway):
        return _turned_away(outcome, direction.value)
    tap = outcome.tap
    zh, en = _PASSED[direction]
    paid, left = yuan(tap.amount_fen), yuan(tap.balance_after_fen)
    off_zh, off_en = "", ""
    if tap.reduction is not None:
        off_zh = f"（优惠 {yuan(tap.reduction.fen)} 元）"
        off_en = f" ({yuan(tap.reduction.fen)} off: {tap.reduction.kind})"
    told = (
        f"{zh}：扣 {paid} 元{off_zh}，余额 {left} 元",
        f"{en}: {paid} yuan{off_en}, balance {left} yuan",
    )
    return _served(direction.value, tap, outcome, told, station=tap.station)


def _served(
    did: str,
    report: Tap | Purchase,
    outcome: Admitted | Sold,
    told: tuple[str, str],
    **facts: int | str | None,
) -> Outcome:
    return Outcome(
        result="served",
        did=did,
        card=report.application_serial,
        amount_fen=report.amount_fen,
        balance_after_fen=report.balance_after_fen,
        recovered=outcome.recovered,
        reported=outcome.receipt is not None,
        card_duration_ms=round(outcome.card_duration_s * 1000, 3),
        zh=told[0],
        en=told[1],
        facts={**facts, "terminal_sequence": report.terminal_sequence},
    )


def _turned_away(outcome: TurnedAway, did: str) -> Outcome:
    refusal = outcome.refusal
    return turned_away(
        outcome.reason,
        did,
        card=refusal.application_serial,
        reported=outcome.refusal_id is not None,
    )


def _work(terminal: PurseTerminal, did: str, serve: Callable[[], Outcome]) -> Work:
    return Work(did, serve, terminal.use_parameters)
