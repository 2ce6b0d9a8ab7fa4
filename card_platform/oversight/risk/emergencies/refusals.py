"""What is refused of emergencies."""

from __future__ import annotations

from card_platform.errors import Refusal


class EmergencyIsUnknown(Refusal):
    """No emergency has that id."""

    code = "emergency-unknown"
    status = 404
    title = "Emergency unknown"
    zh = "没有这件应急事件。"
    en = "There is no such emergency."


class EmergencyStateForbids(Refusal):
    """The table has no such step."""

    code = "emergency-state-forbids"
    status = 409
    title = "Emergency's state forbids this"
    zh = "应急事件状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The emergency is {state}; it does not allow {action}. Allowed now: {allowed}."


class EmergencyIsOpen(Refusal):
    """One of the same kind is being worked on."""

    code = "emergency-open"
    status = 409
    title = "Emergency open"
    zh = "同类应急事件正在处置中：{emergency_id}。"
    en = "One of this kind is being worked on: {emergency_id}."
