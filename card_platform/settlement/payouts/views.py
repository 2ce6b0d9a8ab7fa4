"""HTTP routes that read payouts: the list of programmes, batches and all that is in one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from card_platform.settlement.payouts import file_store, line_store, store
from card_platform.settlement.payouts.refusals import PayoutBatchIsUnknown, StatusFileIsTooLarge
from card_platform.settlement.payouts.service import Payouts
from card_platform.settlement.payouts.shapes import (
    CreditFilesAnswer,
    OtherAccountsAnswer,
    PayoutBatchAnswer,
    PayoutBatchesAnswer,
    PayoutExceptionsAnswer,
    PayoutFaultsAnswer,
    PayoutLinesAnswer,
    ProgrammeAnswer,
    ProgrammesAnswer,
    StatusFileAnswer,
    batch_answer,
    exception_answer,
    fault_answer,
    file_answer,
    line_answer,
    other_account_answer,
)
from card_platform.settlement.payouts.status_file import status_of, write_status
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web import ANYONE, LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes

BATCHES: Final = "/v1/payout-batches"
STATUS_LINES_MAX: Final = 10_000
"""Most lines of a status file in an answer."""
_ROUTES = Routes("payouts")
_SEEN_BY = ("operator", "supervisor", "auditor")
_LIST = PagedList("payout-batches", int)
_FAULTS = PagedList("payout-faults", int, int)
_LINES = PagedList("payout-lines", int)
_EXCEPTIONS = PagedList("payout-exceptions", int)
_OTHERS = PagedList("payout-other-accounts", int)
_FILES = PagedList("payout-files", int)
_NUMBER = re.compile(r"(?:payout-)?([1-9][0-9]{0,8})").fullmatch
_LINE = re.compile(r"[1-9][0-9]{0,8}").fullmatch


def number_of(batch_id: str) -> int:
    """The number of a batch of that id. Raises PayoutBatchIsUnknown."""
    found = _NUMBER(batch_id)
    if found is None or not batch_id.startswith("payout-"):
        raise PayoutBatchIsUnknown
    return int(found[1])


def line_number(line: str) -> int:
    """The number of a line in a path. Raises PayoutBatchIsUnknown."""
    if _LINE(line) is None:
        raise PayoutBatchIsUnknown
    return int(line)


def payout_views(desk: Desk, payouts: Payouts, clock: Clock) -> list[HTTPRouteHandler]:
    """The routes that read."""

    @_ROUTES.reads("/v1/payout-programmes", ANYONE, "发放项目目录 · The finance department's list")
    async def programmes() -> Response[ProgrammesAnswer]:
        return await desk.look_up(lambda _: _programmes(payouts, clock))

    @_ROUTES.lists(BATCHES, _SEEN_BY, "发放批次 · Batches of payouts")
    async def list_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[PayoutBatchesAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> PayoutBatchesAnswer:
            found = store.page_of_batches(tx, page).made(batch_answer)
            return PayoutBatchesAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        f"{BATCHES}/{{batch_id:str}}", _SEEN_BY, "查看发放批次 · One batch", PayoutBatchIsUnknown
    )
    async def look(batch_id: FromPath[str]) -> Response[PayoutBatchAnswer]:
        return await desk.look_up(lambda tx: batch_answer(payouts.look(tx, number_of(batch_id))))

    @_ROUTES.reads(
        f"{BATCHES}/{{batch_id:str}}/status-file",
        _SEEN_BY,
        "批次状态文件（pain.002） · The status of a batch as pain.002",
        PayoutBatchIsUnknown,
        StatusFileIsTooLarge,
    )
    async def status(batch_id: FromPath[str]) -> Response[StatusFileAnswer]:
        return await desk.look_up(lambda tx: _status(tx, payouts, number_of(batch_id), clock))

    return [programmes, list_all, look, status, *_lists(desk, payouts)]


def _lists(desk: Desk, payouts: Payouts) -> list[HTTPRouteHandler]:
    """A list of a batch each."""

    def of_batch(
        part: str,
        summary: str,
        paged: PagedList,
        answer: type[msgspec.Struct],
        find: Callable[[Transaction, int, Page], Paged[Any]],
    ) -> HTTPRouteHandler:
        async def list_of(
            batch_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
        ) -> Response[Any]:
            page = paged.page(limit, after)

            def query(tx: Transaction) -> msgspec.Struct:
                batch = payouts.look(tx, number_of(batch_id))
                found = find(tx, batch.batch, page)
                return answer(found.rows, paged.cursor(found.last))

            return await desk.look_up(query)

        list_of.__name__ = f"list_{part.replace('-', '_')}"
        list_of.__annotations__["return"] = Response[answer]  # type: ignore[valid-type]
        path = f"{BATCHES}/{{batch_id:str}}/{part}"
        return _ROUTES.lists(path, _SEEN_BY, summary, PayoutBatchIsUnknown)(list_of)

    def lines(tx: Transaction, number: int, page: Page) -> Paged[Any]:
        batch = payouts.look(tx, number)
        after = int(page.after[0]) if page.after else 0
        rows = line_store.page_of_lines(tx, number, after, page.limit + 1)
        shown = [line_answer(status_of(batch, row)) for row in rows[: page.limit]]
        return Paged(shown, [(each.line,) for each in shown], len(rows) > page.limit)

    return [
        of_batch(
            "faults",
            "文件错误 · What is wrong with the file",
            _FAULTS,
            PayoutFaultsAnswer,
            lambda tx, number, page: store.page_of_faults(tx, number, page).made(fault_answer),
        ),
        of_batch("lines", "批次各行 · Lines of a batch", _LINES, PayoutLinesAnswer, lines),
        of_batch(
            "exceptions",
            "未发放的行 · Lines that were not paid",
            _EXCEPTIONS,
            PayoutExceptionsAnswer,
            lambda tx, number, page: line_store.page_of_exceptions(tx, number, page).made(
                exception_answer
            ),
        ),
        of_batch(
            "other-accounts",
            "其他账户 · Other accounts than the card's",
            _OTHERS,
            OtherAccountsAnswer,
            lambda tx, number, page: line_store.page_of_others(tx, number, page).made(
                other_account_answer
            ),
        ),
        of_batch(
            "files",
            "发往银行的文件 · Files to banks",
            _FILES,
            CreditFilesAnswer,
            lambda tx, number, page: file_store.page_of_files(tx, number, page).made(file_answer),
        ),
    ]


def _programmes(payouts: Payouts, clock: Clock) -> ProgrammesAnswer:
    today = clock.now().date()
    return ProgrammesAnswer(
        [
            ProgrammeAnswer(
                code=each.code,
                kind=each.kind.value,
                name_zh=each.name_zh,
                name_en=each.name_en,
                duty=each.duty,
                since=each.from_day.isoformat(),
                until=each.until_day.isoformat() if each.until_day else None,
                period=each.period,
                certified=each.certified,
                other_account=each.other_account,
                in_force=each.holds_on(today),
                source=each.source,
            )
            for each in payouts.policy.payouts.programmes
        ]
    )


def _status(tx: Transaction, payouts: Payouts, number: int, clock: Clock) -> StatusFileAnswer:
    batch = payouts.look(tx, number)
    if batch.read_lines > STATUS_LINES_MAX:
        raise StatusFileIsTooLarge(lines=batch.read_lines, limit=STATUS_LINES_MAX)
    pieces = write_status(batch, "pain.002", lambda query: query(tx), clock)
    return StatusFileAnswer(f"payout-{number}", "pain.002.001.10", "".join(pieces))
