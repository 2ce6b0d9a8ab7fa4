"""Card printers at sites as several models have them."""

from __future__ import annotations

from sim.parameters import Parameter
from sim.region.published import PRINTER

PRINT_TIME = Parameter(
    "print_min", 2.5, "min", PRINTER,
    "打印并写入一张卡的时间", "time to print and personalise a card", 0.1, 60,
)  # fmt: skip
