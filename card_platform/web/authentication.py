"""Who calls: bearer tokens (RFC 6750), from `access.json` for staff, from enrolment for terminals.

Rules: tokens are compared and stored as SHA-256, never in the clear; `access.json` is made once,
mode 0600, and read again on every start, so a restart does not lock anyone out.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from card_platform.errors import PlatformCannotStart, Refusal

STAFF_ROLES = (
    "operator",
    "clerk",
    "supervisor",
    "production",
    "department",
    "auditor",
    "inspector",
    "trainer",
)
TERMINAL_ROLE = "terminal"
CACHED_TERMINALS_MAX = 20_000
"""Terminals whose token is remembered between requests."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request.

    Attributes:
        name: for the record: the role for staff, `terminal:<number>` for terminals.
        role: operator, clerk, production or terminal.
        terminal_number: 6 bytes in hex, terminals only.
    """

    name: str
    role: str
    terminal_number: str = ""
    operator: str = ""
    site: str = ""


class TokenIsMissing(Refusal):
    """No bearer token, or one nobody holds."""

    code = "token-unknown"
    status = 401
    title = "Token missing or unknown"
    zh = "请求未携带有效的访问令牌（Authorization: Bearer ...）。"
    en = "The request carries no valid access token (Authorization: Bearer ...)."


def token_hash(token: str) -> str:
    """SHA-256 of a token, in hex."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


class Access(msgspec.Struct):
    """The content of `access.json`."""

    url: str
    tokens: dict[str, str]

    def __repr__(self) -> str:
        return f"Access(url={self.url!r})"  # no token gets into a log or a traceback


def open_access(path: Path) -> Access:
    """Read the staff tokens; a role that has none yet gets one, as do all in a new data folder.

    Raises:
        PlatformCannotStart: the file is there but is no token file.
    """
    tokens: dict[str, str] = {}
    if path.exists():
        try:
            tokens = msgspec.json.decode(path.read_bytes(), type=Access).tokens
        except msgspec.MsgspecError as fault:
            raise PlatformCannotStart(
                f"访问令牌文件 {path} 无法读取（{fault}）；请恢复或删除该文件后重新启动。",
                f"The token file {path} cannot be read ({fault}); restore or delete it.",
            ) from None
    return Access("", {role: tokens.get(role) or secrets.token_hex(24) for role in STAFF_ROLES})


def write_access(path: Path, access: Access) -> None:
    """Replace the file in one step, readable by its owner only."""
    fresh = path.with_suffix(".fresh")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(access)) + b"\n")
    fresh.replace(path)


FindTerminal = Callable[[str], Awaitable[Caller | None]]


class Doorkeeper:
    """Tells the caller of a token.

    Args:
        staff_tokens: token by role.
        find_terminal: looks a terminal up by the hash of its token.
    """

    def __init__(self, staff_tokens: dict[str, str], find_terminal: FindTerminal) -> None:
        self._callers = {
            token_hash(token): Caller(name=role, role=role) for role, token in staff_tokens.items()
        }
        self._terminals: dict[str, Caller] = {}
        self._find_terminal = find_terminal

    async def identify(self, authorization: str | None) -> Caller:
        """The caller of an Authorization header.

        Raises:
            TokenIsMissing: there is no header, or nobody holds the token.
        """
        hashed = _hash_of(authorization)
        if hashed is None:
            raise TokenIsMissing
        known = self._callers.get(hashed) or self._terminals.get(hashed)
        if known is not None:
            return known
        terminal = await self._find_terminal(hashed)
        if terminal is None:
            raise TokenIsMissing
        if len(self._terminals) >= CACHED_TERMINALS_MAX:
            self._terminals.clear()
        self._terminals[hashed] = terminal
        return terminal

    def known(self, authorization: str | None) -> Caller | None:
        """The caller of an Authorization header, if that takes no look into the database."""
        hashed = _hash_of(authorization)
        if hashed is None:
            return None
        return self._terminals.get(hashed) or self._callers.get(hashed)


def _hash_of(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return token_hash(token.strip())
