"""The process that a notebook runs in: its shell, its threads, its memory."""

from __future__ import annotations

import contextlib
import ctypes
import platform
from typing import Any

#: What glibc calls the number of places in which free memory is kept (malloc.h: ``M_ARENA_MAX``).
_PLACES = -8


def shell() -> Any:
    """Return the IPython this runs in, or None."""
    from IPython import get_ipython

    return get_ipython()


def one_thread_per_product() -> None:
    """Let one thread multiply matrices, in this process from here on.

    Ours are tall and narrow (resamples by customers, customers by a few figures): a second thread waits more than it
    works, and a stage takes up to three times the processor for the same numbers. Another stage is at work beside it.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


def give_memory_back() -> None:
    """Let the C library keep free memory in two places instead of a dozen, in this process from here on.

    Each thread keeps its own by default, up to eight for each processor, and what one has freed no other uses.
    """
    if platform.system() == "Linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library has no such setting
            ctypes.CDLL(None).mallopt(_PLACES, 2)
