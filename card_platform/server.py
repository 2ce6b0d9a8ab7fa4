"""Runs the platform: opens its data, listens on the loopback, ends cleanly on SIGTERM or SIGINT.

One process, one event loop, which speaks HTTP (`http_server`) and runs the app. When it is ready it
writes `access.json` and prints one line of JSON: `{"url", "pid", "data"}`. A process that
serves several regions does so for each: every region has its own database, data folder and address
(`/CQ`, `/SC`, ...), and is on the exchange with the others.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import msgspec
import uvloop

from card_platform.app import Platform, build_platform
from card_platform.errors import EXIT_CALL_WRONG, PlatformCannotStart
from card_platform.http_server import HttpServer
from card_platform.installation import Installation, open_installation
from card_platform.oversight.audit.anchor import ANCHOR_FILE
from card_platform.regional_apps import ASGIApp, RegionalApps
from card_platform.settings import ACCESS_FILE, Settings
from card_platform.vocabulary.moment import Clock
from card_platform.web.authentication import Access, write_access
from card_platform.web.back_office import BackOffice
from card_platform.web.express import Door

_SWITCH_INTERVAL_S = 0.002
"""How long a thread may hold the interpreter while another waits. The default of 5 ms is added to
answers, because writer thread and event loop take turns twice a request."""
_STOP_WAIT_S = 2
_COLLECT_AFTER = 50_000
"""Containers made and not let go before Python looks for rings of unused ones. A batch of taps
holds so many for a moment; Python's own 700 would walk through them a hundred and forty times.
"""


class Ready(msgspec.Struct, frozen=True):
    """The line printed when the platform answers."""

    url: str
    pid: int
    data: str


def serve(
    settings: Settings | Sequence[Settings],
    clock: Clock | None = None,
    on_ready: Callable[[Ready], None] | None = None,
    lifeline: int | None = None,
) -> None:
    """Run the platform until SIGTERM or SIGINT; call it from the main thread.

    Args:
        settings: where and what to serve; of several regions those of each, with one port.
        clock: that of the settings by default.
        on_ready: called once the platform answers; by default prints the line of JSON.
        lifeline: file descriptor of a pipe; the platform ends too when its other end closes, so
            that a starter killed outright leaves no platform behind.

    Raises:
        PlatformCannotStart: before it listens; nothing is left running.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    every = [settings] if isinstance(settings, Settings) else list(settings)
    first = every[0]
    reserved = reserve_port(first.host, first.port, is_shared=first.worker is not None)
    try:
        with ExitStack() as opened:
            regions = [_open(opened, each, clock) for each in every]
            uvloop.run(_serve(regions, reserved, on_ready or print_ready, lifeline))
    finally:
        reserved.close()


@dataclass(frozen=True, slots=True)
class _Region:
    """One region of the process."""

    settings: Settings
    installation: Installation
    platform: Platform


def _open(opened: ExitStack, settings: Settings, clock: Clock | None) -> _Region:
    installation = open_installation(settings)
    opened.callback(installation.database.close)
    platform = build_platform(
        installation.policy,
        installation.keys,
        installation.database,
        installation.access.tokens,
        clock or installation.clock,
        audit_anchor=settings.data / ANCHOR_FILE,
        limits_times=settings.limits_times,
        office=BackOffice(settings) if settings.worker is None else None,
        detection_desk=BackOffice(settings) if settings.is_first else None,
    )
    return _Region(settings, installation, platform)


def reserve_port(host: str, port: int, *, is_shared: bool = False) -> socket.socket:
    """The port, bound but not listening.

    Workers share theirs (SO_REUSEPORT), so two platforms could listen on one and split the
    requests: a plain bind is tried first, which fails where anybody holds the port.
    """
    try:
        if not is_shared:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind((host, port))
    except OSError as refused:
        raise PlatformCannotStart(
            f"无法在 {host}:{port} 监听（{refused.strerror}）；请换一个端口，或用 --port 0。",
            f"Cannot listen on {host}:{port} ({refused.strerror});"
            " use another port, or --port 0 for a free one.",
            EXIT_CALL_WRONG,
        ) from None
    return reserved


async def _serve(
    regions: Sequence[_Region],
    reserved: socket.socket,
    on_ready: Callable[[Ready], None],
    lifeline: int | None,
) -> None:
    host, port = regions[0].settings.host, reserved.getsockname()[1]
    urls, app, doors = _addressed(regions, f"http://{host}:{port}")
    gc.set_threshold(_COLLECT_AFTER)
    gc.freeze()  # what was made so far stays: no collection need walk through it again
    server = HttpServer(app, reserved, doors)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if lifeline is not None:
        loop.add_reader(lifeline, stop.set)  # nobody writes to it: readable means closed
    beside = [
        asyncio.create_task(work())
        for each in regions
        if each.settings.is_first
        for work in each.platform.beside
    ]
    try:
        await server.open()
        if regions[0].settings.is_first:
            await _introduce(regions, urls)
        for each, url in zip(regions, urls, strict=True):
            if each.settings.is_first:
                tokens = each.installation.access.tokens
                write_access(each.settings.data / ACCESS_FILE, Access(url, tokens))
        gc.freeze()  # what was made so far stays: no collection need walk through it again
        for each, url in zip(regions, urls, strict=True):  # whoever reads one line finds all files
            on_ready(Ready(url, os.getpid(), str(each.settings.data)))
        await stop.wait()
    finally:
        for work in beside:
            work.cancel()
        await server.close(_STOP_WAIT_S)
        if beside:
            await asyncio.wait(beside, timeout=_STOP_WAIT_S)


def _addressed(
    regions: Sequence[_Region], origin: str
) -> tuple[list[str], ASGIApp, dict[str, Door]]:
    """The address of each region, the app that serves them, and its doors for plain requests."""
    if len(regions) == 1:
        app = regions[0].platform.app
        return [origin], app, app.doors
    names = [each.installation.policy.region.abbreviation for each in regions]
    apps = dict(zip(names, (each.platform.app for each in regions), strict=True))
    doors = {
        f"/{name}{path}": door for name, app in apps.items() for path, door in app.doors.items()
    }
    return [f"{origin}/{name}" for name in names], RegionalApps(apps), doors


async def _introduce(regions: Sequence[_Region], urls: Sequence[str]) -> None:
    """Put the regions of one process on the exchange with one another."""
    for here in regions:
        for there, url in zip(regions, urls, strict=True):
            if there is not here:
                participant = there.platform.road.as_participant(
                    there.installation.policy.region.name_zh, url
                )
                await here.installation.database.write(
                    partial(here.platform.road.enrol, participant=participant, by="start")
                )


def print_ready(ready: Ready) -> None:
    """The line of JSON for whoever started the platform."""
    sys.stdout.write(msgspec.json.encode(ready).decode() + "\n")
    sys.stdout.flush()
