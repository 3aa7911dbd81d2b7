"""Calls with the service: how each agent's go, and what was measured in those that customers rated well."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.special import stdtr

from customer_patterns.estimates import Z95, Interval, bounded, in_row, normal, pool_means, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.listening.tables import (
    AGENTS,
    ALIKE,
    BETTER,
    CALL_SOUND,
    LESS,
    MORE,
    RATED_ALIKE,
    WORSE,
)
from customer_patterns.sources.cut import first_moment_after

#: From which rating on a call went well.
WELL_RATED = 4
#: What is measured, and how it is called in the table of sounds.
_MEASURES = {
    "talk_share": "agent talks",
    "silence_share": "silence",
    "pitch_variation": "variation of the caller's pitch",
    "minutes": "length",
}


def rated_calls(calls: ir.Table, contacts: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Put beside each call how its contact was rated, and what it was about.

    Parameters
    ----------
    calls
        One row per call: ``call_id``, ``contact_id``, ``customer_id``, ``agent_id``, ``started_at`` (UTC),
        ``duration_seconds``, ``talk_share``, ``silence_share``, ``pitch_variation``, ``language``, ``transcript``.
    contacts
        One row per contact: ``contact_id``, ``topic``, ``rated_at``, ``csat``.
    last_day
        Last day of the study; later calls and ratings change nothing.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    DataFrame
        One row per call, by ``call_id``: the columns of ``calls`` with ``minutes`` instead of seconds, ``customer_id``
        (the call's own key where nobody knows the customer), ``topic``, ``rating`` (NaN where not rated).
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    known = contacts.select(
        "contact_id",
        "topic",
        rating=ibis.ifelse((contacts.rated_at < end).fill_null(contacts.rated_at.isnull()), contacts.csat, None),
    )
    rows = calls.filter(calls.started_at < end).left_join(known, "contact_id")
    rows = rows.select(
        "call_id",
        "agent_id",
        "language",
        "transcript",
        "topic",
        "talk_share",
        "silence_share",
        "pitch_variation",
        customer_id=ibis.coalesce(rows.customer_id, ibis.literal("call ") + rows.call_id),
        minutes=rows.duration_seconds / 60,
        rating=rows.rating.cast("float64"),
    )
    return rows.order_by("call_id").to_pandas()


def agents(calls: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Estimate how each agent's calls go.

    Calls are not dealt out by lot. Ratings are therefore compared with those of all calls about the same topic in the
    same language, and pooled: an agent with few rated calls is drawn toward the others.

    Parameters
    ----------
    calls
        From :func:`rated_calls`.
    level
        Up to which adjusted p-value an agent stands out from all others.

    Returns
    -------
    DataFrame
        One row per agent, by key; columns as in ``AGENTS``. Agents with fewer than ten callers are blank, and so are
        those from whom they could be worked out; a measure that fewer than ten callers have is missing. Verdicts:
        difference from all other agents, by its standard error over customers (Liang and Zeger 1986, Biometrika 73,
        13–22) on Student's t; false discovery over all of them as Benjamini and Yekutieli (2001).
    """
    known = calls.dropna(subset=["agent_id"])
    if known["agent_id"].nunique() < 2:
        return empty(AGENTS)
    names = sorted(known["agent_id"].unique())
    same = known.groupby(["topic", "language"], dropna=False)["rating"].transform("mean")
    known = known.assign(adjusted=known["rating"] - same + known["rating"].mean())
    grouped = known.groupby("agent_id", sort=True)
    table = pd.DataFrame(
        {
            "agent": names,
            "calls": grouped.size().to_numpy(),
            "rated": grouped["rating"].count().to_numpy(),
            "n": grouped["customer_id"].nunique().to_numpy(),
        }
    )
    for name in ("talk_share", "silence_share", "minutes"):
        table = with_interval(table, name, _means(known, name, names))
    table = with_interval(table, "rating", _pooled(_means(known, "adjusted", names)))
    table["rated"] = table["rated"].where(table["rating"].notna())
    table["talking"] = _apart(known, "talk_share", names, (LESS, ALIKE, MORE), level)
    table["rated_as"] = _apart(known, "adjusted", names, (WORSE, RATED_ALIKE, BETTER), level)
    ends = bounded("talk_share", "silence_share", "minutes", "rating")
    table = suppress(table, ["calls", "rated", "talking", "rated_as", *ends])
    return table.astype({name: "Int64" for name in ("calls", "rated", "n")})[AGENTS.names]


