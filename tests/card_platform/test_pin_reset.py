"""The PIN a reset sets stands nowhere in the platform, and cannot be found by trying."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import inspect, text

from card_platform.installation import Installation
from card_platform.storage import Transaction
from tests.card_platform.city import City, document

NEW_PIN = "246810"


def everything_kept(installation: Installation) -> str:
    """Every value of every table, bytes in hexadecimal and as text."""

    def query(tx: Transaction) -> list[Any]:
        tables = inspect(tx.connection).get_table_names()
        return [
            value
            for table in tables
            for row in tx.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - our names
            for value in row
        ]

    told: list[str] = []
    for value in installation.database.read_now(query):
        if isinstance(value, bytes | memoryview):
            told += [bytes(value).hex(), bytes(value).decode("latin-1")]
        else:
            told.append(str(value))
    return "\n".join(told)


def test_the_new_pin_is_kept_nowhere(city: City, installation: Installation) -> None:
    card_id, chip = city.active_card()
    body = {
        "document": document(),
        "historical_bytes": chip.image["historical_bytes"],
        "challenge": "0102030405060708",
        "new_pin": NEW_PIN,
    }
    path = f"/v1/cards/{card_id}/pin-reset"
    answer = city.post(path, body, "clerk")
    assert answer.status_code == 200, answer.text
    kept = everything_kept(installation)
    assert "PIN: reset command" in kept
    sent = answer.request.content
    assert json.loads(sent) == body
    plain = hashlib.sha256(f"POST {path}\n".encode() + sent).hexdigest()
    for trace in (NEW_PIN, answer.json()["command"], plain):
        assert trace not in kept
