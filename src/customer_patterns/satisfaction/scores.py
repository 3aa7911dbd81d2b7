"""How content customers say they are: Net Promoter Score, share of the content, scores of the dimensions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from customer_patterns.estimates import Interval, bootstrap_ratio, bootstrap_share, bounded, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.resampling import GROUPS, in_groups
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.standard.carried import CONTENT, added_error, widened
from customer_patterns.satisfaction.standard.thresholds import recommending
from customer_patterns.satisfaction.tables.answers import CSAT, DIMENSION_SCORES, NPS
from customer_patterns.satisfaction.tables.columns import ALL_WAVES, NPS_MEASURE, OVERALL

Floats = NDArray[np.float64]


def net_promoter_score(promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Interval:
    """Net Promoter Score of independent customers with its adjusted Wald interval.

    Parameters
    ----------
    promoters, detractors, n
        How many answered 9 or 10, how many 0 to 6, how many answered; arrays of one shape, or scalars.
    level
        Confidence level.

    Returns
    -------
    Interval
        Points from -100 to 100; NaN where ``n`` is 0.

    Raises
    ------
    ValueError
        More promoters and detractors than answers.

    Notes
    -----
    Reichheld (2003), Harvard Business Review 81(12), 46–54. Interval: Rocks (2016), Interval Estimation for the "Net
    Promoter Score", The American Statistician 70, 365–372: a Wald interval after adding three answers, of which 3/4
    are promoters, 3/2 passives and 3/4 detractors; of the simple intervals the one with the best coverage there.

    Examples
    --------
    Of ten answers five are promoters and two are detractors.

    >>> score = net_promoter_score(5, 2, 10)
    >>> [round(float(x)) for x in score]
    [30, -19, 65]
    """
    up, down, total = (np.asarray(x, dtype=float) for x in (promoters, detractors, n))
    if ((up < 0) | (down < 0) | (up + down > total)).any():
        raise ValueError("promoters and detractors are some of those who answered")
    z = float(ndtri(0.5 + level / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (up - down) / total
        p, d, m = (up + 0.75) / (total + 3), (down + 0.75) / (total + 3), total + 3
        half = z * np.sqrt((p + d - (p - d) ** 2) / m)
    low, high = np.minimum(np.clip(p - d - half, -1, 1), value), np.maximum(np.clip(p - d + half, -1, 1), value)
    return Interval(*(np.where(total > 0, 100 * x, np.nan) for x in (value, low, high)))


def nps_by_wave(sheets: Sheets) -> pd.DataFrame:
    """Estimate the Net Promoter Score of each wave, and of all waves together.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns.

    Returns
    -------
    DataFrame
        One row per wave by name, then one for all waves; columns as in ``NPS``. A customer answers a wave once, so a
        wave's interval is :func:`net_promoter_score`'s; over all waves customers are resampled.
    """
    rows = _numbered(sheets.rows).dropna(subset=["recommendation"])
    up, down = (pd.Series(part, index=rows.index) for part in recommending(rows))
    table = _by_wave(rows.assign(promoters=up, detractors=down), ["promoters", "detractors"])
    if table.empty:
        return empty(NPS)
    counts = table["n"].to_numpy(dtype=float)
    ups, downs = table["promoters"].to_numpy(), table["detractors"].to_numpy()
    nps = Interval(*(x.copy() for x in net_promoter_score(ups, downs, counts)))
    if _answers_repeat(rows):
        pooled = _pooled(rows, 100 * (up - down), lowest=-100)
        for bound, value in zip(nps, pooled, strict=True):
            bound[-1] = value
    nps = widened(nps, [added_error(sheets, NPS_MEASURE, wave) for wave in table["wave"]], lowest=-100)
    table = with_interval(table.assign(promoters=ups / counts, detractors=downs / counts), "nps", nps)
    return _suppressed(table, ["promoters", "detractors", *bounded("nps")])[NPS.names]


def csat_by_wave(sheets: Sheets) -> pd.DataFrame:
    """Estimate the share who gave one of the two best answers when asked how content they are overall.

    Parameters
    ----------
    sheets
        As in :func:`nps_by_wave`.

    Returns
    -------
    DataFrame
        One row per wave by name, then one for all waves; columns as in ``CSAT``. Wilson intervals; over all waves
        customers are resampled.
    """
    rows = _numbered(sheets.rows).dropna(subset=["content"])
    table = _by_wave(rows, ["content"])
    if table.empty:
        return empty(CSAT)
    csat = Interval(*(x.copy() for x in wilson(table["content"].to_numpy(), table["n"].to_numpy(dtype=float))))
    for bound, value in zip(csat, clustered_share(rows["content"], rows["customer_id"]), strict=True):
        bound[-1] = float(value)
    added = [added_error(sheets, CONTENT, wave) / 100 for wave in table["wave"]]
    table = with_interval(table.drop(columns="content"), "csat", widened(csat, added, highest=1.0))
    return _suppressed(table, bounded("csat"))[CSAT.names]


def dimension_scores(sheets: Sheets) -> pd.DataFrame:
    """Estimate the mean score of each dimension, and of contentment overall, by wave and over all waves.

    Parameters
    ----------
    sheets
        As in :func:`nps_by_wave`.

    Returns
    -------
    DataFrame
        One row per dimension (in the survey's order, ``"overall"`` last) and wave (by name, all waves last); columns
        as in ``DIMENSION_SCORES``. Intervals resample customers; they and their figure are blank where all are alike.
    """
    measures = {**sheets.scores, OVERALL: sheets.rows["overall"]}
    numbered, parts = _numbered(sheets.rows)[["wave", "customer_id"]], []
    for name, score in measures.items():
        rows = numbered.assign(score=np.asarray(score, dtype=float)).dropna(subset=["score"])
        table = _by_wave(rows, [])
        if len(table):
            waves = table["wave"].tolist()
            added = [added_error(sheets, str(name), wave) for wave in waves]
            table = with_interval(table, "score", widened(_means(rows, waves), added))
            parts.append(_suppressed(table.assign(dimension=name), bounded("score")))
    if not parts:
        return empty(DIMENSION_SCORES)
    return pd.concat(parts, ignore_index=True)[DIMENSION_SCORES.names]


def clustered_share(happened: pd.Series, customers: pd.Series) -> Interval:
    """Share of observations of which a customer may have several, with its interval.

    Parameters
    ----------
    happened
        1 or 0, one per observation.
    customers
        Whose observation it is.

    Returns
    -------
    Interval
        Wilson's where each customer has one observation; else customers are resampled. Where so few differ that many
        resamples are all alike, Wilson's for as many observations as there are customers, which is too wide rather
        than too narrow. NaN without observations.
    """
    sums = happened.groupby(customers, sort=True).agg(["sum", "count"]).to_numpy(dtype=float)
    part, total = sums[:, 0], sums[:, 1]
    share = wilson(part.sum(), total.sum())
    if len(sums) > 1 and (total > 1).any():
        resampled = bootstrap_share(*_drawn_from(sums).T)
        share = resampled if np.isfinite(resampled.low) else wilson(share.value * len(sums), len(sums))
    return share


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """The same with numbers in place of the customers' names, which are sooner compared."""
    return rows.assign(customer_id=pd.factorize(rows["customer_id"], sort=True)[0])


def _drawn_from(sums: Floats) -> Floats:
    """Sums of customers, of very many by groups put together by lot, whatever their names are."""
    return in_groups(np.round(sums, 9)[np.lexsort(sums.T)]) if len(sums) > GROUPS else sums


def _by_wave(rows: pd.DataFrame, added_up: list[str]) -> pd.DataFrame:
    """One row per wave and one for all: answers, customers, sums of columns."""
    if rows.empty:
        return pd.DataFrame()
    groups = [(wave, part) for wave, part in rows.groupby("wave", sort=True)] + [(ALL_WAVES, rows)]
    return pd.DataFrame(
        [{"wave": wave, "n": len(part), "customers": _people(part), **part[added_up].sum()} for wave, part in groups]
    )


def _answers_repeat(rows: pd.DataFrame) -> bool:
    """Whether a customer answers in several waves; else all answers are independent."""
    return bool(rows["customer_id"].duplicated().any()) and _people(rows) > 1


def _people(rows: pd.DataFrame) -> int:
    """How many customers the rows are of."""
    return len(rows["customer_id"].unique())


def _pooled(rows: pd.DataFrame, values: pd.Series, *, lowest: float, highest: float = 100) -> list[float]:
    """Mean over all answers with its interval, resampling customers; NaN where nothing varies."""
    sums = _drawn_from(values.groupby(rows["customer_id"], sort=True).agg(["sum", "count"]).to_numpy(dtype=float))
    value, low, high = (float(x) for x in bootstrap_ratio(sums[:, 0], sums[:, 1]))
    if np.isnan(low):
        return [np.nan] * 3
    return [value, max(low, lowest), min(high, highest)]


def _means(rows: pd.DataFrame, waves: list[str]) -> Interval:
    """Mean scores of waves, the last of which is all of them."""
    parts = [rows if wave == ALL_WAVES else rows[rows["wave"] == wave] for wave in waves]
    several = [_people(part) > 1 for part in parts]
    means = [
        _pooled(part, part["score"], lowest=0) if enough else [np.nan] * 3
        for part, enough in zip(parts, several, strict=True)
    ]
    return Interval(*np.array(means).T)


def _suppressed(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Blank waves of too few customers; everything, where all waves together have too few."""
    waves, pooled = table[:-1], table[-1:]
    few = int(pooled["customers"].iloc[0]) < SMALLEST_CELL
    waves = suppress(waves.astype({"n": "Int64", "customers": "Int64"}), [*columns, "n"], n="customers")
    pooled = suppress(pooled.astype({"n": "Int64", "customers": "Int64"}), [*columns, "n"], n="customers")
    if few:
        never = pd.Series(False, index=waves.index)
        blank = {name: waves[name].where(never) for name in (*columns, "n", "customers")}
        waves = waves.assign(**blank, suppressed="too few")
    return pd.concat([waves, pooled], ignore_index=True)
