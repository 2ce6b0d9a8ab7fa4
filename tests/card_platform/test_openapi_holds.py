"""schemathesis against the whole OpenAPI: no server error, no answer the document does not name.

Every operation is called over HTTP with a token that may call it, with bodies, paths and headers
the document allows and some it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import Access, ServiceDesk
from tests.books import require_whole_books
from tests.card_platform.city import City
from tests.card_platform.signing_in import System

EXAMPLES = 3
EXAMPLES_LONG = 150
_FORBIDDEN = 403
_SERVER_FAULT = 500
_EXACT_MAX = 2**53
"""The greatest number a reader of JSON need not round."""
Operation = APIOperation[Any, Any, Any, Any]
_CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@dataclass
class Office:
    """A running platform, and the tokens of everybody who may call it."""

    client: httpx.Client
    tokens: dict[str, str]

    def token_for(self, operation: Operation) -> str:
        """A token of a role this operation is granted to; any token where it needs none."""
        path = re.sub(r"{\w+}", "1", operation.path)
        for token in self.tokens.values():
            headers = {"Authorization": f"Bearer {token}"}
            answer = self.client.request(operation.method, path, headers=headers)
            if answer.status_code != _FORBIDDEN:
                return token
        raise AssertionError(f"{operation.method} {operation.path} is granted to nobody")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")
    with PlatformProcess(tmp_path / "data", url, clock="virtual") as platform:
        access = Access.read(platform.access_file)
        with ServiceDesk(access) as desk:
            terminal = desk.enrol_terminal("counter", None)["token"]
        with httpx.Client(base_url=access.url) as client:
            system = System(City(client, access.tokens), "jialing-bank", "bank")
            bank = system.sign_in()["token"]
            yield Office(client, {**access.tokens, "terminal": terminal, "bank": bank})
    require_whole_books(tmp_path / "data", url)


def call_everything(office: Office, examples: int) -> int:
    """Call every operation so many times; how many operations there are."""
    schema = schemathesis.openapi.from_url(f"{office.client.base_url}/openapi.json")
    count = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        call_often(operation, office.token_for(operation), examples)
        count += 1
    return count


def call_often(operation: Operation, token: str, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Case[Any]) -> None:
        if "wait_s" in (case.query or {}):
            case.query["wait_s"] = 0  # a longer wait answers the same, later
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=_CHECKS)

    call()


@pytest.mark.timeout(400)
def test_no_operation_answers_what_it_does_not_document(office: Office) -> None:
    assert call_everything(office, EXAMPLES) > 20


@pytest.mark.long
def test_no_operation_answers_what_it_does_not_document_at_length(office: Office) -> None:
    assert call_everything(office, EXAMPLES_LONG) > 20


def test_every_number_in_a_request_has_its_bounds(city: City) -> None:
    """A number without bounds may be greater than a database can hold: a fault, not an answer."""
    document = city.client.get("/openapi.json").json()
    asked = [
        document["components"]["schemas"][name] for name in _schemas_of_requests(document)
    ] + list(_parameters(document))
    assert len(asked) > 100
    numbers = list(_integers(asked))
    assert not [number for number in numbers if not _is_bounded(number)]
    assert max(abs(each.get("maximum", 0)) for each in numbers) <= _EXACT_MAX


def test_every_refusal_is_documented_as_a_problem(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    refusals = [
        (path, method, status, set(answer["content"]))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for status, answer in operation["responses"].items()
        if status >= "400"
    ]
    assert len(refusals) > 1_000
    assert not [each for each in refusals if each[3] != {"application/problem+json"}]


def test_awkward_queries_are_answered(city: City) -> None:
    """Text no database holds, numbers no column holds: 400 or an answer, on either database."""
    document = city.client.get("/openapi.json").json()
    queries = [
        (re.sub(r"{\w+}", "1", path), parameter["name"])
        for path, operations in document["paths"].items()
        for parameter in operations.get("get", {}).get("parameters", [])
        if parameter["in"] == "query"
    ]
    assert queries
    for path, name in queries:
        for awkward in ("%00", "%FF", "%ED%A0%80", "9" * 30, "-1", "x" * 3000):
            answer = city.client.get(f"{path}?{name}={awkward}")
            assert answer.status_code < _SERVER_FAULT, (path, name, awkward, answer.text)


def _parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in document["paths"].values():
        for operation in operations.values():
            yield from (each["schema"] for each in operation.get("parameters", []))


def _schemas_of_requests(document: dict[str, Any]) -> set[str]:
    """The names of every schema a request body is made of."""
    waiting: list[Any] = [
        operation["requestBody"]
        for operations in document["paths"].values()
        for operation in operations.values()
        if "requestBody" in operation
    ]
    found: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(document["components"]["schemas"][name])
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


def _integers(part: object) -> Iterator[dict[str, Any]]:
    """Every number of a schema; the bounds of one that may be null stand beside its `oneOf`."""
    if isinstance(part, dict):
        bounds = {name: value for name, value in part.items() if name != "oneOf"}
        for each in part.get("oneOf", ()):
            yield from _integers({**each, **bounds})
        if part.get("type") == "integer":
            yield part
        for name, each in part.items():
            if name != "oneOf":
                yield from _integers(each)
    elif isinstance(part, list):
        for each in part:
            yield from _integers(each)


def _is_bounded(number: dict[str, Any]) -> bool:
    return bool({"enum", "const", "maximum", "exclusiveMaximum"} & number.keys())
