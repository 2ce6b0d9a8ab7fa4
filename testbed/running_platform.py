"""A platform that runs already, found by its access.json; what keeps it away is one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec

from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from testbed.faults import Fault


@contextmanager
def desk_of(access_file: Path) -> Iterator[ServiceDesk]:
    """Its people's desk.

    Raises `Fault`: the file names no platform, none answers, or it refuses what is asked meanwhile.
    """
    with ServiceDesk(_access(access_file)) as desk:
        try:
            yield desk
        except PlatformRefused as refused:
            places = "".join(f" {each}" for each in refused.faults)
            raise Fault(refused.zh + places, refused.en + places) from None
        except httpx.HTTPError as fault:
            raise Fault(
                f"平台 {desk.access.url} 没有应答（{fault}）：请确认它在运行（onecard serve）。",
                f"no platform answers at {desk.access.url} ({fault}): "
                "see that it runs (onecard serve).",
            ) from None


def _access(file: Path) -> Access:
    try:
        return Access.read(file)
    except (OSError, msgspec.MsgspecError) as fault:
        raise Fault(
            f"无法读取 {file}（{fault}）：请给出运行中平台的 access.json。",
            f"{file} cannot be read ({fault}): name the access.json of a running platform.",
        ) from None
