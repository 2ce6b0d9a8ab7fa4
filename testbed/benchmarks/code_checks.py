"""Identity checks by code: phones sign electronic cards and get codes, terminals scan them.

Rules: all through the HTTP API, as a phone and a clerk do it. A code of identity is checked as
often as it is shown while it lives (a minute): the codes are made last, and one a connection is
scanned again and again.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

import httpx
import msgspec

from loadtests.due_requests import CHECKS_PATH, PURPOSE, DueRequest
from loadtests.errors import LoadTestCannotRun
from loadtests.preparation import enrol
from scenarios.residents import Resident, make_residents
from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from virtual_cards.phone import Phone
from virtual_cards.terminals import PlatformLine
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME
from virtual_cards.terminals.platform_line import PlatformRefuses

LEVEL: Final = "real-person"


def write_checks(access: Access, count: int, holders: int) -> list[DueRequest]:
    """So many checks of the codes of so many holders, lane by lane. Raises `LoadTestCannotRun`."""
    try:
        with ServiceDesk(access) as desk, PlatformLine(access.url) as line:
            counter = enrol(desk, "counter", None)
            people = make_residents(holders, secrets.randbits(32))
            phones = [_phone_of(desk, line, resident) for resident in people]
            codes = [phone.show("identity").code for phone in phones]
    except (PlatformRefused, PlatformRefuses, httpx.HTTPError) as fault:
        raise LoadTestCannotRun(
            f"准备二维码核验时平台没有照办：{fault}",
            f"the platform did not do as asked while preparing the code checks: {fault}",
        ) from fault
    bodies = [msgspec.json.encode({"purpose": PURPOSE, "code": code}) for code in codes]
    run = secrets.token_hex(4)
    return [
        DueRequest(
            0.0,
            "code-check",
            CHECKS_PATH,
            counter.token,
            f"{run}-{place}",
            place % holders,
            bodies[place % holders],
            {"result": "valid"},
        )
        for place in range(count)
    ]


def _phone_of(desk: ServiceDesk, line: PlatformLine, resident: Resident) -> Phone:
    """A phone with the electronic card of a resident who gets a card first."""
    card_id, image = desk.issue(resident.form(), resident.document())
    phone = Phone(line, lambda: datetime.now(CHINA_STANDARD_TIME))
    signing = {
        "document": resident.document(),
        "level": LEVEL,
        "public_key": phone.public_key,
        "proof": phone.prove(image["card_number"], LEVEL),
        "device": "甲的手机",
    }
    phone.take_signing(desk.serve_card(card_id, "signings", signing)["signing_id"])
    return phone
