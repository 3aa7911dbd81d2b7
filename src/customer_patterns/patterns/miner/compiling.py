"""How the miner's loops are compiled, and how bits are counted in them.

Imported only by modules that hold loops, and these only when something is mined: numba takes half a second to import.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from customer_patterns.estimates.compiling import compiled

__all__ = ["compiled", "popcount"]


@intrinsic
def popcount(typing_context: Any, word: Any) -> Any:
    """Count the bits of a word of 64: one instruction, and eight words at a time where the processor can."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate
