"""The applet protocol: what the operating system asks of an application on the card.

Rules: an applet knows its name and answers commands; it knows nothing of SELECT by name, of other
applets or of GET RESPONSE. It keeps a persistent memory and a volatile state apart: `deselect`
clears the volatile one.
"""

from __future__ import annotations

from typing import Protocol

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Response


class Applet(Protocol):
    """An application (ADF or DDF) of a card."""

    @property
    def aid(self) -> bytes:
        """The name it is selected by; empty when it is selected by its file identifier only."""
        ...

    @property
    def file_identifier(self) -> int | None:
        """The two-byte identifier it is selected by, when it has one."""
        ...

    def select(self) -> bytes:
        """Become the selected application and return the FCI.

        Called again while selected: the security status stays, the current file and any transaction
        go. Raises `Refused` when the application is locked; then nothing changes.
        """
        ...

    def deselect(self) -> None:
        """Forget the volatile state: another application was selected, or the card was reset."""
        ...

    def call(self, command: CommandApdu) -> Response:
        """Answer a command that is no SELECT of an application.

        Raises `Refused`, and nothing else.
        """
        ...
