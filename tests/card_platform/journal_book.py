"""The journal of a terminal as the tests keep it: chained and signed with a key of its own.

Written from docs/interfaces.md, section 4, apart from the platform's own reading of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec
from gmssl_pyx import sm2_key_generate, sm2_sign

from tests.card_platform.city import City, Terminal

_keys = count(1)


@dataclass
class JournalBook:
    """What one terminal did while it was alone."""

    terminal: Terminal
    public: bytes
    private: bytes
    records: list[dict[str, Any]] = field(default_factory=list)
    previous: str = "0" * 64

    @classmethod
    def of_new_terminal(
        cls, city: City, kind: str, station: str | None, **more: str
    ) -> JournalBook:
        public, private = sm2_key_generate()
        key = bytes(public).hex().upper()
        terminal = city.enrol(kind, station, public_key=key, **more)
        return cls(terminal, bytes(public), bytes(private))

    def write(self, kind: str, body: Any, key: str | None = None) -> dict[str, Any]:
        """Add a record; `body` may be text that is no JSON."""
        record = {
            "sequence": len(self.records) + 1,
            "kind": kind,
            "key": key or f"journal-{next(_keys)}",
            "at": "2026-01-05T08:00:00+08:00",
            "body": body if isinstance(body, str) else msgspec.json.encode(body).decode(),
            "previous": self.previous,
        }
        self.records.append(self.sign(record))
        self.previous = hashlib.sha256(self.text_of(record)).hexdigest()
        return record

    def sign(self, record: dict[str, Any]) -> dict[str, Any]:
        """Put a right signature on a record, whatever it says."""
        der = sm2_sign(self.private, self.public, self.text_of(record))
        r_end = 4 + der[3]
        r, s = der[4:r_end], der[r_end + 2 :]
        record["signature"] = "".join(
            number.lstrip(b"\x00").rjust(32, b"\x00").hex() for number in (r, s)
        )
        return record

    def text_of(self, record: dict[str, Any]) -> bytes:
        names = ("sequence", "kind", "key", "at", "previous", "body")
        lines = ["onecard-journal/1", self.terminal.number, *(str(record[each]) for each in names)]
        return "\n".join(lines).encode()

    def send(
        self, city: City, records: list[dict[str, Any]] | None = None, key: str | None = None
    ) -> Any:
        body = {"records": self.records if records is None else records}
        return city.post("/v1/terminal-journal", body, self.terminal.token, key)
