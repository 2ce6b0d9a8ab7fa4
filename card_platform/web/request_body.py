"""Request bodies: strict JSON into typed structs, and all faults at once where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from litestar.dto import AbstractDTO
from litestar.typing import FieldDefinition

from card_platform.errors import Refusal
from card_platform.vocabulary.faults import FAULTS_MAX, Fault, find_faults

EXACT_NUMBER_MAX = 2**53
"""Greatest number a document of the interface can name: its bounds are floating point."""
BODY_MAX_BYTES = 64 * 1024
"""Largest request body; the largest real one, an application, is under 2 kB."""

_ESCAPED_NUL = b"\\u0000"
Body = TypeVar("Body")


class RequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every request body has in common: no unknown fields.

    `any_text` names fields, at any depth, whose text may hold the character NUL; no other may.
    """

    any_text: ClassVar[frozenset[str]] = frozenset()


class RequestIsMalformed(Refusal):
    """The request differs from its documented shape."""

    code = "request-malformed"
    status = 400
    title = "Request malformed"
    zh = "请求有 {count} 处不符合接口约定，见 faults。"
    en = "The request differs from the interface in {count} places, see faults."

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(count=len(faults))
        self.faults = faults


def read_body(body: bytes, wanted: type[Body]) -> Body:
    """The body as the wanted struct.

    Raises:
        RequestIsMalformed: with every fault.
    """
    try:
        read = msgspec.json.decode(body, type=wanted)
        if may_hold_nul(body):
            _require_no_nul(msgspec.json.decode(body), getattr(wanted, "any_text", frozenset()))
        return read
    except msgspec.MsgspecError as refused:
        try:
            value = msgspec.json.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise RequestIsMalformed([Fault("$", str(refused), "JSON")]) from None
        faults = find_faults(value, wanted) or [Fault("$", str(refused), "a valid body")]
        raise RequestIsMalformed(faults) from None
    except (UnicodeDecodeError, RecursionError) as refused:
        raise RequestIsMalformed([Fault("$", str(refused), "JSON in UTF-8")]) from None


def may_hold_nul(body: bytes) -> bool:
    """Whether a text in this JSON may hold the character NUL, which PostgreSQL cannot keep."""
    return _ESCAPED_NUL in body


def _require_no_nul(value: object, any_text: frozenset[str]) -> None:
    faults = [
        Fault(path or "$", "the character NUL", "text without it")
        for path in _nuls(value, "")
        if path.rpartition(".")[2] not in any_text
    ]
    if faults:
        raise RequestIsMalformed(faults[:FAULTS_MAX])


def _nuls(value: object, path: str) -> Iterator[str]:
    if isinstance(value, str):
        if "\0" in value:
            yield path
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _nuls(each, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _nuls(each, f"{path}[{index}]")


class StrictBody(AbstractDTO[Body], Generic[Body]):
    """Litestar's hook for bodies: decodes by `read_body`, documents the struct as it is."""

    _wanted: ClassVar[dict[str, Any]] = {}

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: Any = None,  # noqa: ARG003 - the signature is Litestar's
    ) -> None:
        """Remember the struct of a route."""
        cls._wanted[handler_id] = field_definition.annotation

    def decode_bytes(self, value: bytes) -> Any:
        """The typed body."""
        return read_body(value, self._wanted[self.asgi_connection.route_handler.handler_id])

    def decode_builtins(self, value: dict[str, Any]) -> Any:
        """Forms are not taken; Litestar asks for the method all the same."""
        raise NotImplementedError

    def data_to_encodable_type(self, data: Any) -> Any:
        """Answers are encoded by the desk."""
        return data

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:  # noqa: ARG003
        """Fields are read by msgspec itself."""
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:  # noqa: ARG003
        """Nesting is read by msgspec itself."""
        return False

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003
        schema_creator: Any,
    ) -> Any:
        """The struct as it stands."""
        return schema_creator.for_field_definition(field_definition)
