"""Request and answer shapes of lending."""

from __future__ import annotations

import msgspec

from card_platform.services.places.acts.shapes import Region, ShownBody
from card_platform.services.places.lending.model import CopyText, Return
from card_platform.web.request_body import RequestBody


class LoanBody(ShownBody, frozen=True, kw_only=True):
    """A copy that is wanted, or wanted for longer."""

    copy: CopyText


class ReturnBody(RequestBody, frozen=True):
    """A copy that is brought back; `region` of a copy of another region."""

    copy: CopyText
    region: Region | None = None


class ReaderAnswer(msgspec.Struct, frozen=True):
    """A holder is a reader there."""

    offer_id: str
    card_number: str
    registered_at: str


class ReturnAnswer(msgspec.Struct, frozen=True):
    """A return; `problem_code` where the copy's region refused it."""

    return_id: str
    copy: str
    region: str
    state: str
    at: str
    overdue_days: int | None
    problem_code: str | None
    problem_zh: str | None
    problem_en: str | None


def return_answer(taken: Return) -> ReturnAnswer:
    """A return as it is told."""
    names = ReturnAnswer.__struct_fields__
    return ReturnAnswer(**{name: getattr(taken, name) for name in names})
