"""Request and answer shapes of payouts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from card_platform.services.identity.shown import Shown
from card_platform.settlement.ledger.shapes import Words
from card_platform.settlement.payouts.certification_store import Certification
from card_platform.settlement.payouts.line_faults import WORDS, Fault
from card_platform.settlement.payouts.line_store import ExceptionRow
from card_platform.settlement.payouts.model import Batch, CreditFile
from card_platform.settlement.payouts.status_file import CODES, LineStatus
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody

FILE_MAX_CHARACTERS = 1_000_000
"""Longest file of one request, some 10,000 lines; a larger one is read by `onecard payouts`."""
REQUEST_MAX_BYTES = 4_500_000
"""Such a file as JSON, every character of four bytes or escaped."""


class PayoutFileBody(RequestBody, frozen=True):
    """A payout file, as text."""

    format: Literal["csv", "pain.001"]
    file: Annotated[str, msgspec.Meta(min_length=1, max_length=FILE_MAX_CHARACTERS)]


class PayoutDecisionBody(RequestBody, frozen=True):
    """What becomes of a batch, and why."""

    decision: Literal["release", "drop"]
    reason: Words


class LineDecisionBody(RequestBody, frozen=True):
    """What becomes of a line that was not paid, and why."""

    decision: Literal["reissue", "close"]
    reason: Words


class OtherAccountApproval(RequestBody, frozen=True):
    """Why a line may go to another account than the card's."""

    reason: Words


class CertificationBody(Shown, frozen=True):
    """Who stands at the counter: what a card says with the chip that was authenticated, or a code.

    `region` is that of the card, where it is another one.
    """

    region: Annotated[str, exactly(REGION_PATTERN)] | None = None


class PayoutBatchAnswer(msgspec.Struct, frozen=True):
    """A batch; `lines` and `sum_fen` are those of its good lines, `told_...` what the file says.

    `due` says that there is work to do; `done_to` up to which line it is done.
    """

    batch_id: str
    message_id: str
    format: str
    programme: str
    period: str
    state: str
    reason: str | None
    told_lines: int
    told_sum_fen: int
    read_lines: int
    lines: int
    sum_fen: int
    faulty_lines: int
    unread_amounts: int
    done_to: int
    due: bool
    uploaded_by: str
    uploaded_at: str
    decided_by: str | None
    decided_at: str | None


class PayoutBatchesAnswer(msgspec.Struct, frozen=True):
    """A page of batches, the latest first."""

    batches: list[PayoutBatchAnswer]
    next: str | None


class PayoutFaultAnswer(msgspec.Struct, frozen=True):
    """A fault: where, what was found, what was expected, how to mend it. Line 0 is the file."""

    line: int
    field: str
    code: str
    found: str
    expected_zh: str
    expected_en: str
    mend_zh: str
    mend_en: str


class PayoutFaultsAnswer(msgspec.Struct, frozen=True):
    """A page of a batch's faults, by line."""

    faults: list[PayoutFaultAnswer]
    next: str | None


class PayoutLineAnswer(msgspec.Struct, frozen=True):
    """A good line and how it stands; `code` is the status of ISO 20022."""

    line: int
    line_id: str
    amount_fen: int
    state: str
    code: str
    reason: str | None


class PayoutLinesAnswer(msgspec.Struct, frozen=True):
    """A page of a batch's good lines."""

    lines: list[PayoutLineAnswer]
    next: str | None


class PayoutExceptionAnswer(msgspec.Struct, frozen=True):
    """A line that was not simply paid, why, and what was decided."""

    line: int
    amount_fen: int
    state: str
    reason: str
    at: str
    decided_by: str | None
    note: str | None


class PayoutExceptionsAnswer(msgspec.Struct, frozen=True):
    """A page of a batch's exceptions, by line."""

    exceptions: list[PayoutExceptionAnswer]
    next: str | None


class OtherAccountAnswer(msgspec.Struct, frozen=True):
    """Another account a line states: its bank, its last four digits, why, and who approved it."""

    line: int
    bank: str
    account: str
    reason: str
    approved_by: str | None
    approved_at: str | None


class OtherAccountsAnswer(msgspec.Struct, frozen=True):
    """A page of the other accounts of a batch."""

    other_accounts: list[OtherAccountAnswer]
    next: str | None


class CreditFileAnswer(msgspec.Struct, frozen=True):
    """A file of credits for a bank; `back_fen` is what the bank refused or sent back."""

    file: int
    bank: str
    lines: int
    sum_fen: int
    back_fen: int
    state: str
    ordered_at: str


class CreditFilesAnswer(msgspec.Struct, frozen=True):
    """A page of a batch's files to banks."""

    files: list[CreditFileAnswer]
    next: str | None


class StatusFileAnswer(msgspec.Struct, frozen=True):
    """The status of a batch as a file, as text."""

    batch_id: str
    format: str
    file: str


class ProgrammeAnswer(msgspec.Struct, frozen=True):
    """A programme of the list, and whether it is paid today."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    duty: str
    since: str
    until: str | None
    period: str
    certified: bool
    other_account: bool
    in_force: bool
    source: str


class ProgrammesAnswer(msgspec.Struct, frozen=True):
    """The finance department's list."""

    programmes: list[ProgrammeAnswer]


class CertificationAnswer(msgspec.Struct, frozen=True):
    """A certification; `problem` says why it was refused."""

    certification_id: str
    card_region: str
    means: str
    state: str
    certified_on: str | None
    valid_until: str | None
    problem: str | None
    at: str


def batch_answer(batch: Batch) -> PayoutBatchAnswer:
    """A batch as it is told."""
    own = {"batch_id", "state", "due"}
    told = {
        name: getattr(batch, name)
        for name in PayoutBatchAnswer.__struct_fields__
        if name not in own
    }
    return PayoutBatchAnswer(
        batch_id=f"payout-{batch.batch}",
        state=batch.state.value,
        due=batch.due_at is not None,
        **told,
    )


def fault_answer(found: Fault) -> PayoutFaultAnswer:
    """A fault as it is told."""
    return PayoutFaultAnswer(
        found.line, found.field, found.code.value, found.found, *WORDS[found.code]
    )


def line_answer(status: LineStatus) -> PayoutLineAnswer:
    """A line as it is told."""
    fen, state = status.amount_fen or 0, status.state
    return PayoutLineAnswer(status.line, status.line_id, fen, state, CODES[state], status.reason)


def exception_answer(row: ExceptionRow) -> PayoutExceptionAnswer:
    """An exception as it is told."""
    return PayoutExceptionAnswer(
        row.line, row.amount_fen, row.state, row.reason, row.at, row.decided_by, row.note
    )


def other_account_answer(row: dict[str, Any]) -> OtherAccountAnswer:
    """Another account as it is told."""
    told = {name: row[name] for name in OtherAccountAnswer.__struct_fields__}
    return OtherAccountAnswer(**{**told, "account": row["account"][-4:]})


def file_answer(file: CreditFile) -> CreditFileAnswer:
    """A file as it is told."""
    told = {name: getattr(file, name) for name in CreditFileAnswer.__struct_fields__}
    return CreditFileAnswer(**{**told, "state": file.state.value})


def certification_answer(made: Certification) -> CertificationAnswer:
    """A certification as it is told."""
    names = CertificationAnswer.__struct_fields__
    return CertificationAnswer(**{name: getattr(made, name) for name in names})
