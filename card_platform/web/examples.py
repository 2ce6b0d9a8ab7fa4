"""Examples in the OpenAPI document: one for every request body and every successful answer; those
of refusals are made by `example_problems`.

Rules: an example is made from the schema it belongs to, so it can never say what the schema does
not; what stands in it are the values of `example_values`, by the names of fields. A field nobody
has a value for leaves its operation without an example, and the test of the document says so.
"""

from __future__ import annotations

import re
from typing import Any

from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

from card_platform.web.example_objects import OF
from card_platform.web.example_problems import add_problem_examples
from card_platform.web.example_values import DAY, LATER, MOMENT, NUMBERS, OBJECTS, TEXTS

Json = dict[str, Any]
_HEX = re.compile(r"\[0-9(A-Fa-f|a-f|A-F)?\]\{([0-9]+)\}")
_ID = "0193c1f2a4b70c1d2e3f4a5b6c7d"
_ENDS = ("until_at", "due_at", "ends_at", "expires_at", "pass_on_by")


class NoExample(LookupError):
    """A field for which there is no value."""


class JsonWithExamples(JsonRenderPlugin):
    """Renders the document as JSON, with its examples."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        """The document."""
        add_examples(openapi_schema)
        add_problem_examples(openapi_schema)
        return super().render(request, openapi_schema)


def add_examples(document: Json) -> None:
    """Give every JSON body of the document that is a request or a success its example."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {})]
            bodies += [told for status, told in operation["responses"].items() if status < "3"]
            for body in bodies:
                for content in body.get("content", {}).values():
                    _add_example(content, schemas)


def _add_example(content: Json, schemas: Json) -> None:
    try:
        content["example"] = example_of(content["schema"], schemas)
    except NoExample:
        content.pop("example", None)


def example_of(schema: Json, schemas: Json, name: str = "", owner: str = "") -> Any:
    """A value the schema allows.

    Raises:
        NoExample: a field in it has no value.
    """
    if "$ref" in schema:
        title = str(schema["$ref"]).rpartition("/")[2]
        return _object(schemas[title], schemas, title)
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            beside = {key: value for key, value in schema.items() if key != choice}
            real = [each for each in schema[choice] if each.get("type") != "null"]
            return example_of({**beside, **real[0]}, schemas, name, owner)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return next(each for each in schema["enum"] if each is not None)
    return _plain(schema, schemas, name, owner)


def _plain(schema: Json, schemas: Json, name: str, owner: str) -> Any:
    match schema.get("type"):
        case "array":
            return [example_of(schema["items"], schemas, name, owner)]
        case "object" if "properties" in schema:
            return _object(schema, schemas, owner)
        case "object" | None:
            return _free_object(name, owner)
        case "boolean":
            return True
        case "integer" | "number":
            return _number(schema, name)
        case _:
            return _text(schema, name, owner)


def _object(schema: Json, schemas: Json, title: str) -> Any:
    if "properties" not in schema and "enum" in schema:
        return schema["enum"][0]
    own = OF.get(title, {})
    made = {}
    for name, each in schema.get("properties", {}).items():
        if name not in own:
            made[name] = example_of(each, schemas, name, title)
        elif own[name] is not None or name in schema.get("required", ()):
            made[name] = own[name]
    return made


def _free_object(name: str, owner: str) -> Json:
    if name not in OBJECTS:
        raise NoExample(f"{owner}.{name}")
    return OBJECTS[name]


def _number(schema: Json, name: str) -> int:
    by_unit = 500 if name.endswith("_fen") or name == "fen" else 60 if name.endswith("_s") else 3
    value = NUMBERS.get(name, by_unit)
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    return int(max(low, min(high, value)))


def _text(schema: Json, name: str, owner: str) -> str:
    known = TEXTS.get(name, ())
    candidates = [known] if isinstance(known, str) else [*known]
    candidates += _by_kind(schema, name)
    for each in candidates:
        if _fits(each, schema):
            return each
    raise NoExample(f"{owner}.{name}")


def _by_kind(schema: Json, name: str) -> list[str]:
    """Values that follow from the format, the pattern or the end of the name."""
    made = []
    if schema.get("format") == "date" or name.endswith(("_on", "_date", "valid_from")):
        made.append(DAY)
    if name.endswith(("_at", "_since", "_by", "now")) or name == "at":
        made.append(LATER if name in _ENDS else MOMENT)
    if name.endswith("_id"):
        made.append(f"{name.removesuffix('_id').replace('_', '-')}-{_ID}")
    found = _HEX.search(schema.get("pattern", ""))
    if found is not None:
        digits = "0123456789" if found[1] is None else "0123456789abcdef"
        length = int(found[2])
        run = (digits * (length // len(digits) + 1))[:length]
        made += [run.upper(), run]
    if name.startswith("mac") or name in {"tac", "random", "signature", "public_key"}:
        made.append("0BADCAFE" * (1 if len(name) < len("signature") else 16))
    if name in {"process", "original", "internal_auth", "external_auth", "external_original"}:
        made.append("0123456789ABCDEF")
    return made


def _fits(text: str, schema: Json) -> bool:
    pattern = schema.get("pattern")
    if schema.get("format") == "date" and len(text) != len(DAY):
        return False
    if schema.get("format") == "date-time" and len(text) != len(MOMENT):
        return False
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
        return False
    return pattern is None or re.search(pattern, text) is not None
