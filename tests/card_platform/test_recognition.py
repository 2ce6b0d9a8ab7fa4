"""Licences between regions: signed here, checked there; forged, stale and foreign ones refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import open_installation
from card_platform.keys.sm2 import signature_is_right
from card_platform.keys.sm2_signer import SECRET_LENGTH, Sm2Signer
from card_platform.settings import Settings
from tests.card_platform.city import City, resident
from tests.card_platform.test_licences import DAY_S, check, issue, number, paper, show, step

CODES = {"CQ": "500000", "SC": "510000", "SH": "310000"}


@pytest.fixture
def regions(tmp_path: Path) -> Iterator[dict[str, City]]:
    """Three regions, each with a database and keys of its own; all know each other's public key."""
    with ExitStack() as open_parts:
        found = {}
        for name in CODES:
            settings = Settings(tmp_path / name, region=name, clock="virtual")
            parts = open_installation(settings)
            open_parts.callback(parts.database.close)
            tokens = parts.access.tokens
            app = build_app(parts.policy, parts.keys, parts.database, tokens, parts.clock)
            found[name] = City(open_parts.enter_context(TestClient(app)), dict(tokens))
        for one in found.values():
            for other in found.values():
                if other is not one:
                    key = other.get("/v1/region-keys/own").json()
                    assert one.post("/v1/region-keys", key, "operator").status_code == 201
        yield found


def state(city: City, audience: str = "CQ", sequence: int = 1) -> Any:
    body = {"kind": "disability", "document_number": resident(sequence)}
    body["audience"] = CODES[audience]
    return city.post("/v1/licence-statements", body, "department")


def only(answer: Any) -> dict[str, str]:
    (found,) = answer.json()["statements"]
    return dict(found)


def take(city: City, statement: dict[str, str]) -> Any:
    return city.post("/v1/licence-imports", statement, "clerk")


def test_any_secret_makes_a_key_whose_signatures_verify() -> None:
    for first in range(24):
        signer = Sm2Signer(bytes([first]) * SECRET_LENGTH)
        signature = signer.sign(b"statement")
        assert len(signature) == 64
        assert signature_is_right(signer.public_key, b"statement", signature)
        assert not signature_is_right(signer.public_key, b"Statement", signature)
        assert Sm2Signer(bytes([first]) * SECRET_LENGTH).public_key == signer.public_key


def test_a_licence_of_one_region_answers_in_the_other_until_it_is_withdrawn(
    regions: dict[str, City],
) -> None:
    here, there = regions["CQ"], regions["SC"]
    card_id, _ = here.active_card()
    licence_id = issue(there)
    statement = only(state(there))
    taken = take(here, statement)
    assert (taken.status_code, taken.json()["region"]) == (201, "510000")
    assert take(here, statement).json()["licence_id"] == taken.json()["licence_id"]
    link = f"/v1/licences/{taken.json()['licence_id']}/link"
    assert here.post(link, {"card_number": number(here, card_id)}, "clerk").json()["linked"]
    told = check(here, card_id, show(here, card_id)).json()
    assert (told["held"], told["licence"]["region"]) == (True, "510000")
    assert paper(here, card_id).json()["code"] == "paper-not-needed"
    own = here.post(
        f"/v1/licences/{taken.json()['licence_id']}/steps",
        {"action": "suspend", "reason": "越权"},
        "department",
    )
    assert own.json()["code"] == "licence-of-another-region"
    step(there, licence_id, "withdraw")
    assert take(here, only(state(there))).json()["state"] == "withdrawn"
    assert check(here, card_id, show(here, card_id)).json()["reason"] == "licence-withdrawn"
    assert take(here, statement).json()["code"] == "statement-outdated"
    assert check(here, card_id, show(here, card_id)).json()["reason"] == "licence-withdrawn"


def test_what_was_changed_after_signing_or_signed_by_another_is_refused(
    regions: dict[str, City],
) -> None:
    here, there = regions["CQ"], regions["SC"]
    issue(there)
    statement = only(state(there))
    forged = statement | {"text": statement["text"].replace('"level":2', '"level":1')}
    assert take(here, forged).json()["code"] == "statement-signature-wrong"
    pretended = statement | {"text": statement["text"].replace("510000", "310000")}
    assert take(here, pretended).json()["code"] == "statement-signature-wrong"
    unknown = statement | {"text": statement["text"].replace("510000", "110000")}
    assert take(here, unknown).json()["code"] == "region-key-unknown"
    assert take(here, statement | {"text": "{}"}).json()["code"] == "statement-malformed"
    said = json.loads(statement["text"]) | {"holder_name": "\ud800"}
    odd = take(here, statement | {"text": json.dumps(said)})
    assert odd.json()["code"] in {"statement-malformed", "statement-signature-wrong"}


def test_a_statement_is_for_one_region_and_for_its_days(regions: dict[str, City]) -> None:
    here, there = regions["CQ"], regions["SC"]
    issue(there)
    statement = only(state(there))
    assert take(regions["SH"], statement).json()["code"] == "statement-for-another-region"
    here.post("/v1/clock", {"advance_s": 31 * DAY_S}, "trainer")
    assert take(here, statement).json()["code"] == "statement-outdated"


def test_without_an_agreement_nothing_is_stated(regions: dict[str, City]) -> None:
    issue(regions["SC"])
    refused = state(regions["SC"], "SH")
    assert (refused.status_code, refused.json()["code"]) == (403, "licence-not-recognised")
    assert state(regions["SC"], "SC").json()["code"] == "licence-not-recognised"
    assert state(regions["SC"], "CQ", sequence=9).json() == {"statements": []}


def test_a_key_must_be_a_point_of_the_curve_and_of_another_region(
    regions: dict[str, City],
) -> None:
    here = regions["CQ"]
    for body in (
        {"region": "510000", "public_key": "00" * 64},
        here.get("/v1/region-keys/own").json(),
    ):
        assert here.post("/v1/region-keys", body, "operator").json()["code"] == "region-key-wrong"


def test_a_moment_that_cannot_be_is_malformed(regions: dict[str, City]) -> None:
    issue(regions["SC"])
    statement = only(state(regions["SC"]))
    said = json.loads(statement["text"]) | {"stated_at": "2026-99-99T99:99:99.000+08:00"}
    odd = take(regions["CQ"], statement | {"text": json.dumps(said)})
    assert odd.json()["code"] == "statement-malformed"
