"""One platform a region: that of the run for Chongqing, others started when a scenario needs them.

On PostgreSQL each gets a database of its own beside that of the run, dropped at the end. When it
has ended, and before its data goes, its books are looked at: a fault fails the run.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx
import psycopg
from psycopg import sql

from scenarios.platform_process import LOG, PlatformProcess
from scenarios.service_desk import Access, ServiceDesk
from scenarios.whole_books import require_whole_books

RUN_REGION: Final = "CQ"
KEY_SEED: Final = "key-seed"
TRANSIT_SEED: Final = "transit-key-seed"
"""Files of a platform's data folder (docs/interfaces.md, section 10)."""
_TAG: Final = "region-"


def region_of(tags: Iterable[str]) -> str:
    """The region a scenario is tagged with; that of the run without a tag."""
    return next((tag.removeprefix(_TAG) for tag in tags if tag.startswith(_TAG)), RUN_REGION)


class RegionalPlatforms:
    """The desks of the platforms of one run; a context manager."""

    def __init__(self, access: Path, database: str | None, region: str = RUN_REGION) -> None:
        """`access` and `database` are those of the run's own platform, which serves `region`."""
        self._access = access
        self._database = database
        self._region = region
        self._listener: Callable[[httpx.Response], None] | None = None
        self._desks: dict[str, ServiceDesk] = {}
        self._access_files: dict[str, Path] = {}
        self._open = ExitStack()

    def desk_of(self, region: str) -> ServiceDesk:
        """The desk of the region's platform. Raises `PlatformDidNotStart`."""
        if region not in self._desks:
            access = self._access if region == self._region else self._start(region)
            desk = self._open.enter_context(ServiceDesk(Access.read(access)))
            desk.tell_answers_to(self._tell)
            self._desks[region] = desk
            self._access_files[region] = access
        return self._desks[region]

    def tell_answers_to(self, listener: Callable[[httpx.Response], None]) -> None:
        """Show what the platforms answer their people to a listener, from now on."""
        self._listener = listener

    def access_of(self, region: str) -> Path:
        """The access.json of the region's platform; its desk was asked for before."""
        return self._access_files[region]

    def log_of(self, region: str) -> str:
        """What the region's platform has logged; its desk was asked for before."""
        log = self._access_files[region].with_name(LOG)
        return log.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def _tell(self, response: httpx.Response) -> None:
        if self._listener is not None:
            self._listener(response)

    def _start(self, region: str) -> Path:
        prefix = f"onecard-{region}-"
        folder = self._open.enter_context(tempfile.TemporaryDirectory(prefix=prefix))
        self._share_transit_keys(Path(folder))
        database = self._new_database(region) if self._database else None
        platform = PlatformProcess(Path(folder), database, region=region, clock="virtual").start()
        self._open.callback(require_whole_books, region, Path(folder), database)
        self._open.callback(platform.stop)
        return platform.access_file

    def _share_transit_keys(self, folder: Path) -> None:
        """Let the terminals of all regions know one another's purses, where the run's own
        platform has its seed beside its access file.
        """
        seed = self._access.parent / KEY_SEED
        if seed.is_file():
            (folder / TRANSIT_SEED).write_text(seed.read_text("ascii"), "ascii")

    def _new_database(self, region: str) -> str:
        """A database beside that of the run; dropped when the platform has ended."""
        assert self._database is not None  # noqa: S101
        name = f"onecard_{region.lower()}_{secrets.token_hex(4)}"
        with psycopg.connect(self._database, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self._open.callback(self._drop, name)
        return f"{self._database.rpartition('/')[0]}/{name}"

    def _drop(self, name: str) -> None:
        assert self._database is not None  # noqa: S101
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(self._database, autocommit=True) as connection:
            connection.execute(drop)
