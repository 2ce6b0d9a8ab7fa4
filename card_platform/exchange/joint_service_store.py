"""Table and SQL of services taken in for another region."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Column, Index, String, Table, insert, select, update

from card_platform.errors import Refusal
from card_platform.exchange.model import MessageAnswer, Told
from card_platform.services.sites.store import SITES
from card_platform.storage import Transaction
from card_platform.storage.schema import METADATA

JOINT_SERVICE_POINT = "joint-service-point"
"""The kind of site where services for another region's cards are taken in."""

JOINT_SERVICES = Table(
    "joint_services",
    METADATA,
    Column("request_id", String, primary_key=True),
    Column("service", String, nullable=False),
    Column("region", String, nullable=False),
    Column("card_number", String),
    Column("site_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("answer", String),
    Column("problem", String),
    Column("decided_at", String),
    Index("ix_joint_services_state", "state"),
)


class SiteIsNoJointServicePoint(Refusal):
    """Not there."""

    code = "site-is-no-joint-service-point"
    status = 422
    title = "No joint service point"
    zh = "网点 {site} 不是通办服务网点，不能受理其他地区的社会保障卡业务。"
    en = "The site {site} is no joint service point; it takes nothing in for other regions' cards."


class JointServiceIsUnknown(Refusal):
    """No such request."""

    code = "joint-service-unknown"
    status = 404
    title = "Joint service unknown"
    zh = "没有这项通办业务。"
    en = "There is no such joint service request."


@dataclass(frozen=True, slots=True)
class JointService:
    """One of them: `passed-on`, then `done` with the answer or `refused` with the problem."""

    request_id: str
    service: str
    region: str
    card_number: str | None
    site_id: str
    state: str
    at: str
    by: str
    answer: str | None = None
    problem: Told | None = None
    decided_at: str | None = None


def require_joint_service_point(tx: Transaction, site_id: str) -> None:
    """Raises SiteIsNoJointServicePoint."""
    found = tx.select(select(SITES.c.kind).where(SITES.c.site_id == site_id))
    if found != [(JOINT_SERVICE_POINT,)]:
        raise SiteIsNoJointServicePoint(site=site_id)


def add(tx: Transaction, taken: JointService) -> None:
    """Save one that was taken in."""
    names = ("request_id", "service", "region", "card_number", "site_id", "state", "at", "by")
    tx.execute(insert(JOINT_SERVICES).values({name: getattr(taken, name) for name in names}))


def decide(tx: Transaction, request_id: str, answer: MessageAnswer, at: str) -> JointService:
    """Keep what the issuing region decided."""
    taken = get(tx, request_id)
    decided = replace(
        taken,
        state="refused" if answer.problem else "done",
        answer=None if answer.problem else bytes(answer.answer).decode(),
        problem=answer.problem,
        decided_at=at,
    )
    told = msgspec.json.encode(decided.problem).decode() if decided.problem else None
    tx.execute(
        update(JOINT_SERVICES)
        .where(JOINT_SERVICES.c.request_id == request_id)
        .values(state=decided.state, answer=decided.answer, problem=told, decided_at=at)
    )
    return decided


def get(tx: Transaction, request_id: str) -> JointService:
    """One of them. Raises JointServiceIsUnknown."""
    rows = tx.select(select(JOINT_SERVICES).where(JOINT_SERVICES.c.request_id == request_id))
    if not rows:
        raise JointServiceIsUnknown
    values = dict(zip(JOINT_SERVICES.c.keys(), rows[0], strict=True))
    if values["problem"] is not None:
        values["problem"] = msgspec.json.decode(values["problem"], type=Told)
    return JointService(**values)
