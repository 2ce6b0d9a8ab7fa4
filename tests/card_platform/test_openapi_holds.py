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

EXAMPLES = 15
EXAMPLES_LONG = 150
_FORBIDDEN = 403
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

    url: str
    tokens: dict[str, str]

    def token_for(self, operation: Operation) -> str:
        """A token of a role this operation is granted to; any token where it needs none."""
        path = re.sub(r"{\w+}", "1", operation.path)
        for token in self.tokens.values():
            answer = httpx.request(
                operation.method,
                self.url + path,
                headers={"Authorization": f"Bearer {token}"},
            )
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
        yield Office(access.url, {**access.tokens, "terminal": terminal})


def call_everything(office: Office, examples: int) -> int:
    """Call every operation so many times; how many operations there are."""
    schema = schemathesis.openapi.from_url(f"{office.url}/openapi.json")
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
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(response, checks=_CHECKS)

    call()


def test_no_operation_answers_what_it_does_not_document(office: Office) -> None:
    assert call_everything(office, EXAMPLES) > 20


@pytest.mark.long
def test_no_operation_answers_what_it_does_not_document_at_length(office: Office) -> None:
    assert call_everything(office, EXAMPLES_LONG) > 20
