"""What is refused of cases."""

from __future__ import annotations

from card_platform.errors import Refusal


class CaseIsUnknown(Refusal):
    """No case has that id."""

    code = "case-unknown"
    status = 404
    title = "Case unknown"
    zh = "没有这件案件。"
    en = "There is no such case."


class CaseStateForbids(Refusal):
    """The table has no such step."""

    code = "case-state-forbids"
    status = 409
    title = "Case's state forbids this"
    zh = "案件状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The case is {state}; it does not allow {action}. Allowed now: {allowed}."


class CaseKindIsUnknown(Refusal):
    """The regulation of this region names no such conduct, or not of such a respondent."""

    code = "case-kind-unknown"
    status = 422
    title = "Kind of case unknown"
    zh = "本地区条例未规定针对该对象的 {kind} 类行为。"
    en = "The regulation of this region names no conduct {kind} of such a respondent."


class ReportIsUnknown(Refusal):
    """The case names a report nobody filed, or one of other conduct."""

    code = "report-unknown"
    status = 422
    title = "Report unknown"
    zh = "没有编号为 {number} 的同类举报。"
    en = "No report of such conduct was filed under number {number}."
