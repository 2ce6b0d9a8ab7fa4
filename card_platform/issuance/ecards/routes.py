"""HTTP routes of electronic cards: signing at the counter, codes for phones, keys, later reports.

A phone has no token: it signs each request with the key it enrolled.
"""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.issuance.ecards import refusals, store
from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.ecards.service import ElectronicCards
from card_platform.issuance.ecards.shapes import (
    CodeAnswer,
    CodeBody,
    CodeKeyAnswer,
    CodeKeysAnswer,
    CodeRuleAnswer,
    CodeUseAnswer,
    CodeUseBody,
    CodeUseRow,
    CodeUsesAnswer,
    ElectronicCardAnswer,
    SigningAnswer,
    SigningBody,
    SigningEnd,
    SigningsAnswer,
    code_answer,
    signing_answer,
)
from card_platform.issuance.ecards.uses import CodeUses
from card_platform.issuance.refusals import (
    CardIsUnknown,
    DocumentIsNotTheHolders,
    IdentityDocumentIsInvalid,
)
from card_platform.issuance.service import Issuance
from card_platform.keys.sm2 import is_point
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.faults import Fault
from card_platform.web import (
    ANYONE,
    WHO_SIGNS,
    Caller,
    CardList,
    CardView,
    Desk,
    ExpressRoute,
    Routes,
)
from card_platform.web.authorisation import PUBLIC
from card_platform.web.desk import ApiRequest
from card_platform.web.request_body import RequestIsMalformed

_ROUTES = Routes("electronic cards")

CODE_USES = "/v1/code-uses"
_TERMINALS = frozenset({"terminal"})
_READERS = ("clerk", "operator", "holder")
_CREATED = 201


def ecard_routes(desk: Desk, issuance: Issuance, cards: ElectronicCards) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        *_signing_routes(desk, issuance, cards),
        *_code_routes(desk, cards.codes),
        _use_route(desk, cards.uses),
    ]


def ecard_express(uses: CodeUses) -> list[ExpressRoute]:
    """The reports again: for the express lane and for the journal."""

    def report(data: CodeUseBody, caller: Caller) -> Callable[[Transaction], CodeUseAnswer]:
        return _report(uses, data, caller)

    return [ExpressRoute(CODE_USES, _TERMINALS, CodeUseBody, report, _CREATED)]


def _signing_routes(
    desk: Desk, issuance: Issuance, cards: ElectronicCards
) -> list[HTTPRouteHandler]:
    lists = _lists(issuance)
    of_holder = (CardIsUnknown, IdentityDocumentIsInvalid, DocumentIsNotTheHolders)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/signings",
        ("clerk",),
        "签发电子社会保障卡 · Sign the electronic card on a phone",
        *of_holder,
        refusals.SigningNeedsActiveCard,
        refusals.DeviceProofIsWrong,
    )
    async def sign(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[SigningBody]
    ) -> Response[SigningAnswer]:
        if not is_point(bytes.fromhex(data.public_key)):
            raise RequestIsMalformed([Fault("public_key", data.public_key[:16], "a key of SM2")])
        by = request.user.name

        def work(tx: Transaction) -> SigningAnswer:
            signing = cards.sign(
                tx,
                card_id,
                document=data.document,
                level=data.level,
                public_key=data.public_key,
                proof=data.proof,
                device=data.device,
                by=by,
            )
            return signing_answer(signing)

        return await desk.perform(request, work, _CREATED)

    @_ROUTES.creates(
        "/v1/cards/{card_id:str}/signing-end",
        ("clerk",),
        "解除签发 · Take the electronic card off the phone",
        *of_holder,
        refusals.CardIsNotSigned,
        status=200,
    )
    async def end(
        request: ApiRequest, card_id: FromPath[str], data: JSONBody[SigningEnd]
    ) -> Response[SigningAnswer]:
        by = request.user.name
        return await desk.perform(
            request, lambda tx: signing_answer(cards.end_signing(tx, card_id, data.document, by))
        )

    @_ROUTES.reads(
        "/v1/cards/{card_id:str}/electronic-card",
        _READERS,
        "电子社会保障卡签发与用码记录 · Signings and uses of codes",
        CardIsUnknown,
    )
    async def look(card_id: FromPath[str]) -> Response[ElectronicCardAnswer]:
        def query(tx: Transaction) -> ElectronicCardAnswer:
            newest = lists.newest(tx, card_id, issuance.get_card(tx, card_id).card_id)
            return ElectronicCardAnswer(more=newest.more, **newest.rows)

        return await desk.look_up(query)

    return [sign, end, look, *lists.routes(_ROUTES, desk, CardIsUnknown)]


