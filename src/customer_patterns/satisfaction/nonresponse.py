"""Who answered, who did not, and what the scores would be if those who did not were like those who did.

Weights are made from what customers bought *before* they were asked, never from anything later, and never from tiers
or segments, which are made from the whole study. They correct only what that behavior explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, wilson
from customer_patterns.features.around import orders_around
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.resampling import resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.standard.carried import added_error, widened
from customer_patterns.satisfaction.standard.thresholds import recommending
from customer_patterns.satisfaction.tables import (
    ALL_WAVES,
    SCORE_VERSIONS,
    SCORES,
    SILENT_SCENARIOS,
    SURVEY_WAVES,
    WHO_ANSWERED,
)
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]

#: What is known of everyone who was asked, before they were asked.
CHARACTERISTICS = {
    "orders before": "orders_before",
    "revenue before": "revenue_before",
    "days since the last order": "days_since_order",
}

#: The worst that NPS, the share of content customers and the mean can be, in points.
_WORST = np.array([-100.0, 0.0, 0.0])

_INVITATIONS = ["wave", "customer_id", "invited_on", "answered", "settled", *CHARACTERISTICS.values()]


def invitations(
    survey_invitations: ir.Table,
    order_lines: ir.Table,
    sheets: Sheets,
    *,
    window_days: int,
    settle_days: int,
    first_day: date,
    last_day: date,
    time_zone: str,
) -> pd.DataFrame:
    """Say of each invitation whether it was answered, and what the customer had bought before it.

    Parameters
    ----------
    survey_invitations
        One row per customer and wave: ``wave``, ``customer_id``, ``invited_at`` (UTC).
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``ordered_on``, ``revenue``, ``line_kind``.
    sheets
        What was answered.
    window_days
        How many days before the invitation are looked at.
    settle_days
        So many days after its invitation a customer may still answer; younger invitations are not ``settled``.
    first_day, last_day
        The study's. Later invitations and orders change nothing.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per invitation, by wave and customer: ``wave``, ``customer_id``, ``invited_on``, ``answered``,
        ``settled``; in the ``window_days`` before ``orders_before`` and ``revenue_before``; ``days_since_order``, for
        those without any earlier order the days since the study began.
    """
    day = local_time(survey_invitations.invited_at, time_zone=time_zone).date()
    asked = survey_invitations.select("wave", "customer_id", day=day)
    asked = asked.filter(asked.day.between(first_day, last_day))
    around = orders_around(order_lines, asked, window_days=window_days, last_day=last_day)
    table = asked.join(around, ["customer_id", "day"]).order_by("wave", "customer_id").to_pandas()
    if table.empty:
        return pd.DataFrame(columns=_INVITATIONS)
    keys = ["wave", "customer_id"]
    invited_on = pd.to_datetime(table["day"])
    answered = pd.MultiIndex.from_frame(table[keys]).isin(pd.MultiIndex.from_frame(sheets.rows[keys]))
    never = (invited_on - pd.Timestamp(first_day)).dt.days
    return table[keys].assign(
        invited_on=invited_on.dt.date,
        answered=answered,
        settled=(invited_on + pd.Timedelta(days=settle_days) <= pd.Timestamp(last_day)).to_numpy(),
        orders_before=table["orders_before"].astype(float),
        revenue_before=table["cents_before"].astype(float) / 100,
        days_since_order=table["days_since_order"].astype(float).fillna(never.astype(float)),
    )


def survey_waves(invited: pd.DataFrame, sheets: Sheets) -> pd.DataFrame:
    """Count each wave's invitations and answers, and estimate the share who answered.

    Parameters
    ----------
    invited
        What :func:`invitations` returns.
    sheets
        What was answered.

    Returns
    -------
    DataFrame
        One row per wave by name; columns as in ``SURVEY_WAVES``. Where nobody knows who was asked, or some were asked
        so lately that they may still answer, there is no response rate, and ``status`` says so; where nobody knows who
        was asked, their number is missing.
    """
    rows = []
    for wave in sorted({*invited["wave"], *sheets.rows["wave"]}):
        asked, sent = invited[invited["wave"] == wave], sheets.rows[sheets.rows["wave"] == wave]
        status = "closed" if len(asked) and asked["settled"].all() else "still open" if len(asked) else "not known"
        days = [*asked["invited_on"], *sent["answered_on"]]
        row = {"wave": wave, "first_on": min(days), "last_on": max(days), "n": len(asked)}
        row |= {"answered": int(asked["answered"].sum()), "sheets": len(sent), "status": status}
        known = status == "closed"
        for end, value in zip(("", "_low", "_high"), wilson(row["answered"], row["n"]), strict=True):
            row[f"response_rate{end}"] = float(value) if known else np.nan
        rows.append(row)
    if not rows:
        return empty(SURVEY_WAVES)
    table = pd.DataFrame(rows)
    few = (table["sheets"] > 0) & (table["sheets"] < SMALLEST_CELL)
    blanks = ["answered", "sheets", "response_rate", "response_rate_low", "response_rate_high"]
    table = table.astype({"n": "Int64", "answered": "Int64", "sheets": "Int64"})
    table = table.assign(**{name: table[name].mask(few) for name in blanks})
    unknown = table["status"] == "not known"  # which is not nobody
    table = table.assign(n=table["n"].mask(unknown), answered=table["answered"].mask(unknown))
    return table.assign(suppressed=np.where(few, "too few", "no"))[SURVEY_WAVES.names]


def who_answered(invited: pd.DataFrame) -> pd.DataFrame:
    """Compare those who answered with those who did not by what they had bought before they were asked.

    Parameters
    ----------
    invited
        What :func:`invitations` returns; settled invitations are used.

    Returns
    -------
    DataFrame
        One row per characteristic; columns as in ``WHO_ANSWERED``. The difference is in standard deviations, so that
        characteristics can be compared; intervals resample customers.

    Notes
    -----
    Standardized difference: Austin (2009), Statistics in Medicine 28, 3083–3107; a tenth is the usual limit of what
    does not matter.
    """
    asked = invited[invited["settled"].astype(bool)]
    answered = asked["answered"].to_numpy(dtype=float)
    people = [asked.loc[answered == side, "customer_id"].nunique() for side in (1, 0)]
    if min(people) < SMALLEST_CELL:
        return empty(WHO_ANSWERED)
    values = asked[list(CHARACTERISTICS.values())].to_numpy(dtype=float)
    sides = [answered[:, None] * part for part in (np.ones_like(values[:, :1]), values, values**2)]
    others = [(1 - answered)[:, None] * part for part in (np.ones_like(values[:, :1]), values, values**2)]
    k = values.shape[1]

    def figures(sums: Floats) -> Floats:
        mean, other = (s[:, 1 : k + 1] / s[:, :1] for s in (sums[:, : 2 * k + 1], sums[:, 2 * k + 1 :]))
        square, other_square = (s[:, k + 1 :] / s[:, :1] for s in (sums[:, : 2 * k + 1], sums[:, 2 * k + 1 :]))
        spread = np.sqrt((square - mean**2 + other_square - other**2) / 2)
        share = sums[:, :1] / (sums[:, :1] + sums[:, 2 * k + 1 : 2 * k + 2])
        return np.hstack([mean, other, (mean - other) / np.where(spread > 1e-9, spread, np.nan), share])

    found, _ = resampled(sums_of(np.column_stack([*sides, *others]), asked["customer_id"].to_numpy()), figures)
    table = pd.DataFrame({"characteristic": list(CHARACTERISTICS), "n": len(asked), "answered": int(answered.sum())})
    for place, measure in enumerate(("answerers", "others", "difference", "answered_share")):
        own = slice(place * k, (place + 1) * k) if measure != "answered_share" else [-1] * k
        for end, value in zip(("", "_low", "_high"), found, strict=True):
            table[f"{measure}{end}"] = np.where(np.isfinite(found.low[own]), value[own], np.nan)
    return table[WHO_ANSWERED.names]


def weighting_classes(invited: pd.DataFrame, *, classes: int = 5, fewest: int = SMALLEST_CELL) -> NDArray[np.int64]:
    """Put invitations that were equally likely to be answered into one class.

    Parameters
    ----------
    invited
        What :func:`invitations` returns.
    classes
        How many classes a wave has at most.
    fewest
        So many answers a class has at least; else the wave gets fewer classes.

    Returns
    -------
    ndarray
        The class of each invitation, from 0; -1 in a wave that has too few answers for even one.

    Notes
    -----
    Classes of the propensity to answer: Little (1986), International Statistical Review 54, 139–157. The propensity
    comes from a logistic regression on the characteristics (logarithms, which skewed spending asks for) and the wave.
    Five classes take away most of the bias that a variable accounts for: Cochran (1968), Biometrics 24, 295–313.
    """
    number = np.full(len(invited), -1, dtype=np.int64)
    if invited.empty:
        return number
    answered = invited["answered"].to_numpy(dtype=bool)
    chance = np.round(answering_chance(invited), 9)
    taken = 0
    for _, places in invited.reset_index(drop=True).groupby("wave", sort=True).indices.items():
        for wanted in range(classes, 0, -1):
            edges = np.unique(np.quantile(chance[places], np.arange(1, wanted) / wanted))
            of = np.searchsorted(edges, chance[places], side="right")
            _, of = np.unique(of, return_inverse=True)
            if np.bincount(of, answered[places]).min() >= fewest:
                number[places] = taken + of
                taken += int(of.max()) + 1
                break
    return number


def answering_chance(invited: pd.DataFrame) -> Floats:
    """Chance that each invitation is answered, by logistic regression on what came before it and on the wave.

    Parameters
    ----------
    invited
        What :func:`invitations` returns.

    Returns
    -------
    ndarray
        From 0 to 1, one per invitation.
    """
    return answering_design(invited)[0]


def answering_design(invited: pd.DataFrame) -> tuple[Floats, Floats]:
    """The chance of :func:`answering_chance`, and the columns it was estimated from: one row per invitation."""
    traits = np.log1p(invited[list(CHARACTERISTICS.values())].to_numpy(dtype=float))
    spread = traits.std(axis=0)
    traits = (traits - traits.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    waves = pd.get_dummies(invited["wave"], drop_first=True, dtype=float).to_numpy()
    design = np.column_stack([np.ones(len(invited)), waves, traits, traits**2])
    answered = invited["answered"].to_numpy(dtype=float)
    slopes = np.zeros(design.shape[1])
    # Newton's method. A trace of a ridge keeps it going where a wave, or a trait, tells answers apart perfectly.
    ridge = 1e-4 * np.eye(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(design @ slopes, -30, 30)))
        gain = design.T @ (answered - chance) - ridge @ slopes
        step = np.linalg.solve((design * (chance * (1 - chance))[:, None]).T @ design + ridge, gain)
        slopes += step
        if np.abs(step).max() < 1e-10:
            break
    return 1 / (1 + np.exp(-np.clip(design @ slopes, -30, 30))), design


def score_versions(
    invited: pd.DataFrame, sheets: Sheets, *, classes: int = 5, scenarios: Sequence[float] = (0, 5, 10, 20)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate the scores of all who were asked: as answered, weighted, without straight-liners, and under scenarios.

    Parameters
    ----------
    invited
        What :func:`invitations` returns; settled invitations are used.
    sheets
        What was answered; sheets without an invitation do not count here.
    classes
        As in :func:`weighting_classes`.
    scenarios
        By how many points those who did not answer are taken to lie below those of their class who did.

    Returns
    -------
    tuple of DataFrame
        One row per score and version; columns as in ``SCORE_VERSIONS``. One row per score and scenario; columns as in
        ``SILENT_SCENARIOS``. Both without rows where nobody was asked, or too few answered.

    Notes
    -----
    Weighted means give each class of invitations its share of all that were sent (post-stratification, Holt and Smith
    1979, J. R. Stat. Soc. A 142, 33–46). The shares and the response are made anew in each resample of customers; the
    classes stay. Scenarios are a pattern-mixture model with a declared shift (Little 1993, J. Am. Stat. Assoc. 88,
    125–134): what the silent think cannot be estimated, only assumed. ``effective_n`` is Kish's (1965, Survey
    Sampling): as many answers as would give the same precision, had all the same weight.
    """
    asked = invited[invited["settled"].astype(bool)].reset_index(drop=True)
    number = weighting_classes(asked, classes=classes)
    asked, number = asked[number >= 0].reset_index(drop=True), number[number >= 0]
    if asked.empty:
        return empty(SCORE_VERSIONS), empty(SILENT_SCENARIOS)
    scores, straight = points_of_invitations(asked, sheets)
    k, m = int(number.max()) + 1, scores.shape[1]
    member = (number[:, None] == np.arange(k)).astype(float)
    given, value = np.isfinite(scores), np.where(np.isfinite(scores), scores, 0.0)
    columns = [member]
    for kept in (np.ones(len(asked)), (~straight).astype(float)):
        for part in (given.astype(float), value):
            columns += [member * (kept * part[:, s])[:, None] for s in range(m)]
    sums = sums_of(np.column_stack(columns), asked["customer_id"].to_numpy())
    people = _people(asked, scores, straight)

    def split(total: Floats) -> tuple[Floats, Floats, Floats]:
        """Invitations by class; answers and their sum by class, for each score, with all and without some."""
        sent, rest = total[:, :k], total[:, k:].reshape(len(total), 2, 2, m, k)
        return sent, rest[:, :, 0], rest[:, :, 1]

    def figures(total: Floats) -> Floats:
        sent, answers, points = split(total)
        raw, without = (points[:, v].sum(axis=2) / answers[:, v].sum(axis=2) for v in (0, 1))
        share = (sent / sent.sum(axis=1, keepdims=True))[:, None, :]
        weighted = (share * points[:, 0] / answers[:, 0]).sum(axis=2)
        silent = 1 - answers[:, 0].sum(axis=2) / sent.sum(axis=1, keepdims=True)
        shifted = [np.maximum(weighted - silent * scenario, _WORST) for scenario in scenarios]
        return np.hstack([raw, weighted, without, weighted - raw, without - raw, *shifted])

    found, _ = resampled(sums, figures)
    spread = np.isfinite(found.low) & (found.high > found.low)  # answers that are all alike allow no interval
    rows = np.where(spread, np.vstack(found), np.nan).reshape(3, -1, m)
    sent, answers, _ = split(sums.sum(axis=0, keepdims=True))
    effective = _effective(sent[0], answers[0, 0])
    counts = answers[0].sum(axis=2)
    versions, added = [], np.array([added_error(sheets, score, ALL_WAVES) for score in SCORES])
    for place, lowest in enumerate(_WORST):
        reach = slice(None), [0, 1, 2, *range(5, rows.shape[1])], place
        rows[reach] = np.vstack(widened(Interval(*rows[reach]), added[place], lowest=lowest))
    for place, score in enumerate(SCORES):
        for version, at, shift, of in (
            ("as answered", 0, None, 0),
            ("weighted by past behavior", 1, 3, 0),
            ("without straight-liners", 2, 4, 1),
        ):
            n = int(counts[of, place])
            line = {"score": score, "version": version, "n": n, "customers": int(people[of, place])}
            line["effective_n"] = float(effective[place]) if at == 1 else float(n)
            versions.append(line | _three("value", rows[:, at, place]) | _three("shift", _at(rows, shift, place)))
    shifted = [
        {"score": score, "points_below": float(scenario), "n": int(counts[0, place])}
        | _three("value", rows[:, 5 + number_, place])
        for place, score in enumerate(SCORES)
        for number_, scenario in enumerate(scenarios)
    ]
    versions, shifted = pd.DataFrame(versions), pd.DataFrame(shifted)
    some = counts[0] >= SMALLEST_CELL
    keep = [score for score, enough in zip(SCORES, some, strict=True) if enough]
    versions, shifted = (t[t["score"].isin(keep)].reset_index(drop=True) for t in (versions, shifted))
    return versions[SCORE_VERSIONS.names], shifted[SILENT_SCENARIOS.names]


