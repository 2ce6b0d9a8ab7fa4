"""Work: enrolment by the employer, presence, hiring waves, leaving, benefits."""

from __future__ import annotations

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import Site
from life_histories.kinds import (
    BenefitClaimed,
    EmploymentClocked,
    InsuranceEnded,
    InsuranceEnrolled,
)
from life_histories.life.life import COMMUTE, MORNING, TAKEN_OVER_S, Life
from life_histories.people import weighted


def wage_fen(life: Life) -> int:
    """The wage: the same whenever it is asked."""
    return 320_000 + life.person.index * 6_151 % 113 * 8_000


def enrolled(life: Life, day: int, employer: Site, *, before_days: int = 0) -> None:
    """The employer enrols; what stood before the first day is taken over on it."""
    moment = (day - before_days) * DAY_S + 9 * HOUR_S + life.dice.below(8 * HOUR_S)
    told = life.tell(
        moment,
        InsuranceEnrolled("pension", employer.code, wage_fen(life)),
        institution=employer.code,
    )
    told.region = employer.place.region
    if before_days:
        told.delay_s = life.dice.below(TAKEN_OVER_S) - moment


def ended(life: Life, day: int, employer: Site) -> None:
    """The employer ends it."""
    told = life.tell(
        day * DAY_S + 16 * HOUR_S + life.dice.below(2 * HOUR_S),
        InsuranceEnded("pension", employer.code),
        institution=employer.code,
    )
    told.region = employer.place.region


def claim(life: Life, moment_s: int, kind: str, employer: str) -> None:
    """A benefit applied for, from the phone or at a counter."""
    counter = life.dice.pick(life.stay(moment_s // DAY_S).city.sites["counter"])
    life.at_site(moment_s, counter, BenefitClaimed(kind, employer)).institution = ""


def employment(life: Life) -> None:
    """Who enrols whom when; before the commute is written, so that clocking follows it."""
    person, dice, world = life.person, life.dice, life.world
    employer = person.employer
    if employer is None:
        return
    last = len(life.taken) - 1
    if person.wave_day >= 0:
        day = min(person.wave_day, last)
        enrolled(life, day, employer)
        _present(life, employer, day + 1, last)
        return
    enrolled(life, 0, employer, before_days=dice.between(60, 4_000))
    moves = life.fate.moves_day
    if moves < 0 and not dice.chance(world.scaled(world.numbers.job_changes)):
        _present(life, employer, 0, last)
        if dice.chance(world.scaled(world.numbers.births)):
            moment = life.free_slot(10)
            if moment >= 0:
                claim(life, moment, dice.pick(("maternity", "maternity", "injury")), employer.code)
        return
    leaves = moves if moves >= 0 else dice.between(5, last - 5)
    ended(life, leaves, employer)
    _present(life, employer, 0, leaves)
    begins = leaves + dice.between(1, 45 if moves < 0 else 9)
    if begins < last - 3:
        city = life.stay(begins).city
        new = weighted(city.sites["employer"], dice)
        enrolled(life, begins, new)
        _present(life, new, begins + 1, last)
    if begins > leaves + 20 and dice.chance(world.numbers.jobless_claims):
        day = life.free_day(MORNING, leaves + 3, min(begins - 1, last))
        if day >= 0:
            claim(life, life.moment(day, MORNING), "unemployment", employer.code)


def _present(life: Life, employer: Site, low: int, high: int) -> None:
    """Clocked in on working days; the commute of the same days comes later."""
    person, dice = life.person, life.dice
    if not person.clocks:
        return
    working = life.world.almanac.working_days
    for day in range(low, high + 1):
        if not working[day] or life.taken[day] & COMMUTE or dice.chance(200):
            continue
        clock_in(life, day, employer)


def clock_in(life: Life, day: int, employer: Site) -> None:
    """Seen at work, after the way there."""
    way_s = 86_000 - 8 * HOUR_S if life.person.role == "night" else 4_200
    leaves = 28_800 - 6 * HOUR_S if life.person.role == "night" else life.person.leaves_home_s
    moment = day * DAY_S + leaves + way_s + life.dice.below(900)
    told = life.tell(
        moment,
        EmploymentClocked(employer.code),
        device=f"{employer.code}T0",
        institution=employer.code,
        face="physical",
    )
    told.region = employer.place.region
