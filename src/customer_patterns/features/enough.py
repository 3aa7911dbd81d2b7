"""Tables for data that do not suffice: without rows, so that a chapter goes on and says so in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import pandas as pd

from customer_patterns.estimates import NotEnoughData
from customer_patterns.schemas import TableSchema

_Given = ParamSpec("_Given")

_PANDAS = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "money": "float64",
    "share": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
    "timestamp": "datetime64[us]",
}


def empty(schema: TableSchema) -> pd.DataFrame:
    """A table without rows, its columns in the types of their kinds."""
    return pd.DataFrame({column.name: pd.Series(dtype=_PANDAS[column.kind]) for column in schema.columns})


def empty_unless_enough(
    schema: TableSchema,
) -> Callable[[Callable[_Given, pd.DataFrame]], Callable[_Given, pd.DataFrame]]:
    """Let a function that estimates return ``schema``'s table without rows where the data do not suffice.

    A study may hold one customer, or none who bought anything. That is no fault of the run: its figures are absent, and
    whoever reads the table finds nothing in it, not zeros.

    Parameters
    ----------
    schema
        The table that the function returns.

    Examples
    --------
    >>> from customer_patterns.estimates import bootstrap_mean
    >>> from customer_patterns.schemas import Column
    >>> spend = TableSchema("spend", "figure", (), (Column("mean", "number", "mean spend"),))
    >>> @empty_unless_enough(spend)
    ... def mean_spend(amounts):
    ...     return pd.DataFrame({"mean": [float(bootstrap_mean(amounts).value)]})
    >>> len(mean_spend([3.0, 5.0])), len(mean_spend([3.0]))
    (1, 0)
    """

    def deciding(estimate: Callable[_Given, pd.DataFrame]) -> Callable[_Given, pd.DataFrame]:
        @wraps(estimate)
        def estimated(*args: _Given.args, **kwargs: _Given.kwargs) -> pd.DataFrame:
            try:
                return estimate(*args, **kwargs)
            except NotEnoughData:
                return empty(schema)

        return estimated

    return deciding
