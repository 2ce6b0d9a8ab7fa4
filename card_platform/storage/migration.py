"""Schema migrations, by Alembic, on either database.

Rules: the platform brings its database up to its own version when it starts; it refuses a database
whose version it does not know (written by a newer platform); every step has a way down.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from card_platform.errors import EXIT_CALL_WRONG, PlatformCannotStart

_SCRIPTS = Path(__file__).parent / "migrations"


def _configuration(engine: Engine) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS))
    configuration.attributes["engine"] = engine
    return configuration


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to the revision.

    Raises:
        PlatformCannotStart: the database is of a version this code does not know.
    """
    present = current_revision(engine)
    _require_known(engine, present)
    if present is None or revision != "head" or present != _head():
        command.upgrade(_configuration(engine), revision)


def require_current(engine: Engine) -> None:
    """Let only a database go on that needs no step up: for reading alone.

    Raises:
        PlatformCannotStart: it is of an older version, or of one this code does not know.
    """
    present = current_revision(engine)
    _require_known(engine, present)
    head = _head()
    if present != head:
        raise PlatformCannotStart(
            f"数据库的结构版本 {present} 比本程序的 {head} 旧；请先用本程序启动一次平台。",
            f"The database has schema version {present}, older than this program's {head};"
            " start the platform once with this program.",
            EXIT_CALL_WRONG,
        )


@cache
def _known() -> frozenset[str]:
    return frozenset(each.revision for each in ScriptDirectory(str(_SCRIPTS)).walk_revisions())


@cache
def _head() -> str | None:
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _require_known(engine: Engine, present: str | None) -> None:
    if present is not None and present not in _known():
        raise PlatformCannotStart(
            f"数据库 {engine.url} 的结构版本 {present} 比本程序新；请更新程序或换一个数据库。",
            f"The database {engine.url} has schema version {present}, newer than this program;"
            " use a newer program, or another database.",
            EXIT_CALL_WRONG,
        )


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema down to the revision (`base` removes everything)."""
    command.downgrade(_configuration(engine), revision)


def current_revision(engine: Engine) -> str | None:
    """The schema version the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
