"""Which merged scheme's function a desk is for: by name or id, of those the platform merges.

Id, name and number on cards of the scheme go into the terminal's folder, so that a restart needs no
platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import httpx
import msgspec

from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from testbed.faults import Fault
from testbed.terminals.enrolment import Place, read_access
from testbed.terminals.premises import identity_in

_LIST: Final = "/v1/card-schemes"
_WORKS_FROM_CARD: Final = frozenset({"merging", "merged"})


class Scheme(msgspec.Struct, frozen=True):
    """A scheme as the platform lists it."""

    scheme_id: str
    number_on_card: str
    name_zh: str
    state: str


def place_of_function(
    access_file: Path, scheme: str, at: str | None, folders: Iterable[Path]
) -> Place:
    """Where a desk stands and for which scheme, named by id or name.

    While no platform answers, the desks that live in `folders` know what schemes are called. Raises
    `Fault` for a scheme nobody knows.
    """
    known = _merged_at(access_file)
    if known is None:
        return Place(at=at, scheme=_known_here(scheme, folders))
    named = [each for each in known if each.scheme_id == scheme] or [
        each for each in known if each.name_zh.casefold() == scheme.casefold()
    ]
    if len(named) == 1:
        (found,) = named
        return Place(
            at=at,
            scheme=found.scheme_id,
            scheme_name=found.name_zh,
            number_on_card=found.number_on_card,
        )
    if named:
        raise Fault(
            f"不止一项功能名为“{scheme}”：{_listed(named)}。请用 --scheme 给出标识。",
            f"more than one scheme is called {scheme}: {_listed(named)}. Name its id with "
            "--scheme.",
        )
    raise Fault(
        f"平台没有融合到卡的功能“{scheme}”；{_there_are(known)[0]}。",
        f"the platform merges no scheme {scheme} into the card; {_there_are(known)[1]}.",
    )


def scheme_is_missing(access_file: Path) -> Fault:
    """Nobody said which function; the fault lists what there is. Raises `Fault`."""
    known = _merged_at(access_file)
    if known is None:
        zh = "平台运行时（onecard serve）会列出可选项"
        en = "a running platform (onecard serve) lists them"
    else:
        zh, en = _there_are(known)
    return Fault(
        f"请用 --scheme 说明是哪项功能；{zh}。", f"say which function with --scheme; {en}."
    )


def _known_here(scheme: str, folders: Iterable[Path]) -> str:
    for folder in folders:
        desk = identity_in(folder)
        if desk is None or desk.scheme is None or desk.scheme_name is None:
            continue
        if scheme == desk.scheme or scheme.casefold() == desk.scheme_name.casefold():
            return desk.scheme
    raise Fault(
        f"平台没有应答，本机也没有“{scheme}”的验卡台：请先运行 onecard serve。",
        f"no platform answers, and no desk here is for {scheme}: run onecard serve first.",
    )


def _there_are(known: list[Scheme]) -> tuple[str, str]:
    if not known:
        return (
            f"平台还没有融合的卡、证、码，可用 POST {_LIST} 登记（docs/interfaces.md）",
            f"no scheme is merged there yet, POST {_LIST} registers one (docs/interfaces.md)",
        )
    return f"可选：{_listed(known)}", f"there are: {_listed(known)}"


def _listed(schemes: list[Scheme]) -> str:
    return ", ".join(f"{each.name_zh} ({each.scheme_id})" for each in schemes)


def _merged_at(access_file: Path) -> list[Scheme] | None:
    """The schemes whose functions work from the card; None while no platform answers."""
    access = read_access(access_file)
    if access is None:
        return None
    try:
        return [each for each in _schemes_of(access) if each.state in _WORKS_FROM_CARD]
    except httpx.HTTPError:
        return None
    except (PlatformRefused, msgspec.ValidationError, KeyError) as refused:
        raise Fault(
            f"平台 {access.url} 没有列出功能（{refused}）：请核对 --access。",
            f"the platform at {access.url} does not list its schemes ({refused}): see --access.",
        ) from None


def _schemes_of(access: Access) -> list[Scheme]:
    with ServiceDesk(access) as desk:
        return msgspec.convert(list(desk.gather("operator", _LIST, "schemes")), list[Scheme])
