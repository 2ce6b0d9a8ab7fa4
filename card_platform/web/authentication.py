"""Who calls: bearer tokens (RFC 6750), from `access.json` for set-up and tests, from enrolment for
terminals, from signing in for everybody else.

Rules: tokens are compared and stored as SHA-256, never in the clear; `access.json` is made once,
mode 0600, and read again on every start, so a restart does not lock anyone out. Terminals are
remembered between requests, until one of them is withdrawn; a session is looked up each time, so
that one that ended has ended in every process at once (decision 0014). That a token was proper once
is remembered of both: such a one is no guess.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal, get_args

import msgspec

from card_platform.errors import PlatformCannotStart, Refusal

StaffRole = Literal[
    "operator",
    "clerk",
    "supervisor",
    "production",
    "department",
    "auditor",
    "inspector",
    "trainer",
]
STAFF_ROLES: tuple[StaffRole, ...] = get_args(StaffRole)
TERMINAL_ROLE = "terminal"
CARD_ROLES = ("holder", "agent")
"""Whoever may see and do what concerns one card, and no other."""
SESSION_ROLES = (*STAFF_ROLES, *CARD_ROLES, "region", "bank")
"""Roles of sessions."""
SESSION_PREFIX = "session."
"""Begins the token of a session, so that no other table is asked for it."""
CACHED_TERMINALS_MAX = 20_000
"""Terminals whose token is remembered between requests."""
PROPER_SESSIONS_MAX = 20_000
"""Sessions whose token is remembered as no guess."""


class Caller(msgspec.Struct, frozen=True, array_like=True):
    """Who sent a request.

    Attributes:
        name: for the record: the role for a token of `access.json`, `terminal:<number>` for
            terminals, `<role>:<who>` for sessions.
        role: one of `STAFF_ROLES`, `SESSION_ROLES` or `TERMINAL_ROLE`.
        terminal_number: 6 bytes in hex, terminals only.
        session_id: sessions only.
        card_id: the one card a holder or an agent is concerned with.
        institution: the name of a department or bank that signed in by its key.
        keys_of: whose the Idempotency-Keys are, where many callers have one name; else empty.
    """

    name: str
    role: str
    terminal_number: str = ""
    operator: str = ""
    site: str = ""
    session_id: str = ""
    card_id: str = ""
    institution: str = ""
    keys_of: str = ""

    def with_keys_of(self, owner: str) -> Caller:
        """The same caller, whose Idempotency-Keys are another's."""
        return msgspec.structs.replace(self, keys_of=owner)


class TokenIsMissing(Refusal):
    """No bearer token, or one nobody holds."""

    code = "token-unknown"
    status = 401
    title = "Token missing or unknown"
    zh = "请求未携带有效的访问令牌（Authorization: Bearer ...）。"
    en = "The request carries no valid access token (Authorization: Bearer ...)."


class SessionHasEnded(Refusal):
    """The session was ended, ran out or lost what it stood on: account, card, mandate or key."""

    code = "session-ended"
    status = 401
    title = "Session ended"
    zh = "会话已结束（已退出、超时或凭据已失效），请重新登录。"
    en = "The session has ended: signed out, timed out, or what it stood on is gone. Sign in again."


class TerminalIsWithdrawn(Refusal):
    """The terminal was lost or stolen: whoever has it now is not let in."""

    code = "terminal-withdrawn"
    status = 401
    title = "Terminal withdrawn"
    zh = "终端 {terminal_number} 已于 {since} 停用，其令牌无效；找回或更换后须重新入网。"
    en = "The terminal {terminal_number} was withdrawn at {since}; enrol one anew."


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


FindCaller = Callable[[str], Awaitable[Caller | None]]
"""Looks a caller up by the hash of the token."""


class Doorkeeper:
    """Tells the caller of a token.

    Args:
        staff_tokens: token by role.
        find_terminal: looks a terminal up; raises TerminalIsWithdrawn for one that was.
        find_session: looks a session up; raises SessionHasEnded for one that has ended.
    """

    def __init__(
        self, staff_tokens: dict[str, str], find_terminal: FindCaller, find_session: FindCaller
    ) -> None:
        self._callers = {
            token_hash(token): Caller(name=role, role=role) for role, token in staff_tokens.items()
        }
        self._terminals: dict[str, Caller] = {}
        self._forgotten = 0
        self._proper_sessions: set[str] = set()
        self._find_terminal = find_terminal
        self._find_session = find_session

    async def identify(self, authorization: str | None) -> Caller:
        """The caller of an Authorization header.

        Raises:
            TokenIsMissing: there is no header, or nobody holds the token.
            SessionHasEnded: it was that of a session.
            TerminalIsWithdrawn: it was that of a terminal.
        """
        hashed = _hash_of(authorization)
        if hashed is None:
            raise TokenIsMissing
        known = self._known(hashed)
        if known is not None:
            return known
        if _token_of(authorization).startswith(SESSION_PREFIX):
            session = await self._find_session(hashed)
            if session is None:
                raise TokenIsMissing
            if len(self._proper_sessions) >= PROPER_SESSIONS_MAX:
                self._proper_sessions.clear()
            self._proper_sessions.add(hashed)
            return session
        forgotten = self._forgotten
        terminal = await self._find_terminal(hashed)
        if terminal is None:
            raise TokenIsMissing
        if forgotten != self._forgotten:
            return terminal  # perhaps withdrawn while it was looked up: not remembered
        if len(self._terminals) >= CACHED_TERMINALS_MAX:
            self._terminals.clear()
        self._terminals[hashed] = terminal
        return terminal

    def forget_terminals(self) -> None:
        """Look every terminal up again when it calls: one of them was withdrawn."""
        self._terminals.clear()
        self._forgotten += 1

    def known(self, authorization: str | None) -> Caller | None:
        """The caller of an Authorization header, if that takes no look into the database."""
        hashed = _hash_of(authorization)
        return None if hashed is None else self._known(hashed)

    def may_be_guess(self, authorization: str | None) -> bool:
        """Whether there is a token, and this process has not found it proper before."""
        hashed = _hash_of(authorization)
        return (
            hashed is not None
            and hashed not in self._proper_sessions
            and self._known(hashed) is None
        )

    def _known(self, hashed: str) -> Caller | None:
        return self._terminals.get(hashed) or self._callers.get(hashed)


def _hash_of(authorization: str | None) -> str | None:
    token = _token_of(authorization)
    return token_hash(token) if token else None


def _token_of(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
