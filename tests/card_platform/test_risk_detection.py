"""Each form of misuse is found in a hand-written history, and what looks like it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import Typology
from card_platform.oversight.risk.rules import RULES_FILE, RulesAreFaulty, first_rules, read_rules
from tests.card_platform.risk_story import Story

Tell = Callable[[Story], None]


def cloned_purse(story: Story) -> None:
    for day in range(3):
        story.tap(day, "08:00")
        story.tap(day, "18:00")
    story.tap(3, "08:00", counter=103, device="bus-7", place="work")


def copy_that_fell_behind(story: Story) -> None:
    for day in range(40):
        story.tap(day, "08:00", counter=100 + day)
    story.tap(40, "12:00", counter=50, device="bus-7")


def tap_replayed(story: Story) -> None:
    story.tap(0, "08:00", tac="aabbccdd")
    story.tap(1, "08:00", tac="aabbccdd", counter=100, device="bus-9")


def lost_card_used(story: Story) -> None:
    story.tap(0, "08:00")
    story.add("card.lost", 0, "12:00")
    story.tap(0, "19:00")


def card_lent(story: Story) -> None:
    for day, match in ((0, 93), (9, 41), (16, 38)):
        story.add(
            "identity.check",
            day,
            "10:00",
            place="home",
            face="physical",
            purpose="hotel",
            photo_match=match,
            outcome="ok",
        )


def card_rides_while_its_holder_works(story: Story) -> None:
    for day in range(4):
        story.add("employment.clocked", day, "09:00", place="suburb", employer="factory")
        story.tap(day, "09:05")


def impossible_travel(story: Story) -> None:
    story.tap(0, "08:00")
    story.tap(0, "09:00", place="abroad", device="bus-70")


def dead_payee(story: Story) -> None:
    story.add("person.died", 0, "03:00")
    for month in ("2026-03", "2026-04"):
        story.add("payout.paid", 40, "09:00", programme="pension", period=month, account="b1")


def double_payout(story: Story) -> None:
    for account in ("b1", "b2"):
        story.add(
            "payout.paid",
            10,
            "09:00",
            account=account,
            amount_fen=180_000,
            programme="pension",
            period="2026-03",
        )


def second_region(story: Story) -> None:
    for day, month in ((10, "2026-03"), (41, "2026-04")):
        for region in ("SC", "CQ"):
            story.add(
                "payout.paid",
                day,
                "09:00",
                account=f"b-{region}",
                amount_fen=180_000,
                region=region,
                programme="pension",
                period=month,
            )


def pension_to_the_new_account(story: Story) -> None:
    story.add(
        "payout.paid",
        9,
        "09:00",
        account="b9",
        amount_fen=180_000,
        programme="pension",
        period="2026-03",
    )


def account_changed(story: Story) -> None:
    story.add("account.changed", 6, "23:00", account="b9", channel="online", by="P00000077")
    pension_to_the_new_account(story)


def mule_account(story: Story) -> None:
    for payer in range(5):
        minute = f"10:{payer * 10:02d}"
        amount: dict[str, Any] = {"amount_fen": 500_000}
        story.add(
            "transfer",
            payer,
            minute,
            10 + payer,
            account=f"b{payer}",
            to_account="mule",
            channel="online",
            **amount,
        )
        story.add(
            "transfer",
            payer,
            "10:59",
            99,
            account="mule",
            channel="cash-machine",
            cash=True,
            **amount,
        )


def split_receipts(story: Story) -> None:
    for minute in range(0, 50, 10):
        story.add(
            "medical.settled",
            1,
            f"10:{minute:02d}",
            institution="clinic",
            amount_fen=19_900,
            visit="v1",
            class_="outpatient",
        )


def phantom_visits(story: Story) -> None:
    for who in range(1, 5):
        for kind, phase in (("medical.visit", "registered"), ("medical.settled", None)):
            told: dict[str, Any] = {"phase": phase} if phase else {"class_": "outpatient"}
            story.add(
                kind,
                who,
                "10:00",
                who,
                place="home",
                institution="clinic",
                visit=f"v{who}",
                **told,
            )
        story.tap(who, "10:05", who, place="suburb", device="bus-8")
    story.tap(6, "10:05", 50)


def medicine_beyond_need(story: Story) -> None:
    for shop in range(5):
        story.add(
            "medicine.sold",
            shop * 2,
            "10:00",
            institution=f"pharmacy-{shop}",
            drug="C09AA",
            quantity=30,
            days_supply=30,
            chronic=True,
        )


def concession_abuse(story: Story) -> None:
    story.add("card.issued", 0, "07:00", holder_born=1950)
    story.add("certificate.linked", 0, "07:01", certificate="senior", until="2099-12-31")
    for day in range(1, 4):
        for minute in ("00", "02"):
            story.tap(day, f"08:{minute}", concession="senior", amount_fen=0)


def code_replayed(story: Story) -> None:
    story.add("code.shown", 0, "10:00", code="c1", device="phone-1", face="code")
    for minute, device in (("01", "gate-1"), ("08", "gate-2")):
        story.add(
            "code.scanned", 0, f"10:{minute}", code="c1", device=device, face="code", place="home"
        )


def merchant_cash_out(story: Story) -> None:
    for who in range(100):  # usual prices are a category's, not one shop's and its cheat's
        story.add(
            "purchase",
            who % 5,
            "11:00",
            50 + who,
            institution=f"honest-{who % 7}",
            category="grocery",
            amount_fen=3_450 + who % 8 * 310,
        )
    for who in range(8):
        story.add(
            "purchase",
            6 + who % 3,
            "20:00",
            who + 1,
            institution="shop",
            category="grocery",
            amount_fen=100_000,
        )


def false_enrolment(story: Story) -> None:
    for who in range(1, 9):
        story.add(
            "insurance.enrolled",
            0,
            "10:00",
            who,
            kind_="unemployment",
            employer="shell",
            wage_fen=9,
        )
    for who in range(1, 5):
        story.add("benefit.claimed", 60, "10:00", who, kind_="unemployment", employer="shell")


def forged_card(story: Story) -> None:
    for day in range(2):
        story.add(
            "card.authentication", day, "10:00", device=f"desk-{day}", outcome="certificate-wrong"
        )


def cards_withheld(story: Story) -> None:
    for day in (9, 40):
        for who in range(1, 7):
            story.add(
                "transfer",
                day,
                f"22:{who * 2:02d}",
                who,
                device="atm-3",
                channel="cash-machine",
                cash=True,
                account=f"b{who}",
                amount_fen=150_000,
            )
    story.add("bank.pin", 42, "10:00", 90, device="atm-9", outcome="ok")


def cards_on_one_phone(story: Story) -> None:
    for who in range(1, 7):
        story.add("phone.bound", who, "10:00", who, device="phone-9")


def dead_certified_by_an_agent(story: Story) -> None:
    story.add("payout.certified", 9, "10:00", programme="pension", channel="agent")
    story.add("person.died", 5, "03:00", after_s=30 * 86_400)


def account_changed_from_anothers_phone(story: Story) -> None:
    story.add("phone.bound", 0, "10:00", 7, device="phone-7")
    told: dict[str, Any] = {"account": "b9", "device": "phone-7", "channel": "online"}
    story.add("account.changed", 6, "23:00", by="P00000001", **told)
    pension_to_the_new_account(story)


def receipts_that_were_reversed(story: Story) -> None:
    told: dict[str, Any] = {"institution": "clinic", "amount_fen": 19_900}
    for number in range(5):
        visit = {"visit": f"s{number}", **told}
        story.add("medical.settled", 1, f"10:{number}0", **visit)
        if number < 4:
            story.add("medical.settled", 1, f"10:{number}5", refund=True, **visit)


def account_changed_long_after_a_binding_that_names_no_phone(story: Story) -> None:
    story.add("phone.bound", -30, "10:00")
    told: dict[str, Any] = {"account": "b9", "device": "phone-1", "channel": "online"}
    story.add("account.changed", 6, "23:00", by="P00000001", **told)
    pension_to_the_new_account(story)


def patient_collector_with_a_young_account(story: Story) -> None:
    story.add("account.opened", 0, "10:00", 99, account="mule")
    for payer in range(5):
        amount: dict[str, Any] = {"amount_fen": 80_000 + payer * 9_000}
        account = f"b{payer}"
        told = {"to_account": "mule", "channel": "online", **amount}
        story.add("transfer", payer * 6 + 1, "10:00", 10 + payer, account=account, **told)
        told = {"to_account": "away", "channel": "online", **amount}
        story.add("transfer", payer * 6 + 2, "10:00", 99, account="mule", **told)


def billed_at_night_in_one_breath(story: Story) -> None:
    for who in range(1, 8):
        told: dict[str, Any] = {"institution": "clinic", "visit": f"v{who}", "place": "home"}
        clock = f"23:{who * 3:02d}"
        story.add("medical.visit", 1, clock, who, phase="registered", **told)
        story.add("medical.settled", 1, f"23:{who * 3 + 1:02d}", who, class_="outpatient", **told)
    story.tap(6, "10:05", 50)


def in_hospital_and_about_town(story: Story) -> None:
    for who in range(1, 5):
        told: dict[str, Any] = {"institution": "hospital", "visit": f"v{who}", "place": "home"}
        story.add("medical.visit", 1, "09:00", who, phase="admitted", **told)
        for day in (2, 3):
            story.tap(day, f"1{who}:00", who, place="work")
        story.add("medical.visit", 6, "09:00", who, phase="discharged", **told)
    story.tap(8, "10:05", 50)


def slow_hoarder(story: Story) -> None:
    for sale in range(8):
        told: dict[str, Any] = {"drug": "C09AA", "days_supply": 30, "chronic": True}
        story.add("medicine.sold", sale * 10, "10:00", institution=f"pharmacy-{sale % 2}", **told)


def usual_sales(story: Story) -> None:
    for who in range(300):
        story.add(
            "purchase",
            who % 5,
            "11:00",
            100 + who,
            institution=f"honest-{who % 7}",
            category="restaurant",
            amount_fen=3_450 + who % 8 * 1_310,
        )


def just_below_a_limit(story: Story) -> None:
    usual_sales(story)
    for turn in range(8):
        told: dict[str, Any] = {"institution": "inn", "category": "restaurant"}
        story.add(
            "purchase", 9, f"20:{turn * 5:02d}", 1 + turn % 2, amount_fen=98_700 + turn, **told
        )


def memberships(story: Story, at: int, buyers: int) -> None:
    """A gym that is known for dear round prices; on one day so many buy within an hour."""
    for day in range(14):
        for who in range(3):
            told: dict[str, Any] = {"institution": f"gym-{who}", "category": "gym"}
            story.add("purchase", day, "18:00", 100 + 3 * day + who, amount_fen=150_000, **told)
    for who in range(buyers):
        told = {"institution": "gym-0", "category": "gym", "amount_fen": 100_000 + who % 2 * 50_000}
        story.add("purchase", at, f"10:{who * 6:02d}", 1 + who, **told)


def gym_that_sells_cash(story: Story) -> None:
    memberships(story, 15, 9)


def payouts_over_one_counter(story: Story) -> None:
    usual_sales(story)
    for who in range(1, 8):
        paid: dict[str, Any] = {"programme": "pension", "period": "2026-03", "account": f"b{who}"}
        story.add("payout.paid", 9, "04:00", who, amount_fen=20_000 + who * 10, **paid)
        told: dict[str, Any] = {"institution": "inn", "category": "restaurant"}
        story.add("purchase", 10, f"10:{who * 5:02d}", who, amount_fen=18_400 + who * 7, **told)


def bundle_carried_between_machines(story: Story) -> None:
    for day, step in ((9, 4), (40, 9)):
        for who in range(1, 8):
            machine = (who * step) % 2
            clock = f"{10 + who * step // 60:02d}:{who * step % 60:02d}"
            draw(story, day, clock, who, f"atm-{machine}")
    story.add("bank.pin", 42, "10:00", 90, device="atm-9", outcome="ok")


def same_few_again(story: Story) -> None:
    for day, order in ((9, (1, 2, 3, 4, 5)), (40, (4, 1, 5, 3, 2))):
        for turn, who in enumerate(order):
            draw(story, day, f"{9 + turn // 2:02d}:{turn % 2 * 30:02d}", who, "atm-1")
        for turn in range(12):
            draw(story, day, f"{10 + turn:02d}:07", 100 + day * 20 + turn, "atm-1")
    story.add("bank.pin", 42, "10:00", 90, device="atm-9", outcome="ok")


def draw(story: Story, day: int, clock: str, who: int, machine: str) -> None:
    cash: dict[str, Any] = {"channel": "cash-machine", "cash": True, "amount_fen": 150_000}
    story.add("transfer", day, clock, who, device=machine, place="home", account=f"b{who}", **cash)


CASES: list[tuple[str, Tell]] = [
    ("cloned-purse", cloned_purse),
    ("cloned-purse", copy_that_fell_behind),
    ("tap-replayed", tap_replayed),
    ("lost-card-used", lost_card_used),
    ("card-lent", card_lent),
    ("card-lent", card_rides_while_its_holder_works),
    ("impossible-travel", impossible_travel),
    ("dead-payee", dead_payee),
    ("double-payout", double_payout),
    ("double-payout", second_region),
    ("account-changed-before-payday", account_changed),
    ("mule-account", mule_account),
    ("split-receipts", split_receipts),
    ("phantom-visits", phantom_visits),
    ("medicine-beyond-need", medicine_beyond_need),
    ("concession-abuse", concession_abuse),
    ("code-replayed", code_replayed),
    ("merchant-cash-out", merchant_cash_out),
    ("false-enrolment", false_enrolment),
    ("forged-card", forged_card),
    ("cards-withheld", cards_withheld),
    ("cards-withheld", cards_on_one_phone),
    ("dead-payee", dead_certified_by_an_agent),
    ("account-changed-before-payday", account_changed_from_anothers_phone),
    ("mule-account", patient_collector_with_a_young_account),
    ("phantom-visits", billed_at_night_in_one_breath),
    ("phantom-visits", in_hospital_and_about_town),
    ("medicine-beyond-need", slow_hoarder),
    ("merchant-cash-out", just_below_a_limit),
    ("merchant-cash-out", payouts_over_one_counter),
    ("merchant-cash-out", gym_that_sells_cash),
    ("cards-withheld", bundle_carried_between_machines),
    ("cards-withheld", same_few_again),
]


@pytest.mark.parametrize(("typology", "tell"), CASES, ids=[tell.__name__ for _, tell in CASES])
def test_misuse_is_found_and_names_events_of_it(typology: str, tell: Tell) -> None:
    story = Story()
    tell(story)
    alerts = story.alerts()
    assert {each.typology for each in alerts} == {typology}
    known = {each["id"] for each in story.events}
    for each in alerts:
        assert set(each.evidence) <= known
        assert each.evidence
        assert each.subject
        assert 0.5 <= each.score <= 1


def test_every_typology_has_a_story() -> None:
    assert {typology for typology, _ in CASES} == {each.value for each in Typology}


def twins_with_alike_days(story: Story) -> None:
    for day in range(5):
        for clock, place in (("08:00", "home"), ("18:00", "work")):
            for who in (1, 2):
                story.tap(day, clock, who, place=place)
    for who in (1, 2):
        story.add("identity.check", 3, "10:00", who, purpose="rail", photo_match=91, outcome="ok")


def carer_fetches_medicine(story: Story) -> None:
    for day in (2, 32):
        story.add("code.shown", day, "10:00", code=f"c{day}", device="phone-1", face="code")
        story.add("code.scanned", day, "10:01", code=f"c{day}", device="d1", place="home")
        story.add(
            "medicine.sold",
            day,
            "10:03",
            place="suburb",
            face="physical",
            institution="pharmacy",
            drug="C09AA",
            days_supply=30,
            chronic=True,
        )


def registered_agent_acts(story: Story) -> None:
    story.add("agent.authorised", 0, "09:00", agent="P00000002", scope="all")
    for day in (3, 33, 63):
        story.add(
            "identity.check",
            day,
            "10:00",
            place="home",
            purpose="counter",
            photo_match=30,
            outcome="ok",
        )


def late_taps_of_before_the_loss(story: Story) -> None:
    story.tap(0, "08:00", after_s=9 * 3600, late=True)
    story.tap(0, "11:50", after_s=7 * 3600, late=True)
    story.add("card.lost", 0, "12:00")


def phone_goes_on_after_the_card_was_lost(story: Story) -> None:
    story.add("card.lost", 0, "12:00")
    story.add("code.scanned", 1, "09:00", code="c1", device="gate", face="code", place="home")
    story.add("card.restored", 2, "09:00")
    story.tap(2, "10:00")


def clocks_some_minutes_wrong(story: Story) -> None:
    for day in range(5):
        story.tap(day, "08:10", device="fast")
        story.tap(day, "08:03", device="right", place="work")


def late_taps_between_others(story: Story) -> None:
    story.tap(0, "08:00", counter=100)
    story.tap(0, "18:00", counter=102)
    story.tap(0, "12:00", counter=101, after_s=30 * 3600, late=True)
    story.tap(1, "08:00", counter=103)


def traveller_by_rail_and_air(story: Story) -> None:
    story.tap(0, "08:00")
    story.tap(0, "09:20", place="far", device="metro-cq")
    story.tap(1, "07:00", place="far", device="metro-cq")
    story.tap(1, "09:10", place="abroad", device="metro-sh")


def chronic_patient_before_a_holiday(story: Story) -> None:
    for day, shop in ((0, "a"), (28, "b"), (30, "c"), (31, "a")):
        for drug in ("C09AA", "A10BA", "C10AA"):
            story.add(
                "medicine.sold",
                day,
                "10:00",
                institution=shop,
                drug=drug,
                days_supply=30,
                chronic=True,
            )


def night_worker(story: Story) -> None:
    for day in range(6):
        story.tap(day, "22:30", place="home")
        story.add("employment.clocked", day, "23:05", place="work", employer="hospital")
        story.tap(day + 1, "06:40", place="work")


def student_at_term(story: Story) -> None:
    story.add("card.issued", 0, "07:00", holder_born=2006)
    story.add("certificate.linked", 0, "07:01", certificate="student", until="2026-03-10")
    for day in range(12):
        story.tap(day, "08:00", concession="student")
    story.add("person.moved", 13, "08:00", to_region="CQ")
    story.tap(13, "12:00", place="far", device="metro-cq", concession="student")


def tourist(story: Story) -> None:
    story.add("card.issued", 0, "07:00", holder_born=1955)
    story.add("certificate.linked", 0, "07:01", certificate="senior", until="2099-12-31")
    for hour in range(7, 21):
        story.tap(1, f"{hour:02d}:00", device=f"bus-{hour}", concession="senior")
        story.add("code.shown", 1, f"{hour:02d}:30", code=f"c{hour}", device="phone-1")
        story.add(
            "code.scanned", 1, f"{hour:02d}:31", code=f"c{hour}", device="museum", place="home"
        )


def change_at_a_counter(story: Story) -> None:
    story.add("account.changed", 7, "10:00", account="b9", channel="counter", by="P00000001")
    pension_to_the_new_account(story)
    story.add(
        "transfer",
        9,
        "10:00",
        account="b9",
        amount_fen=180_000,
        channel="cash-machine",
        cash=True,
        device="atm",
    )


def village_agent_on_payday(story: Story) -> None:
    for day in (9, 40):
        for who in range(1, 40):
            story.add(
                "transfer",
                day,
                f"{8 + who // 12:02d}:{who % 12 * 5:02d}",
                who,
                device="agent-1",
                channel="counter",
                cash=True,
                account=f"b{who}",
                amount_fen=150_000,
            )


def queue_at_a_branch_on_payday(story: Story) -> None:
    for day, step in ((9, 7), (40, 11)):
        for turn in range(40):
            who = 1 + turn * step % 41
            story.add(
                "transfer",
                day,
                f"{8 + turn // 20:02d}:{turn % 20 * 3:02d}",
                who,
                device="atm-1",
                channel="cash-machine",
                cash=True,
                account=f"b{who}",
                amount_fen=150_000,
            )


def back_pay(story: Story) -> None:
    for month in ("2026-01", "2026-02", "2026-03"):
        story.add(
            "payout.paid",
            9,
            "09:00",
            account="b1",
            amount_fen=180_000,
            programme="pension",
            period=month,
        )
    story.add(
        "payout.paid",
        20,
        "09:00",
        account="b1",
        amount_fen=9_000,
        programme="pension",
        period="2026-03",
    )


def migrant_gets_last_and_first_month(story: Story) -> None:
    story.add("person.moved", 8, "09:00", to_region="CQ")
    for region in ("SC", "CQ"):
        story.add(
            "payout.paid",
            12,
            "09:00",
            account=f"b-{region}",
            amount_fen=180_000,
            region=region,
            programme="pension",
            period="2026-03",
        )
    story.add(
        "payout.paid",
        42,
        "09:00",
        account="b-CQ",
        amount_fen=180_000,
        region="CQ",
        programme="pension",
        period="2026-04",
    )


def month_of_death_and_an_office_that_learns_late(story: Story) -> None:
    story.add("payout.paid", 10, "09:00", 1, programme="pension", period="2026-03", account="b1")
    story.add("payout.paid", 41, "09:00", 1, programme="pension", period="2026-04", account="b1")
    story.add("person.died", 20, "03:00", 1, after_s=30 * 86_400)


def factory_hires_two_hundred(story: Story) -> None:
    for who in range(1, 201):
        story.add(
            "insurance.enrolled",
            who % 7,
            "10:00",
            who,
            kind_="pension",
            employer="works",
            wage_fen=520_000,
        )
        story.add("employment.clocked", 8 + who % 5, "08:00", who, employer="works", place="work")
    story.add("benefit.claimed", 60, "10:00", 7, kind_="injury", employer="works")
    story.add("insurance.enrolled", 70, "10:00", 900, kind_="pension", employer="other")


def gym_in_january(story: Story) -> None:
    memberships(story, 15, 4)


def merchant_with_round_prices(story: Story) -> None:
    for day in range(14):
        for turn in range(6):
            who = day * 6 + turn + 1
            amount = 10_000 * (1 + turn % 2) if turn < 5 else 30_000
            story.add(
                "purchase",
                day,
                f"1{turn}:00",
                who,
                institution="barber",
                category="hair",
                amount_fen=amount,
            )


def busy_clinic(story: Story) -> None:
    for who in range(1, 61):
        hour, minute = 8 + who // 12, who % 12 * 5
        steps: list[tuple[str, str, dict[str, Any]]] = [
            (f"{hour:02d}:{minute:02d}", "medical.visit", {"phase": "registered", "doctor": "d1"}),
            (f"{hour + 1:02d}:{minute:02d}", "medical.settled", {"class_": "outpatient"}),
        ]
        for clock, kind, told in steps:  # registered and paid in one breath would be doubted
            story.add(
                kind, 1, clock, who, place="home", institution="clinic", visit=f"v{who}", **told
            )
    for who in (5, 9, 13):
        story.tap(1, f"{8 + who // 12:02d}:{who % 12 * 5:02d}", who, place="suburb", device="b9")
    story.tap(2, "10:05", 90)


def family(story: Story) -> None:
    for day in range(3):
        for who in range(1, 5):
            story.tap(day, "09:00", who)
    for who in range(1, 4):
        story.add("phone.bound", 1, "10:00", who, device="phone-1")
        story.add(
            "transfer",
            2,
            f"10:0{who}",
            who,
            device="atm",
            channel="cash-machine",
            cash=True,
            account=f"b{who}",
            amount_fen=10_000,
        )
        story.add(
            "transfer",
            3,
            "12:00",
            who,
            account=f"b{who}",
            to_account="mother",
            channel="online",
            amount_fen=90_000,
        )
    story.add(
        "transfer",
        4,
        "12:00",
        8,
        account="mother",
        to_account="school",
        channel="online",
        amount_fen=120_000,
    )


def gate_that_fails(story: Story) -> None:
    for who in range(1, 12):
        story.add("card.authentication", 0, "08:00", who, device="gate-5", outcome="mac-wrong")


def scanner_that_reads_twice(story: Story) -> None:
    for _ in range(2):
        story.add("code.scanned", 0, "10:00", code="c1", device="gate-1", place="home")


def course_of_infusions(story: Story) -> None:
    for who in range(1, 60):
        told: dict[str, Any] = {"institution": "clinic", "visit": f"w{who}", "place": "home"}
        story.add("medical.visit", 0, f"{8 + who // 6:02d}:00", who, phase="registered", **told)
    for day in range(1, 6):
        for who in range(1, 6):
            story.add(
                "medical.settled",
                day,
                f"14:{30 + who}",
                who,
                place="home",
                institution="clinic",
                visit=f"c{day}-{who}",
                amount_fen=5_000 + day * 3_000 + who,
                class_="outpatient",
            )
    story.tap(6, "10:05", 90)


def prescription_of_four_months(story: Story) -> None:
    for day, supply in ((0, 30), (27, 120), (58, 30)):
        told: dict[str, Any] = {"drug": "C09AA", "days_supply": supply, "chronic": True}
        story.add("medicine.sold", day, "10:00", institution="pharmacy", **told)


def small_employers_without_clocks(story: Story) -> None:
    for who in range(1, 121):
        told: dict[str, Any] = {"employer": f"shop-{who // 12}", "kind_": "pension"}
        story.add("insurance.enrolled", who % 9, "10:00", who, wage_fen=520_000, **told)
    for day in range(10, 40):
        for firm in range(4):
            told = {"employer": f"works-{firm}", "place": "work"}
            story.add("employment.clocked", day, "08:00", 900 + firm, **told)
    story.add("benefit.claimed", 50, "10:00", 3, kind_="maternity", employer="shop-0")


def dear_memberships(story: Story) -> None:
    for who in range(200):
        amount = 100_000 if who % 8 == 0 else 20_000
        told: dict[str, Any] = {"institution": f"gym-{who % 2}", "category": "gym"}
        story.add("purchase", who // 20, f"{8 + who % 12:02d}:00", who, amount_fen=amount, **told)


def card_issued_after_the_terminals_list(story: Story) -> None:
    story.add("card.issued", 0, "10:00", holder_born=1990)
    story.add("card.authentication", 1, "10:00", device="desk-1", outcome="number-unknown")


def neighbours_at_the_village_machine(story: Story) -> None:
    for day, order in ((9, (1, 2, 3, 4, 5, 6, 7)), (40, (6, 2, 7, 1, 4, 3, 5))):
        for turn, who in enumerate(order):
            draw(story, day, f"{9 + turn // 3:02d}:{turn % 3 * 20:02d}", who, "atm-1")


INNOCENT: list[Tell] = [
    twins_with_alike_days,
    carer_fetches_medicine,
    registered_agent_acts,
    late_taps_of_before_the_loss,
    phone_goes_on_after_the_card_was_lost,
    clocks_some_minutes_wrong,
    late_taps_between_others,
    traveller_by_rail_and_air,
    chronic_patient_before_a_holiday,
    night_worker,
    student_at_term,
    tourist,
    change_at_a_counter,
    village_agent_on_payday,
    queue_at_a_branch_on_payday,
    back_pay,
    migrant_gets_last_and_first_month,
    month_of_death_and_an_office_that_learns_late,
    factory_hires_two_hundred,
    merchant_with_round_prices,
    gym_in_january,
    busy_clinic,
    family,
    gate_that_fails,
    scanner_that_reads_twice,
    course_of_infusions,
    prescription_of_four_months,
    small_employers_without_clocks,
    dear_memberships,
    card_issued_after_the_terminals_list,
    neighbours_at_the_village_machine,
    receipts_that_were_reversed,
    account_changed_long_after_a_binding_that_names_no_phone,
]


@pytest.mark.parametrize("tell", INNOCENT, ids=[tell.__name__ for tell in INNOCENT])
def test_what_only_looks_like_misuse_raises_nothing(tell: Tell) -> None:
    story = Story()
    tell(story)
    assert [(each.typology, each.subject) for each in story.alerts()] == []


def test_the_same_history_gives_the_same_alerts_and_one_suspicion_is_one_alert() -> None:
    story = Story()
    for tell in (cloned_purse, tap_replayed, lost_card_used):
        tell(story)
    story.tap(1, "20:00", counter=104, device="bus-8")
    first, second = story.alerts(), story.alerts()
    assert first == second
    about = [(each.typology, each.subject) for each in first]
    assert len(about) == len(set(about))


def test_beyond_the_budget_of_a_day_the_strongest_are_raised_and_the_rest_stay_lesser() -> None:
    story = Story()
    for who in range(1, 31):
        story.tap(0, "08:00", who, tac="aabbccdd")
        story.tap(0, "09:00", who, tac="aabbccdd", counter=100, device="bus-9")
    rules = first_rules()
    detector = Detector(rules)
    alerts = [alert for event in story.typed() for alert in detector.observe(event)]
    alerts += detector.end()
    least = Detector(rules.changed(2, {"budget.least_a_day": 3}))
    fewer = [alert for event in story.typed() for alert in least.observe(event)] + least.end()
    assert (len(alerts), len(fewer)) == (12, 3)
    assert (detector.lesser, least.lesser) == (18, 27)
    assert {each.version for each in fewer} == {2}


def test_strong_signals_beyond_the_budget_wait_for_the_next_days_and_weak_ones_do_not() -> None:
    story = Story()
    for who in range(1, 31):
        story.tap(0, "08:00", who, tac="aabbccdd")
        story.tap(0, "09:00", who, tac="aabbccdd", counter=100, device="bus-9")
    for day in (1, 2, 3):
        story.tap(day, "10:00", 40 + day)
    detector = Detector(first_rules())
    days = Counter(
        alert.raised_at[:10] for event in story.typed() for alert in detector.observe(event)
    )
    assert sorted(days.values()) == [6, 12, 12]
    assert detector.lesser == 0
    weak = Story()
    for who in range(1, 31):
        weak.add("card.authentication", 0, "09:00", who, device="gate", outcome="number-unknown")
    weak.tap(1, "10:00", 40)
    detector = Detector(first_rules())
    alerts = [alert for event in weak.typed() for alert in detector.observe(event)]
    assert (len(alerts), detector.lesser) == (12, 18)


def test_a_faulty_file_of_rules_tells_all_its_faults(tmp_path: object) -> None:
    path = tmp_path / "rules.toml"  # type: ignore[operator]
    path.write_text(
        'version = 1\n[[number]]\nname = "x"\nunit = "yards"\nreason = ""\nvalues = []\n',
        encoding="utf-8",
    )
    with pytest.raises(RulesAreFaulty) as refused:
        read_rules(path)
    assert len(refused.value.faults) >= 4


def test_no_number_of_a_file_of_rules_is_out_of_the_bounds_of_its_unit(tmp_path: object) -> None:
    path = tmp_path / "rules.toml"  # type: ignore[operator]
    text = RULES_FILE.read_text(encoding="utf-8")
    path.write_text(text.replace("value = 10000 }", "value = 0 }"), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    with pytest.raises(RulesAreFaulty) as refused:
        read_rules(path)
    assert {each.expected for each in refused.value.faults} == {"1 to 1000000000 fen"}
