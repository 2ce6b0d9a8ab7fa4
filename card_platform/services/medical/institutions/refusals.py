"""What is refused of designations, and where there is none."""

from __future__ import annotations

from card_platform.errors import Refusal


class InstitutionIsNotDesignated(Refusal):
    """NX-9b: the terminal stands where insurance is not settled."""

    code = "institution-not-designated"
    status = 403
    title = "Institution not designated"
    zh = "终端所在的 {site} 不是定点医疗机构或者药品经营单位，不能医保结算。"
    en = "The terminal's place, {site}, is no designated institution or pharmacy; nothing settled."


class DesignationIsSuspended(Refusal):
    """The department has suspended it."""

    code = "designation-suspended"
    status = 403
    title = "Designation suspended"
    zh = "定点资格已中止，恢复之前不能医保结算。"
    en = "The designation is suspended; nothing is settled until it is resumed."


class DesignationIsOutOfTime(Refusal):
    """The day is before its first or after its last."""

    code = "designation-not-in-force"
    status = 403
    title = "Designation not in force"
    zh = "定点资格自 {since} 起至 {until} 止，今天不在期内。"
    en = "The designation holds from {since} to {until}; today is not one of its days."


class InstitutionIsOfAnotherKind(Refusal):
    """A pharmacy treats nobody, a hospital sells nothing over the counter."""

    code = "institution-kind-differs"
    status = 403
    title = "Institution of another kind"
    zh = "该定点单位的类别是 {kind}，不能办理此项。"
    en = "The institution is designated as a {kind}; it does not do this."


NOT_IN_FORCE = (InstitutionIsNotDesignated, DesignationIsSuspended, DesignationIsOutOfTime)
"""Nothing is settled where the terminal stands."""


class DesignationIsUnknown(Refusal):
    """There is none of that id."""

    code = "designation-unknown"
    status = 404
    title = "Designation unknown"
    zh = "没有该定点资格。"
    en = "There is no such designation."


class SiteIsDesignated(Refusal):
    """A site has one designation at a time."""

    code = "site-already-designated"
    status = 409
    title = "Site already designated"
    zh = "该网点已有未终止的定点资格。"
    en = "The site has a designation that has not ended."


class LevelDoesNotFit(Refusal):
    """A hospital has a level, a pharmacy none."""

    code = "institution-level-does-not-fit"
    status = 422
    title = "Level does not fit"
    zh = "定点医疗机构须有级别，定点药店没有级别。"
    en = "A designated hospital has a level; a designated pharmacy has none."


class DesignationStateForbids(Refusal):
    """The table has no such step."""

    code = "designation-state-forbids"
    status = 409
    title = "Designation's state forbids this"
    zh = "定点资格状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The designation is {state}; it does not allow {action}. Allowed now: {allowed}."
