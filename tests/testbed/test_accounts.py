"""Staff accounts as an operator and a supervisor keep them from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scenarios.platform_process import PlatformProcess
from scenarios.service_desk import PAGE_MAX, SITE, Access, ServiceDesk
from tests.testbed.onecard import call


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The access.json of a running platform."""
    with PlatformProcess(tmp_path_factory.mktemp("data")) as running:
        yield running.access_file


def accounts(platform: Path, *words: str) -> Any:
    return call("accounts", *words, "--access", str(platform))


def first_password(told: str) -> str:
    found = re.search(r"first password is (\S+)$", told)
    assert found, told
    return found[1]


def sign_in(platform: Path, name: str, password: str) -> int:
    url = json.loads(platform.read_text(encoding="utf-8"))["url"]
    body = {"password": {"name": name, "password": password}}
    return httpx.post(f"{url}/v1/sessions", json=body).status_code


def test_an_account_is_opened_listed_reset_and_disabled(platform: Path) -> None:
    opened = accounts(platform, "add", "wang.fang", "--role", "clerk")
    assert opened.returncode == 0, opened.stderr
    first = first_password(opened.stdout)
    assert sign_in(platform, "wang.fang", first) == 200
    listed = accounts(platform, "list", "--json", "-")
    shown = {each["name"]: each for each in json.loads(listed.stdout)}["wang.fang"]
    assert (shown["role"], shown["state"], shown["has_first_password"]) == ("clerk", "active", True)
    assert "wang.fang" in accounts(platform, "list").stdout
    reset = accounts(platform, "reset-password", "wang.fang", "--reason", "forgotten")
    assert reset.returncode == 0, reset.stderr
    assert sign_in(platform, "wang.fang", first) == 401
    assert sign_in(platform, "wang.fang", first_password(reset.stdout)) == 200
    disabled = accounts(platform, "disable", "wang.fang", "--reason", "left")
    assert (disabled.returncode, disabled.stdout) == (0, "Account wang.fang is disabled.\n")
    again = accounts(platform, "reset-password", "wang.fang", "--reason", "forgotten")
    assert (again.returncode, again.stdout) == (2, "")
    assert "The account is disabled" in again.stderr


def test_more_accounts_than_a_page_holds_are_listed_and_found_to_the_last(platform: Path) -> None:
    names = [f"zz.many-{number:03d}" for number in range(PAGE_MAX + 1)]
    with ServiceDesk(Access.read(platform)) as desk:
        for name in names:
            body = {"name": name, "role": "clerk", "site": SITE}
            desk.post("operator", "/v1/accounts", body)
    listed = json.loads(accounts(platform, "list", "--json", "-").stdout)
    assert [each["name"] for each in listed if each["name"].startswith("zz.")] == names
    disabled = accounts(platform, "disable", names[-1], "--reason", "left")
    assert disabled.returncode == 0, disabled.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("disable", "nobody", "--reason", "left"), "there is no account nobody"),
        (("add", "Wang", "--role", "clerk"), "name"),
    ],
    ids=["unknown", "malformed"],
)
def test_what_the_platform_refuses_is_one_sentence(
    platform: Path, words: tuple[str, ...], sentence: str
) -> None:
    answer = accounts(platform, *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert sentence in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_platform_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    access = tmp_path / "access.json"
    nowhere = {"url": "http://127.0.0.1:9", "tokens": {"operator": "none"}}
    access.write_text(json.dumps(nowhere), encoding="utf-8")
    answer = accounts(access, "list")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert re.fullmatch(r"no platform answers at .*onecard serve\)\.\n", answer.stderr)
