"""What must hold in the books, whatever happened."""

from __future__ import annotations

from scenarios.phrases import then
from scenarios.world import World


@then("平台账目平衡", "the books of the platform balance")
def books_balance(world: World) -> None:
    check = world.desk.check_books()
    world.recorder.fact("记账笔数", "postings", check["postings"])
    world.recorder.fact("分录合计（分）", "sum of entries (fen)", check["sum_fen"])
    assert check["balanced"], check["first_fault"]
    assert check["sum_fen"] == 0
