"""Payout files as a finance department writes them (docs/interfaces.md, section 10)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scenarios.residents import Resident
from scenarios.service_desk import ServiceDesk

PERIODS = {"month": "2026-01", "quarter": "2026-Q1", "year": "2026"}
YUAN = 100
FIRST_LINE = 3
"""Lines are told by the row of the file: two rows stand before them."""


@dataclass
class PayoutOffice:
    """The payouts of one scenario: what was sent last, and whose line is which."""

    batch: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    batches: list[str] = field(default_factory=list)

    def bring(
        self,
        desk: ServiceDesk,
        programme: str,
        payees: Sequence[tuple[str, Resident]],
        *,
        other: str = ",,",
        period: str | None = None,
    ) -> None:
        """Send a file that pays these people. Raises `PlatformRefused`."""
        listed = {each["code"]: each for each in programmes(desk)}
        known = listed.get(programme)
        told = period or (PERIODS[known["period"]] if known else PERIODS["month"])
        message, count = secrets.token_hex(8), len(payees)
        rows = [
            f"onecard.payouts,1,{message},{programme},{told},{count},{YUAN * count}.00",
            "line_id,document_number,name,amount,bank,account,exception_reason",
        ]
        for number, (_, resident) in enumerate(payees):
            rows.append(f"L{number},{resident.number},{resident.name},{YUAN}.00,{other}")
        body = {"format": "csv", "file": "\r\n".join(rows) + "\r\n"}
        self.batch = desk.post("operator", "/v1/payout-batches", body)
        self.batches.append(self.batch["batch_id"])
        self.lines = {name: FIRST_LINE + number for number, (name, _) in enumerate(payees)}

    def path(self, part: str) -> str:
        """A path below the batch that was sent last."""
        return f"/v1/payout-batches/{self.batch['batch_id']}/{part}"

    def release(self, desk: ServiceDesk) -> None:
        """Somebody else releases it. Raises `PlatformRefused`."""
        body = {"decision": "release", "reason": "复核无误"}
        self.batch = desk.post("supervisor", self.path("decision"), body)

    def line_of(self, desk: ServiceDesk, name: str) -> dict[str, Any]:
        """How somebody's line stands."""
        lines = desk.get("auditor", self.path("lines"))["lines"]
        return next(dict(each) for each in lines if each["line"] == self.lines[name])

    def faults_of(self, desk: ServiceDesk, name: str) -> list[dict[str, Any]]:
        """What is wrong with somebody's line."""
        found = desk.get("auditor", self.path("faults"))["faults"]
        return [each for each in found if each["line"] == self.lines[name]]


def programmes(desk: ServiceDesk) -> list[dict[str, Any]]:
    """The finance department's list."""
    found: list[dict[str, Any]] = desk.ask("GET", "/v1/payout-programmes", "")["programmes"]
    return found


def code_of_programme(desk: ServiceDesk, name: str) -> str:
    """The code of a programme by its name; a name that is on no list is its own code."""
    for each in programmes(desk):
        if name in {each["code"], each["name_zh"], each["name_en"]}:
            return str(each["code"])
    return "not-listed"
