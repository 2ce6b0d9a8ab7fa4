"""A history through a platform's own detection: events in by batches, detection run, alerts out.

The platform is one started for the purpose, and sees the events only: never the labels, the seed or
the folder. Detection is asked for while events are still sent, so that both processors work. Roads:
interfaces section 14.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from life_histories.labels import LabelledHistory
from life_histories.measure import Alert, checked
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.service_desk import Access
from testbed.faults import FELL_SHORT, MACHINE_LACKS, Fault

BATCH_LINES_MAX: Final = 5_000
ALERTS_A_PAGE: Final = 200
PAGES_MAX: Final = 100_000
ANSWER_S_MAX: Final = 120.0
DETECTION_S_MAX: Final = 600.0
EVENTS_OF_A_RUN: Final = 20_000
REST_S: Final = 0.2
"""Between two runs while events are still sent."""
BYTES_AN_EVENT: Final = 800
"""What a platform takes on the disk for it, its log and its snapshot among that."""
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


def require_disk(needed: int) -> None:
    """Raises `Fault`: there are fewer bytes left for temporary files than will be taken."""
    folder = tempfile.gettempdir()
    left = shutil.disk_usage(folder).free
    if left < needed:
        gib = needed / 2**30, left / 2**30
        raise Fault(
            f"{folder} 剩余空间不足：需要约 {gib[0]:.1f} GiB，剩 {gib[1]:.1f} GiB。",
            f"{folder} has too little room: about {gib[0]:.1f} GiB are needed,"
            f" {gib[1]:.1f} GiB are left.",
            MACHINE_LACKS,
        )


def _through(access: Access, history: LabelledHistory, tell: Tell) -> list[Alert]:
    is_sent, is_over = threading.Event(), threading.Event()
    with (
        httpx.Client(base_url=access.url, timeout=ANSWER_S_MAX) as client,
        ThreadPoolExecutor(1, thread_name_prefix="detection") as beside,
    ):
        try:
            detecting = beside.submit(_run_detection, access, history, tell, is_sent, is_over)
            sent = 0
            for batch, lines in _batches(history.events_file):
                if detecting.done():
                    break
                _send(client, access, batch)
                sent += lines
                tell("events", sent, history.summary.events)
            is_sent.set()
            detecting.result()
        finally:
            is_over.set()
        return list(_alerts(client, _head(access, READS)))


def _send(client: httpx.Client, access: Access, batch: bytes) -> None:
    head = _head(access, SENDS) | {
        "Content-Type": "application/json",
        "Idempotency-Key": hashlib.sha256(batch).hexdigest()[:32],
    }
    body = msgspec.json.encode({"lines": batch.decode()})
    told = _answer(client.post("/v1/risk/events", content=body, headers=head))
    if told["refused"]:
        raise Fault(
            f"平台没有收下事件：{told['refused'][0]}。",
            f"the platform did not take an event: {told['refused'][0]}.",
            FELL_SHORT,
        )


def _run_detection(
    access: Access,
    history: LabelledHistory,
    tell: Tell,
    is_sent: threading.Event,
    is_over: threading.Event,
) -> None:
    """Ask for detection until all that was sent is looked at."""
    with httpx.Client(base_url=access.url, timeout=DETECTION_S_MAX) as client:
        for number in range(PAGES_MAX):
            was_sent = is_sent.is_set()
            head = _head(access, READS) | {"Idempotency-Key": f"run-{number}"}
            body = {"events_max": EVENTS_OF_A_RUN}
            told = _answer(client.post("/v1/risk/detection/runs", json=body, headers=head))
            if was_sent:
                planned = history.summary.events
                tell("detection", min(told["position"], planned), planned)
                if not told["more"]:
                    return
            if is_over.wait(0.0 if told["more"] else REST_S):
                return


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
