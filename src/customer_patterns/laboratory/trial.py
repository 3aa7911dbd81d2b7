"""A trial: a method, a planted truth, an aim written down before, and a broken twin that must miss it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from customer_patterns.estimates import Interval, wilson

#: Scores are shown with the interval that every figure has, and judged with one that is seldom wrong.
_SHOWN, _JUDGED = 0.95, 0.99


@dataclass(frozen=True)
class Tally:
    """So many of so many replicates went as they should, or, in a trial of false alarms, as they should not."""

    hits: int
    of: int


@dataclass(frozen=True)
class Error:
    """How far one replicate was from the truth, as a share; 0 is perfect."""

    value: float


Outcome = Tally | Error


@dataclass(frozen=True)
class Aim:
    """Where a score must lie, both ends included.

    Attributes
    ----------
    low, high
        Bounds, as shares.
    by_interval
        Met where the score's 99 % Monte-Carlo interval reaches the range: for coverage, which no number of replicates
        pins down. Otherwise the score itself must lie there.
    """

    low: float = 0.0
    high: float = 1.0
    by_interval: bool = False

    def met(self, score: Score) -> bool:
        """Whether a score lies where it must."""
        value, low, high = score.judged
        low, high = (low, high) if self.by_interval else (value, value)
        return bool(high >= self.low and low <= self.high)


@dataclass(frozen=True)
class Trial:
    """One method held against one planted truth.

    Attributes
    ----------
    name
        Short and unique, e.g. ``"coverage of a ratio"``.
    room
        The room whose method it is; what ``make laboratory only=…`` chooses by, beside the name.
    measure
        What is counted, in a reader's words.
    setting
        What was planted, in a reader's words.
    twin
        What the broken twin does wrong, in a reader's words.
    aim
        Where the score must lie.
    seeds
        Held out: none of them was used while the method was made.
    run, broken
        One replicate, or one batch of replicates, of the method and of its twin.
    rests_on
        Modules and packages whose code decides the score, as paths inside the package.
    feeds
        Keys of findings that may not enter the summary while the aim is missed.
    revised
        What was changed after a score on held-out seeds had been seen, in a reader's words; empty: nothing. A reader
        who knows that an aim was moved can weigh it.
    """

    name: str
    room: str
    measure: str
    setting: str
    twin: str
    aim: Aim
    seeds: Sequence[int]
    run: Callable[[int], Outcome]
    broken: Callable[[int], Outcome]
    rests_on: tuple[str, ...]
    feeds: tuple[str, ...] = ()
    revised: str = ""


@dataclass(frozen=True)
class Score:
    """The outcomes of all seeds together.

    Attributes
    ----------
    shown, judged
        The score with its 95 % and its 99 % Monte-Carlo interval: how far it might lie elsewhere with other seeds.
    n
        From how many replicates.
    """

    shown: Interval
    judged: Interval
    n: int


def with_twin(run: Callable[..., Outcome]) -> dict[str, Callable[[int], Outcome]]:
    """The two runs of a trial whose replicate knows its own twin: ``run(seed)`` and ``run(seed, twin=True)``."""
    return {"run": run, "broken": partial(run, twin=True)}


def score(outcomes: Sequence[Outcome]) -> Score:
    """Add the outcomes of several seeds up.

    Parameters
    ----------
    outcomes
        All of one kind.

    Returns
    -------
    Score
        Of tallies the share with its Wilson interval; of errors the mean with Student's.

    Examples
    --------
    >>> score([Tally(9, 10), Tally(10, 10)]).shown.value
    0.95
    """
    if all(isinstance(outcome, Tally) for outcome in outcomes):
        hits, of = (sum(getattr(outcome, name) for outcome in outcomes) for name in ("hits", "of"))
        if not of:
            raise ValueError("a share of no replicates at all cannot be scored")
        return Score(*(Interval(*map(float, wilson(hits, of, level=level))) for level in (_SHOWN, _JUDGED)), of)
    errors = np.array([outcome.value for outcome in outcomes])
    if len(errors) < 2:
        raise ValueError("a mean of errors needs at least two seeds")
    return Score(*(_mean(errors, level) for level in (_SHOWN, _JUDGED)), len(errors))


def _mean(errors: NDArray[np.float64], level: float) -> Interval:
    reach = stdtrit(len(errors) - 1, 0.5 + level / 2) * errors.std(ddof=1) / np.sqrt(len(errors))
    mean = float(errors.mean())
    return Interval(mean, max(mean - float(reach), 0.0), mean + float(reach))
