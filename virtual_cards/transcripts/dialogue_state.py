"""What a decoder remembers of a dialogue: without it a READ RECORD means nothing.

Rules: it is guessed from commands that succeeded, as a listener on the line would.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from virtual_cards.apdu.command import CommandApdu


class Application(Enum):
    """The application selected, as far as a listener knows: names in Chinese and English."""

    NONE = ("主文件", "master file")
    SOCIAL_SECURITY = ("社会保障应用", "social security application")
    TRANSIT = ("交通钱包", "transit purse")
    PSAM = ("PSAM 消费应用", "PSAM purse application")
    PSE = ("支付系统环境 PSE", "payment system environment")
    PPSE = ("近距离支付系统环境 PPSE", "proximity payment system environment")
    BANK = ("银行借记应用", "bank debit application")
    HOLDER_CERTIFICATES = ("证件应用", "certificates application")
    UNKNOWN = ("未知应用", "unknown application")


@dataclass(slots=True)
class DialogueState:
    """The selected application and file, and the command whose answer waits."""

    application: Application = Application.NONE
    file: int | None = None
    """Short identifier of the current file."""
    waiting: CommandApdu | None = None

    def file_of(self, short_identifier: int) -> int | None:
        """The file a command means: its own SFI, else the current one."""
        return short_identifier or self.file
