"""Settings of one running platform: where its data is, which region it serves, where it listens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

DATABASE_FILE = "platform.sqlite3"
ACCESS_FILE = "access.json"
KEY_SEED_FILE = "key-seed"


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
    """

    data: Path
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    region: str = "CQ"
    clock: Literal["real", "virtual"] = "real"

    @property
    def sqlalchemy_url(self) -> str:
        """The database URL with the driver named."""
        if self.database_url is None:
            return f"sqlite:///{self.data / DATABASE_FILE}"
        return with_driver(self.database_url)


def with_driver(url: str) -> str:
    """The URL with psycopg 3 named as PostgreSQL's driver."""
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
