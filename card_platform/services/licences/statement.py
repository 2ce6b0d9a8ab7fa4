"""A statement about one licence: what the issuing region signs and another region can check.

Rules (CQ-23, YD-5, YD-15):
- The text is JSON of `LicenceStatement`; what is signed are its UTF-8 bytes as they stand, so that
  nobody has to agree on an order of keys. The signature is SM2 with SM3 (GB/T 32918.2), r || s.
- It is made for one region (`audience`); another one does not take it (CQ-18: no passing on).
- It names the state of the licence: a withdrawn licence is stated withdrawn.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from card_platform.keys.sm2 import signature_is_right
from card_platform.services.licences.model import Licence, LicenceKind, LicenceState
from card_platform.services.licences.refusals import StatementIsMalformed, StatementSignatureIsWrong
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN

STATEMENT_MAX = 4_000
"""Longest text of a statement, in characters."""
RegionText = Annotated[str, exactly(REGION_PATTERN)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=64), exactly(r"[^\x00]+")]
Moment = Annotated[str, exactly(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00")]
DocumentNumber = Annotated[str, exactly(r"[0-9]{17}[0-9X]")]


class LicenceStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a region says of one of its licences, at one moment, to one other region."""

    format: Literal["onecard.licence-statement"] = "onecard.licence-statement"
    version: Literal[1] = 1
    region: RegionText
    audience: RegionText
    stated_at: Moment
    kind: LicenceKind
    number: Text
    issuer: Text
    holder_document: DocumentNumber
    holder_name: Text
    level: Annotated[int, msgspec.Meta(ge=0, le=10)] | None
    subject: Text | None
    valid_from: date
    valid_until: date | None
    state: LicenceState
    state_since: Moment


class SignedStatement(msgspec.Struct, frozen=True):
    """The text as it was signed, and the signature in hex (64 bytes)."""

    text: str
    signature: str


def statement_of(licence: Licence, audience: str, at: str) -> LicenceStatement:
    """The statement about a licence for a region."""
    return LicenceStatement(
        region=licence.region,
        audience=audience,
        stated_at=at,
        kind=licence.kind,
        number=licence.number,
        issuer=licence.issuer,
        holder_document=licence.holder_document,
        holder_name=licence.holder_name,
        level=licence.level,
        subject=licence.subject,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        state=licence.state,
        state_since=licence.state_since,
    )


def read_statement(signed: SignedStatement) -> LicenceStatement:
    """The statement as its text says, nothing checked yet but the shape.

    Raises:
        StatementIsMalformed.
    """
    try:
        found = msgspec.json.decode(signed.text, type=LicenceStatement)
        for moment in (found.stated_at, found.state_since):
            datetime.fromisoformat(moment)
    except (ValueError, RecursionError) as fault:  # msgspec's errors are ValueErrors
        raise StatementIsMalformed(fault=str(fault)[:200]) from None
    return found


def require_signature(signed: SignedStatement, public_key: bytes) -> None:
    """The text is as its region signed it.

    Raises:
        StatementSignatureIsWrong.
    """
    if not signature_is_right(
        public_key, signed.text.encode("utf-8", "replace"), bytes.fromhex(signed.signature)
    ):
        raise StatementSignatureIsWrong
