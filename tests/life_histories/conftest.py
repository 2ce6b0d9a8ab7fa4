"""One history for all tests here."""

from __future__ import annotations

import pytest

from tests.life_histories.made_up import MadeUp, write


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    return write(tmp_path_factory.mktemp("history"))
