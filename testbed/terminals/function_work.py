"""What a function desk does with a card: does the function of its scheme work from it?"""

from __future__ import annotations

from testbed.faults import Fault
from testbed.terminals.equipment import Equipment
from testbed.terminals.holder_work import of_receiving
from testbed.terminals.outcome import Facts, Outcome
from testbed.terminals.work import Work
from virtual_cards.terminals import FunctionDesk, FunctionWorks, MergedScheme, NotReceived

_DID = "function"


def function_work(equipment: Equipment) -> Work:
    """Whether the function works, by the platform or by the chip. Raises `Fault`."""
    scheme = _scheme_of(equipment)
    desk = FunctionDesk(*equipment.kit, **equipment.wiring, scheme=scheme)

    def serve() -> Outcome:
        used = desk.use()
        if isinstance(used, NotReceived):
            return of_receiving(used, did=_DID)
        return _works(used, equipment.identity.scheme_name or scheme.scheme_id)

    return Work(_DID, serve, desk.use_parameters)


def _works(used: FunctionWorks, name: str) -> Outcome:
    facts: Facts = {"function": name, "decided_by": "platform"}
    told = f"“{name}”可用", f"{name} works"
    if used.on_card is not None:
        facts |= {"decided_by": "chip", "valid_until": used.on_card.valid_until.isoformat()}
        told = f"“{name}”可用（凭芯片判断）", f"{name} works (by the chip)"
    return of_receiving(used.received, facts, did=_DID, more=told)


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
