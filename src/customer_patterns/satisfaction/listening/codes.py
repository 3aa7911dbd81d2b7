"""What readers saw in texts that they coded: themes, for whom, and whether two readers see the same."""

from __future__ import annotations

from itertools import combinations

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95, Interval, bounded, wilson, with_interval
from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.listening.tables import AGREEMENT, CODER_AGREEMENT, THEMES, THEMES_BY_SEGMENT
from customer_patterns.satisfaction.reviews import writer_of
from customer_patterns.satisfaction.scores import clustered_share

#: From these values of kappa on agreement is called so (Landis and Koch 1977, with their two lowest words as one).
_KAPPA_FROM = (0.8, 0.6, 0.4)
#: With fewer texts that both have read nothing is said of two readers.
FEWEST_TEXTS = 20


def coded_texts(feedback: ir.Table, feedback_codes: ir.Table) -> pd.DataFrame:
    """Say of each code that a reader gave who wrote or said the text.

    Parameters
    ----------
    feedback
        One row per text: ``feedback_id``, ``customer_id``, ``author_key``.
    feedback_codes
        One row per text, coder and code: ``feedback_id``, ``coder``, ``kind``, ``code``. A code for a text that was
        not delivered, or that lies after the study, counts nowhere.

    Returns
    -------
    DataFrame
        One row per text, coder and code, by these: the columns of ``feedback_codes``, ``customer_id`` (missing where
        nobody knows it) and ``writer``.
    """
    texts = feedback.select("feedback_id", "customer_id", writer=writer_of(feedback))
    rows = feedback_codes.select("feedback_id", "coder", "kind", "code").inner_join(texts, "feedback_id")
    return rows.order_by("feedback_id", "coder", "kind", "code").to_pandas()


def themes(coded: pd.DataFrame) -> pd.DataFrame:
    """Count the texts that got each code.

    Parameters
    ----------
    coded
        From :func:`coded_texts`.

    Returns
    -------
    DataFrame
        One row per kind and code, the most frequent first within a kind; columns as in ``THEMES``. A text counts once,
        whoever gave the code. Intervals resample writers.
    """
    if coded.empty:
        return empty(THEMES)
    texts = coded[["feedback_id", "writer"]].drop_duplicates()
    rows, shares = [], []
    for (kind, code), part in coded.groupby(["kind", "code"], sort=True):
        has = texts["feedback_id"].isin(part["feedback_id"])
        shares.append(clustered_share(has.astype(int), texts["writer"]))
        rows.append((kind, code, int(has.sum()), part["writer"].nunique()))
    table = pd.DataFrame(rows, columns=["kind", "code", "texts", "n"])
    table["everybody"] = whole_numbers(np.full(len(table), texts["writer"].nunique()))
    table = with_interval(table, "share_of_texts", Interval(*np.array(shares, dtype=float).T))
    table = suppress(table, ["texts", *bounded("share_of_texts")])
    order = ["kind", "texts", "code"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)[THEMES.names]


def themes_by_segment(coded: pd.DataFrame, customer_segments: pd.DataFrame) -> pd.DataFrame:
    """Set beside each other which codes the texts of high, potential and ordinary customers got.

    Parameters
    ----------
    coded
        From :func:`coded_texts`.
    customer_segments
        One row per customer: ``customer_id``, ``value_level``.

    Returns
    -------
    DataFrame
        One row per value level (from high on), kind and code; columns as in ``THEMES_BY_SEGMENT``. A customer counts
        once per code. Shares with Wilson's intervals. A level with too few customers is blank.
    """
    known = coded.dropna(subset=["customer_id"]).merge(customer_segments[["customer_id", "value_level"]])
    if known.empty:
        return empty(THEMES_BY_SEGMENT)
    levels = [level for level in ("high", "potential", "ordinary") if level in set(known["value_level"])]
    heard = known.groupby("value_level")["customer_id"].nunique()
    codes = known[["kind", "code"]].drop_duplicates().sort_values(["kind", "code"])
    grid = pd.MultiIndex.from_tuples(
        [(level, kind, code) for level in levels for kind, code in codes.to_numpy()], names=["value_level", *codes]
    )
    said = known.groupby(["value_level", "kind", "code"])["customer_id"].nunique().reindex(grid, fill_value=0)
    table = said.rename("said").reset_index()
    table["n"] = table["value_level"].map(heard).astype("int64")
    table = with_interval(table, "share_of_customers", wilson(table["said"].to_numpy(), table["n"].to_numpy()))
    blanks = bounded("share_of_customers")
    return suppress(table, blanks)[THEMES_BY_SEGMENT.names]


