"""What a decoder remembers of a dialogue: without it a READ RECORD means nothing.

Rules: it is guessed from commands that succeeded, as a listener on the line would.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from virtual_cards.apdu.command import CommandApdu

_DIRECTORY: Final = 0xDF


class Application(Enum):
    """The application selected, as far as a listener knows: names in Chinese and English."""

    NONE = ("主文件", "master file")
    SOCIAL_SECURITY = ("社会保障应用", "social security application")
    DF01 = ("公共应用 DF01", "public application DF01")
    DF02 = ("就业应用 DF02", "employment DF02")
    DF03 = ("社会保险应用 DF03", "social insurance DF03")
    DF04 = ("医疗应用 DF04", "medical application DF04")
    CERTIFICATE_ENVIRONMENT = ("证书环境", "certificate environment")
    CERTIFICATES = ("证书应用", "certificate area")
    TRANSIT = ("交通钱包", "transit purse")
    PSAM = ("PSAM 消费应用", "PSAM purse application")
    PSAM_SOCIAL_SECURITY = ("PSAM 社会保障应用", "PSAM social security application")
    PSE = ("支付系统环境 PSE", "payment system environment")
    PPSE = ("近距离支付系统环境 PPSE", "proximity payment system environment")
    BANK = ("银行借记应用", "bank debit application")
    HOLDER_CERTIFICATES = ("证件应用", "certificates application")
    UNKNOWN = ("未知应用", "unknown application")


BELOW_SOCIAL_SECURITY = (Application.DF01, Application.DF02, Application.DF03, Application.DF04)
OF_SOCIAL_SECURITY = frozenset({Application.SOCIAL_SECURITY, *BELOW_SOCIAL_SECURITY})
OF_CERTIFICATES = frozenset({Application.CERTIFICATE_ENVIRONMENT, Application.CERTIFICATES})


@dataclass(slots=True)
class DialogueState:
    """The selected application and file, and the command whose answer waits."""

    application: Application = Application.NONE
    file: int | None = None
    """Short identifier of the current file."""
    waiting: CommandApdu | None = None

    def directory(self, identifier: int) -> Application | None:
        """What a DF identifier selects from here; None when it is no DF of these cards."""
        number = identifier & 0xFF
        if identifier >> 8 != _DIRECTORY or not 1 <= number <= len(BELOW_SOCIAL_SECURITY):
            return None
        if self.application in OF_CERTIFICATES:
            return Application.CERTIFICATES if number == 1 else None
        return BELOW_SOCIAL_SECURITY[number - 1]

    def file_of(self, short_identifier: int) -> int | None:
        """The file a command means: its own SFI, else the current one."""
        return short_identifier or self.file
