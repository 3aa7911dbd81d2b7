"""The customers of a planted shop as arrays, and the blocks of them that are drawn one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.orders import Drawn
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.visits import delivered_days


@dataclass(frozen=True)
class Clientele:
    """When each customer is one.

    Attributes
    ----------
    truth
        The plan of the shop.
    start, end
        By row of the customer: first local day as a customer, 0 for who was one before, and first day as none any more.
    """

    truth: Truth
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, truth: Truth) -> Clientele:
        """Read the days from the plan."""
        first = np.datetime64(truth.first_day, "D")
        start = (truth.customers["starts_on"].to_numpy(dtype="datetime64[D]") - first).astype("int64")
        leaves = truth.customers["leaves_on"]
        known = leaves.notna().to_numpy()
        end = np.full(len(start), delivered_days(truth))
        end[known] = (leaves[known].to_numpy(dtype="datetime64[D]") - first).astype("int64")
        return cls(truth, np.maximum(start, 0), end)

    def present(self, day: int) -> np.ndarray:
        """Who is a customer on a day."""
        return (self.start < day) & (self.end > day)


@dataclass(frozen=True)
class Block:
    """Some customers, with what they bought in the stores.

    Attributes
    ----------
    clientele
        All customers.
    first, stop
        The block's rows among them, the last one excluded.
    drawn
        What they bought in the stores, without a flaw.
    """

    clientele: Clientele
    first: int
    stop: int
    drawn: Drawn

    @property
    def truth(self) -> Truth:
        """The plan of the shop."""
        return self.clientele.truth

    @property
    def number(self) -> int:
        """Which block it is, counted from 0."""
        return self.first // 2_500

    def __len__(self) -> int:
        """Count the customers."""
        return self.stop - self.first

    @cached_property
    def people(self) -> pd.DataFrame:
        """Their rows of the truth, numbered from 0."""
        return self.truth.customers.iloc[self.first : self.stop].reset_index(drop=True)

    @cached_property
    def ids(self) -> np.ndarray:
        """Their keys."""
        return self.people["customer_id"].to_numpy(dtype=object)

    @property
    def start(self) -> np.ndarray:
        """First local day of each."""
        return self.clientele.start[self.first : self.stop]

    @property
    def end(self) -> np.ndarray:
        """First local day of each on which they are none any more."""
        return self.clientele.end[self.first : self.stop]

    def rng(self, part: str) -> np.random.Generator:
        """The chance of one part for this block."""
        return self.truth.plan.rng(part, self.first)


@dataclass
class Made:
    """What one part of a shop adds.

    Attributes
    ----------
    tables
        Canonical tables by name: what is delivered.
    truths
        Tables of what is true, by name.
    counts
        Numbers to add up over blocks, by name.
    """

    tables: dict[str, pd.DataFrame]
    truths: dict[str, pd.DataFrame]
    counts: dict[str, float]


def drawn_days(rng: np.random.Generator, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Draw a day in each span, the end excluded."""
    return start + (rng.random(len(start)) * np.maximum(end - start, 1)).astype("int64")


def drawn_seconds(rng: np.random.Generator, size: int, *, first_hour: int = 7, last_hour: int = 23) -> np.ndarray:
    """Draw seconds of the day between two hours, evenings likelier."""
    span = (last_hour - first_hour) * 3600
    return first_hour * 3600 + (np.maximum(rng.random(size), rng.random(size)) * span).astype("int64")


def pick(rng: np.random.Generator, levels: dict[str, float], size: int) -> np.ndarray:
    """Draw levels by their chances."""
    chance = np.array(list(levels.values()))
    return np.array(list(levels), dtype=object)[rng.choice(len(levels), size=size, p=chance / chance.sum())]
