"""Desks that serve a person: hospital, pharmacy, kiosk, library, counter, and the canteen till."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.virtual_cards import issuer, platform_stand
from tests.virtual_cards.conftest import talk_to
from tests.virtual_cards.desks import (
    HOLDER,
    HSM,
    Place,
    balance_fen,
    certify,
    dead_line,
    made_card,
    medical_tac_is_right,
    parameters,
    tac_is_right,
)
from tests.virtual_cards.platform_stand import Stand
from virtual_cards.applets.certificates import CertificateKind
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.card_os import Card
from virtual_cards.issuer import MadeUpHolder, card_image
from virtual_cards.issuer.made_up_card import REGION
from virtual_cards.personalisation import load_card
from virtual_cards.readers import CardIsAbsent, Fault, FaultPlan, FaultyCard
from virtual_cards.terminals import (
    AnotherCard,
    BusValidator,
    Canteen,
    CardIsBlocked,
    CardIsNotGenuine,
    CardRefusesCommand,
    Counter,
    Gate,
    HospitalDesk,
    Journal,
    Kiosk,
    LibraryDesk,
    LibraryReader,
    MedicalPayment,
    NotPaid,
    NotReceived,
    Paid,
    Pharmacy,
    PlatformLine,
    Received,
    Settlement,
    Sold,
    TurnedAway,
)
from virtual_cards.terminals.canteen import DishIsUnknown
from virtual_cards.terminals.holder_card import historical_bytes_of

PIN = "123456"
YEAR, EARLIER = Account.CURRENT_YEAR, Account.EARLIER_YEARS


@pytest.fixture
def stand() -> Iterator[Stand]:
    with platform_stand.running() as stand:
        yield stand


@pytest.fixture
def line(stand: Stand) -> Iterator[PlatformLine]:
    with PlatformLine(stand.url, "token") as line:
        yield line


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def card(place: Place) -> Card:
    card = made_card(5_000, medical_fen=6_000)
    place.hold(card)
    return card


def hospital(place: Place, line: PlatformLine) -> HospitalDesk:
    return HospitalDesk(*place.kit, line, clock=place.clock)


def received(outcome: Received | NotReceived) -> Received:
    assert isinstance(outcome, Received), outcome
    return outcome


def medical_fen(card: Card) -> tuple[object, object]:
    values = card.memory.values()
    return values["medical/current_year_fen"], values["medical/earlier_years_fen"]


@pytest.mark.usefixtures("card")
def test_a_patient_is_known_by_the_card_alone(place: Place, line: PlatformLine) -> None:
    patient = received(hospital(place, line).register())
    assert patient.check_id == "check-1"
    assert (patient.holder.name, patient.holder.card_number) == (HOLDER.name, HOLDER.card_number)
    assert patient.holder.social_security_number == HOLDER.identity_number


def test_a_bill_is_paid_and_reported(
    place: Place, card: Card, line: PlatformLine, stand: Stand
) -> None:
    desk = hospital(place, line)
    patient = received(desk.register())
    paid = desk.pay(patient.holder, "B1", YEAR, 1_250, PIN)
    assert isinstance(paid, Paid)
    assert paid.receipt is not None
    assert medical_tac_is_right(paid.payment)
    assert (paid.payment.balance_after_fen, medical_fen(card)) == (4_750, (4_750, 0))
    (body,) = stand.taken("/v1/medical/payments")
    assert body["amount_fen"] == 1_250
    again = desk.pay(patient.holder, "B1", YEAR, 1_250, PIN)
    assert isinstance(again, Paid)
    assert again.recovered
    assert medical_fen(card) == (4_750, 0), "a bill is paid once"


def test_what_the_accounts_do_not_cover_is_cash(place: Place, line: PlatformLine) -> None:
    image = card_image(HSM, HOLDER, medical_fen=1_000)
    image["social_security"]["medical_purse"]["earlier_years_fen"] = 300
    card = load_card(image).card
    place.hold(card)
    desk = hospital(place, line)
    patient = received(desk.register())
    settled = desk.settle(patient.holder, "B2", 2_000, PIN)
    assert isinstance(settled, Settlement)
    assert [each.payment.amount_fen for each in settled.payments] == [1_000, 300]
    assert settled.unpaid_fen == 700
    assert medical_fen(card) == (0, 0)
    again = desk.settle(patient.holder, "B2", 2_000, PIN)
    assert isinstance(again, Settlement)
    assert (again.unpaid_fen, [each.recovered for each in again.payments]) == (700, [True, True])
    assert medical_fen(card) == (0, 0)


@pytest.mark.parametrize("account", [YEAR, EARLIER])
def test_a_settlement_torn_at_either_account_is_finished_once(
    place: Place, line: PlatformLine, account: Account
) -> None:
    image = card_image(HSM, HOLDER, medical_fen=1_000)
    image["social_security"]["medical_purse"]["earlier_years_fen"] = 800
    card = load_card(image).card
    place.hold(card)
    desk = hospital(place, line)
    patient = received(desk.register())
    lost = Fault(kind="tear", header="B02C", occurrence=account.value, phase="response", byte=0)
    place.reader.insert(FaultyCard(card, FaultPlan((lost,))))
    with pytest.raises(CardIsAbsent):
        desk.settle(patient.holder, "B3", 1_500, PIN)
    place.hold(card)
    settled = desk.settle(patient.holder, "B3", 1_500, PIN)
    assert isinstance(settled, Settlement)
    assert settled.unpaid_fen == 0
    assert sum(each.payment.amount_fen for each in settled.payments) == 1_500
    assert medical_fen(card) == (0, 300)


@pytest.mark.usefixtures("card")
def test_a_wrong_pin_pays_nothing_and_counts(place: Place, line: PlatformLine) -> None:
    shop = Pharmacy(*place.kit, line, clock=place.clock)
    customer = received(shop.greet()).holder
    for left in (5, 4, 3, 2, 1, 0):
        assert shop.sell(customer, "P1", 100, "000000") == NotPaid("pin-wrong", left)
    assert shop.sell(customer, "P1", 100, PIN) == NotPaid("pin-locked", 0)
    with pytest.raises(ValueError, match="4 to 12 digits"):
        shop.sell(customer, "P1", 100, "12")


@pytest.mark.usefixtures("card")
def test_a_pharmacy_sells_wholly_or_not_at_all(place: Place, line: PlatformLine) -> None:
    shop = Pharmacy(*place.kit, line, clock=place.clock)
    customer = received(shop.greet()).holder
    assert shop.sell(customer, "P1", 6_001, PIN) == NotPaid("insufficient-balance")
    assert isinstance(shop.sell(customer, "P2", 6_000, PIN), Paid)


@pytest.mark.usefixtures("card")
def test_another_card_in_the_reader_pays_nothing(place: Place, line: PlatformLine) -> None:
    desk = hospital(place, line)
    patient = received(desk.register()).holder
    other = load_card(card_image(HSM, MadeUpHolder(7), medical_fen=6_000)).card
    place.hold(other)
    with pytest.raises(AnotherCard):
        desk.pay(patient, "B4", YEAR, 100, PIN)
    assert medical_fen(other) == (6_000, 0)


def test_a_desk_without_a_line_decides_by_its_list(place: Place, card: Card) -> None:
    with dead_line() as line:
        desk = hospital(place, line)
        patient = received(desk.register())
        assert patient.is_offline
        paid = desk.pay(patient.holder, "B5", YEAR, 100, PIN)
        assert isinstance(paid, Paid)
        assert paid.receipt is None
        assert desk.journal.unsent == (paid.payment,)
        reader, module, _ = place.kit
        serial = HOLDER.application_serial.hex()
        listed = {"version": 9, "issued_at": "2026-05-04T00:00:00+08:00"}
        for told, reason in (
            (parameters(revocation_list=listed | {"application_serials": [serial]}),
             "card-on-revocation-list"),
            (parameters(revocation_list_age_max_s=3_600), "revocation-list-too-old"),
        ):  # fmt: skip
            refused = HospitalDesk(reader, module, told, line, clock=place.clock).register()
            assert isinstance(refused, NotReceived)
            assert refused.reason == reason
    assert medical_fen(card) == (5_900, 0)


@pytest.mark.parametrize(
    ("version", "copied", "reason"),
    [
        ("3.00", ("01",), "card-identification-is-not-the-chips"),
        ("3.00", ("01", "07"), "card-identification-is-not-the-chips"),
        ("3.00", (), None),
        ("2.00", ("01",), None),
    ],
)
def test_a_desk_without_a_line_compares_what_a_card_of_the_third_generation_says_of_its_chip(
    place: Place, version: str, copied: tuple[str, ...], reason: str | None
) -> None:
    image, other = (card_image(HSM, each) for each in (HOLDER, MadeUpHolder(HOLDER.number + 1)))
    says, said = (each["social_security"]["files"]["EF05"] for each in (image, other))
    says |= {tag: said[tag] for tag in copied} | {"03": version.encode().hex().upper()}
    image["social_security"]["spec_version"] = version
    if version == "2.00":
        del image["social_security"]["files"]["EF0D"]
    image["card_number"] = bytes.fromhex(says["07"]).decode()
    place.hold(load_card(image).card)
    with dead_line() as line:
        told = hospital(place, line).register()
    assert (told.reason if isinstance(told, NotReceived) else None) == reason
    assert told.holder.names_its_chip == (reason is None)


@pytest.mark.usefixtures("card")
def test_an_expired_card_is_not_received(place: Place, line: PlatformLine, stand: Stand) -> None:
    place.clock.wait(days=3_650)
    refused = hospital(place, line).register()
    assert isinstance(refused, NotReceived)
    assert refused.reason == "card-expired"
    assert stand.requests == []


def test_a_card_of_another_testbed_is_not_genuine(place: Place, line: PlatformLine) -> None:
    image = card_image(HSM, HOLDER)
    image["social_security"]["keys"]["IRK"] = "00" * 16
    place.hold(load_card(image).card)
    with pytest.raises(CardIsNotGenuine):
        hospital(place, line).register()


def test_a_meal_is_paid_once_however_often_the_card_is_held(place: Place, card: Card) -> None:
    till = Canteen(*place.kit, clock=place.clock)
    till.menu = {"米饭": 100, "青椒肉丝": 900}
    lost = Fault(kind="tear", header="8054", phase="response", byte=3)
    place.reader.insert(FaultyCard(card, FaultPlan((lost,))))
    with pytest.raises(CardIsAbsent):
        till.serve_meal("1", {"米饭": 2, "青椒肉丝": 1})
    assert balance_fen(card) == 3_900
    place.hold(card)
    for _ in range(2):
        sold = till.serve_meal("1", {"米饭": 2, "青椒肉丝": 1})
        assert isinstance(sold, Sold)
        assert sold.recovered
        assert tac_is_right(sold.purchase)
        assert till.journal.unsent == (sold.purchase,)
    assert balance_fen(card) == 3_900
    with pytest.raises(DishIsUnknown, match="not on the menu: 火锅"):
        till.serve_meal("2", {"火锅": 1})
    with pytest.raises(ValueError, match="above 0 fen"):
        till.sell("3", 0)


def test_a_bill_begun_and_another_paid_are_both_told(place: Place, card: Card) -> None:
    till = Canteen(*place.kit, clock=place.clock)
    lost = Fault(kind="tear", header="8054", phase="response", byte=0)
    place.reader.insert(FaultyCard(card, FaultPlan((lost,))))
    with pytest.raises(CardIsAbsent):
        till.sell("1", 300)
    place.hold(card)
    other = till.sell("2", 500)
    assert isinstance(other, Sold)
    assert not other.recovered
    assert [each.amount_fen for each in till.journal.unsent] == [300, 500]  # type: ignore[union-attr]
    assert balance_fen(card) == 4_200
    first = till.sell("1", 300)
    assert isinstance(first, Sold)
    assert first.recovered
    assert balance_fen(card) == 4_200


def test_a_till_that_restarts_on_its_journal_asks_the_card(
    place: Place, card: Card, tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    journal = Journal(path=path)
    till = Canteen(*place.kit, clock=place.clock, journal=journal)
    lost = Fault(kind="tear", header="8054", phase="response", byte=0)
    place.reader.insert(FaultyCard(card, FaultPlan((lost,))))
    with pytest.raises(CardIsAbsent):
        till.sell("1", 300)
    journal.close()
    place.hold(card)
    second = Canteen(*place.kit, clock=place.clock, journal=Journal(path=path))
    sold = second.sell("1", 300)
    assert isinstance(sold, Sold)
    assert sold.recovered
    assert tac_is_right(sold.purchase)
    assert balance_fen(card) == 4_700


def test_a_library_knows_its_reader_and_takes_a_fee(
    place: Place, card: Card, line: PlatformLine
) -> None:
    certify(card, CertificateKind.DISABILITY)
    certify(card, CertificateKind.VETERAN, "20260101")
    desk = LibraryDesk(*place.kit, line, clock=place.clock)
    reader = desk.sign_in()
    assert isinstance(reader, LibraryReader)
    assert reader.received.holder.name == HOLDER.name
    assert [each.kind for each in reader.concessions] == [CertificateKind.DISABILITY]
    fee = desk.take_fee("overdue 1", 150)
    assert isinstance(fee, Sold)
    assert fee.receipt is not None
    assert balance_fen(card) == 4_850
    assert isinstance(desk.take_fee("overdue 2", 9_999), TurnedAway)


@pytest.mark.usefixtures("card")
def test_a_kiosk_shows_what_is_on_the_card(place: Place, line: PlatformLine) -> None:
    Canteen(*place.kit, clock=place.clock).sell("1", 300)
    kiosk = Kiosk(*place.kit, line, clock=place.clock)
    shown = kiosk.show()
    assert shown.purse is not None
    assert (shown.purse.balance_fen, shown.medical_fen) == (4_700, {YEAR: 6_000, EARLIER: 0})
    (record,) = shown.log
    assert (record.amount_fen, record.type, record.date) == (300, 6, "20260504")
    image = card_image(HSM, HOLDER)
    del image["transit"], image["social_security"]["medical_purse"]
    place.hold(load_card(image).card)
    bare = kiosk.show()
    assert (bare.purse, bare.log, bare.medical_fen) == (None, (), None)


@pytest.mark.usefixtures("card")
def test_a_kiosk_changes_the_pin(place: Place, line: PlatformLine) -> None:
    kiosk = Kiosk(*place.kit, line, clock=place.clock)
    with pytest.raises(CardRefusesCommand, match="63C5"):
        kiosk.change_pin("999999", "654321")
    kiosk.change_pin(PIN, "654321")
    shop = Pharmacy(*place.kit, line, clock=place.clock)
    customer = received(shop.greet()).holder
    assert shop.sell(customer, "P1", 100, PIN) == NotPaid("pin-wrong", 5)
    assert isinstance(shop.sell(customer, "P1", 100, "654321"), Paid)


@pytest.mark.usefixtures("card")
def test_a_counter_gives_a_locked_card_its_pin_back(place: Place, line: PlatformLine) -> None:
    shop = Pharmacy(*place.kit, line, clock=place.clock)
    customer = received(shop.greet()).holder
    for _ in range(6):
        shop.sell(customer, "P1", 100, "000000")
    assert shop.sell(customer, "P1", 100, PIN) == NotPaid("pin-locked", 0)
    reader, module, _ = place.kit
    Counter(reader, module, line).reset_pin(HSM, "246810")
    assert isinstance(shop.sell(customer, "P1", 100, "246810"), Paid)


@pytest.mark.parametrize("command", ["84160000", "841E0000"], ids=["card", "application"])
def test_nobody_serves_what_the_issuer_blocked(
    place: Place, card: Card, line: PlatformLine, command: str
) -> None:
    key = HSM.social_security_keys(REGION, HOLDER.historical_bytes)["STKSSSE"]
    talk = talk_to(card)
    card.reset()
    talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    assert issuer.secured(talk, command, b"", key, algorithm="03") == "9000"
    reader, module, told = place.kit
    desks: list[Callable[[], object]] = [
        hospital(place, line).register,
        Kiosk(*place.kit, line, clock=place.clock).welcome,
        LibraryDesk(*place.kit, line, clock=place.clock).sign_in,
        Counter(reader, module, line).read_card,
    ]
    if command == "84160000":
        desks += [
            BusValidator(*place.kit, bus_line="8001", clock=place.clock).board,
            Gate(*place.kit, station="0201", clock=place.clock).enter,
            lambda: Canteen(reader, module, told, clock=place.clock).sell("1", 100),
        ]
    for serve in desks:
        with pytest.raises(CardIsBlocked):
            serve()


@pytest.mark.parametrize(
    ("atr", "historical"),
    [
        ("3B6D0000" + "00814A4446866050000000002A", "00814A4446866050000000002A"),
        ("3BED00008131FE45" + "00814A4446866050000000002A" + "55", "00814A4446866050000000002A"),
        ("3B8D8001" + "00814A4446866050000000002A" + "99", "00814A4446866050000000002A"),
        ("3B00", ""),
    ],
    ids=["T=0", "T=1", "contactless", "none"],
)
def test_historical_bytes_are_found_in_every_answer_to_reset(atr: str, historical: str) -> None:
    assert historical_bytes_of(bytes.fromhex(atr)).hex().upper() == historical


def test_a_payment_is_what_the_interface_says() -> None:
    names = {"historical_bytes", "account", "amount_fen", "balance_after_fen", "offline_sequence"}
    names |= {"terminal_sequence", "type", "date", "time", "tac"}
    assert set(MedicalPayment.__struct_encode_fields__) == names
