"""Several regions at one port: the first part of the path names the region.

`/SC/v1/cards/...` is `/v1/cards/...` of Sichuan; the region's own app knows nothing of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from card_platform.web.express import ASGIApp
from card_platform.web.problem_details import PROBLEM_MEDIA_TYPE, Problem

__all__ = ["ASGIApp", "RegionalApps"]


class RegionalApps:
    """ASGI app: hands a request to the app of its region.

    Args:
        apps: by abbreviation of the region.
    """

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = dict(apps)
        known = ", ".join(f"/{name}/" for name in self._apps)
        self._nowhere = msgspec.json.encode(
            Problem(
                type="urn:onecard:problem:region-not-named",
                title="Region not named",
                status=404,
                code="region-not-named",
                detail_zh=f"本进程服务多个地区，地址须以地区开头：{known}。",
                detail_en=f"This process serves several regions; begin the path with one: {known}.",
            )
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            return
        _, name, rest = (scope["path"] + "/").split("/", 2)
        app = self._apps.get(name)
        if app is None:
            headers = [
                (b"content-type", PROBLEM_MEDIA_TYPE.encode()),
                (b"content-length", b"%d" % len(self._nowhere)),
            ]
            await send({"type": "http.response.start", "status": 404, "headers": headers})
            await send({"type": "http.response.body", "body": self._nowhere})
            return
        path = "/" + rest[:-1]
        await app(scope | {"path": path, "raw_path": path.encode()}, receive, send)
