"""Chance that belongs to a thing: what is drawn for an order or a visit depends on its key, not on what else there is.

A stream of random numbers is used up in order, so one order more or less changes all that is drawn after it. Here each
number is a hash of the seed, the part, the thing's key and the name of what is drawn. What a delivery says about a day
is therefore the same whether it ends on that day or a year later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.special import ndtri

from customer_patterns.sources.companion.contentment import DIGITS

#: Increment and multipliers of SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
#: generators").
_GOLDEN, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_BITS = 2**64 - 1


def keys_of(ids: Sequence[str] | np.ndarray | pd.Series) -> np.ndarray:
    """Hash ids (texts) to keys of 64 bits, the same on any machine.

    >>> int(keys_of(["1"])[0]) == int(keys_of(["2", "1"])[1])
    True
    """
    return pd.util.hash_array(np.asarray(ids, dtype=object), categorize=False)


def keys_within(keys: np.ndarray, number: np.ndarray | int) -> np.ndarray:
    """Return keys of the numbered parts of things: the steps of visits, the days of customers."""
    steps = np.atleast_1d(np.asarray(number)).astype("uint64") + np.uint64(1)
    return _mix(keys + steps * _GOLDEN)


class Lot:
    """What is drawn for the things of one part of a companion.

    Parameters
    ----------
    seed
        Where all chance comes from.
    part
        The part's name; no part disturbs another.
    """

    def __init__(self, seed: int, part: str) -> None:
        self._salt = _mix(np.array([(seed + _spread(part)) & _BITS], dtype="uint64"))[0]

    def uniform(self, keys: np.ndarray, what: str) -> np.ndarray:
        """Draw a number from 0 (included) to 1 (excluded) for each key."""
        salt = self._salt ^ np.uint64(_spread(what))
        return (_mix(_mix(keys ^ salt)) >> np.uint64(11)).astype("float64") * 2.0**-53

    def scramble(self, keys: np.ndarray) -> np.ndarray:
        """Return other keys for the same things, from which the given ones cannot be told."""
        return _mix(_mix(keys ^ self._salt))

    def happens(self, keys: np.ndarray, what: str, chance: np.ndarray | float) -> np.ndarray:
        """Draw whether something happens, with a chance for all or for each."""
        return self.uniform(keys, what) < chance

    def normal(self, keys: np.ndarray, what: str) -> np.ndarray:
        """Draw standard normal numbers, rounded: the last bits of their logarithms differ from machine to machine."""
        return np.round(ndtri(self.uniform(keys, what) + 2.0**-54), DIGITS)

    def lognormal(self, keys: np.ndarray, what: str, *, median: np.ndarray | float, spread: float) -> np.ndarray:
        """Draw positive numbers whose logarithm is normal with the standard deviation ``spread``."""
        return median * np.exp(spread * self.normal(keys, what))

    def below(self, keys: np.ndarray, what: str, limit: np.ndarray | int) -> np.ndarray:
        """Draw whole numbers from 0 to ``limit`` (excluded), all as likely."""
        return (self.uniform(keys, what) * limit).astype("int64")

    def choice(self, keys: np.ndarray, what: str, shares: Mapping[str, float]) -> np.ndarray:
        """Draw one of several names, as often as their shares (which sum to 1) say."""
        bounds = np.round(np.cumsum(list(shares.values())), 12)[:-1]
        return np.array(list(shares), dtype=object)[np.searchsorted(bounds, self.uniform(keys, what), side="right")]


def codes(prefix: str, keys: np.ndarray) -> np.ndarray:
    """Write keys as ids of twelve characters after a prefix."""
    return np.array([f"{prefix}{key:012x}" for key in (keys >> np.uint64(16)).tolist()], dtype=object)


def _spread(name: str) -> int:
    """Turn a name into a number of 64 bits."""
    return (crc32(name.encode()) * int(_GOLDEN)) & _BITS


def _mix(keys: np.ndarray) -> np.ndarray:
    """Scatter 64 bits so that neighbors have nothing in common (SplitMix64's finalizer)."""
    with np.errstate(over="ignore"):
        mixed = keys + _GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
        return mixed ^ (mixed >> np.uint64(31))
