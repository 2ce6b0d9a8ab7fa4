"""HTTP routes of the exchange: the road itself, open to who signs, and what staff do on it."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.exchange import joint_service_store, store
from card_platform.exchange.card_checks import CardVerdict, ForeignCards
from card_platform.exchange.courier import Courier
from card_platform.exchange.from_regions.routes import from_region_routes
from card_platform.exchange.joint_pin_resets import JointPinResets, PinResetCommand
from card_platform.exchange.joint_service_store import (
    JointServiceIsUnknown,
    SiteIsNoJointServicePoint,
)
from card_platform.exchange.joint_services import JointServices
from card_platform.exchange.model import Envelope, ParticipantKind
from card_platform.exchange.passed_complaints import PassedHereAnswer, passed_here
from card_platform.exchange.refusals import (
    EVERY_MESSAGE,
    EVERY_QUESTION,
    NoAgreementCovers,
    ParticipantIsUnknown,
    SubjectIsUnknown,
)
from card_platform.exchange.road import Road
from card_platform.exchange.shapes import (
    Enrolment,
    ForeignCardCheck,
    JointPinReset,
    JointServiceAnswer,
    JointServiceRequest,
    LinksAnswer,
    Messages,
    OwnIdentity,
    ParticipantAnswer,
    joint_service_answer,
    link_answer,
    participant_answer,
)
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.storage import Database, Transaction
from card_platform.web import (
    ANYONE,
    LIMIT_DEFAULT,
    WHO_SIGNS,
    After,
    Desk,
    Limit,
    PagedList,
    Routes,
)
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("exchange")
_LINKS = PagedList("exchange-links", str)
_PASSED = PagedList("complaints-from-regions", str)


def exchange_routes(desk: Desk, road: Road, name_zh: str) -> list[HTTPRouteHandler]:
    """Enrolment, the state of the road, and the road."""

    @_ROUTES.reads(
        "/v1/exchange/identity",
        ANYONE,
        "本平台的交换身份与公钥 · Who this platform is on the exchange",
    )
    async def tell_identity() -> Response[OwnIdentity]:
        known = {
            kind.value: [s.name for s in road.subjects.values() if kind in s.senders]
            for kind in ParticipantKind
        }
        own = OwnIdentity(road.seal.own, name_zh, road.seal.public_key, known)
        return await desk.look_up(lambda _: own)

    @_ROUTES.creates(
        "/v1/exchange/participants",
        ("operator",),
        "登记参与方 · Enrol a participant, or its new key and grants",
        SubjectIsUnknown,
    )
    async def enrol(request: ApiRequest, data: JSONBody[Enrolment]) -> Response[ParticipantAnswer]:
        def work(tx: Transaction) -> ParticipantAnswer:
            return participant_answer(road.enrol(tx, data.participant, request.user.name))

        return await desk.perform(request, work, status=201)

    @_ROUTES.lists(
        "/v1/exchange/links",
        ("operator", "supervisor", "auditor", "inspector"),
        "交换链路状态 · How the road to each participant stands",
    )
    async def tell_links(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[LinksAnswer]:
        page = _LINKS.page(limit, after)

        def query(tx: Transaction) -> LinksAnswer:
            found = store.page_of_participants(tx, page)
            told = [link_answer(each) for each in store.links(tx, found.rows)]
            return LinksAnswer(told, _LINKS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.asks(
        "/v1/exchange/messages",
        WHO_SIGNS,
        "接收消息（签名即身份）· Take messages; who signs is who calls",
        *EVERY_MESSAGE,
    )
    async def take(data: JSONBody[Messages]) -> Response[Envelope]:
        return await desk.record(lambda tx: road.take(tx, data.messages))

    @_ROUTES.asks(
        "/v1/exchange/queries",
        WHO_SIGNS,
        "答复查询（签名即身份）· Answer a query; who signs is who calls",
        *EVERY_MESSAGE,
    )
    async def answer(data: JSONBody[Envelope]) -> Response[Envelope]:
        return await desk.record(lambda tx: road.answer_query(tx, data))

    @_ROUTES.lists(
        "/v1/complaints-from-regions",
        ("clerk", "supervisor", "inspector"),
        "其他地区转来的咨询投诉 · Complaints passed on by other regions",
    )
    async def tell_passed_complaints(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[PassedHereAnswer]:
        page = _PASSED.page(limit, after)

        def query(tx: Transaction) -> PassedHereAnswer:
            found = passed_here(tx, page)
            return PassedHereAnswer(found.rows, _PASSED.cursor(found.last))

        return await desk.look_up(query)

    return [tell_identity, enrol, tell_links, take, answer, tell_passed_complaints]


def joint_service_routes(desk: Desk, joint: JointServices) -> list[HTTPRouteHandler]:
    """Services for another region's cards, and for this one's that others took in."""

    @_ROUTES.creates(
        "/v1/joint-services",
        ("clerk",),
        "受理其他地区社会保障卡业务 · Take in a service for another region's card",
        RegionIsOwn,
        SiteIsNoJointServicePoint,
        NoAgreementCovers,
        ParticipantIsUnknown,
    )
    async def take_in(
        request: ApiRequest, data: JSONBody[JointServiceRequest]
    ) -> Response[JointServiceAnswer]:
        def work(tx: Transaction) -> JointServiceAnswer:
            taken = joint.take_in(
                tx,
                site_id=data.site_id,
                region=data.region,
                service=data.service,
                card_number=data.card_number,
                request=data.request,
                by=request.user.name,
            )
            return joint_service_answer(taken)

        return await desk.perform(request, work, status=201)

    @_ROUTES.reads(
        "/v1/joint-services/{request_id:str}",
        ("clerk", "supervisor"),
        "查询通办业务 · How a joint service stands",
        JointServiceIsUnknown,
    )
    async def look(request_id: FromPath[str]) -> Response[JointServiceAnswer]:
        return await desk.look_up(
            lambda tx: joint_service_answer(joint_service_store.get(tx, request_id))
        )

    return [take_in, look, *from_region_routes(desk, joint.from_regions)]


def foreign_card_routes(
    database: Database, courier: Courier, cards: ForeignCards, pin_resets: JointPinResets
) -> list[HTTPRouteHandler]:
    """Checks of another region's cards, and commands for them."""

    @_ROUTES.asks(
        "/v1/foreign-card-checks",
        ("clerk", "terminal"),
        "核验其他地区社会保障卡 · Check another region's card",
        NoAgreementCovers,
        *EVERY_QUESTION,
    )
    async def check(data: JSONBody[ForeignCardCheck]) -> CardVerdict:
        return await cards.check(
            database, courier, region=data.region, field=data.field, check=data.check
        )

    @_ROUTES.asks(
        "/v1/joint-pin-resets",
        ("clerk",),
        "异地卡密码重置指令 · The command that resets the PIN of another region's card",
        RegionIsOwn,
        SiteIsNoJointServicePoint,
        NoAgreementCovers,
        *EVERY_QUESTION,
    )
    async def reset_pin(data: JSONBody[JointPinReset]) -> PinResetCommand:
        return await pin_resets.ask(
            database, courier, site_id=data.site_id, region=data.region, order=data.order
        )

    return [check, reset_pin]
