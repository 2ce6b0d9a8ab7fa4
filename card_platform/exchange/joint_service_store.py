"""Table and SQL of services taken in for another region."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import Column, Index, String, Table, insert, select, update

from card_platform.errors import Refusal
from card_platform.exchange.joint_service_life import JointServiceState
from card_platform.exchange.model import Told
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
    Column("number_there", String),
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
    """One of them: `done` with the answer, `refused` with the problem.

    Attributes:
        answer: a `CardServiceDone`, as JSON.
        number_there: of the issuing region, where it waits or waited for a supervisor.
    """

    request_id: str
    service: str
    region: str
    card_number: str | None
    site_id: str
    state: JointServiceState
    at: str
    by: str
    answer: str | None = None
    problem: Told | None = None
    decided_at: str | None = None
    number_there: str | None = None


def require_joint_service_point(tx: Transaction, site_id: str) -> None:
    """Raises SiteIsNoJointServicePoint."""
    found = tx.select(select(SITES.c.kind).where(SITES.c.site_id == site_id))
    if found != [(JOINT_SERVICE_POINT,)]:
        raise SiteIsNoJointServicePoint(site=site_id)


def save(tx: Transaction, taken: JointService, *, is_new: bool) -> None:
    """Save it."""
    values: dict[str, Any] = {each.name: getattr(taken, each.name) for each in fields(taken)}
    if taken.problem is not None:
        values["problem"] = msgspec.json.encode(taken.problem).decode()
    if is_new:
        tx.execute(insert(JOINT_SERVICES).values(values))
    else:
        of_it = JOINT_SERVICES.c.request_id == taken.request_id
        tx.execute(update(JOINT_SERVICES).where(of_it).values(values))


def get(tx: Transaction, request_id: str, *, to_change: bool = False) -> JointService:
    """One of them; locked until the transaction ends where it is to change.

    Raises:
        JointServiceIsUnknown.
    """
    query = select(JOINT_SERVICES).where(JOINT_SERVICES.c.request_id == request_id)
    row = tx.execute(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        raise JointServiceIsUnknown
    values = dict(row._mapping)
    if values["problem"] is not None:
        values["problem"] = msgspec.json.decode(values["problem"], type=Told)
    return JointService(**{**values, "state": JointServiceState(values["state"])})
