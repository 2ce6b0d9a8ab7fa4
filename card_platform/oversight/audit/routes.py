"""HTTP route of the audit: an auditor has it checked."""

from __future__ import annotations

from pathlib import Path

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from card_platform.oversight.audit.checking import AuditCheck, check_audit
from card_platform.web import Desk, Routes

_ROUTES = Routes("oversight")


def audit_routes(desk: Desk, anchor: Path | None) -> list[HTTPRouteHandler]:
    """The route of this context."""

    @_ROUTES.reads(
        "/v1/audit/check",
        ("auditor",),
        "校验审计链 · Check the chain of the audit",
    )
    async def check() -> Response[AuditCheck]:
        return await desk.look_up(lambda tx: check_audit(tx, anchor))

    return [check]
