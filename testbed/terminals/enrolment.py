"""How a machine becomes a terminal of a platform, once; a restart goes on as the same terminal.

Rules: enrolling is asked for with a key made of the machine's own signing key and its place: asked
again after a kill, the platform answers with the same terminal. Where the platform is now, its
access.json says at each start; without that file the place it was at last time is taken.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, Literal

import httpx
import msgspec

from card_platform.errors import PlatformCannotStart
from card_platform.regions import RegionPolicy, load_region
from scenarios.service_desk import Access
from testbed.faults import Fault
from testbed.language import say
from testbed.terminals.kinds import ENROLLED_AT, Kind
from testbed.terminals.premises import Identity, Premises
from virtual_cards.terminals import (
    AnswerIsMalformed,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
)
from virtual_cards.terminals.messages import EnrolmentRequest

OPERATOR = "CQ-RT"
SITE = "CQ-YZ-001"
_HEALTH_S_MAX = 5.0
PlaceName = Literal["station", "bus_line"]
_PLACES: Final[dict[str, PlaceName]] = {
    "station-unknown": "station",
    "bus-line-unknown": "bus_line",
}
"""What a refusal of the platform is about."""
_TOLD_BY_PLATFORM: Final = frozenset({"scheme_name", "number_on_card"})
"""Of a place: not given by the call, so no two calls differ in it."""


class Place(msgspec.Struct, frozen=True):
    """Where a terminal is to stand; None: not said, so as it was, or the default."""

    operator: str | None = None
    site: str | None = None
    station: str | None = None
    bus_line: str | None = None
    at: str | None = None
    scheme: str | None = None
    scheme_name: str | None = None
    number_on_card: str | None = None


def become_terminal(kind: Kind, place: Place, access_file: Path, premises: Premises) -> Identity:
    """Who the folder's terminal is; enrolled when it is new. Raises `Fault`."""
    access = read_access(access_file)
    known = premises.identity()
    if known is None:
        return _enrol(kind, place, _required(access, access_file), premises)
    _require_same(kind, place, known, premises.folder)
    if access is not None and access.url != known.url:
        known = msgspec.structs.replace(known, url=access.url)
        premises.keep_identity(known)
    return known


def clerk_line(access_file: Path) -> PlatformLine:
    """A line to the platform as a clerk; close it. Raises `Fault`."""
    access = _required(read_access(access_file), access_file)
    return PlatformLine(access.url, access.tokens.get("clerk", ""))


def code_of_place(access_file: Path, *, station: str | None, bus_line: str | None) -> Place:
    """The place by code; names of stations and lines are looked up in the platform's region."""
    access = read_access(access_file)
    policy = None if access is None else _region_at(access.url)
    if policy is None:
        return Place(station=station, bus_line=bus_line)
    return Place(
        station=_code(station, _named(policy, "station")),
        bus_line=_code(bus_line, _named(policy, "bus_line")),
    )


def choices_at(access_file: Path, what: PlaceName) -> str | None:
    """The stations or bus lines of the platform's region, as one line; None while no platform
    answers.
    """
    access = read_access(access_file)
    return None if access is None else _choices(access.url, what)


def read_access(file: Path) -> Access | None:
    """Where a platform runs; None without the file. Raises `Fault`."""
    try:
        return Access.read(file)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as fault:
        raise Fault(
            f"无法读取 {file}（{fault}）：请用 --access 给出运行中平台的 access.json。",
            f"{file} cannot be read ({fault}): name the access.json of a running platform with "
            "--access.",
        ) from None


