"""Migrations up and down, with data, on both databases, and that they match the code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import card_platform.app  # declares every table
from card_platform.errors import PlatformCannotStart
from card_platform.installation import open_installation
from card_platform.settings import Settings
from card_platform.storage.database import open_engine
from card_platform.storage.migration import current_revision, downgrade, upgrade
from card_platform.storage.schema import METADATA
from tests.card_platform.city import City

assert card_platform.app.EVENT_HANDLERS


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    settings.data.mkdir(exist_ok=True)
    opened = open_engine(settings.sqlalchemy_url)
    yield opened
    opened.dispose()


def test_the_migrations_build_the_tables_the_code_declares(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_down_and_up_again_keeps_the_data_of_the_tables_that_stay(
    city: City, engine: Engine
) -> None:
    card_id, _ = city.active_card()
    city.enrol()
    downgrade(engine, "0001")
    assert not inspect(engine).has_table("terminals")
    upgrade(engine)
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "active"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM terminals")).scalar() == 0
        assert connection.execute(text("SELECT COUNT(*) FROM card_changes")).scalar() == 4


def test_all_the_way_down_leaves_nothing(city: City, engine: Engine) -> None:
    city.active_card()
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert current_revision(engine) is None


def test_a_database_newer_than_the_program_is_refused(settings: Settings, engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PlatformCannotStart, match="newer than this program") as refused:
        open_installation(settings)
    assert refused.value.exit_code == 2
