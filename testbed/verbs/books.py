"""`onecard books`: the check of every book of a platform's database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from card_platform.settings import DATABASE_FILE, Settings
from card_platform.settlement.beside_the_ledger import differences_left, first_fault_beside
from card_platform.settlement.ledger import check_books
from testbed import faults
from testbed.bilingual import verb
from testbed.command import root, summary
from testbed.database_options import data_that_is_there, database_url
from testbed.faults import Fault
from testbed.language import say


@verb(
    root,
    "books",
    **summary("books"),
    examples=(
        "onecard books --data data",
        "onecard books --database postgresql://user@localhost/onecard",
    ),
)
@data_that_is_there
@database_url
def books(data: Path, database: str | None) -> int:
    """Check; reads only, also while the platform is running."""
    if database is None and not (data / DATABASE_FILE).exists():
        raise _nothing_there(str(data / DATABASE_FILE))
    try:
        url = Settings(data, database).sqlalchemy_url
        found, beside = check_books(url), first_fault_beside(url)
        left = differences_left(url)
    except SQLAlchemyError as fault:
        raise _nothing_there(str(fault).splitlines()[0]) from None
    print(
        say(
            f"{found.postings} 笔记账，{found.entries} 条分录，{found.accounts} 个账户，"
            f"{found.closings} 个已结账期间，合计 {found.sum_fen} 分。",
            f"{found.postings} postings, {found.entries} entries, {found.accounts} accounts, "
            f"{found.closings} closed periods, sum {found.sum_fen} fen.",
        )
    )
    if left:
        print(
            say(
                f"银行对账尚有 {left} 条差异未处理。",
                f"{left} differences with banks are still to be worked off.",
            )
        )
    if found.balanced and beside is None:
        print(say("账目平衡。", "The books balance."))
        return faults.HELD
    first = found.first_fault or beside
    print(say(f"第一处错误：{first}", f"First fault: {first}"))
    return faults.FELL_SHORT


def _nothing_there(what: str) -> Fault:
    return Fault(
        f"读不到总账（{what}）；请核对 --data 或 --database，并先以本版本启动一次平台。",
        f"no ledger can be read there ({what}); mend --data or --database, and start the "
        "platform of this version once.",
    )