def coder_agreement(coded: pd.DataFrame) -> pd.DataFrame:
    """Estimate how far each two readers gave the same texts the same codes, beyond chance.

    Parameters
    ----------
    coded
        One row per text, coder and code, from :func:`coded_texts`.

    Returns
    -------
    DataFrame
        One row per two readers who have read :data:`FEWEST_TEXTS` texts or more both; columns as in
        ``CODER_AGREEMENT``. Readers are numbered by their keys. What a reader said of a text are all codes given to it.

    Notes
    -----
    Cohen (1960), Educational and Psychological Measurement 20, 37–46; standard error of Fleiss, Cohen and Everitt
    (1969), Psychological Bulletin 72, 323–327.
    """
    ordered = coded.sort_values(["feedback_id", "coder", "kind", "code"])
    said = ordered.pivot_table(index="feedback_id", columns="coder", values="code", aggfunc="; ".join)
    rows = []
    for (i, one), (j, other) in combinations(enumerate(said.columns, start=1), 2):
        both = said[[one, other]].dropna()
        if len(both) < FEWEST_TEXTS:
            continue
        agreed, chance, kappa = cohens_kappa(pd.crosstab(both[one], both[other]))
        verdict = None
        if np.isfinite(kappa.value):
            verdict = AGREEMENT[sum(kappa.value < least for least in _KAPPA_FROM)]
        rows.append((i, j, agreed, chance, *map(float, kappa), len(both), verdict))
    names = ["first", "second", "observed", "by_chance", *bounded("kappa"), "n", "verdict"]
    return pd.DataFrame(rows, columns=names) if rows else empty(CODER_AGREEMENT)


def cohens_kappa(table: pd.DataFrame, *, z: float = Z95) -> tuple[float, float, Interval]:
    """Return observed agreement, agreement by chance, and kappa with its interval.

    Parameters
    ----------
    table
        How often the first reader said the row's and the second the column's words.
    z
        Half the width of the interval in standard errors.

    Returns
    -------
    tuple
        Two shares and the interval; kappa is NaN where both always said one and the same word.

    Examples
    --------
    Twenty texts, each reader said "a" of half of them, and they agreed on 14: 0.7 observed, 0.5 by chance.

    >>> said = pd.DataFrame([[7, 3], [3, 7]], index=["a", "b"], columns=["a", "b"])
    >>> round(float(cohens_kappa(said)[2].value), 2)
    0.4
    """
    words = sorted({*table.index, *table.columns})
    p = table.reindex(index=words, columns=words, fill_value=0).to_numpy(dtype=float)
    n = p.sum()
    p = p / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.trace(p)), float(rows @ columns)
    if chance >= 1:
        return observed, chance, Interval(*(np.nan,) * 3)
    kappa = (observed - chance) / (1 - chance)
    error = _error(p, rows, columns, kappa, chance) / np.sqrt(n)
    return observed, chance, Interval(kappa, max(kappa - z * error, -1.0), min(kappa + z * error, 1.0))


def _error(
    p: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64], kappa: float, chance: float
) -> float:
    """The standard error of kappa for one text."""
    margins = columns[:, None] + rows[None, :]
    same = np.diag(p) @ (1 - np.diag(margins) * (1 - kappa)) ** 2
    other = (1 - kappa) ** 2 * ((p - np.diag(np.diag(p))) * margins**2).sum()
    return float(np.sqrt(max(same + other - (kappa - chance * (1 - kappa)) ** 2, 0.0)) / (1 - chance))
