"""The register taken over on the first day; codes shown, identities checked, chips proved."""

from __future__ import annotations

from typing import Final

from life_histories.almanac import DAY_S, HOUR_S
from life_histories.area import Site
from life_histories.dice import PER_10_000, mix
from life_histories.kinds import (
    AccountOpened,
    AgentAuthorised,
    AgentEnded,
    CardAuthentication,
    CardIssued,
    CertificateEnded,
    CertificateLinked,
    Detail,
    IdentityCheck,
    PhoneBound,
)
from life_histories.life.health import sell, visit_number
from life_histories.life.life import AFTERNOON, MORNING, TAKEN_OVER_S, Life
from life_histories.life.travel import check, show_code

STUDENT_UNTIL: Final = "2026-07-15"


def register(life: Life) -> None:
    """What stood before the first day: card, account, phone, certificate, agent."""
    person, dice = life.person, life.dice
    spec = dice.pick(("3.0", "3.0", "2.0"))
    issued = -dice.between(30, 2_400)
    _before(life, issued, CardIssued(person.born, spec))
    if person.role != "child":
        _before(life, issued + 1, AccountOpened("payout", "counter", person.number), person.account)
    if person.phone:
        day = -dice.between(1, 900)
        _before(life, day, PhoneBound(), person.account, person.phone)
    if person.concession:
        _certificate(life)
    others = [n for n in person.family if life.world.people[n].role != "child"]
    agents = life.world.numbers.agents_registered
    if person.role == "pensioner" and others and dice.chance(agents * 3):
        agent = life.world.people[dice.pick(others)].number
        life.agent_scope = dice.pick(("medical", "payout", "all", "all"))
        _authorised(life, AgentAuthorised(agent, life.agent_scope))


def _authorised(life: Life, detail: AgentAuthorised) -> None:
    """Most agents were there before; some come now, and some of those before are ended."""
    dice = life.dice
    day = 0
    if dice.chance(1_500):
        day = dice.between(2, life.world.almanac.days // 2)
        life.tell(day * DAY_S + dice.within(9, 16, HOUR_S), detail, delay_s=2)
    else:
        _before(life, -dice.between(10, 600), detail)
    if detail.scope != "payout":
        _errands_by_agent(life, day + 1)
    elif dice.chance(1_500):
        day = dice.between(20, life.world.almanac.days - 2)
        ended = AgentEnded(detail.agent, detail.scope)
        life.tell(day * DAY_S + dice.within(9, 16, HOUR_S), ended, delay_s=2)


def _certificate(life: Life) -> None:
    """Some students' certificates run out in these days and are linked anew in time."""
    person, dice = life.person, life.dice
    until = STUDENT_UNTIL if person.concession == "student" else "2031-12-31"
    runs_out = dice.between(12, life.world.almanac.days - 5)
    if life.fate.certificate_until:
        until = life.fate.certificate_until
    elif person.concession == "student" and dice.chance(800):
        linked = CertificateLinked(person.concession, STUDENT_UNTIL)
        until = life.world.almanac.date_text(runs_out)
        renewed_s = (runs_out - dice.between(1, 4)) * DAY_S + dice.within(9, 16, HOUR_S)
        life.tell(renewed_s, linked, delay_s=dice.below(600))
    elif not life.is_cast and dice.chance(200):
        life.fate.concession_ends = runs_out
        ended = CertificateEnded(person.concession, until)
        life.tell(runs_out * DAY_S + dice.below(2 * HOUR_S), ended, delay_s=2)
    _before(life, -dice.between(20, 300), CertificateLinked(person.concession, until))


def _errands_by_agent(life: Life, from_day: int) -> None:
    """The agent shows the card for its holder: another face, and that is right so."""
    dice = life.dice
    for _ in range(dice.between(0, 3)):
        day = life.free_day(MORNING, from_day)
        if day < 0:
            continue
        site = life.stay(day).clinics[0]
        moment = life.moment(day, MORNING)
        check = IdentityCheck("counter", 1, "ok", dice.between(12, 55))
        life.at_site(moment, site, check)
        sell(
            life, moment + 900, site, visit_number(life), f"A{dice.between(10, 99)}", days_supply=14
        )


def _before(life: Life, day: int, detail: Detail, account: str = "", device: str = "") -> None:
    moment = day * DAY_S + 9 * HOUR_S + life.dice.below(8 * HOUR_S)
    told = life.tell(moment, detail, account=account, device=device)
    told.delay_s = life.dice.below(TAKEN_OVER_S) - moment


def is_faulty(life: Life, site: Site, day: int) -> bool:
    """Whether all chips fail there that day: the terminal is at fault, not the cards."""
    drawn = mix(life.world.seed, 5, day, int.from_bytes(site.code.encode(), "big"))
    return drawn % PER_10_000 < life.world.numbers.terminals_faulty


def failure_of(site: Site) -> str:
    """What a terminal at fault says: its keys are wrong, or its list of certificates is old."""
    return "certificate-wrong" if site.busy % 3 == 0 else "mac-wrong"


def codes(life: Life) -> None:
    """Codes at the counters, libraries and hospitals of the city."""
    person, dice, world = life.person, life.dice, life.world
    if not person.shows_codes:
        return
    for _ in range(dice.count(world.scaled(world.numbers.codes_each))):
        moment = life.free_slot()
        if moment < 0:
            continue
        purpose = dice.pick(("library", "counter", "hospital"))
        site = dice.pick(life.stay(moment // DAY_S).city.sites[purpose])
        show_code(life, moment, site.place, f"{site.code}T{dice.below(3)}", purpose)


def checks(life: Life) -> None:
    """Identity at counters, chips at terminals; worn chips fail and succeed the second time."""
    dice, world = life.dice, life.world
    slot = MORNING if life.person.role != "worker" else AFTERNOON
    for _ in range(dice.count(world.scaled(world.numbers.checks))):
        day = life.free_day(slot)
        if day < 0 or (life.person.role == "worker" and world.almanac.is_working(day)):
            continue
        site = dice.pick(life.stay(day).city.sites["counter"])
        moment = life.moment(day, slot)
        check(life, moment, site, "counter")
    for _ in range(dice.count(world.scaled(world.numbers.authentications))):
        moment = life.free_slot()
        if moment < 0:
            continue
        city = life.stay(moment // DAY_S).city
        site = dice.pick(city.sites[dice.pick(("counter", "branch", "hospital"))])
        if is_faulty(life, site, moment // DAY_S):
            life.at_site(moment, site, CardAuthentication(failure_of(site)))
            continue
        if dice.chance(world.numbers.numbers_unknown):
            life.at_site(moment, site, CardAuthentication("number-unknown"))
            continue
        if dice.chance(world.numbers.worn_chips):
            life.at_site(moment, site, CardAuthentication("mac-wrong"))
            moment += 40 + dice.below(60)
        life.at_site(moment, site, CardAuthentication("ok"))
