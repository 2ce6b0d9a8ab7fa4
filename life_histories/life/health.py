"""Illness: visits, hospital, lasting drugs, courses of infusions, stock before a holiday."""

from __future__ import annotations

from typing import Final

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import Site
from life_histories.events import Happening
from life_histories.kinds import MedicalSettled, MedicalVisit, MedicineSold
from life_histories.life.life import AFTERNOON, ALL, COMMUTE, EVENING, MORNING, NOON, Life
from life_histories.people import OLD

DEPARTMENTS: Final = (
    "internal",
    "internal",
    "surgery",
    "eyes",
    "skin",
    "teeth",
    "orthopaedics",
    "ent",
)
POOLED_LIMIT_FEN: Final = 20_000
"""What the fund pays of one outpatient bill at most (assumption; splitting goes round it)."""


def doctor_of(life: Life, site: Site) -> str:
    """A doctor of the house."""
    return f"{site.code}D{life.dice.below(2 + site.busy)}"


def visit_number(life: Life) -> str:
    """A number no other visit has, but by a chance of one in 2**64."""
    return "V" + life.dice.code(4) + life.dice.code(4)


def illness(life: Life) -> None:
    """All of it."""
    numbers, dice = life.world.numbers, life.dice
    if dice.chance(life.world.scaled(numbers.inpatients)):
        stay_in_hospital(life)
    often = numbers.visits_old if life.person.age >= OLD else numbers.visits_grown
    for _ in range(dice.count(life.world.scaled(often))):
        _visit(life)
    if life.person.drug:
        _lasting_drug(life)


def stay_in_hospital(life: Life) -> tuple[int, int] | None:
    """Admitted for some days; first and last day, None when the diary was full."""
    dice = life.dice
    length = dice.between(4, 12)
    first = dice.between(0, max(0, len(life.taken) - length - 1))
    days = range(first, first + length + 1)
    if days[-1] >= len(life.taken) or any(life.taken[day] for day in days):
        return None
    for day in days:
        life.taken[day] |= ALL
    hospital = life.stay(first).clinics[1]
    visit, doctor, department = (
        visit_number(life),
        doctor_of(life, hospital),
        dice.pick(DEPARTMENTS),
    )
    admitted = first * DAY_S + 9 * HOUR_S + dice.below(4 * HOUR_S)
    left = days[-1] * DAY_S + 9 * HOUR_S + dice.below(3 * HOUR_S)
    for moment, phase in ((admitted, "admitted"), (left, "discharged")):
        life.at_site(moment, hospital, MedicalVisit(visit, department, doctor, phase))
    settle(
        life,
        left + dice.between(300, 1_500),
        hospital,
        visit,
        length * dice.between(60_000, 180_000),
        care="inpatient",
        lines=dice.between(12, 45),
    )
    return first, days[-1]


def _visit(life: Life) -> None:
    dice = life.dice
    works = life.person.role in {"worker", "night"}
    if works and dice.chance(5_000):
        day = life.free_day(MORNING | NOON | AFTERNOON | COMMUTE)
        start = life.moment(day, MORNING) if day >= 0 else -1
        for slot in (NOON, AFTERNOON, COMMUTE):
            if day >= 0:
                life.taken[day] |= slot
    else:
        start = life.free_slot()
    if start < 0:
        return
    stay = life.stay(start // DAY_S)
    site = stay.clinics[0 if dice.chance(6_500) else 1]
    see_doctor(life, start, site)
    if dice.chance(life.world.numbers.infusion_courses):
        for again in range(1, dice.between(3, 5)):
            day = start // DAY_S + again
            if life.take(day, AFTERNOON if not works else EVENING):
                moment = life.moment(day, AFTERNOON if not works else EVENING)
                settle(
                    life, moment, site, visit_number(life), dice.between(4_000, 13_000),
                    care="outpatient", lines=3,
                )  # fmt: skip


def see_doctor(life: Life, start_s: int, site: Site, department: str = "") -> list[Happening]:
    """Registered, seen, settled; often a drug at once."""
    dice = life.dice
    visit, doctor = visit_number(life), doctor_of(life, site)
    is_child = life.person.role == "child"
    department = department or ("children" if is_child else dice.pick(DEPARTMENTS))
    first = len(life.told)
    seen_s = start_s + dice.between(600, 3_600)
    registered = MedicalVisit(visit, department, doctor, "registered")
    life.at_site(start_s, site, registered, face="code" if _by_code(life) else "physical")
    life.at_site(seen_s, site, MedicalVisit(visit, department, doctor, "consulted"))
    paid_s = seen_s + dice.between(300, 1_500)
    cost = dice.between(2_000, 9_000) + dice.below(8) * dice.below(4_000)
    settle(life, paid_s, site, visit, cost, care="outpatient", lines=dice.between(1, 9))
    if dice.chance(4_500):
        sell(
            life,
            paid_s + dice.between(120, 900),
            site,
            visit,
            f"A{dice.between(10, 99)}",
            days_supply=7,
        )
    return life.told[first:]


def _by_code(life: Life) -> bool:
    return bool(life.person.phone) and life.dice.chance(2_500)


def settle(
    life: Life, moment_s: int, site: Site, visit: str, cost_fen: int, *, care: str, lines: int
) -> Happening:
    """The bill, split as a region would split it."""
    share = 65 + life.dice.below(20)
    pooled = cost_fen * share // 100
    if care != "inpatient":
        pooled = min(pooled, POOLED_LIMIT_FEN)
    account = (cost_fen - pooled) * life.dice.between(20, 100) // 100
    bill = MedicalSettled(visit, pooled, account, cost_fen - pooled - account, care, lines)
    return life.at_site(moment_s, site, bill, amount_fen=cost_fen)


def sell(
    life: Life,
    moment_s: int,
    site: Site,
    visit: str,
    drug: str,
    *,
    days_supply: int,
    chronic: bool = False,
) -> Happening:
    """A drug over the counter."""
    sold = MedicineSold(visit, drug, max(1, days_supply // 7), days_supply, chronic)
    return life.at_site(moment_s, site, sold, amount_fen=days_supply * life.dice.between(80, 600))


def _lasting_drug(life: Life) -> None:
    """About every thirty days, from one to three pharmacies; more before a long holiday."""
    dice = life.dice
    pharmacies = life.stay(0).pharmacies[: dice.between(1, 3)]
    holiday = life.world.almanac.holiday_day()
    fills_up = holiday is not None and dice.chance(life.world.numbers.stock_before_holiday)
    packs = (30, 30, 28, 14) if dice.chance(8_000) else (60, 60, 30)
    day = dice.below(28)
    while day < len(life.taken):
        supply = dice.pick(packs)
        if holiday is not None and fills_up and holiday - 9 <= day < holiday:
            supply, fills_up = supply * 2, False
        on = next((n for n in range(day, day + 6) if life.take(n, AFTERNOON)), -1)
        if on >= 0:
            if life.stay(on) is not life.stays[0]:
                pharmacies = life.stay(on).pharmacies
            _fetch(life, life.moment(on, AFTERNOON) + HOUR_S, dice.pick(pharmacies), supply)
        day += supply - dice.between(-2, 5)


def _fetch(life: Life, moment_s: int, pharmacy: Site, supply: int) -> None:
    visit = visit_number(life)
    sold = sell(life, moment_s, pharmacy, visit, life.person.drug, days_supply=supply, chronic=True)
    settle(
        life,
        moment_s + life.dice.between(30, 90),
        pharmacy,
        visit,
        sold.amount_fen or 0,
        care="pharmacy",
        lines=1,
    )