def _enrol(kind: Kind, place: Place, access: Access, premises: Premises) -> Identity:
    request = EnrolmentRequest(
        kind=kind.enrolled_as if place.at is None else ENROLLED_AT[place.at],
        operator=place.operator or OPERATOR,
        site=place.site or SITE,
        public_key=premises.public_key,
        station=place.station,
        bus_line=place.bus_line,
    )
    key = f"enrol-{hashlib.sha256(msgspec.json.encode(request)).hexdigest()[:48]}"
    with PlatformLine(access.url, access.tokens.get("operator", "")) as line:
        try:
            enrolled = line.enrol_terminal(request, key)
        except PlatformIsUnreachable as fault:
            raise Fault(
                f"平台 {access.url} 没有应答（{fault}）：新终端入网需要平台，"
                "请先运行 onecard serve。",
                f"no platform answers at {access.url} ({fault}): a new terminal is enrolled "
                "there, run onecard serve first.",
            ) from None
        except PlatformRefuses as refused:
            premises.move_out()
            raise _refused(refused, access.url) from None
        except AnswerIsMalformed as fault:
            raise Fault(
                f"平台的应答无法理解（{fault}）：请核对 --access 指向的平台。",
                f"the platform's answer is not understood ({fault}): see that --access names one.",
            ) from None
    identity = Identity(
        kind=kind.name,
        operator=request.operator,
        site=request.site,
        station=request.station,
        bus_line=request.bus_line,
        at=place.at,
        scheme=place.scheme,
        scheme_name=place.scheme_name,
        number_on_card=place.number_on_card,
        url=access.url,
        terminal_number=enrolled.terminal_number,
        token=enrolled.token,
        public_key=premises.public_key,
    )
    premises.settle_in(identity, enrolled)
    return identity


def _refused(refused: PlatformRefuses, url: str) -> Fault:
    faults = "".join(f" {each.get('path')}: {each.get('expected')}." for each in refused.faults)
    choices = _choices(url, _PLACES.get(refused.code))
    zh, en = (f"可选：{choices}。", f" There are: {choices}.") if choices else ("", "")
    return Fault(
        f"平台不接受本终端入网：{refused.detail_zh}{zh}{faults}",
        f"the platform does not enrol this terminal: {refused.detail_en}{en}{faults}",
    )


def _require_same(kind: Kind, place: Place, known: Identity, folder: Path) -> None:
    wanted = {"kind": kind.name} | msgspec.to_builtins(place)
    for name, value in wanted.items():
        found = getattr(known, name)
        if name not in _TOLD_BY_PLATFORM and value is not None and value != found:
            option = "KIND" if name == "kind" else f"--{name.replace('_', '-')}"
            raise Fault(
                f"{folder} 中是终端 {known.terminal_number}（{option} {found}），不是 {value}："
                "请用相同选项，或用 --state 另选目录。",
                f"{folder} holds terminal {known.terminal_number} ({option} {found}), not "
                f"{value}: give the same, or name another folder with --state.",
            )


def _required(access: Access | None, file: Path) -> Access:
    if access is None:
        raise Fault(
            f"没有 {file}：请先运行 onecard serve，或用 --access 给出其 access.json。",
            f"there is no {file}: run onecard serve first, or name its access.json with --access.",
        )
    return access


def _region_at(url: str) -> RegionPolicy | None:
    """The region of the platform there; None where none answers, or none that is known here."""
    try:
        health = httpx.get(f"{url}/health", timeout=_HEALTH_S_MAX).json()
        return load_region(str(health["region"]))
    except (httpx.HTTPError, ValueError, KeyError, TypeError, PlatformCannotStart):
        return None


def _named(policy: RegionPolicy, what: PlaceName) -> list[tuple[str, str, str]]:
    """Code and both names of every station or bus line."""
    if what == "station":
        return [(each.code, each.name_zh, each.name_en) for each in policy.transit.stations]
    return [(each.code, each.name_zh, each.name_en) for each in policy.transit.bus_lines]


def _choices(url: str, what: PlaceName | None) -> str | None:
    policy = None if what is None else _region_at(url)
    if policy is None or what is None:
        return None
    return ", ".join(f"{code} {say(zh, en)}" for code, zh, en in _named(policy, what))


def _code(wanted: str | None, known: list[tuple[str, str, str]]) -> str | None:
    """The code of what was named by code or name; what nobody knows stays for the platform."""
    if wanted is None:
        return None
    for code, zh, en in known:
        if wanted.casefold() in (code.casefold(), zh.casefold(), en.casefold()):
            return code
    return wanted
