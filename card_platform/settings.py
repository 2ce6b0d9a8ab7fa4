"""Settings of one running platform: where its data is, which region it serves, where it listens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from card_platform.errors import PlatformCannotStart

DATABASE_FILE = "platform.sqlite3"
ACCESS_FILE = "access.json"
KEY_SEED_FILE = "key-seed"
TRANSIT_SEED_FILE = "transit-key-seed"
"""The seed of transit keys, where it is shared with other regions; it need not be there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `serve` needs to know.

    Attributes:
        data: folder of the database (SQLite), `access.json` and the key seed; made when missing.
        database_url: `postgresql://...` or `sqlite:///...`; None means SQLite in the data folder.
        host: address to listen on; the platform speaks plain HTTP, so it stays on the loopback.
        port: TCP port; 0 takes a free one.
        region: abbreviation or GB/T 2260 code of a region pack.
        clock: `virtual` can be moved forward by a trainer.
        limits_times: so many times the ordinary rate limits; 0 lifts them, for load tests.
        worker: its number among several processes that share the port; None for one alone.
    """

    data: Path
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    region: str = "CQ"
    clock: Literal["real", "virtual"] = "real"
    limits_times: int = 1
    worker: int | None = None

    @property
    def is_first(self) -> bool:
        """Whether this process does what is done once, and not by every worker."""
        return not self.worker

    @property
    def sqlalchemy_url(self) -> str:
        """The database URL with the driver named."""
        if self.database_url is None:
            return f"sqlite:///{self.data / DATABASE_FILE}"
        return with_driver(self.database_url)


def of_regions(settings: Settings, regions: Sequence[str]) -> list[Settings]:
    """The settings of each region of one process: a data folder and a database of its own.

    In the URL of a PostgreSQL database `{region}` stands for the region, in lower case.

    Raises:
        PlatformCannotStart: two regions would share a database.
    """
    url = settings.database_url
    if url is not None and len(regions) > 1 and "{region}" not in url:
        raise PlatformCannotStart(
            f"多个地区各需一个数据库：请在 {url} 中用 {{region}} 表示地区，"
            "如 postgresql://user@localhost/onecard_{region}。",
            f"Every region needs a database of its own: let {{region}} stand for it in {url},"
            " as in postgresql://user@localhost/onecard_{region}.",
        )
    return [
        replace(
            settings,
            region=region,
            data=settings.data / region if len(regions) > 1 else settings.data,
            database_url=None if url is None else url.replace("{region}", region.lower()),
        )
        for region in dict.fromkeys(regions)
    ]


def with_driver(url: str) -> str:
    """The URL with psycopg 3 named as PostgreSQL's driver."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
