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


class RuleNumberIsOutOfBounds(Refusal):
    """A number that its unit does not allow."""

    code = "rule-number-out-of-bounds"
    status = 422
    title = "Number out of bounds"
    zh = "参数 {name} 须为 {least} 至 {most}（单位 {unit}），收到 {found}。"
    en = "The number {name} is {least} to {most} {unit}; {found} came."


class BackTestSawNothing(Refusal):
    """There is no history a version could be tested on."""

    code = "back-test-without-events"
    status = 409
    title = "Nothing to test on"
    zh = "平台尚无已检测的事件，回测没有意义；请先上送事件并运行检测。"
    en = (
        "Detection has looked at no events yet, so a back-test tells nothing; send some and run it."
    )


class BackTestIsStale(Refusal):
    """Another version is in force than the one the back-test compared with."""

    code = "back-test-stale"
    status = 409
    title = "Back-test out of date"
    zh = "回测时生效的是版本 {then}，现为版本 {now}；请重新回测后再启用。"
    en = "The back-test compared with version {then}, but {now} is in force now; test it again."


class ProposerIsTheSame(Refusal):
    """Who proposed a version does not switch it on."""

    code = "rule-version-switched-on-by-another"
    status = 403
    title = "Another person switches on"
    zh = "规则版本须由提出者以外的人员启用。"
    en = "A version of the rules is switched on by somebody other than who proposed it."
