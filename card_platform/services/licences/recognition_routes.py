"""HTTP routes of mutual recognition: keys of regions, statements out and in (CQ-23, YD-15)."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from card_platform.services.licences import refusals, shapes
from card_platform.services.licences.recognition import Recognition
from card_platform.services.licences.shapes import licence_answer
from card_platform.services.licences.statement import SignedStatement
from card_platform.storage import Transaction
from card_platform.web import Desk, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("licences")


def recognition_routes(desk: Desk, recognition: Recognition) -> list[HTTPRouteHandler]:
    """The routes between regions."""

    @_ROUTES.reads(
        "/v1/region-keys/own",
        ("operator", "department"),
        "本地区签名公钥 · This region's public key",
    )
    async def tell_own() -> Response[shapes.RegionKeyAnswer]:
        return Response(shapes.RegionKeyAnswer(*recognition.own_key))

    @_ROUTES.creates(
        "/v1/region-keys",
        ("operator",),
        "登记其他地区公钥 · Put in another region's public key",
        refusals.RegionKeyIsWrong,
    )
    async def register(
        request: ApiRequest, data: JSONBody[shapes.RegionKeyBody]
    ) -> Response[shapes.RegionKeyAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> shapes.RegionKeyAnswer:
            recognition.register_key(tx, data.region, data.public_key, by)
            return shapes.RegionKeyAnswer(data.region, data.public_key)

        return await desk.perform(request, work, status=201)

    @_ROUTES.asks(
        "/v1/licence-statements",
        ("department",),
        "向其他地区出具证照声明 · State licences to another region",
        refusals.LicenceIsNotRecognised,
    )
    async def state(
        request: ApiRequest, data: JSONBody[shapes.StatementsBody]
    ) -> Response[shapes.StatementsAnswer]:
        by = request.user.name

        def work(tx: Transaction) -> shapes.StatementsAnswer:
            signed = recognition.answer(
                tx, kind=data.kind, document=data.document_number, audience=data.audience, by=by
            )
            return shapes.StatementsAnswer(
                [shapes.StatementAnswer(each.text, each.signature) for each in signed]
            )

        return await desk.record(work)

    @_ROUTES.creates(
        "/v1/licence-imports",
        ("department", "clerk"),
        "接收其他地区的证照声明 · Take another region's statement",
        refusals.StatementIsMalformed,
        refusals.RegionKeyIsUnknown,
        refusals.StatementSignatureIsWrong,
        refusals.StatementIsForAnother,
        refusals.LicenceIsNotRecognised,
        refusals.StatementIsOutdated,
        refusals.LicenceIsIssued,
    )
    async def take(
        request: ApiRequest, data: JSONBody[shapes.ImportBody]
    ) -> Response[shapes.LicenceAnswer]:
        by, signed = request.user.name, SignedStatement(data.text, data.signature)
        return await desk.perform(
            request, lambda tx: licence_answer(recognition.take(tx, signed, by)), status=201
        )

    return [tell_own, register, state, take]
