"""`onecard accounts`: the staff accounts of a running platform."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scenarios.service_desk import SITE, Role, ServiceDesk
from testbed.answers import write_json
from testbed.bilingual import group, option, verb
from testbed.command import root, summary
from testbed.faults import Fault
from testbed.language import say
from testbed.running_platform import desk_of

accounts = group(root, "accounts", **summary("accounts"))
_access = option(
    "--access",
    type=Path,
    default=Path("build/platform/access.json"),
    show_default=True,
    zh="平台的 access.json，由 onecard serve 写出",
    en="access.json of the platform, as onecard serve writes it",
)


@verb(
    accounts,
    "add",
    zh="开设账号，并显示首次密码（平台不保存明文）。",
    en="Open an account and show its first password, which the platform does not keep.",
    examples=(
        "onecard accounts add wang.fang --role clerk --site CQ-YZ-001",
        "onecard accounts add sun.li --role supervisor --access data/access.json",
    ),
)
@click.argument("name")
@option("--role", type=click.Choice(get_args(Role)), required=True, zh="角色", en="role")
@option("--site", default=SITE, show_default=True, zh="网点", en="site")
@option("--card-id", zh="用于登录该账号的卡", en="the card that signs in to it")
@_access
def add(name: str, role: str, site: str, card_id: str | None, access: Path) -> int:
    """Open."""
    body = {"name": name, "role": role, "site": site, "card_id": card_id}
    with desk_of(access) as desk:
        opened = desk.post("operator", "/v1/accounts", body)
    _tell_password(f"账号 {name}（{role}）已开设", f"account {name} ({role}) is open", opened)
    return 0


@verb(
    accounts,
    "list",
    zh="列出账号：角色、状态、是否锁定、是否仍用首次密码。",
    en="List the accounts: role, state, locked or not, first password or an own one.",
    examples=(
        "onecard accounts list",
        "onecard accounts list --access data/access.json --json -",
    ),
)
@option(
    "--json",
    "json_file",
    metavar="FILE",
    zh="写 JSON，- 为标准输出",
    en="write JSON, - is standard output",
)
@_access
def list_accounts(json_file: str | None, access: Path) -> int:
    """List."""
    with desk_of(access) as desk:
        found = list(_all(desk))
    if json_file is not None:
        write_json(json_file, found)
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in (
        say("账号", "account"),
        say("角色", "role"),
        say("网点", "site"),
        say("状态", "state"),
        say("密码", "password"),
    ):
        table.add_column(heading, overflow="fold")
    for each in found:
        table.add_row(*map(escape, (each["name"], each["role"], each["site"], *_standing(each))))
    Console().print(table)
    return 0


@verb(
    accounts,
    "disable",
    zh="停用账号，不可恢复；其会话随即结束。",
    en="Disable an account for good; its sessions end at once.",
    examples=(
        "onecard accounts disable wang.fang --reason left",
        "onecard accounts disable wang.fang --reason left --access data/access.json",
    ),
)
@click.argument("name")
@option("--reason", required=True, zh="原因，记入审计", en="why, for the audit")
@_access
def disable(name: str, reason: str, access: Path) -> int:
    """Disable."""
    _change(access, name, "operator", "disabling", reason)
    print(say(f"账号 {name} 已停用。", f"Account {name} is disabled."))
    return 0


@verb(
    accounts,
    "reset-password",
    zh="重置遗忘的密码：显示新的首次密码，其会话结束，锁定解除。",
    en="Reset a forgotten password: show a new first one, end its sessions, open a lock.",
    examples=(
        'onecard accounts reset-password wang.fang --reason "asked in person"',
        "onecard accounts reset-password wang.fang --reason forgotten --access data/access.json",
    ),
)
@click.argument("name")
@option("--reason", required=True, zh="原因，记入审计", en="why, for the audit")
@_access
def reset_password(name: str, reason: str, access: Path) -> int:
    """Reset."""
    reset = _change(access, name, "supervisor", "password-reset", reason)
    _tell_password(f"账号 {name} 的密码已重置", f"the password of {name} is reset", reset)
    return 0


def _change(access: Path, name: str, role: Role, step: str, reason: str) -> dict[str, Any]:
    """What the platform answers to a step with an account."""
    with desk_of(access) as desk:
        return desk.post(role, f"/v1/accounts/{_id_of(desk, name)}/{step}", {"reason": reason})


def _all(desk: ServiceDesk) -> Iterator[dict[str, Any]]:
    return desk.gather("operator", "/v1/accounts", "accounts")


def _id_of(desk: ServiceDesk, name: str) -> str:
    for each in _all(desk):
        if each["name"] == name:
            return str(each["account_id"])
    raise Fault(
        f"没有账号 {name}：onecard accounts list 列出全部账号。",
        f"there is no account {name}: onecard accounts list names them all.",
    )


def _tell_password(zh: str, en: str, answer: dict[str, Any]) -> None:
    password = answer["first_password"]
    print(say(f"{zh}；首次密码 {password}", f"{en}; its first password is {password}"))


def _standing(account: dict[str, Any]) -> tuple[str, str]:
    """State and password as a person reads them."""
    state = {
        "active": say("可用", "active"),
        "disabled": say("已停用", "disabled"),
    }[account["state"]]
    if account["state"] == "active" and account["locked_until"]:
        until = account["locked_until"]
        state = say(f"锁定至 {until}", f"locked until {until}")
    own = say("自设", "own"), say("首次", "first")
    return state, own[account["has_first_password"]]
