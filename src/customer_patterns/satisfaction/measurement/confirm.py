"""Confirmatory factor analysis: do the items go together as their dimensions say?"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95, Interval, bounded, normal, with_interval
from customer_patterns.features.cells import whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.measurement.answers import items_of, testable, whole_sheets
from customer_patterns.satisfaction.measurement.fitting import (
    Fit,
    Seen,
    comparative_fit,
    fit,
    rmsea,
    see,
    tucker_lewis,
)
from customer_patterns.satisfaction.measurement.ordinal import ordinal_statistics
from customer_patterns.satisfaction.measurement.tables import (
    AGREEING,
    ANSWER_STYLE,
    CONVERGENT,
    DECLARED,
    FITS,
    MEASUREMENT_FIT,
    MEASUREMENT_LOADINGS,
    MISFIT,
    MODELS,
    NEARLY,
    ONE_THING,
    SINGLE,
    WITH_STYLE,
)
from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

#: The usual limits: Hu and Bentler (1999), Structural Equation Modeling 6, 1–55.
LEAST_CFI, MOST_RMSEA, MOST_SRMR = 0.95, 0.06, 0.08
#: Half of an item's variance should be its dimension's (Fornell and Larcker 1981, J. Marketing Research 18, 39–50).
LEAST_COMMON = 0.5
#: With fewer whole sheets nothing is fitted.
FEWEST_SHEETS = 200


class Confirmed(NamedTuple):
    """The tables of a confirmatory factor analysis, without rows where it cannot be made."""

    measurement_fit: pd.DataFrame
    loadings: pd.DataFrame
    convergent: pd.DataFrame
    style: pd.DataFrame


def confirm_dimensions(sheets: Sheets) -> Confirmed:
    """Fit the dimensions as declared, a single one instead, and a habit of agreeing beside them.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns. Dimensions of fewer than three items
        are left out, and so are sheets on which an item of the others is missing.

    Returns
    -------
    Confirmed
        ``measurement_fit``: one row per model that can be fitted; columns as in ``MEASUREMENT_FIT``. ``loadings``: one
        row per item. ``convergent``: one row per dimension. ``style``: one row per figure; that of agreeing with
        everything only where items are asked in both directions. Intervals by the delta method, customers taken as
        drawn independently.

    Notes
    -----
    Diagonally weighted least squares on polychoric correlations (Muthén, du Toit and Spisic 1997). Average variance
    extracted and composite reliability: Fornell and Larcker (1981). Agreeing with everything is a factor on which all
    items load alike in the direction in which they were asked (Billiet and McClendon 2000, Structural Equation Modeling
    7, 608–628). A halo, in which everything looks good to whoever is content, cannot be told from dimensions that go
    together.
    """
    names = testable(sheets)
    places = np.concatenate([items_of(sheets, name) for name in names]) if names else np.array([], dtype=int)
    nothing = Confirmed(empty(MEASUREMENT_FIT), empty(MEASUREMENT_LOADINGS), empty(CONVERGENT), empty(ANSWER_STYLE))
    if not len(places):
        return nothing
    codes, sizes, whole = whole_sheets(sheets, places)
    if len(codes) < FEWEST_SHEETS or min(sizes) < 2:
        return nothing
    customers = sheets.rows["customer_id"].to_numpy()[whole]
    seen = see([ordinal_statistics(codes, sizes, customers)], correlations_only=True)
    of = np.concatenate([np.full(len(items_of(sheets, name)), place) for place, name in enumerate(names)])
    direction = np.where(sheets.items["direction"].to_numpy()[places] == "reversed", -1.0, 1.0)
    items = sheets.items["item_id"].to_numpy()[places]
    models = _models(of, direction)
    fits = {name: fit(seen, *model) for name, model in models.items() if len(model[1]) <= len(seen.statistics)}
    n = len(codes)
    table = _fit_table(seen, fits, models, n)
    if DECLARED not in fits:
        return nothing._replace(measurement_fit=table, style=_style_table(fits, n))
    loadings = _loading_table(fits[DECLARED], items, [names[place] for place in of], n)
    return Confirmed(table, loadings, _convergent_table(fits[DECLARED], names, of, n), _style_table(fits, n))


def _models(of: NDArray, direction: Floats) -> dict[str, tuple[Callable[[Floats], Floats], Floats]]:
    """What each model implies of the correlations, and where to begin."""
    items, factors = len(of), int(of.max()) + 1
    pairs, factor_pairs = np.triu_indices(items, 1), np.triu_indices(factors, 1)
    style = np.outer(direction, direction)[pairs]

    def declared(at: Floats) -> Floats:
        between = np.eye(factors)
        between[factor_pairs] = at[items : items + len(factor_pairs[0])]
        between = between + np.triu(between, 1).T
        return (np.outer(at[:items], at[:items]) * between[np.ix_(of, of)])[pairs]

    start = np.concatenate([np.full(items, 0.7), np.full(len(factor_pairs[0]), 0.5)])
    models = {DECLARED: (declared, start)}
    if factors > 1:
        models[SINGLE] = (lambda at: np.outer(at, at)[pairs], np.full(items, 0.6))
    if len(set(direction)) > 1:
        models[WITH_STYLE] = (lambda at: declared(at[:-1]) + at[-1] * style, np.append(start, 0.02))
    return {name: models[name] for name in MODELS if name in models}


def _fit_table(seen: Seen, fits: dict[str, Fit], models: dict[str, tuple], n: int) -> pd.DataFrame:
    rows = []
    for name, found in fits.items():
        left = models[name][0](found.parameters) - seen.statistics
        row = {
            "model": name,
            "scaled": found.scaled,
            "df": found.df,
            "p_value": found.p,
            "cfi": comparative_fit(seen, found),
            "tli": tucker_lewis(seen, found),
            "rmsea": rmsea(seen, found),
            "srmr": float(np.sqrt(np.mean(left**2))),
        }
        rows.append(row | {"verdict": _verdict(row), "n": n, "customers": seen.customers})
    table = pd.DataFrame(rows).astype({"model": "str", "verdict": "str"})
    counts = {name: whole_numbers(table[name]) for name in ("n", "customers", "df")}
    return table.assign(**counts)[MEASUREMENT_FIT.names]


def _verdict(row: dict[str, float]) -> str:
    """All limits are kept, some, or none; without degrees of freedom every model fits."""
    if row["df"] == 0:
        return FITS
    kept = (row["cfi"] >= LEAST_CFI, row["rmsea"] <= MOST_RMSEA, row["srmr"] <= MOST_SRMR)
    return FITS if all(kept) else NEARLY if any(kept) else MISFIT


def _loading_table(found: Fit, items: NDArray, dimensions: list[str], n: int) -> pd.DataFrame:
    value = found.parameters[: len(items)]
    error = np.sqrt(np.diag(found.covariance)[: len(items)])
    table = pd.DataFrame(
        {
            "dimension": pd.Series(dimensions, dtype="str"),
            "item": pd.Series(items, dtype="str"),
            "n": whole_numbers([n] * len(items)),
        }
    )
    table = with_interval(table, "loading", normal(value, error))
    return table[MEASUREMENT_LOADINGS.names]


def _convergent_table(found: Fit, names: list[str], of: NDArray, n: int) -> pd.DataFrame:
    """Average variance extracted and composite reliability, by the delta method."""
    loadings, covariance = found.parameters[: len(of)], found.covariance[: len(of), : len(of)]
    common, composite = [], []
    for place in range(len(names)):
        own = np.flatnonzero(of == place)
        part, spread = loadings[own], covariance[np.ix_(own, own)]
        common.append(_with_bounds(float(np.mean(part**2)), 2 * part / len(own), spread))
        total, rest = part.sum(), (1 - part**2).sum()
        slope = (2 * total * (total**2 + rest) - total**2 * (2 * total - 2 * part)) / (total**2 + rest) ** 2
        composite.append(_with_bounds(total**2 / (total**2 + rest), slope, spread))
    table = pd.DataFrame(
        {
            "dimension": pd.Series(names, dtype="str"),
            "items": whole_numbers(np.bincount(of)),
            "n": whole_numbers([n] * len(names)),
        }
    )
    table = with_interval(table, "ave", Interval(*np.array(common).T))
    table = with_interval(table, "composite", Interval(*np.array(composite).T))
    holds, fails = table["ave_low"] >= LEAST_COMMON, table["ave_high"] < LEAST_COMMON
    verdict = np.where(holds, "holds", np.where(fails, "fails", "near the limit"))
    return table.assign(verdict=pd.Series(verdict, dtype="str"))[CONVERGENT.names]


def _with_bounds(value: float, slope: Floats, covariance: Floats) -> tuple[float, float, float]:
    reach = Z95 * float(np.sqrt(slope @ covariance @ slope))
    return value, max(value - reach, 0.0), min(value + reach, 1.0)


def _style_table(fits: dict[str, Fit], n: int) -> pd.DataFrame:
    """Shares of the items' variance that are a habit of answering, and that a single thing explains."""
    rows = []
    if WITH_STYLE in fits:
        found = fits[WITH_STYLE]
        value, error = float(found.parameters[-1]), float(np.sqrt(found.covariance[-1, -1]))
        bounds = (max(value, 0.0), max(value - Z95 * error, 0.0), min(max(value + Z95 * error, 0.0), 1.0))
        rows.append((AGREEING, *bounds))
    if SINGLE in fits:
        found = fits[SINGLE]
        slope = 2 * found.parameters / len(found.parameters)
        rows.append((ONE_THING, *_with_bounds(float(np.mean(found.parameters**2)), slope, found.covariance)))
    if not rows:
        return empty(ANSWER_STYLE)
    table = pd.DataFrame(rows, columns=["figure", *bounded("share")]).astype({"figure": "str"})
    return table.assign(n=whole_numbers([n] * len(rows)))[ANSWER_STYLE.names]
