"""What is wrong with a planner's file, told so that the line can be found and mended."""

from __future__ import annotations

from dataclasses import dataclass

from sim.fault_sentences import Words

NOTHING = Words("没有", "nothing")
"""Found where a key is missing."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """One fault: where (file and line, or the setting of the call), key, found, expected."""

    file: str
    line: int
    """From 1; 0 where it is no line of the file: the whole file, or a setting of the call."""
    key: str
    found: Words
    expected: Words
    setting: str = ""
    """The setting (`--set`) that brought it in, empty for the file itself."""

    @property
    def zh(self) -> str:
        """The fault as a Chinese sentence."""
        where = f"{self.file} 第 {self.line} 行" if self.line else self.file
        where = f"--set {self.setting}" if self.setting else where
        key = f"，{self.key}" if self.key else ""
        found = f"现为 {self.found.zh.strip()}" if self.found != NOTHING else "缺少"
        return f"{where}{key}：{found}，应为{self.expected.zh}"

    @property
    def en(self) -> str:
        """The fault as an English sentence."""
        where = f"{self.file}, line {self.line}" if self.line else self.file
        where = f"--set {self.setting}" if self.setting else where
        key = f", {self.key}" if self.key else ""
        return f"{where}{key}: found {self.found.en}, expected {self.expected.en}"


class FaultyFile(ValueError):
    """A file that gives no network; `faults` lists all that is wrong, in order of the lines."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        super().__init__("\n".join(fault.en for fault in self.faults))
