"""HTTP routes of events, alerts and versions of the rules."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from card_platform.oversight.risk.history import Typology
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.alert_looks import note_look, what_it_tells
from card_platform.oversight.risk.stream.detection import Detection
from card_platform.oversight.risk.stream.intake import BATCH_MAX_BYTES, LINES_MAX, Intake
from card_platform.oversight.risk.stream.refusals import (
    AlertIsUnknown,
    BackTestIsStale,
    BackTestSawNothing,
    ProposerIsTheSame,
    RiskLinesAreTooMany,
    RuleNumberIsOutOfBounds,
    RuleNumberIsUnknown,
    RuleVersionIsUnknown,
    RuleVersionStateForbids,
)
from card_platform.oversight.risk.stream.shapes import (
    AlertAnswer,
    AlertsAnswer,
    DetectionRun,
    DetectionRunAnswer,
    GoAhead,
    RiskEventsAnswer,
    RiskEventsBody,
    RuleNumber,
    RulesAnswer,
    RuleVersionAnswer,
    RuleVersionRequest,
    RuleVersionsAnswer,
    events_answer,
    version_answer,
)
from card_platform.oversight.risk.stream.versions import RuleVersions
from card_platform.oversight.risk.stream.watch import rules_in_force
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web import LIMIT_DEFAULT, After, Desk, Limit, PagedList, Routes
from card_platform.web.desk import ApiRequest

_ROUTES = Routes("risk")
_ALERTS = PagedList("risk-alerts", str, str)
_VERSIONS = PagedList("risk-rule-versions", int)
_SENDERS = ("department", "operator", "bank")
_SEEN_BY = ("inspector", "supervisor", "auditor")
_SUPERVISOR = ("supervisor",)
DIGITS_MAX = 6
_STEP = (RuleVersionIsUnknown, RuleVersionStateForbids)


def risk_stream_routes(
    desk: Desk, intake: Intake, detection: Detection, versions: RuleVersions, clock: Clock
) -> list[HTTPRouteHandler]:
    """The routes of this context."""
    return [
        _event_route(desk, intake),
        _run_route(desk, detection),
        *_alert_routes(desk, clock),
        _rules_route(desk, clock),
        *_version_routes(desk, versions),
    ]


def _event_route(desk: Desk, intake: Intake) -> HTTPRouteHandler:
    @_ROUTES.creates(
        "/v1/risk/events",
        _SENDERS,
        "上送风险事件（NDJSON）· Send events, NDJSON",
        RiskLinesAreTooMany,
        status=200,
        body_max=2 * BATCH_MAX_BYTES,
    )
    async def send_events(
        request: ApiRequest, data: JSONBody[RiskEventsBody]
    ) -> Response[RiskEventsAnswer]:
        lines = [each for each in data.lines.split("\n") if each.strip()]
        if not 0 < len(lines) <= LINES_MAX:
            raise RiskLinesAreTooMany(limit=LINES_MAX, found=len(lines))
        by = request.user.name
        return await desk.perform(request, lambda tx: events_answer(*intake.take(tx, lines, by)))

    return send_events


def _run_route(desk: Desk, detection: Detection) -> HTTPRouteHandler:
    @_ROUTES.creates(
        "/v1/risk/detection/runs",
        ("inspector", "supervisor"),
        "立即检测已收到的事件 · Look now at all that has come",
        status=200,
    )
    async def run_detection(
        request: ApiRequest, data: JSONBody[DetectionRun]
    ) -> Response[DetectionRunAnswer]:
        return await desk.perform_in_parts(
            request, detection.run(data.events_max), lambda told: DetectionRunAnswer(*told[-1])
        )

    return run_detection


def _alert_routes(desk: Desk, clock: Clock) -> list[HTTPRouteHandler]:
    @_ROUTES.lists("/v1/risk/alerts", _SEEN_BY, "告警列表 · List alerts")
    async def list_alerts(
        typology: Annotated[Typology | None, QueryParameter(name="typology")] = None,
        limit: Limit = LIMIT_DEFAULT,
        after: After = None,
    ) -> Response[AlertsAnswer]:
        page = _ALERTS.page(limit, after)

        def query(tx: Transaction) -> AlertsAnswer:
            found = store.alerts(tx, typology.value if typology else None, page)
            return AlertsAnswer(found.rows, _ALERTS.cursor(found.last))

        return await desk.look_up(query)

    @_ROUTES.reads(
        "/v1/risk/alerts/{alert_id:str}", _SEEN_BY, "告警及其事件 · An alert", AlertIsUnknown
    )
    async def look(request: ApiRequest, alert_id: FromPath[str]) -> Response[AlertAnswer]:
        at, by = moment_of(clock.now()), request.user.name
        await desk.decide(lambda tx: note_look(tx, alert_id, at, by))
        return await desk.look_up(lambda tx: AlertAnswer(*what_it_tells(tx, alert_id)))

    return [list_alerts, look]


def _rules_route(desk: Desk, clock: Clock) -> HTTPRouteHandler:
    @_ROUTES.reads("/v1/risk/rules", _SEEN_BY, "现行规则 · The rules in force")
    async def tell_rules() -> Response[RulesAnswer]:
        def query(tx: Transaction) -> RulesAnswer:
            rules = rules_in_force(tx)
            values = rules.on(clock.now().date())
            numbers = [
                RuleNumber(each.name, each.unit, values[each.name], each.reason)
                for each in rules.thresholds
            ]
            return RulesAnswer(rules.version, numbers)

        return await desk.look_up(query)

    return tell_rules


def _version_routes(desk: Desk, versions: RuleVersions) -> list[HTTPRouteHandler]:
    @_ROUTES.creates(
        "/v1/risk/rule-versions",
        ("supervisor", "inspector"),
        "提出规则版本 · Propose a version of the rules",
        RuleNumberIsUnknown,
        RuleNumberIsOutOfBounds,
    )
    async def propose(
        request: ApiRequest, data: JSONBody[RuleVersionRequest]
    ) -> Response[RuleVersionAnswer]:
        numbers = {each.name: each.value for each in data.numbers}
        by = request.user.name
        return await desk.perform(
            request,
            lambda tx: version_answer(versions.propose(tx, numbers, data.reason, by)),
            status=201,
        )

    @_ROUTES.creates(
        "/v1/risk/rule-versions/{version:str}/back-test",
        _SUPERVISOR,
        "历史回测 · Test a version on the stored history",
        *_STEP,
        BackTestSawNothing,
        status=200,
    )
    async def test(
        request: ApiRequest, version: FromPath[str], data: JSONBody[GoAhead]
    ) -> Response[RuleVersionAnswer]:
        assert data is not None  # noqa: S101 - an empty body is asked for all the same
        by = request.user.name
        return await desk.perform(
            request, lambda tx: version_answer(versions.test(tx, _number(version), by))
        )

    @_ROUTES.creates(
        "/v1/risk/rule-versions/{version:str}/switching-on",
        _SUPERVISOR,
        "启用规则版本 · Switch a tested version on",
        *_STEP,
        BackTestIsStale,
        ProposerIsTheSame,
        status=200,
    )
    async def switch_on(
        request: ApiRequest, version: FromPath[str], data: JSONBody[GoAhead]
    ) -> Response[RuleVersionAnswer]:
        assert data is not None  # noqa: S101 - an empty body is asked for all the same
        by = request.user.name
        return await desk.perform(
            request, lambda tx: version_answer(versions.switch_on(tx, _number(version), by))
        )

    @_ROUTES.creates(
        "/v1/risk/rule-versions/{version:str}/withdrawal",
        _SUPERVISOR,
        "撤回规则版本 · Withdraw a version",
        *_STEP,
        status=200,
    )
    async def withdraw(
        request: ApiRequest, version: FromPath[str], data: JSONBody[GoAhead]
    ) -> Response[RuleVersionAnswer]:
        assert data is not None  # noqa: S101 - an empty body is asked for all the same
        by = request.user.name
        return await desk.perform(
            request, lambda tx: version_answer(versions.withdraw(tx, _number(version), by))
        )

    @_ROUTES.lists("/v1/risk/rule-versions", _SEEN_BY, "规则版本列表 · List versions")
    async def list_versions(
        limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Response[RuleVersionsAnswer]:
        page = _VERSIONS.page(limit, after)

        def query(tx: Transaction) -> RuleVersionsAnswer:
            found = store.versions(tx, page).made(version_answer)
            return RuleVersionsAnswer(found.rows, _VERSIONS.cursor(found.last))

        return await desk.look_up(query)

    return [propose, test, switch_on, withdraw, list_versions]


def _number(version: str) -> int:
    """The number in a path. Raises RuleVersionIsUnknown: it is none."""
    if not version.isascii() or not version.isdigit() or len(version) > DIGITS_MAX:
        raise RuleVersionIsUnknown
    return int(version)