def answer_weights(invited: pd.DataFrame, *, classes: int = 5) -> pd.DataFrame:
    """The weight of each answered invitation: how many that were sent it stands for.

    Parameters
    ----------
    invited
        What :func:`invitations` returns; settled invitations are used.
    classes
        As in :func:`weighting_classes`.

    Returns
    -------
    DataFrame
        One row per answered invitation with a class, by wave and customer: ``wave``, ``customer_id``, ``weight`` (1
        or more).
    """
    asked = invited[invited["settled"].astype(bool)].reset_index(drop=True)
    number = weighting_classes(asked, classes=classes)
    asked, number = asked[number >= 0], number[number >= 0]
    if asked.empty:
        return pd.DataFrame({"wave": [], "customer_id": [], "weight": []})
    answered = asked["answered"].to_numpy(dtype=bool)
    weight = np.bincount(number) / np.bincount(number, answered)
    return asked.loc[answered, ["wave", "customer_id"]].assign(weight=weight[number[answered]]).reset_index(drop=True)


def points_of_invitations(asked: pd.DataFrame, sheets: Sheets) -> tuple[Floats, NDArray[np.bool_]]:
    """Each invitation's scores in points (NaN where not given), and whether its sheet was filled in straight."""
    rows = sheets.rows
    promotes, detracts = recommending(rows)
    points = pd.DataFrame(
        {
            "wave": rows["wave"],
            "customer_id": rows["customer_id"],
            "nps": 100.0 * (promotes - detracts),
            "csat": 100.0 * rows["content"],
            "overall": rows["overall"],
            "straight": rows["straight_lined"].astype(float),
        }
    )
    joined = asked[["wave", "customer_id"]].merge(points, "left", ["wave", "customer_id"], validate="one_to_one")
    return joined[["nps", "csat", "overall"]].to_numpy(dtype=float), (joined["straight"] == 1).to_numpy()


def _people(asked: pd.DataFrame, scores: Floats, straight: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many customers stand behind each score, with all sheets and without the straight ones."""
    ids = asked["customer_id"].to_numpy()
    return np.array(
        [
            [len(np.unique(ids[np.isfinite(scores[:, s]) & kept])) for s in range(scores.shape[1])]
            for kept in (np.ones(len(ids), dtype=bool), ~straight)
        ]
    )


def _effective(sent: Floats, answers: Floats) -> Floats:
    """Kish's effective number of answers, per score."""
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = sent / answers
        return (weight * answers).sum(axis=1) ** 2 / (weight**2 * answers).sum(axis=1)


def _at(rows: Floats, place: int | None, score: int) -> Floats:
    return np.full(3, np.nan) if place is None else rows[:, place, score]


def _three(name: str, values: Floats) -> dict[str, float]:
    return {f"{name}{end}": float(value) for end, value in zip(("", "_low", "_high"), values, strict=True)}