def _lists(issuance: Issuance) -> CardView[str]:
    def signings(tx: Transaction, card_id: str, page: Page) -> Paged[SigningAnswer]:
        return store.page_of_signings(tx, card_id, page).made(signing_answer)

    def uses(tx: Transaction, card_id: str, page: Page) -> Paged[CodeUseRow]:
        found = store.page_of_uses(tx, card_id, page)
        return found.made(lambda row: CodeUseRow(**{**row, "offline": bool(row["offline"])}))

    lists = (
        CardList("signings", "电子卡签发记录 · A card's signings", SigningsAnswer, signings),
        CardList("uses", "电子卡用码记录 · Uses of a card's codes", CodeUsesAnswer, uses),
    )
    return CardView(
        "electronic-card",
        _READERS,
        lambda tx, card_id: issuance.get_card(tx, card_id).card_id,
        lists,
    )


def _code_routes(desk: Desk, codes: Codes) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/electronic-codes",
        WHO_SIGNS,
        "取动态码 · A phone asks for a code",
        refusals.SigningIsUnknown,
        refusals.CodeRequestIsOutOfTime,
        refusals.FusionCodeIsNotOfThisRegion,
        refusals.SigningLevelIsTooLow,
        refusals.SigningIsNotValid,
        refusals.CodeRequestIsReplayed,
        refusals.TooManyCodes,
    )
    async def issue(request: ApiRequest, data: JSONBody[CodeBody]) -> Response[CodeAnswer]:
        request.scope["user"] = PUBLIC.with_keys_of(f"phone:{data.signing_id}")
        asked = data.read()
        prepared = await desk.consult(lambda tx: codes.prepare(tx, asked, data.signature))

        def work(tx: Transaction) -> CodeAnswer:
            codes.issue(tx, prepared)
            return code_answer(prepared)

        return await desk.perform(request, work, _CREATED)

    @_ROUTES.reads(
        "/v1/code-keys",
        ANYONE,
        "验码公钥与规则 · Public keys and rules for checking codes",
    )
    async def keys() -> Response[CodeKeysAnswer]:
        return await desk.look_up(lambda _tx: _keys_answer(codes))

    return [issue, keys]


def _use_route(desk: Desk, uses: CodeUses) -> HTTPRouteHandler:
    @_ROUTES.creates(CODE_USES, _TERMINALS, "脱机用码上送 · Report a code taken without a line")
    async def report(request: ApiRequest, data: JSONBody[CodeUseBody]) -> Response[CodeUseAnswer]:
        return await desk.perform(request, _report(uses, data, request.user), _CREATED)

    return report


def _report(
    uses: CodeUses, data: CodeUseBody, caller: Caller
) -> Callable[[Transaction], CodeUseAnswer]:
    used_at = data.used_at()

    def work(tx: Transaction) -> CodeUseAnswer:
        return CodeUseAnswer(*uses.report(tx, data.code, data.purpose, used_at, caller.name))

    return work


def _keys_answer(codes: Codes) -> CodeKeysAnswer:
    terms = codes.terms()
    return CodeKeysAnswer(
        [CodeKeyAnswer(terms.region, terms.key_number, terms.public_key)],
        [
            CodeRuleAnswer(purpose.value, life_s, rule.single_use, rule.offline)
            for purpose, life_s, rule in terms.rules
        ],
        terms.clock_tolerance_s,
    )
