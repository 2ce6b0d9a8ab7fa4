"""The numbers made-up life stands on, as data: `parameters.toml`, each with unit and source.

Rule: no number without a source or the word "assumption". A faulty file reports all its faults,
each with line, key, what was found and what was expected.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("parameters.toml")
DAYS_MIN: Final = 60
DAYS_MAX: Final = 366
PEOPLE_MIN: Final = 2_000
PEOPLE_MAX: Final = 2_000_000


class FaultyHistory(ValueError):
    """What was asked cannot be made; `faults` lists all of it, as (Chinese, English)."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__("\n".join(en for _, en in faults))

    @property
    def zh(self) -> str:
        """All faults in Chinese, a line each."""
        return "\n".join(zh for zh, _ in self.faults)

    @property
    def en(self) -> str:
        """All faults in English, a line each."""
        return "\n".join(en for _, en in self.faults)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every number; units, sources and meanings stand in the file."""

    first_day: date
    holidays: tuple[date, ...]
    hospitals: int
    clinics: int
    pharmacies: int
    shops: int
    employers: int
    branches: int
    cash_machines: int
    village_agents: int
    clocks_wrong: int
    buses_offline: int
    metro_commuters: int
    bus_commuters: int
    night_workers: int
    clocking_recorded: int
    leisure_riders: int
    senior_riders: int
    twins: int
    agents_registered: int
    phones_bound: int
    trips: int
    visits_grown: int
    visits_old: int
    inpatients: int
    chronic_old: int
    chronic_grown: int
    stock_before_holiday: int
    code_users: int
    codes_each: int
    checks: int
    authentications: int
    worn_chips: int
    numbers_unknown: int
    terminals_faulty: int
    purchases: int
    canteen_meals: int
    withdrawals: int
    pins_wrong: int
    account_changes: int
    accounts_opened: int
    family_transfers: int
    landlords: int
    job_changes: int
    hiring_waves: int
    hired_in_waves: int
    tacs_garbled: int
    births: int
    jobless_claims: int
    losses: int
    found_again: int
    moves: int
    double_month: int
    deaths: int
    deaths_late: int
    back_pay: int
    subsidies: int
    certified: int
    infusion_courses: int
    cases: tuple[tuple[str, int], ...] = ()


def read_parameters(file: Path = FILE) -> Parameters:
    """Read and check. Raises `FaultyHistory` with every fault of the file."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise FaultyHistory(
            [(f"{file} 无法读取（{fault}）", f"{file} cannot be read ({fault})")]
        ) from None
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise FaultyHistory([(f"{file}：{fault}", f"{file}: {fault}")]) from None
    return _Reading(file, text, tables).parameters()


class _Reading:
    """One file being read; faults are gathered."""

    def __init__(self, file: Path, text: str, tables: dict[str, Any]) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._tables = tables
        self._faults: list[tuple[str, str]] = []

    def parameters(self) -> Parameters:
        calendar = self._table("calendar")
        first = calendar.get("first_day")
        if type(first) is not date:
            self._wrong("calendar.first_day", first, "一个日期", "a date")
        holidays = calendar.get("holidays")
        if not isinstance(holidays, list) or any(type(day) is not date for day in holidays):
            self._wrong("calendar.holidays", holidays, "日期列表", "a list of dates")
        wanted = [f.name for f in fields(Parameters)][2:-1]
        values = self._numbers("life", wanted)
        cases = self._numbers("cases", list(TYPOLOGIES))
        for name in self._tables:
            if name not in {"calendar", "life", "cases"}:
                self._wrong(name, "…", "没有此表", "no such table")
        if self._faults:
            raise FaultyHistory(self._faults)
        return Parameters(first, tuple(holidays), **values, cases=tuple(cases.items()))  # type: ignore[arg-type]

    def _table(self, name: str) -> dict[str, Any]:
        found = self._tables.get(name)
        if isinstance(found, dict):
            return found
        self._wrong(name, found, "一个表", "a table")
        return {}

    def _numbers(self, section: str, wanted: list[str]) -> dict[str, int]:
        table = self._table(section)
        values: dict[str, int] = {}
        for name in wanted:
            entry = table.get(name)
            where = f"{section}.{name}"
            if not isinstance(entry, dict):
                self._wrong(where, entry, "value、unit、source", "value, unit and source")
                continue
            value = entry.get("value")
            if type(value) is not int or not 0 <= value <= 1_000_000_000:  # noqa: PLR2004
                self._wrong(
                    f"{where}.value", value, "0 至 10 亿的整数", "a whole number from 0 to 10^9"
                )
            for word in ("unit", "source"):
                if not isinstance(entry.get(word), str) or not entry[word].strip():
                    self._wrong(f"{where}.{word}", entry.get(word), "文字", "words")
            for extra in sorted(set(entry) - {"value", "unit", "source"}):
                self._wrong(f"{where}.{extra}", entry[extra], "没有此键", "no such key")
            values[name] = value if isinstance(value, int) else 0
        for extra in sorted(set(table) - set(wanted)):
            self._wrong(f"{section}.{extra}", "…", "没有此参数", "no such parameter")
        return values

    def _wrong(self, key: str, found: object, zh: str, en: str) -> None:
        line = self._line_of(key)
        shown = "-" if found is None else repr(found)
        self._faults.append(
            (
                f"{self._file.name} 第 {line} 行 {key}：得到 {shown}，应为{zh}",
                f"{self._file.name} line {line}, {key}: found {shown}, expected {en}",
            )
        )

    def _line_of(self, key: str) -> int:
        """The line that names the key, or 1."""
        words = key.split(".")
        section = next(
            (n for n, line in enumerate(self._lines) if line.strip() == f"[{words[0]}]"), 0
        )
        if len(words) == 1:
            return section + 1
        for n in range(section, len(self._lines)):
            if self._lines[n].split("=")[0].strip() == words[1]:
                return n + 1
        return section + 1


TYPOLOGIES: Final = (
    "cloned-purse",
    "lost-card-used",
    "card-lent",
    "impossible-travel",
    "dead-payee",
    "double-payout",
    "account-changed-before-payday",
    "mule-account",
    "split-receipts",
    "phantom-visits",
    "medicine-beyond-need",
    "concession-abuse",
    "code-replayed",
    "tap-replayed",
    "merchant-cash-out",
    "false-enrolment",
    "forged-card",
    "cards-withheld",
)
"""The eighteen, in the order of interfaces section 15."""
