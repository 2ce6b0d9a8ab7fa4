"""What a function desk does with a card: does the function of its scheme work from it?"""

from __future__ import annotations

from testbed.faults import Fault
from testbed.terminals.equipment import Equipment
from testbed.terminals.holder_work import of_receiving
from testbed.terminals.outcome import Facts, Outcome
from testbed.terminals.work import Work
from virtual_cards.terminals import FunctionDesk, FunctionWorks, MergedScheme, NotReceived

_DID = "function"
_BY_PLATFORM = "功能可用", "the function works"
_BY_CHIP = "功能可用（凭芯片判断）", "the function works (by the chip)"


def function_work(equipment: Equipment) -> Work:
    """Whether the function works, by the platform or by the chip. Raises `Fault`."""
    desk = FunctionDesk(*equipment.kit, **equipment.wiring, scheme=_scheme_of(equipment))

    def serve() -> Outcome:
        used = desk.use()
        if isinstance(used, NotReceived):
            return of_receiving(used, did=_DID)
        return _works(used)

    return Work(_DID, serve, desk.use_parameters)


def _works(used: FunctionWorks) -> Outcome:
    on_card = used.on_card
    if on_card is None:
        facts: Facts = {"decided_by": "platform"}
        return of_receiving(used.received, facts, did=_DID, more=_BY_PLATFORM)
    facts = {"decided_by": "chip", "valid_until": on_card.valid_until.isoformat()}
    return of_receiving(used.received, facts, did=_DID, more=_BY_CHIP)


def _scheme_of(equipment: Equipment) -> MergedScheme:
    scheme, number = equipment.identity.scheme, equipment.identity.number_on_card
    if scheme is None or number is None:
        folder = equipment.premises.folder
        raise Fault(
            f"{folder} 的终端没有记下是哪项功能：请用 --state 另选目录，入网为新终端。",
            f"the terminal in {folder} does not know its function: name another folder with "
            "--state and become another terminal.",
        )
    return MergedScheme(scheme, number)
