"""Licences between regions, over the exchange: asked with the holder, signed there, checked here;
forged, stale and foreign ones refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from card_platform.errors import Refusal
from card_platform.exchange import store as road_store
from card_platform.exchange.licence_requests import EnrolledRegions
from card_platform.exchange.model import Participant, ParticipantKind
from card_platform.installation import Installation
from card_platform.keys.sm2 import signature_is_right
from card_platform.keys.sm2_signer import SECRET_LENGTH, Sm2Signer
from card_platform.regions.agreement import load_agreements
from card_platform.services.licences.model import LicenceKind
from card_platform.services.licences.recognition import Recognition
from card_platform.services.licences.statement import SignedStatement
from card_platform.vocabulary.moment import moment_of
from scenarios.exchange_partners import DepartmentSystem
from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from tests.card_platform.city import application, document, resident
from tests.card_platform.test_licences import licence

CODES = {"CQ": "500000", "SC": "510000", "SH": "310000"}
NAME = "测试甲"
SICHUAN = Sm2Signer(b"\x07" * SECRET_LENGTH)


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ServiceDesk]]:
    """Three regions in one process, linked."""
    folder: Path = tmp_path_factory.mktemp("regions")
    with PlatformProcess(folder, region=",".join(CODES)), ExitStack() as open_desks:
        yield {
            region: open_desks.enter_context(
                ServiceDesk(Access.read(folder / region / "access.json"))
            )
            for region in CODES
        }


@pytest.fixture(scope="module")
def persons() -> Iterator[int]:
    return iter(range(1, 400))


def hold_card(desk: ServiceDesk, person: int) -> dict[str, Any]:
    granted = desk.post("clerk", "/v1/applications", application(person, region=desk.region))
    image = desk.personalisation_image(granted["card_id"])
    desk.report_production(granted["card_id"], bytes.fromhex(image["historical_bytes"]))
    return desk.activate(granted["card_id"], document(person))


def ask(
    desk: ServiceDesk, card: dict[str, Any], region: str = "SC", shown_by: str | None = None
) -> Any:
    shown = desk.check_identity("核验", card["card_number"], NAME)["check_id"]
    body = {
        "region": CODES[region],
        "kind": "disability",
        "card_number": card["card_number"],
        "shown_by": shown_by or shown,
    }
    return desk.post("clerk", "/v1/licence-requests", body)["licences"]


def refusal_of(*asked: Any) -> str:
    with pytest.raises(PlatformRefused) as refused:
        ask(*asked)
    return refused.value.code


def test_any_secret_makes_a_key_whose_signatures_verify() -> None:
    for first in range(24):
        signer = Sm2Signer(bytes([first]) * SECRET_LENGTH)
        signature = signer.sign(b"statement")
        assert len(signature) == 64
        assert signature_is_right(signer.public_key, b"statement", signature)
        assert not signature_is_right(signer.public_key, b"Statement", signature)
        assert Sm2Signer(bytes([first]) * SECRET_LENGTH).public_key == signer.public_key


def test_a_licence_of_one_region_answers_in_the_other_until_it_is_withdrawn(
    regions: dict[str, ServiceDesk], persons: Iterator[int]
) -> None:
    here, there, person = regions["CQ"], regions["SC"], next(persons)
    card, card_there = hold_card(here, person), hold_card(there, person)
    issued = there.post("department", "/v1/licences", licence(person))["licence_id"]
    link = {"card_number": card_there["card_number"]}
    there.post("clerk", f"/v1/licences/{issued}/link", link)
    (taken,) = ask(here, card)
    assert (taken["region"], taken["state"], taken["linked"]) == ("510000", "in_force", True)
    (again,) = ask(here, card)
    assert again["licence_id"] == taken["licence_id"]
    with pytest.raises(PlatformRefused) as own:
        steps = f"/v1/licences/{taken['licence_id']}/steps"
        here.post("department", steps, {"action": "suspend", "reason": "越权"})
    assert own.value.code == "licence-of-another-region"
    withdrawal = {"action": "withdraw", "reason": "复核"}
    there.post("department", f"/v1/licences/{issued}/steps", withdrawal)
    (withdrawn,) = ask(here, card)
    assert withdrawn["state"] == "withdrawn"
    for desk, of in ((here, card), (there, card_there)):
        log = desk.get("clerk", f"/v1/cards/{of['card_id']}/access-log")["reads"]
        asked = [one for one in log if one["items"] == "licence:disability"]
        recipients = {one["recipient"] for one in asked}
        assert recipients == {"510000" if desk is here else "500000"}
        assert len([one for one in asked if one["refusal"] is None]) == 3


def test_nobody_is_asked_without_the_holder_or_an_agreement(
    regions: dict[str, ServiceDesk], persons: Iterator[int]
) -> None:
    here, person = regions["CQ"], next(persons)
    card, another = hold_card(here, person), hold_card(here, next(persons))
    regions["SC"].post("department", "/v1/licences", licence(person))
    shown = here.check_identity("核验", another["card_number"], NAME)["check_id"]
    for wrong in (shown, "check-none"):
        assert refusal_of(here, card, "SC", wrong) == "identity-not-shown"
    assert refusal_of(here, card, "SH") == "no-agreement-covers"
    assert refusal_of(here, card, "CQ") == "region-is-own"
    shown = here.check_identity("核验", card["card_number"], NAME)["check_id"]
    here.report_loss(card["card_id"])
    assert refusal_of(here, card, "SC", shown) == "identity-not-shown"


def test_only_a_region_under_an_agreement_is_answered(
    regions: dict[str, ServiceDesk], persons: Iterator[int]
) -> None:
    there, person = regions["SC"], next(persons)
    there.post("department", "/v1/licences", licence(person))
    question = {"kind": "disability", "document_number": resident(person), "shown_by": "check-1"}
    system = DepartmentSystem(there, "some-department", "某部门")
    system.enrol([])
    told = system.ask("licence-query", "licence-recognition", question)
    assert told["problem"]["code"] == "subject-not-granted"
    stranger = DepartmentSystem(there, "460000", "海南省")
    body = {"participant_id": "460000", "kind": "region", "name_zh": "海南省"}
    body["public_key"] = stranger.public_key
    there.post("operator", "/v1/exchange/participants", body | {"subjects": ["licence-query"]})
    told = stranger.ask("licence-query", "licence-recognition", question)
    assert told["problem"]["code"] == "licence-not-recognised"
    told = stranger.ask("licence-query", "marketing", question)
    assert told["problem"]["code"] == "purpose-outside-grant"


@pytest.fixture
def recognition(installation: Installation) -> Recognition:
    """Chongqing's; Sichuan is enrolled with a key of this file."""
    parts = installation
    key = SICHUAN.public_key.hex().upper()
    sichuan = Participant("510000", ParticipantKind.REGION, "四川省", None, key, ())
    now = moment_of(parts.clock.now())
    parts.database.write_now(lambda tx: road_store.enrol(tx, sichuan, now, "operator"))
    keys = EnrolledRegions()
    return Recognition(parts.policy, load_agreements(), parts.keys.signer, parts.clock, keys)


