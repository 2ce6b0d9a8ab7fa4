"""Asking the processor for memory some events before it is needed.

A million customers on their way are more than any cache holds; who is next is known a little
before, and a record that was asked for then is there when its turn comes.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import get_item_pointer
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

ENTRIES_AHEAD, CUSTOMERS_AHEAD = 8, 4
"""Buckets before its turn in which an entry, and the customer it is about, are asked for."""
_place_of: Any = get_item_pointer
_TO_READ, _KEEP, _DATA = 0, 3, 1
"""What `llvm.prefetch` is told: to read, to be kept in every cache, data."""


def _fetch(_typing: Any, records: Any, place: Any) -> Any:
    signature: Signature = types.void(records, place)

    def code(context: Any, builder: Any, signature: Signature, given: Any) -> Any:
        kind = signature.args[0]
        row = context.make_array(kind)(context, builder, given[0])
        address = _place_of(context, builder, kind, row, [given[1]])
        pointer = builder.bitcast(address, ir.IntType(8).as_pointer())
        told = [ir.Constant(ir.IntType(32), each) for each in (_TO_READ, _KEEP, _DATA)]
        prefetch = builder.module.declare_intrinsic(
            "llvm.prefetch",
            [pointer.type],
            ir.FunctionType(ir.VoidType(), [pointer.type, *(each.type for each in told)]),
        )
        builder.call(prefetch, [pointer, *told])
        return context.get_dummy_value()

    return signature, code


fetch: Any = intrinsic(_fetch)
"""Have the record at this place of a row brought near; any place will do, there or not."""
