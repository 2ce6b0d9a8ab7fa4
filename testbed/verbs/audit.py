"""`onecard audit`: the check of a platform's audit, a chain of hashes that shows any tampering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from card_platform.errors import PlatformCannotStart
from card_platform.installation import check_audit_of
from card_platform.oversight.audit.chain import FaultKind
from card_platform.oversight.audit.checking import AuditCheck
from card_platform.settings import Settings, of_regions
from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.command import root, summary
from testbed.database_options import data_that_is_there, database_url
from testbed.faults import Fault
from testbed.language import say

_FOUND: dict[FaultKind, tuple[str, str]] = {
    FaultKind.DIFFERS: ("记录被改动", "the record was changed"),
    FaultKind.MISSING: ("记录被删除", "the record was removed"),
    FaultKind.SEAL_MISSING: ("链上的一环被删除", "a link of the chain was removed"),
    FaultKind.NOT_IN_CHAIN: ("记录是插入的，不在链上", "the record was inserted beside the chain"),
    FaultKind.HEAD_DIFFERS: ("链的末端被改动或截去", "the end of the chain was changed or cut off"),
    FaultKind.ANCHOR_DIFFERS: (
        "与数据库之外保存的链头不符，链被整体改写",
        "it is not the chain whose head was kept outside the database",
    ),
}


@verb(
    root,
    "audit",
    **summary("audit"),
    examples=(
        "onecard audit --data data",
        "onecard audit --database postgresql://user@localhost/onecard --json -",
    ),
)
@data_that_is_there
@database_url
@option(
    "--regions",
    default="CQ",
    show_default=True,
    zh="地区，多个用逗号分隔",
    en="regions, several with commas",
)
@option(
    "--json", "json_file", zh="写 JSON 结果，- 为标准输出", en="write JSON, - is standard output"
)
def audit(data: Path, database: str | None, regions: str, json_file: str | None) -> int:
    """Check; reads only, also while the platform is running. 1 where the chain is broken."""
    try:
        settings = of_regions(Settings(data, database), regions.split(","))
        checks = {each.region: check_audit_of(each) for each in settings}
    except PlatformCannotStart as fault:
        raise Fault(fault.zh, fault.en, fault.exit_code) from None
    except (SQLAlchemyError, msgspec.MsgspecError) as fault:
        what = str(fault).splitlines()[0]
        raise Fault(
            f"读不到审计（{what}）；请核对 --data 和 --database。",
            f"no audit can be read there ({what}); mend --data or --database.",
        ) from None
    if json_file is not None:
        write_json(json_file, [_told(region, found) for region, found in checks.items()])
    if json_file != STANDARD_OUTPUT:
        for region, found in checks.items():
            _print(region, found)
    return faults.HELD if all(each.whole for each in checks.values()) else faults.FELL_SHORT


def _told(region: str, found: AuditCheck) -> dict[str, Any]:
    """As `/v1/audit/check` answers, with the region."""
    return {"region": region, **msgspec.to_builtins(found)}


def _print(region: str, found: AuditCheck) -> None:
    print(
        say(
            f"{region}：审计链上 {found.sealed} 条记录，{found.unsealed} 条待入链，"
            f"链头 {found.head.hash}。",
            f"{region}: {found.sealed} records in the chain, {found.unsealed} wait for their seal, "
            f"head {found.head.hash}.",
        )
    )
    first = found.first_fault
    if first is None:
        print(say("审计完整。", "The audit is whole."))
        return
    zh, en = _FOUND[first.kind]
    record = "-" if first.number is None else str(first.number)
    print(
        say(
            f"第一处错误：第 {first.position} 环，记录 {record}：{zh}（{first.kind}）。",
            f"First fault: position {first.position}, record {record}: {en} ({first.kind}).",
        )
    )
