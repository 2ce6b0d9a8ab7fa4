"""Why the testbed could not do what it was asked, as one sentence with its mend and an exit code.

Exit codes (the contract): 0 all held; 1 something failed or fell short; 2 the call or a file is
wrong, and another call mends it (a port in use, a folder that cannot be written); 3 the machine
lacks something (a system package, pcscd).
"""

from __future__ import annotations

from typing import Final

HELD: Final = 0
FELL_SHORT: Final = 1
CALL_IS_WRONG: Final = 2
MACHINE_LACKS: Final = 3


class Fault(Exception):
    """A refusal to go on; `zh` and `en` are the same sentence."""

    def __init__(self, zh: str, en: str, exit_code: int = CALL_IS_WRONG) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.exit_code = exit_code
