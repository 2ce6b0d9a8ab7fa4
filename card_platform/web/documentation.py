"""What every creating route has in the OpenAPI document: the Idempotency-Key header."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import Operation, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

CLIENT_ID_MAX = 64
"""Longest Idempotency-Key, in characters."""


@dataclass
class CreatingOperation(Operation):
    """A route whose requests carry a client id."""

    def __post_init__(self) -> None:
        """Add the header to the parameters of the route."""
        header = Parameter(
            name="Idempotency-Key",
            param_in="header",
            required=True,
            description="The caller's own id of this request; the same id and body get the same"
            " answer, another body is refused.",
            schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=CLIENT_ID_MAX),
        )
        self.parameters = [*(self.parameters or []), header]
