"""Codes: what the platform makes, phones show and terminals without a line verify by themselves."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from card_platform.issuance.ecards.code_text import CodeFace, CodeKind, code_text
from card_platform.issuance.ecards.code_text import CodeIsUnreadable as PlatformFindsNoCode
from card_platform.issuance.ecards.code_text import read_code as platform_reads
from card_platform.issuance.ecards.refusals import CODE_REFUSALS
from card_platform.keys.sm2_signer import Sm2Signer
from card_platform.regions.electronic_card_policy import CodePurpose
from tests.agreement.conftest import Town, now
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.personalisation import PersonalisedCard
from virtual_cards.phone import Phone
from virtual_cards.terminals import (
    CodeRefused,
    CodeScanner,
    CodeSettlement,
    CodeUse,
    HospitalDesk,
    Journal,
    Kiosk,
    LibraryDesk,
    LibraryReader,
    NotReceived,
    PlatformLine,
    Received,
    Settlement,
)
from virtual_cards.terminals.codes import (
    REASONS,
    CodeIsUnreadable,
    CodeKey,
    CodeKeys,
    CodeRule,
    read_code,
)

PIN = "123456"
NOBODY = "http://127.0.0.1:9"
MADE = datetime(2026, 5, 4, 8, 15, tzinfo=UTC)
KEY = Sm2Signer(bytes(range(32)))
RULES = tuple(
    CodeRule(purpose, 60, single_use, offline)
    for purpose, single_use, offline in (
        ("identity", False, True),
        ("transit", True, True),
        ("medical", True, False),
        ("payment", True, False),
    )
)
KEYS = CodeKeys((CodeKey("500000", 1, KEY.public_key.hex()),), RULES, 30)
FACE = CodeFace(
    region="500000",
    key_number=1,
    kind=CodeKind.FUSION_CODE,
    purpose=CodePurpose.IDENTITY,
    code_number="0011223344556677",
    issued_at=int(MADE.timestamp()),
    life_s=60,
    card_number="A00000042",
    application_serial="03105000000000000042",
)


def made(**changed: Any) -> str:
    face = dataclasses.replace(FACE, **changed)
    return code_text(face, KEY.sign(face.signed()))


@pytest.mark.parametrize("purpose", list(CodePurpose))
@pytest.mark.parametrize("kind", list(CodeKind))
def test_both_sides_read_the_same_from_a_code(kind: CodeKind, purpose: CodePurpose) -> None:
    text = made(kind=kind, purpose=purpose)
    assert len(text) == 171
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567:01"), "alphanumeric of a QR code"
    face, signature = platform_reads(text)
    code = read_code(text)
    assert (code.signed, code.signature) == (face.signed(), signature)
    assert (code.kind, code.purpose, code.region) == (kind.value, purpose.value, face.region)
    assert (code.card_number, code.application_serial) == (
        face.card_number,
        face.application_serial,
    )
    assert (code.issued_at.timestamp(), code.life_s) == (face.issued_at, face.life_s)


def test_no_bit_of_a_code_can_be_changed() -> None:
    text = made()
    whole = base64.b32decode(text.removeprefix("OC1:") + "=")
    scanner = CodeScanner(KEYS)
    assert not isinstance(scanner.check(text, "identity", MADE), CodeRefused)
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        false = "OC1:" + base64.b32encode(bytes(changed)).decode().rstrip("=")
        told = scanner.check(false, "identity", MADE)
        assert isinstance(told, CodeRefused), f"bit {bit}"
        assert told.reason in {"code-unreadable", "code-of-another-region", "code-not-genuine"}


@pytest.mark.parametrize(
    "text", ["", "OC1:", "OC1:AAAA", "oc1:" + "A" * 167, "OC1:1" * 40, "健康码"]
)
def test_what_is_no_code_is_unreadable_to_both(text: str) -> None:
    with pytest.raises(CodeIsUnreadable):
        read_code(text)
    with pytest.raises(PlatformFindsNoCode):
        platform_reads(text)


def test_a_terminal_says_the_reasons_in_the_words_of_the_platform() -> None:
    shared = set(REASONS) & set(CODE_REFUSALS)
    assert len(shared) >= 7
    for reason in shared:
        assert REASONS[reason] == (CODE_REFUSALS[reason].zh, CODE_REFUSALS[reason].en)
    assert all(zh and en and zh != en for zh, en in REASONS.values())


@pytest.mark.parametrize(
    ("changed", "purpose", "after_s", "reason"),
    [
        ({}, "identity", 0, None),
        ({}, "identity", 89, None),
        ({}, "identity", 90, "code-expired"),
        ({}, "identity", -30, None),
        ({}, "identity", -31, "code-from-the-future"),
        ({}, "transit", 0, "code-purpose-differs"),
        ({"region": "640000"}, "identity", 0, "code-of-another-region"),
        ({"key_number": 2}, "identity", 0, "code-of-another-region"),
        ({"purpose": CodePurpose.MEDICAL}, "medical", 0, "code-needs-line"),
        ({"purpose": CodePurpose.PAYMENT}, "payment", 0, "code-needs-line"),
        ({"purpose": CodePurpose.TRANSIT}, "transit", 0, None),
    ],
)
def test_what_a_terminal_without_a_line_decides(
    changed: dict[str, Any], purpose: str, after_s: int, reason: str | None
) -> None:
    told = CodeScanner(KEYS).check(made(**changed), purpose, MADE + timedelta(seconds=after_s))
    assert (told.reason if isinstance(told, CodeRefused) else None) == reason


def test_a_single_use_code_is_taken_once_by_a_terminal_and_an_identity_as_often_as_shown() -> None:
    scanner = CodeScanner(KEYS)
    ride = made(purpose=CodePurpose.TRANSIT)
    for text, purpose, expected in (
        (ride, "transit", None),
        (ride, "transit", "code-already-used"),
        (made(purpose=CodePurpose.TRANSIT, code_number="ff" * 8), "transit", None),
        (made(), "identity", None),
        (made(), "identity", None),
    ):
        told = scanner.check(text, purpose, MADE)
        assert (told.reason if isinstance(told, CodeRefused) else None) == expected


def test_a_clock_that_goes_back_brings_no_code_to_life() -> None:
    scanner = CodeScanner(KEYS)
    old, fresh = made(), made(issued_at=FACE.issued_at + 3_600)
    hour_later = MADE + timedelta(hours=1)
    assert not isinstance(scanner.check(fresh, "identity", hour_later), CodeRefused)
    told = scanner.check(old, "identity", MADE)
    assert isinstance(told, CodeRefused)
    assert told.reason == "terminal-clock-wrong"
    scanner.note_time(MADE)  # the platform answered
    assert not isinstance(scanner.check(old, "identity", MADE), CodeRefused)
    ahead = scanner.check(fresh, "identity", MADE)
    assert isinstance(ahead, CodeRefused)
    assert ahead.reason == "code-from-the-future"
    told = scanner.check(old, "identity", MADE)
    assert isinstance(told, CodeRefused), "a genuine code proves that it is later"


# with a running platform


def signed_phone(town: Town, card_id: str, document: dict[str, str]) -> Phone:
    line = PlatformLine(town.desk.access.url)
    town.lines.append(line)
    phone = Phone(line, now)
    number = town.desk.card(card_id)["card_number"]
    body = {
        "document": document,
        "level": "real-person",
        "public_key": phone.public_key,
        "proof": phone.prove(number, "real-person"),
        "device": "手机",
    }
    phone.take_signing(town.desk.serve_card(card_id, "signings", body)["signing_id"])
    return phone


Issued = tuple[str, PersonalisedCard, Phone]


@pytest.fixture
def issued(town: Town) -> Issued:
    resident, card_id, card = town.issue()
    town.reader.insert(card.card)
    return card_id, card, signed_phone(town, card_id, resident.document())


def desk_of(town: Town, kind: str, make: Callable[..., Any]) -> Any:
    line, module, _ = town.enrol(kind, None)
    desk = make(town.reader, module, line.terminal_parameters(), line, clock=now)
    desk.use_code_keys(line.code_keys())
    return desk


def seen(outcome: Any) -> tuple[Any, ...]:
    """What matters of an answer, however the holder was known."""
    if isinstance(outcome, LibraryReader):
        outcome = outcome.received
    if isinstance(outcome, Received):
        holder = outcome.holder
        return ("received", holder.card_number, holder.name, holder.social_security_number,
                holder.region, holder.valid_until)  # fmt: skip
    assert isinstance(outcome, NotReceived), outcome
    return ("not received", outcome.reason)


@pytest.mark.parametrize(
    ("kind", "make", "by_card", "by_code"),
    [
        ("hospital_desk", HospitalDesk, "register", "register_code"),
        ("library_desk", LibraryDesk, "sign_in", "sign_in_code"),
        ("kiosk", Kiosk, "welcome", "welcome_code"),
    ],
)
def test_a_desk_gives_the_same_answer_to_card_and_code(
    town: Town, issued: Issued, kind: str, make: Callable[..., Any], by_card: str, by_code: str
) -> None:
    card_id, _, phone = issued
    desk = desk_of(town, kind, make)
    shown = phone.show("identity").code
    assert seen(getattr(desk, by_card)()) == seen(getattr(desk, by_code)(shown))
    town.desk.report_loss(card_id)
    told = seen(getattr(desk, by_card)())
    assert told == seen(getattr(desk, by_code)(shown)) == ("not received", "card-is-not-active")


def test_a_counter_and_the_platform_find_the_same_by_card_and_code(
    town: Town, issued: Issued
) -> None:
    card_id, _, phone = issued
    counter = town.counter()
    holder = counter.read_card()
    shown = phone.show("identity").code
    for _ in range(2):
        card = counter.check_identity("hotel", holder)
        code = counter.check_code("hotel", shown)
        assert (card.result, card.reason, card.card_state) == (
            code.result, code.reason, code.card_state,
        )  # fmt: skip
        town.desk.report_loss(card_id) if card.result == "valid" else None


def test_a_bill_is_settled_alike_by_card_and_by_code(town: Town) -> None:
    told = []
    for by_code in (False, True):
        resident, card_id, card = town.issue()
        town.reader.insert(card.card)
        town.desk.grant_medical_credit(card_id, 1, 6_000)
        hospital = desk_of(town, "hospital_desk", HospitalDesk)
        if by_code:
            phone = signed_phone(town, card_id, resident.document())
            code = phone.show("medical").code
            settled = hospital.settle_by_code(code, "B1", 7_500)
            assert isinstance(settled, CodeSettlement)
            assert hospital.settle_by_code(code, "B1", 7_500) == settled, "asked again, paid once"
            other = hospital.settle_by_code(code, "B2", 100)
            assert (other.reason, bool(other.detail_zh)) == ("code-already-used", True)
            paid_fen = sum(settled.paid_fen.values())
        else:
            town.counter().load_medical(Account.CURRENT_YEAR, 6_000, PIN)
            patient = hospital.register()
            settled = hospital.settle(patient.holder, "B1", 7_500, PIN)
            assert isinstance(settled, Settlement)
            paid_fen = sum(each.payment.amount_fen for each in settled.payments)
        view = town.desk.medical(card_id)
        left_fen = view["credit_fen"]["1"] + view["balance_fen"]["1"]
        told.append((paid_fen, settled.unpaid_fen, left_fen))
    assert told[0] == told[1] == (6_000, 1_500, 0)
    assert town.desk.check_books()["sum_fen"] == 0


def test_a_desk_without_a_line_takes_the_code_and_tells_of_it_later(
    town: Town, issued: Issued
) -> None:
    card_id, _, phone = issued
    journal = Journal()
    line, module, _ = town.enrol("hospital_desk", None, public_key=journal.key.public.hex())
    told = line.terminal_parameters()
    desk = HospitalDesk(town.reader, module, told, line, clock=now, journal=journal)
    desk.use_code_keys(line.code_keys())
    code, bill = phone.show("identity").code, phone.show("medical").code
    desk.line = PlatformLine(NOBODY)
    town.lines.append(desk.line)
    journal.use_line(None)
    patient = desk.register_code(code)
    assert isinstance(patient, Received)
    assert (patient.is_offline, patient.carrier) == (True, "electronic-card")
    assert patient.holder.card_number == town.desk.card(card_id)["card_number"]
    refused = desk.settle_by_code(bill, "B1", 100)
    assert isinstance(refused, CodeRefused)
    assert refused.reason == "code-needs-line"
    (waiting,) = journal.unsent
    assert isinstance(waiting, CodeUse)
    assert all(each.record is not None for each in journal.waiting), "it is signed"
    journal.use_line(line)
    journal.send_unsent()
    uses = town.desk.get("clerk", f"/v1/cards/{card_id}/electronic-card")["uses"]
    assert [(each["purpose"], each["finding"], each["offline"]) for each in uses] == [
        ("identity", "right", True)
    ]


def test_a_desk_without_a_line_knows_the_codes_of_lost_cards_by_its_list(
    town: Town, issued: Issued
) -> None:
    card_id, _, phone = issued
    code = phone.show("identity").code
    town.desk.report_loss(card_id)
    desk = desk_of(town, "hospital_desk", HospitalDesk)
    desk.line = PlatformLine(NOBODY)
    town.lines.append(desk.line)
    told = desk.register_code(code)
    assert seen(told) == ("not received", "card-on-revocation-list")
    assert told.detail_zh


def test_another_towns_code_is_told_as_such_with_a_line_and_without(
    town: Town, issued: Issued, found_town: Callable[[], Town]
) -> None:
    desk = desk_of(town, "hospital_desk", HospitalDesk)
    *_, phone = issued
    code = phone.show("identity").code
    elsewhere = found_town()  # the same region, but a key of its own
    line, *_ = elsewhere.enrol("hospital_desk", None)
    desk.use_code_keys(line.code_keys())
    desk.line = PlatformLine(NOBODY)
    town.lines.append(desk.line)
    assert seen(desk.register_code(code)) == ("not received", "code-not-genuine")
    desk.use_code_keys(CodeKeys())
    assert seen(desk.register_code(code)) == ("not received", "code-of-another-region")
    desk.line = line
    assert seen(desk.register_code(code)) == ("not received", "code-not-genuine")


def test_a_phone_shows_an_identity_again_and_a_payment_never(issued: Issued) -> None:
    *_, phone = issued
    assert phone.show("identity") == phone.show("identity")
    assert phone.show("identity") != phone.show("transit")
    assert phone.show("medical") != phone.show("medical")
