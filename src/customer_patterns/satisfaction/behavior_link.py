"""What customers said, held against what they did afterwards."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from customer_patterns.estimates import bootstrap_mean, bounded, in_row, wilson, with_interval
from customer_patterns.features.around import orders_around
from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.features.enough import empty
from customer_patterns.features.habits import DAYS_A_MONTH
from customer_patterns.privacy.differencing import contributions
from customer_patterns.satisfaction.resampling import covariances, moments, resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.columns import MEAN_OF_DIMENSIONS, OVERALL
from customer_patterns.satisfaction.tables.done import SAID_AND_DONE, STATED_AND_REVEALED

Floats = NDArray[np.float64]

SAID, DONE = ("content", "not content"), ("stayed", "gone quiet")


def after_answers(
    sheets: Sheets, order_lines: ir.Table, *, window_days: int, first_day: date, last_day: date
) -> pd.DataFrame:
    """Put beside each answer sheet what its customer bought before it and after it.

    Parameters
    ----------
    sheets
        What was answered.
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``ordered_on``, ``revenue``, ``line_kind``.
    window_days
        How many days before and after the answer are looked at.
    first_day, last_day
        The study's. Only sheets all of whose days after lie in the study are kept: of others nobody knows yet.

    Returns
    -------
    DataFrame
        One row per such sheet, by wave and customer: ``wave``, ``customer_id``, ``overall``, ``mean_score`` (0 to
        100), ``content`` (1 or 0), ``orders_before``, ``days_since_order``, ``spend_before`` and ``spend_after``
        (revenue per day; before: per day that the study has seen).
    """
    rows = sheets.rows.assign(mean_score=sheets.mean_score)
    days = pa.table(
        {
            "customer_id": pa.array(rows["customer_id"].tolist(), pa.string()),
            "day": pa.array(rows["answered_on"].tolist(), pa.date32()),
        }
    )
    around = orders_around(order_lines, ibis.memtable(days), window_days=window_days, last_day=last_day)
    around = around.filter(around.seen).to_pandas()
    around = around.assign(day=pd.to_datetime(around["day"]))
    rows = rows.assign(day=pd.to_datetime(rows["answered_on"]))
    joined = rows.merge(around, "inner", ["customer_id", "day"]).sort_values(["wave", "customer_id"], ignore_index=True)
    since_start = (joined["day"] - pd.Timestamp(first_day)).dt.days.astype(float)
    before = since_start.clip(upper=window_days)
    joined = joined[before > 0].reset_index(drop=True)
    before, since_start = before[before > 0].reset_index(drop=True), since_start[before > 0].reset_index(drop=True)
    return joined[["wave", "customer_id", "overall", "mean_score", "content"]].assign(
        orders_before=joined["orders_before"].astype(float) / before,
        days_since_order=joined["days_since_order"].astype(float).fillna(since_start),
        spend_before=joined["cents_before"].astype(float) / 100 / before,
        spend_after=joined["cents_after"].astype(float) / 100 / window_days,
    )


def said_and_done(after: pd.DataFrame, *, fewest: int = 100) -> pd.DataFrame:
    """Estimate how satisfaction goes with later spend, beyond what earlier orders tell of it.

    Parameters
    ----------
    after
        What :func:`after_answers` returns.
    fewest
        With fewer answers nothing is estimated.

    Returns
    -------
    DataFrame
        One row per measure of satisfaction; columns as in ``SAID_AND_DONE``: the plain correlation with the logarithm
        of later spend, and the partial one that holds earlier spend, orders, recency (logarithms) and the wave
        fixed. Intervals resample customers. Without rows where there are too few answers or nothing varies.

    Notes
    -----
    The partial correlation comes from the inverse of the covariance matrix (Whittaker 1990, Graphical Models in
    Applied Multivariate Statistics, section 5.8). It is time-ordered, not causal; an unreliable score makes it smaller
    than that of what the score measures (Spearman 1904, American Journal of Psychology 15, 72–101).
    """
    rows = []
    for name, column in ((OVERALL, "overall"), (MEAN_OF_DIMENSIONS, "mean_score")):
        known = after[after[column].notna()].reset_index(drop=True)
        past = np.log1p(known[["spend_before", "orders_before", "days_since_order"]].to_numpy(dtype=float))
        row = _related(known, np.column_stack([known[column], np.log1p(known["spend_after"])]), past, fewest)
        if row is not None:
            rows.append({"measure": name} | row)
    return pd.DataFrame(rows, columns=SAID_AND_DONE.names) if rows else empty(SAID_AND_DONE)


def done_and_said(after: pd.DataFrame, *, fewest: int = 100) -> pd.DataFrame:
    """Estimate how later satisfaction goes with what was spent before it: the reverse order.

    Parameters
    ----------
    after
        What :func:`after_answers` returns; sheets whose customer had answered in an earlier wave are used.
    fewest
        With fewer such sheets nothing is estimated.

    Returns
    -------
    DataFrame
        One row per measure of satisfaction; columns as in ``SAID_AND_DONE``: the correlation of the logarithm of spend
        before an answer with the answer, plain, and with the customer's answer before and the wave held fixed.
        Intervals resample customers. Without rows where too few have answered twice.

    Notes
    -----
    The other half of a cross-lagged panel (Kenny 1975, Psychological Bulletin 82, 887–903). If both orders hold, what
    is said may follow what is done as well as go before it.
    """
    ordered = after.sort_values(["customer_id", "wave"], kind="stable").reset_index(drop=True)
    rows = []
    for name, column in ((OVERALL, "overall"), (MEAN_OF_DIMENSIONS, "mean_score")):
        earlier = ordered.groupby("customer_id")[column].shift()
        known = ordered.assign(earlier=earlier)[ordered[column].notna() & earlier.notna()].reset_index(drop=True)
        both = np.column_stack([np.log1p(known["spend_before"]), known[column]])
        row = _related(known, both, known[["earlier"]].to_numpy(dtype=float), fewest)
        if row is not None:
            rows.append({"measure": name} | row)
    return pd.DataFrame(rows, columns=SAID_AND_DONE.names) if rows else empty(SAID_AND_DONE)


def stated_and_revealed(after: pd.DataFrame, *, quiet_share: float = 0.5) -> pd.DataFrame:
    """Count who said what and did what: content or not, stayed or gone quiet.

    Parameters
    ----------
    after
        What :func:`after_answers` returns; each customer's last answer counts, if they spent anything before it.
    quiet_share
        Who spends less than this share of what they spent before, per day, has gone quiet.

    Returns
    -------
    DataFrame
        Four rows; columns as in ``STATED_AND_REVEALED``: ``share`` is of those who said the same (Wilson interval);
        ``spend_each`` is what each spent a month before the answer, on average (interval by resampling customers), and
        ``at_stake`` that of all of them: what they brought, not what would be lost.
        Cells of few customers are blank, and so are those from which they could be worked out. Without rows where
        nobody can be placed.

    Notes
    -----
    Partial defection: Buckinx and Van den Poel (2005), European Journal of Operational Research 164, 252–268.
    """
    known = after[after["content"].notna() & (after["spend_before"] > 0)]
    last = known.sort_values(["customer_id", "wave"]).groupby("customer_id", sort=True).tail(1)
    if last.empty:
        return empty(STATED_AND_REVEALED)
    content = last["content"].to_numpy() == 1
    quiet = (last["spend_after"] < quiet_share * last["spend_before"]).to_numpy()
    spend = last["spend_before"].to_numpy(dtype=float) * DAYS_A_MONTH
    rows = []
    for said, one in zip(SAID, (content, ~content), strict=True):
        for done, other in zip(DONE, (~quiet, quiet), strict=True):
            row = {"said": said, "done": done, "n": int((one & other).sum()), "customers": int(one.sum())}
            rows.append(row | _at_stake(spend[one & other]))
    table = pd.DataFrame(rows)
    table = with_interval(table, "share", wilson(table["n"], table["customers"]))
    table = table.astype({"n": "Int64", "customers": "Int64"})
    blanks = [*bounded("share", "spend_each"), "customers", "at_stake"]
    cells = [one & other for one in (content, ~content) for other in (~quiet, quiet)]
    spent = contributions(np.column_stack(cells) * spend[:, None])
    return suppress(table, blanks, partition=True, sums=spent)[STATED_AND_REVEALED.names]


def _at_stake(spend: Floats) -> dict[str, float]:
    """What some customers spent a month: each on average, and all of them."""
    row = dict.fromkeys((*bounded("spend_each"), "at_stake"), np.nan)
    if len(spend) < SMALLEST_CELL:
        return row
    mean, low, high = (round(float(part), 2) for part in bootstrap_mean(spend))
    return row | {"spend_each": mean, "spend_each_low": low, "spend_each_high": high, "at_stake": round(spend.sum(), 2)}


def _related(known: pd.DataFrame, both: Floats, controls: Floats, fewest: int) -> dict[str, object] | None:
    """Correlation of two columns, plain and with controls and the wave held fixed; ``None`` of too few answers."""
    people = known["customer_id"].nunique()
    if len(known) < fewest or people < SMALLEST_CELL:
        return None
    waves = pd.get_dummies(known["wave"], drop_first=True, dtype=float).to_numpy()
    controls = np.column_stack([controls, waves])
    controls = controls[:, controls.std(axis=0) > 1e-9]
    sums = sums_of(moments(np.column_stack([both, controls])), known["customer_id"].to_numpy())
    found, _ = resampled(sums, _correlations)
    if np.isnan(found.low).any():
        return None
    row: dict[str, object] = {"waves": known["wave"].nunique(), "n": len(known), "customers": people}
    for place, measure in enumerate(("plain", "partial")):
        row |= in_row(measure, found.part(place))
    low, high = row["partial_low"], row["partial_high"]
    verdict = "goes with more" if low > 0 else "goes with less" if high < 0 else "not told apart from none"
    return row | {"verdict": verdict}


def _correlations(sums: Floats) -> Floats:
    """Plain and partial correlation of the first two variables, the others held fixed."""
    matrices = covariances(sums)
    found = np.full((len(sums), 2), np.nan)
    spread = np.sqrt(np.einsum("rkk->rk", matrices))
    # A wave of which no customer was drawn does not vary: such a resample cannot be computed.
    usable = np.isfinite(matrices).all(axis=(1, 2)) & (spread > 0).all(axis=1)
    scale = spread[usable]
    correlation = matrices[usable] / scale[:, :, None] / scale[:, None, :]
    found[usable, 0] = correlation[:, 0, 1]
    inverse = np.linalg.pinv(correlation, hermitian=True, rcond=1e-9)
    found[usable, 1] = -inverse[:, 0, 1] / np.sqrt(inverse[:, 0, 0] * inverse[:, 1, 1])
    return found
