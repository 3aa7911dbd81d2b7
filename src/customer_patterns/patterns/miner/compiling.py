"""How the miner's loops are compiled: once per machine, kept beside the source or, where that is read-only, elsewhere.

Imported only by modules that hold loops, and these only when something is mined: numba takes half a second to import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit, types
from numba.extending import intrinsic


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called, and keep the machine code for the next process.

    numba keeps it in ``__pycache__`` beside the source, in the user's cache folder if that cannot be written, or where
    ``NUMBA_CACHE_DIR`` says. Where none can be written (a read-only image without a home), it is compiled in each
    process anew instead of failing, as numba would.
    """
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
        return njit(nogil=True)(function)


@intrinsic
def popcount(typing_context: Any, word: Any) -> Any:
    """Count the bits of a word of 64: one instruction, and eight words at a time where the processor can."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate
