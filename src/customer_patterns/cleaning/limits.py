"""What a delivery must reach, as the study file says, or the run stops."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from customer_patterns.schemas import Refusal
from customer_patterns.study.contract import QualityLimit

#: The measures of a column that have a least value, and what each is called.
_SHARES = {"filled": "filled", "valid": "valid", "unique": "without a double"}


class QualityError(Refusal):
    """A delivery does not reach what the study file asks of it; the message names each shortfall and the remedy."""


def check_limits(quality: pd.DataFrame, limits: Mapping[str, QualityLimit]) -> None:
    """Raise :class:`QualityError` where a table or column does not reach its limits.

    Parameters
    ----------
    quality
        One row per delivered column, as in ``QUALITY``.
    limits
        By table (``order_lines``) or column (``order_lines.revenue``), as in the study file.
    """
    short = [what for name, limit in limits.items() for what in _shortfalls(quality, name, limit)]
    if short:
        listed = "; ".join(short)
        raise QualityError(
            f"the deliveries do not reach what the study file asks of them: {listed}; "
            "ask for a better delivery, or change 'quality' in the study file"
        )


def _shortfalls(quality: pd.DataFrame, name: str, limit: QualityLimit) -> list[str]:
    table, _, column = name.partition(".")
    rows = quality[quality["table"] == table]
    if column:
        rows = rows[rows["column"] == column]
    if rows.empty:
        return [f"{name} was not delivered"]
    short = []
    for measure, words in _SHARES.items():
        least, found = getattr(limit, measure), rows[measure].dropna()
        if least is not None and len(found) and found.min() < least:
            worst = rows.loc[found.idxmin(), "column"]
            short.append(f"{table}.{worst} is {words} in {_share(found.min())} of records instead of {_share(least)}")
    records, age = int(rows["records"].iloc[0]), rows["days_old"].dropna()
    if limit.least_records is not None and records < limit.least_records:
        short.append(f"{table} has {records:,} records instead of {limit.least_records:,}")
    if limit.newest_within_days is not None:
        if age.empty:
            short.append(f"the newest record of {table} has no date")
        elif age.max() > limit.newest_within_days:
            days = int(age.max())
            short.append(f"the newest record of {table} is {days} days old instead of {limit.newest_within_days}")
    return short


def _share(share: float) -> str:
    """A share with as many digits as tell it from whole."""
    return f"{100 * share:.4g} %"
