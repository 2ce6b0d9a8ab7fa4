"""Examples of refusals in the OpenAPI document: for every code an operation can answer, a problem.

Rules: an example is made from the refusal's own class, as the answer itself is, so that it can
never say what the platform does not; the facts its sentences name are those of `FACTS` and of
`example_values`, by name. Each stands once, under the components; a response names those of its
codes. Two refusals may share a code and speak of different things: then each has its example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from string import Formatter
from typing import Any, Final

import msgspec

from card_platform.errors import Refusal
from card_platform.vocabulary.faults import Fault
from card_platform.web.example_values import DAY, DISTRICT, LATER, MOMENT, NUMBERS, REGION, TEXTS
from card_platform.web.problem_details import Problem, problem_type, told_in_description
from card_platform.web.request_body import RequestIsMalformed

Json = dict[str, Any]
_PLATFORM: Final = f"{__name__.partition('.')[0]}."
_NEXT_REFUSAL = re.compile(r"; (?=`[a-z0-9-]+`: )")
_FAULTS = [Fault("form.birth_date", "'1990-13-01'", "a day, as 1990-12-01")]

FACTS: Final[dict[str, str | int]] = {
    "accepted_through": 41,
    "after": DAY,
    "ahead": 30,
    "allowed": "restore",
    "amount_fen": 5_000,
    "asked_fen": 5_000,
    "assignee": "li.na",
    "balance_fen": 1_200,
    "bank": "bank-a",
    "batch": "payout-1",
    "begins": DAY,
    "card_id": "card-0193c1f2a4b70c1d2e3f4a5b6c7d",
    "charged": 5,
    "client_id": "order-1",
    "competent": DISTRICT,
    "copy": "TS-0042",
    "count": 1,
    "delivery": "delivery-0193c1f2a4b70c1d2e3f4a5b6c7d",
    "due": DAY,
    "due_fen": 1_200,
    "emergency_id": "emergency-0193c1f2a4b70c1d2e3f4a5b6c7d",
    "expected_fen": 6_200,
    "found_fen": 1_200,
    "free_fen": 1_200,
    "general": DAY,
    "how_en": "File it on the app first.",
    "how_zh": "请先在应用中备案。",
    "insurance": "pension",
    "item": "公共图书馆借阅",
    "item_area": REGION,
    "item_id": "item-0193c1f2a4b70c1d2e3f4a5b6c7d",
    "known": "card, code",
    "lacking": "card-reader",
    "last": DAY,
    "left": 3,
    "latest": "2026-02",
    "least": 1,
    "limit": 2,
    "limit_fen": 100_000,
    "lines": 20_000,
    "load_id": "load-0193c1f2a4b70c1d2e3f4a5b6c7d",
    "longest": 128,
    "message_id": "SUBSIDY-2026-01",
    "minutes": 10,
    "month": "2026-02",
    "most": 5_000,
    "names": "night_taps",
    "needed": "real-person",
    "newest": 2,
    "now": LATER,
    "own": REGION,
    "paid_fen": 1_000,
    "participant": "510000",
    "programme": "farm-subsidy",
    "reason_en": "it has run out",
    "reason_zh": "委托已到期",
    "request": "original",
    "retry_after_s": 5,
    "role": "clerk",
    "seconds": 300,
    "sender": "510000",
    "sent_at": MOMENT,
    "serial": "03105000000000000042",
    "served": REGION,
    "shortest": 12,
    "since": MOMENT,
    "start": LATER[:10],
    "stayed": 3,
    "sum_fen": 100,
    "then": 1,
    "third": "510000",
    "today": DAY,
    "told_en": "There is no such card.",
    "told_fen": 1_100,
    "told_zh": "没有这张卡。",
    "total_fen": 1_200,
    "typology": "cloned-purse",
    "unit": "min",
    "until": DAY,
    "utility": "water-co",
    "waiting": "510000",
    "window_s": 60,
    "within": REGION,
}
"""What the sentences of refusals name and no field of a body is called."""
_FACTS_OF: Final[dict[str, dict[str, str | int]]] = {"role-forbids": {"allowed": "supervisor"}}


def add_problem_examples(document: Json) -> None:
    """Give every refusal of every operation its example."""
    used: dict[str, Json] = {}
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, told in operation["responses"].items():
                if status < "4":
                    continue
                named = dict(_examples_of(told["description"]))
                used.update(named)
                refs = {name: {"$ref": f"#/components/examples/{name}"} for name in named}
                for content in told.get("content", {}).values():
                    content["examples"] = refs
    document["components"].setdefault("examples", {}).update(sorted(used.items()))


def _examples_of(description: str) -> Iterator[tuple[str, Json]]:
    known = _known()
    for told in _NEXT_REFUSAL.split(description):
        if told in known:
            yield known[told]


@lru_cache(1)
def _known() -> dict[str, tuple[str, Json]]:
    """Name and example of every refusal, by what a description says of it."""
    found: dict[str, tuple[str, Json]] = {}
    taken: set[str] = set()
    for kind in _kinds(Refusal):
        name, number = kind.code, 1
        while name in taken:
            number += 1
            name = f"{kind.code}.{number}"
        told = told_in_description(kind)
        if told not in found:
            taken.add(name)
            found[told] = name, {"summary": kind.title, "value": _problem(kind)}
    return found


def _kinds(parent: type[Refusal]) -> list[type[Refusal]]:
    """Every refusal of the platform, in an order that stays; not those of who builds upon it."""
    found = []
    for kind in parent.__subclasses__():
        is_ours = kind.__module__.startswith(_PLATFORM)
        found += [kind] if is_ours and hasattr(kind, "code") else []
        found += _kinds(kind)
    return sorted(found, key=lambda each: (each.code, each.__module__, each.__name__))


def _problem(kind: type[Refusal]) -> Json:
    facts = {name: _fact(name) for name in _named(kind.zh) | _named(kind.en)}
    facts |= _FACTS_OF.get(kind.code, {})
    problem = Problem(
        type=problem_type(kind.code),
        title=kind.title,
        status=kind.status,
        code=kind.code,
        detail_zh=kind.zh.format(**facts),
        detail_en=kind.en.format(**facts),
        faults=_FAULTS if issubclass(kind, RequestIsMalformed) else [],
    )
    told: Json = msgspec.to_builtins(problem)
    return told


def _named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _fact(name: str) -> str | int:
    value = FACTS.get(name, NUMBERS.get(name, TEXTS.get(name, name)))
    return value[0] if isinstance(value, tuple) else value
