"""Why a load test cannot run: one clear sentence in each language."""

from __future__ import annotations


class LoadTestCannotRun(ValueError):
    """The call is wrong, or the platform cannot be reached or refuses the preparation."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{en} / {zh}")
