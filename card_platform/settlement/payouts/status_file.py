"""The status of a batch as a file: ISO 20022 pain.002.001.10, or CSV.

Rules: a line is told with its own id, its state and, where it was not paid, the reason. The file is
made as a stream, a few thousand lines at a time. The code of the standard stands beside ours:
ACSC settled, ACSP under way, PDNG waits for a decision or for mending, RJCT not paid. Lines that
were faulty when the file came in are told first as RJCT, with every fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, Literal, NamedTuple, Protocol, TypeVar
from xml.sax.saxutils import escape

from card_platform.settlement.payouts import line_store, store
from card_platform.settlement.payouts.line_faults import WORDS
from card_platform.settlement.payouts.line_store import LineRow
from card_platform.settlement.payouts.model import PIECE, Batch, BatchState, FileState, LineState
from card_platform.storage import Page, Transaction
from card_platform.vocabulary.moment import Clock, moment_of

Found = TypeVar("Found")
StatusFormat = Literal["csv", "pain.002"]
NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_OF_FILE: Final = {
    FileState.ORDERED: "sent",
    FileState.UNKNOWN: "sent",
    FileState.ACCEPTED: "sent",
    FileState.SETTLED: "paid",
}
_OF_BATCH: Final = {
    BatchState.READING: "waiting",
    BatchState.WAITING: "waiting",
    BatchState.REFUSED: "dropped",
    BatchState.RELEASED: "released",
    BatchState.HELD: "released",
    BatchState.EXECUTED: "released",
    BatchState.DROPPED: "dropped",
}
CODES: Final = {
    "paid": "ACSC",
    "sent": "ACSP",
    "due": "ACSP",
    "released": "ACSP",
    "waiting": "PDNG",
    "stopped": "PDNG",
    "refused": "PDNG",
    "returned": "PDNG",
    "closed": "RJCT",
    "dropped": "RJCT",
    "faulty": "RJCT",
}
"""Our state and the transaction status of ISO 20022."""


class Ask(Protocol):
    """Runs a query of the database."""

    def __call__(self, query: Callable[[Transaction], Found], /) -> Found:
        """What the query finds."""
        ...


class LineStatus(NamedTuple):
    """How a line stands."""

    line: int
    line_id: str
    amount_fen: int | None
    state: str
    reason: str | None


def status_of(batch: Batch, row: LineRow) -> LineStatus:
    """How a good line stands: by its exception, its credit file, or its batch."""
    reason = row.reason
    if row.exception is not None and row.exception != LineState.SENT.value:
        state = row.exception
    elif row.file_state is not None:
        state, reason = _OF_FILE[FileState(row.file_state)], None
    else:
        state = _OF_BATCH[batch.state]
        reason = batch.reason if state == "dropped" else None
    return LineStatus(row.line, row.line_id, row.amount_fen, state, reason)


def statuses(batch: Batch, ask: Ask) -> Iterator[LineStatus]:
    """Every line of a batch: the faulty ones, then the others. `ask` runs a query of the database,
    one for each few thousand lines.
    """
    yield from _faulty(batch, ask)
    after = 0
    while rows := ask(
        partial(line_store.span_of_lines, batch=batch.batch, after=after, most=PIECE)
    ):
        for row in rows:
            yield status_of(batch, row)
        after = rows[-1].line


def write_status(batch: Batch, form: StatusFormat, ask: Ask, clock: Clock) -> Iterator[str]:
    """The file, in pieces of text."""
    lines = statuses(batch, ask)
    return _as_csv(batch, lines) if form == "csv" else _as_pain(batch, lines, clock)


def _faulty(batch: Batch, ask: Ask) -> Iterator[LineStatus]:
    page = Page(PIECE)
    told: dict[int, list[str]] = {}
    while True:
        found = ask(partial(store.page_of_faults, batch=batch.batch, page=page))
        for each in found.rows:
            if told and each.line not in told:
                yield from _told_faults(told)
                told = {}
            words = WORDS[each.code]
            told.setdefault(each.line, []).append(
                f"{each.code.value} {each.field}: {each.found} "
                f"({words.expected_zh}; {words.expected_en})"
            )
        if found.last is None:
            yield from _told_faults(told)
            return
        page = Page(PIECE, found.last)


def _told_faults(told: dict[int, list[str]]) -> Iterator[LineStatus]:
    for line, faults in told.items():
        yield LineStatus(line, f"line-{line}", None, "faulty", "; ".join(faults))


def _as_csv(batch: Batch, lines: Iterator[LineStatus]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("onecard.payout-status", 1, batch.message_id, f"payout-{batch.batch}"))
    writer.writerow(("line", "line_id", "amount", "status", "code", "reason"))
    for count, each in enumerate(lines, 1):
        amount = "" if each.amount_fen is None else _yuan(each.amount_fen)
        code = CODES[each.state]
        writer.writerow((each.line, each.line_id, amount, each.state, code, each.reason or ""))
        if count % PIECE == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _as_pain(batch: Batch, lines: Iterator[LineStatus], clock: Clock) -> Iterator[str]:
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>payout-{batch.batch}-status</MsgId>"
        f"<CreDtTm>{moment_of(clock.now())}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{escape(batch.message_id)}</OrgnlMsgId><OrgnlMsgNmId>{batch.format}"
        f"</OrgnlMsgNmId><OrgnlNbOfTxs>{batch.told_lines}</OrgnlNbOfTxs>"
        f"<OrgnlCtrlSum>{_yuan(batch.told_sum_fen)}</OrgnlCtrlSum>"
        f"<GrpSts>{_group_status(batch)}</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(batch.programme)}:{batch.period}"
        "</OrgnlPmtInfId>\n"
    )
    waiting: list[str] = []
    for each in lines:
        waiting.append(_pain_line(each))
        if len(waiting) == PIECE:
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting) + "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n"


def _pain_line(line: LineStatus) -> str:
    reason = ""
    if line.reason:
        reason = (
            "<StsRsnInf><Rsn><Prtry>"
            f"{escape(line.reason.split(' ')[0][:35])}</Prtry></Rsn>"
            f"<AddtlInf>{escape(line.reason[:105])}</AddtlInf></StsRsnInf>"
        )
    amount = ""
    if line.amount_fen is not None:
        amount = (
            f'<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">{_yuan(line.amount_fen)}</InstdAmt></Amt>'
            "</OrgnlTxRef>"
        )
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{escape(line.line_id)}</OrgnlEndToEndId>"
        f"<TxSts>{CODES[line.state]}</TxSts>{reason}{amount}</TxInfAndSts>\n"
    )


def _group_status(batch: Batch) -> str:
    """PART where faulty lines stand beside good ones, else as the batch stands."""
    if batch.state in (BatchState.REFUSED, BatchState.DROPPED):
        return "RJCT"
    if batch.faulty_lines:
        return "PART"
    return "PDNG" if batch.state in (BatchState.READING, BatchState.WAITING) else "ACCP"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
