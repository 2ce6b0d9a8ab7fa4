"""HTTP routes by which a trainer has a simulated bank write its file, or return stray money."""

from __future__ import annotations

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.regions import RegionPolicy
from card_platform.settlement.banks.refusals import BankIsUnknown
from card_platform.settlement.reconciliation.refusals import BankStatementIsTooLarge
from card_platform.settlement.reconciliation.shapes import (
    LINES_TOLD_MAX,
    SimulatedStatementBody,
    StatementFileAnswer,
    StrayReturnAnswer,
    StrayReturnBody,
)
from card_platform.settlement.reconciliation.simulated_statement import (
    Faults,
    return_stray_money,
    statement_text,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("banks")


def simulated_bank_routes(desk: Desk, policy: RegionPolicy, clock: Clock) -> list[HTTPRouteHandler]:
    """The routes."""

    @_ROUTES.asks(
        "/v1/simulated-banks/{bank:str}/statements",
        ("trainer",),
        "模拟银行出具对账文件 · The file of a simulated bank's day, with faults if asked for",
        BankIsUnknown,
        BankStatementIsTooLarge,
    )
    async def write(
        bank: FromPath[str], data: JSONBody[SimulatedStatementBody]
    ) -> Response[StatementFileAnswer]:
        _require_bank(policy, bank)
        told = msgspec.structs.asdict(data)
        day = told.pop("day").isoformat()

        def query(tx: Transaction) -> StatementFileAnswer:
            header, text = statement_text(tx, bank, day, Faults(**told))
            if header.lines > LINES_TOLD_MAX:
                raise BankStatementIsTooLarge(lines=header.lines, limit=LINES_TOLD_MAX)
            return StatementFileAnswer(*header, text)

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/simulated-banks/{bank:str}/stray-returns",
        ("trainer",),
        "模拟银行退回来历不明的款项 · Have a simulated bank return money nobody ordered",
        BankIsUnknown,
    )
    async def return_stray(
        request: ApiRequest, bank: FromPath[str], data: JSONBody[StrayReturnBody]
    ) -> Response[StrayReturnAnswer]:
        def work(tx: Transaction) -> StrayReturnAnswer:
            _require_bank(policy, bank)
            at = moment_of(clock.now())
            reference = return_stray_money(tx, bank, data.amount_fen, at)
            return StrayReturnAnswer(reference, data.amount_fen)

        return await desk.perform(request, work, status=201)

    return [write, return_stray]


def _require_bank(policy: RegionPolicy, bank: str) -> None:
    if policy.bank(bank) is None:
        raise BankIsUnknown(bank=bank)
