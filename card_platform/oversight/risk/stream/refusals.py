"""What is refused of events, alerts and versions of the rules."""

from __future__ import annotations

from card_platform.errors import Refusal


class RiskLinesAreTooMany(Refusal):
    """More lines than a batch holds, or none."""

    code = "risk-lines"
    status = 422
    title = "Number of lines"
    zh = "一批事件须为 1 至 {limit} 行，收到 {found} 行。"
    en = "A batch of events has 1 to {limit} lines; {found} came."


class AlertIsUnknown(Refusal):
    """No alert has that id."""

    code = "risk-alert-unknown"
    status = 404
    title = "Alert unknown"
    zh = "没有这条告警。"
    en = "There is no such alert."


class RuleVersionIsUnknown(Refusal):
    """No version has that number."""

    code = "rule-version-unknown"
    status = 404
    title = "Version of the rules unknown"
    zh = "没有这个规则版本。"
    en = "There is no such version of the rules."


class RuleVersionStateForbids(Refusal):
    """The table has no such step."""

    code = "rule-version-state-forbids"
    status = 409
    title = "Version's state forbids this"
    zh = "规则版本状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The version is {state}; it does not allow {action}. Allowed now: {allowed}."


class RuleNumberIsUnknown(Refusal):
    """A number no rule has."""

    code = "rule-number-unknown"
    status = 422
    title = "Number unknown"
    zh = "规则中没有这些参数：{names}。"
    en = "The rules have no such numbers: {names}."
