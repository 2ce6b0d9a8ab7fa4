"""What a scenario run needs to know.

Where the platform is, which reader to use, where outcomes go.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

ReaderKind = Literal["pcsc", "inprocess"]


class ScenarioSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one run; `access` is the access.json of the platform of `access_region`,
    `database` its PostgreSQL. `region`: every scenario is shown there, whatever its tag says.
    """

    access: Path | None = None
    access_region: str = "CQ"
    region: str = ""
    database: str | None = None
    reader: ReaderKind = "inprocess"
    outcomes: Path | None = None
    features: list[Path] = []
    scenarios: list[str] = []
    """Ids of those to run, in this order; all when empty."""
    gate: int | None = None
    """Of a walk: the end of a pipe from which a byte is read before each step."""
    seed: int = 20_261_121

    @classmethod
    def read(cls, path: Path) -> ScenarioSettings:
        """Settings from a JSON file. Raises `msgspec.ValidationError`."""
        return msgspec.json.decode(path.read_bytes(), type=cls, dec_hook=_path)

    def write(self, path: Path) -> None:
        """Write them for a run in another process."""
        path.write_bytes(msgspec.json.encode(self, enc_hook=str))


def _path(kind: type, value: object) -> object:
    return kind(value)
