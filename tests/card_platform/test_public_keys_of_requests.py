"""Idempotency-Keys of callers without a token: nobody is told what another filed."""

from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from card_platform.app import build_app
from card_platform.installation import Installation
from card_platform.web.idempotency import IDEMPOTENCY_KEYS
from tests.card_platform.city import City
from tests.card_platform.phone import Phone

FILING = {
    "kind": "complaint",
    "channel": "online",
    "subject": "窗口",
    "content": "等候过久",
    "card_number": None,
    "contact": None,
    "conduct": None,
}
HOME, ELSEWHERE = ("198.51.100.7", 4711), ("203.0.113.9", 4711)


@pytest.fixture
def app(installation: Installation) -> Any:
    parts = installation
    return build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)


def file(app: Any, address: tuple[str, int], **changed: Any) -> Any:
    """File without a token, always under the same key."""

    async def from_there(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": address} if scope["type"] == "http" else scope, receive, send)

    with TestClient(from_there) as client:
        headers = {"Idempotency-Key": "1"}
        return client.post("/v1/complaints", json=FILING | changed, headers=headers)


def test_the_same_key_and_body_from_another_address_is_another_filing(app: Any) -> None:
    first, again, others = file(app, HOME), file(app, HOME), file(app, ELSEWHERE)
    assert [each.status_code for each in (first, again, others)] == [201, 201, 201]
    assert again.json() == first.json()
    assert others.json()["number"] != first.json()["number"]
    assert others.json()["secret"] != first.json()["secret"]


def test_the_same_key_with_another_body_is_refused_to_the_same_address_only(app: Any) -> None:
    assert file(app, HOME).status_code == 201
    assert file(app, ELSEWHERE, subject="网点").status_code == 201
    reused = file(app, HOME, subject="热线")
    assert (reused.status_code, reused.json()["code"]) == (409, "client-id-reused")


def test_the_address_is_not_kept(app: Any, installation: Installation) -> None:
    file(app, HOME)
    callers = installation.database.read_now(
        lambda tx: tx.select(select(IDEMPOTENCY_KEYS.c.caller))
    )
    assert len(callers) == 1
    assert callers[0][0].startswith("public:")
    assert HOME[0] not in callers[0][0]


def test_two_phones_may_use_one_key(city: City) -> None:
    codes = set()
    for person in (1, 2):
        card_id, _ = city.active_card(person)
        phone = Phone(city)
        assert phone.enrol(card_id, sequence=person).status_code == 201
        asked, headers = phone.request(), {"Idempotency-Key": "1"}
        for _ in range(2):
            answer = city.client.post("/v1/electronic-codes", json=asked, headers=headers)
            assert answer.status_code == 201, answer.text
            codes.add(answer.json()["code"])
    assert len(codes) == 2
