"""HTTP routes of banks: whom to choose, the financial function, contracts and their loading."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.card_service_shapes import FunctionsAnswer, functions_answer
from card_platform.issuance.refusals import (
    CardIsUnknown,
    CardStateForbids,
    DocumentIsNotTheHolders,
    FunctionNeedsActiveCard,
    IdentityDocumentIsInvalid,
)
from card_platform.settlement.banks import store
from card_platform.settlement.banks.refusals import (
    BankContractIsUnknown,
    BankContractStateForbids,
    BankHasNoAgreement,
    BankIsNotChosen,
    BankIsUnknown,
)
from card_platform.settlement.banks.service import Banks
from card_platform.settlement.banks.shapes import (
    BankContractAnswer,
    BankContractsAnswer,
    BanksAnswer,
    FinancialChange,
    Loading,
    bank_answer,
    contract_answer,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest
from card_platform.web.routing import ANYONE

_ROUTES = Routes("banks")
_CONTRACTS = PagedList("bank-contracts", str)
BANK_CALLER = "bank:"
"""Begins the name of a partner bank that signed in by its key; its code follows."""


def bank_routes(desk: Desk, banks: Banks) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [*_holder_routes(desk, banks), *_bank_routes(desk, banks)]


def _holder_routes(desk: Desk, banks: Banks) -> list[HTTPRouteHandler]:
    @_ROUTES.reads("/v1/banks", ANYONE, "可选择的合作银行 · Banks a holder may choose")
    async def to_choose_from() -> Response[BanksAnswer]:
        told = [bank_answer(bank, agreement) for bank, agreement in banks.to_choose_from()]
        return await desk.look_up(lambda _tx: BanksAnswer(told))

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/financial-function",
        ("clerk",),
        "开通或关闭金融功能 · Open or close the financial function",
        CardIsUnknown,
        CardStateForbids,
        FunctionNeedsActiveCard,
        IdentityDocumentIsInvalid,
        DocumentIsNotTheHolders,
        BankIsNotChosen,
        BankIsUnknown,
        BankHasNoAgreement,
        status=200,
    )
    async def change_financial_function(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[FinancialChange]
    ) -> Response[FunctionsAnswer]:
        def work(tx: Transaction) -> FunctionsAnswer:
            by = request.user.name
            held = banks.change_function(
                tx, card_id, data.action, data.document, by, bank=data.bank
            )
            return functions_answer(held)

        return await desk.perform(request, work)

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/bank-contract",
        ("clerk", "holder"),
        "卡的银行合约 · The card's contract with a bank",
        BankContractIsUnknown,
    )
    async def look(card_id: FromPath[str]) -> Response[BankContractAnswer]:
        return await desk.look_up(lambda tx: contract_answer(banks.contract_of(tx, card_id)))

    return [to_choose_from, change_financial_function, look]


def _bank_routes(desk: Desk, banks: Banks) -> list[HTTPRouteHandler]:
    @_ROUTES.lists("/v1/bank-contracts", ("bank",), "本行的合约 · The bank's own contracts")
    async def contracts(
        request: ApiRequest, limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[BankContractsAnswer]:
        page, bank = _CONTRACTS.page(limit, after), _code_of(request)

        def query(tx: Transaction) -> BankContractsAnswer:
            found = store.page_of_bank(tx, bank, page).made(contract_answer)
            return BankContractsAnswer(found.rows, _CONTRACTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        "/v1/bank-contracts/{contract_id:str}/loading",
        ("bank",),
        "加载金融功能 · The bank has loaded the financial function",
        BankContractIsUnknown,
        BankContractStateForbids,
        BankHasNoAgreement,
        status=200,
    )
    async def load(
        request: ApiRequest, contract_id: FromPath[str], data: JSONBody[Loading]
    ) -> Response[BankContractAnswer]:
        bank, by = _code_of(request), request.user.name
        return await desk.perform(
            request,
            lambda tx: contract_answer(banks.load(tx, contract_id, data.account, bank, by)),
        )

    return [contracts, load]


def _code_of(request: ApiRequest) -> str:
    """The code of the bank that signed in."""
    return request.user.name.removeprefix(BANK_CALLER)
