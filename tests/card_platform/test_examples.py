"""Examples of the OpenAPI document: every operation has them, valid, and taken by the platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

from jsonschema import Draft202012Validator

from card_platform.errors import Refusal
from card_platform.vocabulary.resident_id import check_character
from card_platform.web.example_problems import FACTS
from card_platform.web.example_values import NUMBERS, TEXTS
from tests.card_platform.city import City

BAD_REQUEST = 400
SERVER_FAULT = 500


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON body that is a request or a success, with where it stands."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            where = f"{method.upper()} {path}"
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield f"{where} request", content
            for status, answer in operation["responses"].items():
                if status < "3":
                    for content in answer.get("content", {}).values():
                        yield f"{where} {status}", content


def test_every_body_has_an_example_that_is_valid(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    count = 0
    for where, content in bodies(document):
        assert "example" in content, where
        schema = {**content["schema"], "components": document["components"]}
        faults = [
            each.message for each in Draft202012Validator(schema).iter_errors(content["example"])
        ]
        assert not faults, (where, faults)
        count += 1
    assert count > 200


def test_every_refusal_of_every_operation_has_an_example_the_operation_can_give(
    city: City,
) -> None:
    document = city.client.get("/openapi.json").json()
    problem = Draft202012Validator(
        {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    )
    examples = document["components"]["examples"]
    used = set()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, told in operation["responses"].items():
                if status < "4":
                    continue
                where = f"{method.upper()} {path} {status}"
                documented = set(re.findall(r"(?:^|; )`([a-z0-9-]+)`: ", told["description"]))
                ((media, content),) = told["content"].items()
                assert media == "application/problem+json", where
                names = [each["$ref"].rpartition("/")[2] for each in content["examples"].values()]
                values = [examples[name]["value"] for name in names]
                assert documented, where
                assert {value["code"] for value in values} == documented, where
                assert {str(value["status"]) for value in values} == {status}, where
                used |= set(names)
    assert used == set(examples)
    assert len(examples) > 250
    for name, example in examples.items():
        value = example["value"]
        assert not list(problem.iter_errors(value)), name
        assert re.search("[\u4e00-\u9fff]", value["detail_zh"]), name
        assert not re.search("[\u4e00-\u9fff“”]", value["title"]), name
        assert not re.search(r"[{}]", value["detail_zh"] + value["detail_en"]), name


def test_what_a_refusal_says_is_what_its_example_says(city: City) -> None:
    examples = city.client.get("/openapi.json").json()["components"]["examples"]
    refused = city.get("/v1/cards/card-x", "clerk").json()
    assert refused == examples["card-unknown"]["value"]
    unnamed = {
        (kind.code, name)
        for kind in every_refusal()
        for name in names_in(kind.zh) | names_in(kind.en)
        if name not in FACTS and name not in TEXTS and name not in NUMBERS
    }
    assert not unnamed, "a fact without a value of its own"


def every_refusal(parent: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in parent.__subclasses__():
        if hasattr(kind, "code") and kind.__module__.startswith("card_platform."):
            yield kind
        yield from every_refusal(kind)


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_the_platform_takes_the_examples_of_requests(city: City) -> None:
    """Refused by a rule they may be, for what they name does not exist; malformed they are not."""
    document = city.client.get("/openapi.json").json()
    terminal = city.enrol("counter", None).token
    faulty = {}
    for path, operations in document["paths"].items():
        if "post" not in operations or "{" in path:
            continue
        (content,) = operations["post"]["requestBody"]["content"].values()
        for caller in (*city.tokens, terminal):
            answer = city.post(path, content["example"], caller)
            if answer.status_code not in (401, 403):
                break
        if answer.status_code == BAD_REQUEST or answer.status_code >= SERVER_FAULT:
            faulty[path] = answer.json().get("faults", answer.text)
    assert not faulty


def test_an_application_is_granted_as_its_example_says(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    (content,) = document["paths"]["/v1/applications"]["post"]["requestBody"]["content"].values()
    answer = city.post("/v1/applications", content["example"], "clerk")
    assert answer.status_code == 201, answer.text


def test_people_in_examples_are_made_up(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    numbers = {each for _, content in bodies(document) for each in _numbers(content["example"])}
    assert numbers
    assert all(check_character(number[:17]) == number[17] for number in numbers)


def _numbers(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, each in part.items():
            if name in {"document_number", "holder_document"} and "*" not in str(each):
                yield str(each)
            yield from _numbers(each)
    elif isinstance(part, list):
        for each in part:
            yield from _numbers(each)
