"""SELECT and the selected application (ISO/IEC 7816-4, 7.1.1; LD/T 32.5, SELECT).

Rules: SELECT by name takes the whole name or its beginning, first or next, and prefers a whole one;
by identifier the MF or a DF. An identifier that is no DF goes to the selected application as one of
its EFs, since public readers select EF05 with P1=00. An environment is a DDF with the DFs below it:
an identifier is looked up first in the environment that is selected, since both SSSE and the
certificate area have a DF01. A SELECT that fails changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.interindustry import INS_SELECT, Select, SelectBy
from virtual_cards.files.specification import MASTER_FILE_ID


class Dispatch:
    """The applications of a card and which one is selected: volatile."""

    def __init__(self, master_file: Applet, environments: Sequence[Sequence[Applet]]) -> None:
        self._master_file = master_file
        self._environments = environments
        self._applets = (master_file, *(a for applets in environments for a in applets))
        self._by_aid = {a.aid: a for a in reversed(self._applets) if a.aid}
        self._current = master_file

    def reset(self) -> None:
        """Clear the volatile state; the MF is selected, as after power on.

        Only the selected application has any: selecting another clears it, and a SELECT that fails
        changes nothing.
        """
        self._current.deselect()
        self._current = self._master_file
        self._current.select()

    def call(self, command: CommandApdu) -> Response:
        """Answer SELECT, or let the selected application answer. Raises `Refused`."""
        if command.ins != INS_SELECT:
            return self._current.call(command)
        if command.cla:
            raise Refused(sw.CLASS_NOT_SUPPORTED)
        select = Select.parse(command)
        if select.by is SelectBy.FILE_IN_CURRENT:
            return self._current.call(command)
        if select.by is SelectBy.NAME:
            return self._select(self._by_name(select), select)
        found = self._by_identifier(select)
        if found is None:
            return self._current.call(command)
        return self._select(found, select)

    def _select(self, applet: Applet, select: Select) -> Response:
        fci = applet.select()
        if applet is not self._current:
            self._current.deselect()
            self._current = applet
        return Response(fci if select.wants_fci else b"")

    def _by_name(self, select: Select) -> Applet:
        if not select.next_occurrence and select.target in self._by_aid:
            return self._by_aid[select.target]
        matching = [a for a in self._applets if a.aid and a.aid.startswith(select.target)]
        if select.next_occurrence and self._current in matching:
            matching[: matching.index(self._current) + 1] = []
        if not matching:
            raise Refused(sw.FILE_NOT_FOUND)
        return matching[0]

    def _by_identifier(self, select: Select) -> Applet | None:
        if not select.target or int.from_bytes(select.target, "big") == MASTER_FILE_ID:
            return self._master_file
        identifier = int.from_bytes(select.target[-2:], "big")
        nearest = next((e for e in self._environments if self._current in e), ())
        for applet in (*nearest, *self._applets):
            if applet.file_identifier == identifier:
                return applet
        if select.by is SelectBy.PARENT_OR_PATH:
            raise Refused(sw.FILE_NOT_FOUND)
        return None
