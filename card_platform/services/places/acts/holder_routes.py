"""HTTP routes of acts away from the place: booking, what a holder did, personal money."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.refusals import (
    CardIsUnknown,
    DocumentIsNotTheHolders,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
)
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.places.acts import refusals, store
from card_platform.services.places.acts.routes import BOOKING, MONEY, SERVED
from card_platform.services.places.acts.service import Acts
from card_platform.services.places.acts.shapes import (
    ActAnswer,
    ActsAnswer,
    CancellationOfBooking,
    FillingBody,
    OwnBookingBody,
    PersonalMoneyAnswer,
    act_answer,
)
from card_platform.services.places.acts.standing import as_it_stands
from card_platform.settlement.banks.refusals import BankHasNoAgreement, BankIsUnknown
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("places")
_LIST = PagedList("offer-acts", str)
_CARD = "/v1/cards/{card_id:str}"
_ACTIVE = CARD_REFUSALS["card-is-not-active"]
_WHO = ("clerk", "holder")
_OF_HOLDER = (
    CardIsUnknown,
    IdentityDocumentIsMissing,
    IdentityDocumentIsInvalid,
    DocumentIsNotTheHolders,
)


def holder_act_routes(desk: Desk, acts: Acts) -> list[HTTPRouteHandler]:
    """The routes of this context for holders."""

    @_ROUTES.creates(
        f"{_CARD}/bookings", _WHO,
        "不在现场预约 · Book from home or through a clerk",
        *_OF_HOLDER, _ACTIVE, *SERVED, *BOOKING,
    )  # fmt: skip
    async def book(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[OwnBookingBody]
    ) -> Response[ActAnswer]:
        caller = request.user

        def work(tx: Transaction) -> ActAnswer:
            visitor = acts.visitors.at_home(tx, card_id, data.document, caller)
            offer = acts.offers.served(tx, data.offer_id)
            return act_answer(acts.book(tx, offer, visitor, data.wish(), caller.name))

        return await desk.perform(request, work, 201)

    @_ROUTES.creates(
        f"{_CARD}/bookings/{{act_id:str}}/cancellation", _WHO,
        "不在现场取消预约 · Cancel a booking from home or through a clerk",
        *_OF_HOLDER, refusals.ActIsUnknown, refusals.ActStateForbids,
        refusals.BookingHasBegun, *MONEY, status=200,
    )  # fmt: skip
    async def cancel(
        request: ApiRequest,
        card_id: FromPath[str],
        act_id: FromPath[str],
        data: JSONBody[CancellationOfBooking],
    ) -> Response[ActAnswer]:
        caller = request.user

        def work(tx: Transaction) -> ActAnswer:
            return act_answer(acts.cancel_from_home(tx, card_id, act_id, data.document, caller))

        return await desk.perform(request, work)

    @_ROUTES.lists(f"{_CARD}/offer-acts", _WHO, "卡的文旅、养老等使用记录 · A card's acts")
    async def tell(
        card_id: FromPath[str], limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[ActsAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> ActsAnswer:
            kept, now = store.page_of_card(tx, card_id, page), acts.now()
            found = kept.made(lambda act: act_answer(as_it_stands(tx, act, now)))
            return ActsAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.creates(
        f"{_CARD}/personal-money", ("clerk",),
        "由合作银行账户转入个人资金 · Fill personal money from a bank account",
        *_OF_HOLDER, _ACTIVE, BankIsUnknown, BankHasNoAgreement, *MONEY,
    )  # fmt: skip
    async def fill(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[FillingBody]
    ) -> Response[PersonalMoneyAnswer]:
        caller = request.user

        def work(tx: Transaction) -> PersonalMoneyAnswer:
            visitor = acts.visitors.at_home(tx, card_id, data.document, caller)
            money, by = acts.payment.money, caller.name
            filled = money.fill(tx, visitor.holder, data.bank, data.amount_fen, by)
            return PersonalMoneyAnswer(filled)

        return await desk.perform(request, work, 201)

    @_ROUTES.reads(
        f"{_CARD}/personal-money", _WHO, "个人资金余额 · Personal money",
        CardIsUnknown,
    )  # fmt: skip
    async def balance(card_id: FromPath[str]) -> Response[PersonalMoneyAnswer]:
        money = acts.payment.money
        return await desk.look_up(lambda tx: PersonalMoneyAnswer(money.balance(tx, card_id)))

    return [book, cancel, tell, fill, balance]