def state(installation: Installation, age: timedelta = timedelta(), **said: Any) -> SignedStatement:
    """A statement of Sichuan as it signs it."""
    now = installation.clock.now()
    text = msgspec.json.encode(
        {
            "format": "onecard.licence-statement",
            "version": 1,
            "region": "510000",
            "audience": "500000",
            "stated_at": moment_of(now - age),
            "kind": LicenceKind.DISABILITY,
            "number": "51000043",
            "issuer": "测试联合会",
            "holder_document": resident(1),
            "holder_name": NAME,
            "level": 2,
            "subject": None,
            "valid_from": "2020-01-01",
            "valid_until": "2099-12-31",
            "state": "in_force",
            "state_since": moment_of(now),
        }
        | said
    )
    return SignedStatement(text.decode(), SICHUAN.sign(text).hex())


def take(installation: Installation, recognition: Recognition, signed: SignedStatement) -> str:
    """The state of the licence as taken, or the code of the refusal."""
    try:
        return installation.database.write_now(
            lambda tx: recognition.take(tx, signed, "clerk")
        ).state.value
    except Refusal as refusal:
        return refusal.code


def test_what_was_changed_after_signing_or_signed_by_another_is_refused(
    installation: Installation, recognition: Recognition
) -> None:
    signed = state(installation)
    forged = SignedStatement(signed.text.replace('"level":2', '"level":1'), signed.signature)
    assert take(installation, recognition, forged) == "statement-signature-wrong"
    unknown = state(installation, region="310000")
    assert take(installation, recognition, unknown) == "region-key-unknown"
    odd = json.loads(signed.text) | {"holder_name": "\ud800"}
    surrogate = SignedStatement(json.dumps(odd), signed.signature)
    assert take(installation, recognition, surrogate) in {
        "statement-malformed",
        "statement-signature-wrong",
    }
    assert take(installation, recognition, signed) == "in_force"


def test_a_statement_is_for_one_region_and_for_its_days_and_the_newer_one_wins(
    installation: Installation, recognition: Recognition
) -> None:
    hour = timedelta(hours=1)
    for said, code in (
        ({"audience": "310000"}, "statement-for-another-region"),
        ({"age": timedelta(days=31)}, "statement-outdated"),
        ({"age": -hour}, "statement-outdated"),
        ({"stated_at": "2026-99-99T99:99:99.000+08:00"}, "statement-malformed"),
        ({"age": hour, "state": "withdrawn"}, "withdrawn"),
        ({"age": 2 * hour}, "statement-outdated"),
        ({}, "in_force"),
    ):
        assert take(installation, recognition, state(installation, **said)) == code
