"""A history through a platform's own detection: events in by batches, detection run, alerts out.

The platform is one started for the purpose, and sees the events only: never the labels, the seed or
the folder. Roads: interfaces section 14.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from life_histories.labels import LabelledHistory
from life_histories.measure import Alert, checked
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.service_desk import Access
from testbed.faults import FELL_SHORT, Fault

BATCH_LINES_MAX: Final = 5_000
ALERTS_A_PAGE: Final = 200
PAGES_MAX: Final = 100_000
ANSWER_S_MAX: Final = 120.0
DETECTION_S_MAX: Final = 3_600.0
GOOD: Final = 300
SENDS: Final = "department"
READS: Final = "inspector"
"""Whose tokens they are: departments tell of events, inspectors run detection and read alerts."""

Tell = Callable[[str, int, int], None]


class Alerts(msgspec.Struct, frozen=True):
    """A page of alerts."""

    alerts: list[Alert]
    next: str | None = None


def detect(history: LabelledHistory, tell: Tell) -> list[Alert]:
    """Alerts of a platform of its own. Raises `Fault` when it does not start or refuses."""
    with tempfile.TemporaryDirectory(prefix="onecard-fraud-") as folder:
        try:
            with PlatformProcess(Path(folder, "platform")) as platform:
                return _through(Access.read(platform.access_file), history, tell)
        except PlatformDidNotStart as fault:
            raise Fault(fault.zh, fault.en, fault.exit_code) from None
        except httpx.HTTPError as fault:
            raise Fault(
                f"平台中断了应答（{fault!r}）。",
                f"the platform stopped answering ({fault!r}).",
                FELL_SHORT,
            ) from None


def _through(access: Access, history: LabelledHistory, tell: Tell) -> list[Alert]:
    with httpx.Client(base_url=access.url, timeout=ANSWER_S_MAX) as client:
        sent = 0
        for batch, lines in _batches(history.events_file):
            head = _head(access, SENDS) | {
                "Idempotency-Key": hashlib.sha256(batch).hexdigest()[:32]
            }
            body = {"lines": batch.decode()}
            told = _answer(client.post("/v1/risk/events", json=body, headers=head))
            if told["refused"]:
                raise Fault(
                    f"平台没有收下事件：{told['refused'][0]}。",
                    f"the platform did not take an event: {told['refused'][0]}.",
                    FELL_SHORT,
                )
            sent += lines
            tell("events", sent, history.summary.events)
        tell("detection", 0, 1)
        head = _head(access, READS) | {
            "Idempotency-Key": history.summary.sha256["events.ndjson"][:32]
        }
        run = client.post("/v1/risk/detection/runs", json={}, headers=head, timeout=DETECTION_S_MAX)
        _answer(run)
        tell("detection", 1, 1)
        return list(_alerts(client, _head(access, READS)))


def _head(access: Access, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access.tokens[role]}"}


def _batches(file: Path) -> Iterator[tuple[bytes, int]]:
    """The lines, some thousands at a time."""
    with file.open("rb") as lines:
        batch: list[bytes] = []
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH_LINES_MAX:
                yield b"".join(batch), len(batch)
                batch = []
        if batch:
            yield b"".join(batch), len(batch)


def _alerts(client: httpx.Client, head: dict[str, str]) -> Iterator[Alert]:
    after: str | None = None
    for _ in range(PAGES_MAX):
        ask: dict[str, str | int] = {"limit": ALERTS_A_PAGE}
        if after is not None:
            ask["after"] = after
        page = _answer(client.get("/v1/risk/alerts", params=ask, headers=head))
        try:
            told = msgspec.convert(page, Alerts)
            yield from (checked(alert) for alert in told.alerts)
        except ValueError as fault:
            raise Fault(
                f"平台给出的预警不合格式（{fault}）。",
                f"the platform's alerts are not as agreed ({fault}).",
                FELL_SHORT,
            ) from None
        after = told.next
        if after is None:
            return


def _answer(response: httpx.Response) -> Any:
    """The body of an answer that went well. Raises `Fault`."""
    if response.status_code < GOOD:
        return response.json()
    asked = f"{response.request.method} {response.request.url.path}"
    raise Fault(
        f"平台拒绝了 {asked}（{response.status_code}）：{response.text[:300]}",
        f"the platform refused {asked} ({response.status_code}): {response.text[:300]}",
        FELL_SHORT,
    )
