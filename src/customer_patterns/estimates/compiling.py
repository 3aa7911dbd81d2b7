"""How loops are compiled: once per machine, kept beside the source or, where that is read-only, elsewhere.

Imported only by modules that hold loops, and these only when they are needed: numba takes half a second to import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


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
