"""Requests a second of the card platform over HTTP, durable when answered, beside its own echo.

Rules: figure (taps, or identity checks by card or by code) and peer (`GET /health`, which touches
no database) are taken in turns from one server by one client with 128 kept connections, each of
which has one request under way: so many terminals wait at a time. Residents, cards and money come
through the HTTP API as in a load test, and every request is written before the first is sent; their
Idempotency-Keys grow, as those of terminals do. One answer that is not the right one refuses the
figure. SQLite and PostgreSQL sync every commit to the disk on which /var/tmp is; /tmp may be
memory.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self, get_args
from urllib.parse import urlsplit

import msgspec

from loadtests.due_requests import DueRequest, write_plan
from loadtests.errors import LoadTestCannotRun
from loadtests.preparation import prepare
from loadtests.profiles import Limits, Profile
from scenarios import postgresql
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.service_desk import Access
from testbed.benchmarks import keep_alive_client
from testbed.benchmarks.code_checks import write_checks
from testbed.benchmarks.figure import (
    CannotMeasure,
    Figure,
    FigureIsRefused,
    beside_peer,
    take_turns,
)
from testbed.benchmarks.keep_alive_client import Kind, Plan, Round

Requests = Literal["tap-http", "identity-check", "code-check"]
Database = Literal["sqlite", "postgresql"]
REQUESTS_MEASURED: Final[tuple[Requests, ...]] = get_args(Requests)
DATABASES: Final[tuple[Database, ...]] = get_args(Database)

HEALTH: Final = "GET /health"
CONNECTIONS: Final = 128
ROUND_S: Final = 0.8
WARM_UP_S: Final = 0.3
OFFICE_STARTS_S: Final = 3.0
"""After the first many requests at once the platform starts its back office."""
REQUESTS: Final = 80_000
_RATE_FOR_512_RESIDENTS: Final = 1_024.0
"""What preparation is told, so that each connection has two cards."""
_PLAN_RATE_PER_S: Final = 4_000.0
"""Moves the clock of the taps only: they are sent as fast as they are answered."""
_ECHO: Final = "echo"
_DURABLE: Final = Path("/var/tmp")  # noqa: S108 - private folders in it
_ONLY: Final[dict[str, Profile]] = {
    "tap-http": Profile("taps", "仅刷卡", "taps only", cycle=REQUESTS + 1, limits=Limits()),
    "identity-check": Profile("checks", "仅核验", "checks only", cycle=1, limits=Limits()),
}
_RIGHT: Final[dict[str, tuple[bytes, bytes]]] = {
    "tap-http": (b"201", b'"tac":"right"'),
    "identity-check": (b"200", b'"result":"valid"'),
    "code-check": (b"200", b'"result":"valid"'),
}


def measure(requests: Requests, database: Database) -> list[Figure]:
    """Raises `CannotMeasure` without the database, `FigureIsRefused` for a wrong answer."""
    with durable_folder() as folder, database_url(database, folder) as url:
        try:
            with PlatformProcess(folder / "platform", url) as platform:
                access = Access.read(platform.access_file)
                plan = plan_of(requests, _requests(requests, access), access.url)
                with ClientProcess(plan) as client:
                    client.warm_up(requests, _ECHO)
                    turns = take_turns(
                        lambda: client.rate_per_s(requests, ROUND_S),
                        lambda: client.rate_per_s(_ECHO, ROUND_S),
                    )
        except PlatformDidNotStart as fault:
            raise CannotMeasure(fault.zh, fault.en) from None
        except LoadTestCannotRun as fault:
            raise FigureIsRefused(fault.zh, fault.en) from None
    return [beside_peer(f"{requests}-{database}", "requests/s", turns, HEALTH)]


class ClientProcess:
    """The client at work; a context manager that leaves no process behind."""

    def __init__(self, plan: Plan) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", keep_alive_client.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            start_new_session=True,  # out of the terminal's Ctrl-C: its owner ends it
        )
        assert self._process.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError):  # told by the first round
            self._process.stdin.write(keep_alive_client.frame_of(plan))

    def rate_per_s(self, kind: str, seconds: float) -> float:
        """Right answers a second of one round. Raises `FigureIsRefused` for a wrong one."""
        told = self._play(f"{kind} {seconds}", kind)
        return told.answers / told.seconds

    def warm_up(self, *kinds: str) -> None:
        """Ask a little of each kind, and let the platform start what it starts under load."""
        for kind in kinds:
            self.rate_per_s(kind, WARM_UP_S)
        time.sleep(OFFICE_STARTS_S)

    def p99_ms(self, kind: str, seconds: float, rate_per_s: float) -> float:
        """Latency of a round paced at a rate, from the due moments. Raises `FigureIsRefused`."""
        return self._play(f"{kind} {seconds} {rate_per_s}", kind).p99_ms

    def _play(self, order: str, kind: str) -> Round:
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        told = (
            msgspec.json.decode(line, type=Round) if line else Round(0, 0.0, "the client has ended")
        )
        if told.wrong:
            raise FigureIsRefused(
                f"{kind} 的应答有误：{told.wrong}", f"{kind} went wrong: {told.wrong}"
            )
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


@contextmanager
def durable_folder() -> Iterator[Path]:
    """A new folder on a disk that keeps what is synced to it."""
    parent = _DURABLE if _DURABLE.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="onecard-bench-", dir=parent) as name:
        yield Path(name)


@contextmanager
def database_url(database: Database, folder: Path) -> Iterator[str | None]:
    """The URL of a new database; None stands for SQLite in the platform's folder."""
    if database == "sqlite":
        yield None
        return
    programs = postgresql.find_programs()
    if programs is None:
        raise CannotMeasure(
            "未安装 PostgreSQL 服务器：请运行 sudo apt-get install postgresql。",
            "no PostgreSQL server is installed; run: sudo apt-get install postgresql",
        )
    with ExitStack() as stack:
        cluster = postgresql.cluster(programs, durable=True, parent=folder.parent)
        try:
            url = stack.enter_context(cluster)
        except postgresql.ClusterDidNotStart as fault:
            raise CannotMeasure(
                f"PostgreSQL 没有启动：{fault}", f"PostgreSQL did not start: {fault}"
            ) from None
        yield f"{url}/postgres"


def plan_of(name: str, due: Iterable[DueRequest], url: str) -> Plan:
    """Every request as the bytes that will be sent, those of a lane on one connection."""
    address = urlsplit(url)
    status, piece = _RIGHT[name]
    lanes: list[list[bytes]] = [[] for _ in range(CONNECTIONS)]
    for place, each in enumerate(due):
        lane = each.lane if each.lane >= 0 else place
        lanes[lane % CONNECTIONS].append(_bytes_of(each, address.netloc))
    echo = f"GET /health HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()
    kinds: dict[str, Kind] = {
        name: Kind(status, piece, lanes),
        _ECHO: Kind(b"200", b'"ok"', [[echo]] * CONNECTIONS, again=True),
    }
    return Plan(address.hostname or "", address.port or 0, kinds)


def _requests(requests: Requests, access: Access) -> list[DueRequest]:
    if requests == "code-check":
        return write_checks(access, REQUESTS, CONNECTIONS)
    run = secrets.token_hex(4)
    cast = prepare(
        access.url,
        access.tokens,
        taps=REQUESTS,
        rate=_RATE_FOR_512_RESIDENTS,
        run=run,
        progress=lambda _done, _planned: None,
    )
    return write_plan(_ONLY[requests], _PLAN_RATE_PER_S, REQUESTS / _PLAN_RATE_PER_S, cast, run)


def _bytes_of(due: DueRequest, host: str) -> bytes:
    head = (
        f"POST {due.path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {due.token}\r\n"
        f"Idempotency-Key: {due.key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(due.body)}\r\n\r\n"
    )
    return head.encode() + due.body