def call_sound(calls: pd.DataFrame) -> pd.DataFrame:
    """Set calls that were rated well beside those that were not, in what was measured in their sound.

    Parameters
    ----------
    calls
        From :func:`rated_calls`.

    Returns
    -------
    DataFrame
        One row per measure that was delivered; columns as in ``CALL_SOUND``. Without rows where fewer than ten
        customers stand on either side.
    """
    rated = calls.dropna(subset=["rating"])
    sides = {"well": rated[rated["rating"] >= WELL_RATED], "badly": rated[rated["rating"] < WELL_RATED]}
    rows = []
    for name, words in _MEASURES.items():
        parts = {side: part.dropna(subset=[name]) for side, part in sides.items()}
        (well, well_error, _), (badly, badly_error, _) = (_mean(part, name) for part in parts.values())
        error = float(np.hypot(well_error, badly_error))
        if not np.isfinite(error):
            continue
        rows.append(
            {"measure": words, "n": pd.concat(parts.values())["customer_id"].nunique()}
            | in_row("well", normal(well, well_error))
            | in_row("badly", normal(badly, badly_error))
            | in_row("difference", normal(well - badly, error))
        )
    return pd.DataFrame(rows)[CALL_SOUND.names] if rows else empty(CALL_SOUND)


def _mean(calls: pd.DataFrame, name: str) -> tuple[float, float, int]:
    """A mean over calls, its standard error over customers, and their number; NaN where these are fewer than ten."""
    given = calls.dropna(subset=[name])
    sums = given.groupby("customer_id", sort=True)[name].agg(["sum", "count"]).to_numpy(dtype=float)
    if len(sums) < SMALLEST_CELL:
        return float("nan"), float("nan"), len(sums)
    mean = sums[:, 0].sum() / sums[:, 1].sum()
    spread = ((sums[:, 0] - mean * sums[:, 1]) ** 2).sum() * len(sums) / (len(sums) - 1)
    return float(mean), float(np.sqrt(spread) / sums[:, 1].sum()), len(sums)


def _means(calls: pd.DataFrame, name: str, agents: list[str]) -> Interval:
    """The mean of a measure for each agent."""
    found = np.array([_mean(calls[calls["agent_id"] == agent], name)[:2] for agent in agents])
    return normal(found[:, 0], found[:, 1])


def _pooled(means: Interval) -> Interval:
    """Means that lend each other strength; those without an error stay out."""
    error = (means.high - means.value) / Z95
    known = np.isfinite(error) & (error > 0)
    if not known.any():
        return Interval.missing(len(error))
    pooled = pool_means(means.value[known], error[known]).interval
    parts = [np.where(known, 0.0, np.nan) for _ in range(3)]
    for part, values in zip(parts, pooled, strict=True):
        part[known] = values
    return Interval(*parts)


def _apart(
    calls: pd.DataFrame, name: str, agents: list[str], words: tuple[str, str, str], level: float
) -> list[str | None]:
    """Whether each agent differs from all others together: below, not told apart, above; None without data."""
    score, p = np.full((2, len(agents)), np.nan)
    for place, agent in enumerate(agents):
        mine = calls["agent_id"] == agent
        (own, error, customers), (others, other_error, _) = _mean(calls[mine], name), _mean(calls[~mine], name)
        spread = np.hypot(error, other_error)
        if spread > 0:
            score[place] = (own - others) / spread
            p[place] = 2 * stdtr(customers - 1, -abs(score[place]))
    known = np.isfinite(score)
    adjusted = np.ones(len(score))
    if known.any():
        adjusted[known] = benjamini_yekutieli(p[known])
    side = np.where(adjusted > level, 0, np.sign(np.nan_to_num(score))).astype(int)
    return [words[where + 1] if there else None for where, there in zip(side, known, strict=True)]
