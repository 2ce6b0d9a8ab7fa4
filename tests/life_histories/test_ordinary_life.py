"""Ordinary life holds together, and has in it what looks like fraud and is none."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from math import hypot

from tests.life_histories.made_up import Event, MadeUp, second_of

SLACK_S = 20 * 60
"""Two clocks, each up to ten minutes wrong."""


def of_people_without_cases(made_up: MadeUp) -> list[Event]:
    touched = {made_up.by_id[event].get("card") for event in made_up.planted}
    return [event for event in made_up.ordinary if event.get("card") not in touched]


def test_the_purse_of_an_ordinary_card_adds_up(made_up: MadeUp) -> None:
    taps: dict[str, list[Event]] = defaultdict(list)
    loads: dict[str, list[Event]] = defaultdict(list)
    for event in of_people_without_cases(made_up):
        if event["kind"] == "transit.tap":
            taps[event["card"]].append(event)
        elif event["kind"] == "purse.load":
            loads[event["card"]].append(event)
    assert len(taps) > 200
    checked = 0
    for card, rides in taps.items():
        rides.sort(key=lambda tap: tap["detail"]["counter"])
        counters = [tap["detail"]["counter"] for tap in rides]
        assert len(set(counters)) == len(counters)
        loaded = 0
        for before, after in pairwise(rides):
            if after["detail"]["counter"] != before["detail"]["counter"] + 1:
                loaded = -1  # a tap that is learnt after the end of the history
                break
            change = after["detail"]["balance_fen"] - before["detail"]["balance_fen"]
            assert change + after["amount_fen"] >= 0
            loaded += change + after["amount_fen"]
        told = sum(load["amount_fen"] for load in loads[card])
        first = rides[0]["detail"]["counter"]
        between = [
            load for load in loads[card] if second_of(load["at"]) > second_of(rides[0]["at"])
        ]
        if loaded >= 0 and first >= 0:
            checked += 1
            assert sum(load["amount_fen"] for load in between) - 20_000 <= loaded <= told
        numbers = sorted(load["detail"]["counter"] for load in loads[card])
        assert len(set(numbers)) == len(numbers)
    assert checked > 150


def test_a_terminal_numbers_its_taps_in_order(made_up: MadeUp) -> None:
    numbers: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for tap in made_up.of_kind("transit.tap"):
        numbers[tap["device"]].append((second_of(tap["at"]), tap["detail"]["sequence"]))
    for row in numbers.values():
        row.sort()
        assert all(a[1] < b[1] for a, b in pairwise(row) if a[0] < b[0])


def test_nobody_is_in_two_places_at_once(made_up: MadeUp) -> None:
    seen: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    for event in made_up.ordinary:
        if "x_m" in event and event.get("person") and second_of(event["at"]):
            seen[event["person"]].append((second_of(event["at"]), event["x_m"], event["y_m"]))
    pairs = 0
    for row in seen.values():
        row.sort()
        for one, other in pairwise(row):
            far_m = hypot(one[1] - other[1], one[2] - other[2])
            km_h = 3.6 * far_m / (other[0] - one[0] + SLACK_S)
            pairs += 1
            assert km_h <= (120 if far_m < 60_000 else 320 if far_m < 700_000 else 800)
    assert pairs > 20_000


def test_buses_tell_late_and_some_clocks_are_wrong(made_up: MadeUp) -> None:
    late = [tap for tap in made_up.of_kind("transit.tap") if tap["detail"]["late"]]
    waits = [second_of(tap["received_at"]) - second_of(tap["at"]) for tap in late]
    assert len(late) > 100
    assert max(waits) > 8 * 3_600
    ahead = Counter(
        event["device"]
        for event in made_up.ordinary
        if second_of(event["at"]) > second_of(event["received_at"])
    )
    assert len(ahead) > 5
    assert max(second_of(e["at"]) - second_of(e["received_at"]) for e in made_up.ordinary) < 600


def test_a_lost_card_comes_back_or_is_replaced_and_is_not_used_meanwhile(made_up: MadeUp) -> None:
    lost = {event["card"]: second_of(event["at"]) for event in made_up.of_kind("card.lost")}
    back = {event["card"] for event in made_up.of_kind("card.restored")}
    replaced = {event["card"]: event for event in made_up.of_kind("card.replaced")}
    assert lost.keys() & back
    assert lost.keys() & replaced.keys()
    for event in made_up.ordinary:
        if event.get("card") in replaced.keys() - back and event.get("face") == "physical":
            assert second_of(event["at"]) < lost[event["card"]] + 600
    assert {replaced[card]["detail"]["new_card"] for card in replaced} & {
        tap["card"] for tap in made_up.of_kind("transit.tap")
    }


def test_the_dead_do_nothing_and_what_was_paid_meanwhile_is_given_back(made_up: MadeUp) -> None:
    died = {event["person"]: event for event in made_up.of_kind("person.died")}
    late = [e for e in died.values() if second_of(e["received_at"]) - second_of(e["at"]) > 864_000]
    assert late
    after = Counter(
        event["kind"]
        for event in made_up.ordinary
        if event.get("person") in died
        and second_of(event["at"]) > second_of(died[event["person"]]["at"]) + 600
    )
    assert set(after) <= {"payout.paid", "transfer"}


def test_who_moves_may_be_paid_by_both_regions_for_one_month_only(made_up: MadeUp) -> None:
    paid: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for event in made_up.of_kind("payout.paid"):
        detail = event["detail"]
        paid[event["person"], detail["programme"], detail["period"]].add(event["region"])
    planted = {made_up.by_id[event].get("person") for event in made_up.planted}
    both = Counter(key[0] for key, regions in paid.items() if len(regions) > 1)
    assert all(count == 1 for person, count in both.items() if person not in planted)
    moved = {event["person"] for event in made_up.of_kind("person.moved")}
    assert {person for person in both if person not in planted} <= moved


def test_confounders_are_there_and_not_labelled(made_up: MadeUp) -> None:
    scans = Counter(
        (scan["detail"]["code"], scan["device"]) for scan in made_up.of_kind("code.scanned")
    )
    assert max(scans.values()) == 2, "a terminal that reads a code twice"
    by_own_phone = [
        change
        for change in made_up.of_kind("account.changed")
        if change["detail"]["channel"] == "online" and change["detail"]["by"] == change["person"]
    ]
    assert by_own_phone
    periods = Counter(
        (event["person"], event["at"][:10], event["detail"]["programme"])
        for event in made_up.of_kind("payout.paid")
    )
    assert max(periods.values()) > 2, "back pay"
    hired = Counter(
        (event["institution"], event["received_at"][:7])
        for event in made_up.of_kind("insurance.enrolled")
        if event["received_at"][:10] > "2026-02-23"
    )
    assert max(hired.values()) > 3, "a hiring wave"
    faces = [check["detail"]["photo_match"] for check in made_up.of_kind("identity.check")]
    assert min(faces) < 40, "an agent shows another's card"
    assert {c["detail"]["outcome"] for c in made_up.of_kind("card.authentication")} >= {"mac-wrong"}
    assert any(not tap["detail"]["tac_ok"] for tap in made_up.of_kind("transit.tap"))
    stock = [
        sale for sale in made_up.of_kind("medicine.sold") if sale["detail"]["days_supply"] >= 56
    ]
    assert stock
    pharmacies: dict[str, set[str]] = defaultdict(set)
    for sale in made_up.of_kind("medicine.sold"):
        if sale["detail"]["chronic"]:
            pharmacies[sale["person"]].add(sale["institution"])
    assert max(map(len, pharmacies.values())) >= 3
    assert {e["detail"]["channel"] for e in made_up.of_kind("payout.certified")} >= {
        "agent",
        "face",
    }
    rent = Counter(
        transfer["detail"]["to_account"]
        for transfer in made_up.of_kind("transfer")
        if "to_account" in transfer["detail"]
    )
    assert max(rent.values()) > 4, "a landlord"


def test_whatever_goes_before_a_fraud_goes_before_nothing_too(made_up: MadeUp) -> None:
    cards = {made_up.by_id[event].get("card") for event in made_up.planted}
    later = [event for event in made_up.ordinary if event["at"] >= "2026-02-24"]
    honest = Counter(event["kind"] for event in later if event.get("card") not in cards)
    for kind in ("account.opened", "account.changed", "person.moved", "benefit.claimed"):
        assert honest[kind] > 2, kind
