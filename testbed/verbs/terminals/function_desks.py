"""`onecard terminals run function-desk`."""

from __future__ import annotations

import click

from testbed.bilingual import option
from testbed.faults import Fault
from testbed.terminals import kinds
from testbed.terminals.enrolment import Place
from testbed.terminals.function_choice import place_of_function, scheme_is_missing
from testbed.terminals.function_work import function_work
from testbed.terminals.premises import identity_in
from testbed.verbs.terminals.running import STATES, Running, attend, terminal_verb


@terminal_verb(
    kinds.FUNCTION_DESK,
    examples=(
        "onecard terminals run function-desk --scheme ID --at entrance",
        "onecard terminals run function-desk --scheme ID --at library --once --json -",
    ),
)
@option(
    "--scheme",
    metavar="NAME|ID",
    zh="哪项功能：已融合（或正在融合）到社保卡的卡、证、码，名称或标识",
    en="which function: a card, certificate or code merged into the card, by name or id",
)
@option(
    "--at",
    type=click.Choice(list(kinds.ENROLLED_AT)),
    zh="设在何处：entrance 入口，library 图书馆",
    en="where it stands",
)
def function_desk(running: Running, scheme: str | None, at: str | None) -> int:
    """Run a desk for a function of a merged scheme."""
    if running.state is None or identity_in(running.state) is None:
        if scheme is None:
            raise scheme_is_missing(running.access)
        if at is None:
            choices = ", ".join(kinds.ENROLLED_AT)
            raise Fault(
                f"请用 --at 说明设在何处；可选：{choices}。",
                f"say where it stands with --at; there are: {choices}.",
            )
    place = Place(at=at)
    if scheme is not None:
        folders = [running.state] if running.state else STATES.glob(f"{kinds.FUNCTION_DESK.name}-*")
        place = place_of_function(running.access, scheme, at, folders)
    return attend(kinds.FUNCTION_DESK, place, running, function_work)
