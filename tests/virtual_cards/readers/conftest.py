"""The stand of the public programs, one for each module that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.virtual_cards.readers.public_tools import Stand, open_stand


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    yield from open_stand(tmp_path_factory.mktemp("public-tools"))
