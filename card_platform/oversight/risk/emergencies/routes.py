"""HTTP routes of emergencies: supervisors and operators work, inspectors and auditors look."""

from __future__ import annotations

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from card_platform.oversight.risk.emergencies import store
from card_platform.oversight.risk.emergencies.model import Emergency, EmergencyAction
from card_platform.oversight.risk.emergencies.refusals import (
    EmergencyIsOpen,
    EmergencyIsUnknown,
    EmergencyStateForbids,
)
from card_platform.oversight.risk.emergencies.service import Emergencies
from card_platform.oversight.risk.emergencies.shapes import (
    AlarmRequest,
    EmergenciesAnswer,
    EmergencyAnswer,
    EmergencyStep,
    StepRequest,
    summary,
)
from card_platform.storage import Transaction
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("risk")
_LIST = PagedList("emergencies", str)
_WORKERS = ("supervisor", "operator")
_SEEN_BY = ("supervisor", "operator", "inspector", "auditor")


def emergency_routes(desk: Desk, emergencies: Emergencies) -> list[HTTPRouteHandler]:
    """The routes of this context."""

    @_ROUTES.creates("/v1/emergencies", _WORKERS, "发布警报 · Raise an alarm", EmergencyIsOpen)
    async def raise_alarm(
        request: ApiRequest, data: JSONBody[AlarmRequest]
    ) -> Response[EmergencyAnswer]:
        def work(tx: Transaction) -> EmergencyAnswer:
            by = request.user.name
            return _answer(tx, emergencies.raise_by_hand(tx, data.kind, data.reason, by))

        return await desk.perform(request, work, status=201)

    @_ROUTES.creates(
        "/v1/emergencies/{emergency_id:str}/steps",
        _WORKERS,
        "应急处置 · Take the next step of an emergency",
        EmergencyIsUnknown,
        EmergencyStateForbids,
        status=200,
    )
    async def take_step(
        request: ApiRequest, emergency_id: FromPath[str], data: JSONBody[StepRequest]
    ) -> Response[EmergencyAnswer]:
        def work(tx: Transaction) -> EmergencyAnswer:
            action, by = EmergencyAction(data.action), request.user.name
            return _answer(tx, emergencies.step(tx, emergency_id, action, data.done, by))

        return await desk.perform(request, work)

    @_ROUTES.lists("/v1/emergencies", _SEEN_BY, "应急事件列表 · List emergencies")
    async def list_all(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[EmergenciesAnswer]:
        page = _LIST.page(limit, after)

        def query(tx: Transaction) -> EmergenciesAnswer:
            found = store.listed(tx, page).made(summary)
            return EmergenciesAnswer(found.rows, _LIST.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/emergencies/{emergency_id:str}",
        _SEEN_BY,
        "查看应急事件 · Look at an emergency",
        EmergencyIsUnknown,
    )
    async def look(emergency_id: FromPath[str]) -> Response[EmergencyAnswer]:
        return await desk.look_up(lambda tx: _answer(tx, emergencies.look(tx, emergency_id)))

    return [raise_alarm, take_step, list_all, look]


def _answer(tx: Transaction, emergency: Emergency) -> EmergencyAnswer:
    fields = ("action", "after", "done", "at", "by")
    steps = [
        EmergencyStep(**{name: each[name] for name in fields})
        for each in store.STEPS.of(tx, emergency.emergency_id)
    ]
    told = summary(emergency)
    return EmergencyAnswer(
        **{name: getattr(told, name) for name in told.__struct_fields__}, steps=steps
    )
