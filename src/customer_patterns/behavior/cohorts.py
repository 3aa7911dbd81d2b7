"""Who came when, and who of them came again: with the left edge of the study in mind."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.behavior.orders import in_period
from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.features.cells import customer_sums, suppress, whole_numbers

ALREADY = "already customers"
NEW = "new or returning"


def cohort_sizes(orders: ir.Table, *, first_day: date, last_day: date, burn_in_months: int = 3) -> pd.DataFrame:
    """Group customers by the month in which they were first seen.

    Who is first seen soon after the study's first day was a customer before: the study only began to look. Such
    cohorts are labeled so. Later cohorts hold new customers and some who return after a long time.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``.
    first_day, last_day
        The period, both days included. Other orders change nothing.
    burn_in_months
        A cohort whose month begins within so many months of ``first_day`` is of ``"already customers"``; 1 or more.

    Returns
    -------
    DataFrame
        One row per month that has a cohort, ascending: ``cohort`` (the month's first day), ``status`` (``"already
        customers"`` or ``"new or returning"``), ``n`` (customers first seen then), ``customers`` (all),
        ``share_of_customers`` (Wilson interval), ``suppressed``.

    Raises
    ------
    ValueError
        ``burn_in_months`` is less than 1.
    """
    months, active = _active_months(orders, first_day, last_day)
    return _sizes(months, active, _statuses(months, first_day, burn_in_months))


def _sizes(months: list[date], active: NDArray[np.bool_], statuses: list[str]) -> pd.DataFrame:
    """One row per month that has a cohort."""
    sizes = np.bincount(active.argmax(axis=1), minlength=len(months))
    table = pd.DataFrame(
        {
            "cohort": months,
            "status": statuses,
            "n": whole_numbers(sizes),
            "customers": len(active),
        }
    )
    table = with_interval(table, "share_of_customers", wilson(sizes, np.full(len(sizes), len(active))))
    shares = bounded("share_of_customers")
    return suppress(table[sizes > 0].reset_index(drop=True), shares, partition=True)


def cohort_retention(orders: ir.Table, *, first_day: date, last_day: date, burn_in_months: int = 3) -> pd.DataFrame:
    """Estimate how many of each cohort ordered in each later month.

    Parameters
    ----------
    orders, first_day, last_day, burn_in_months
        As in :func:`cohort_sizes`.

    Returns
    -------
    DataFrame
        One row per cohort and age, by both: ``cohort``, ``status``, ``age_months`` (1 or more; in the cohort's own
        month all have ordered), ``n`` (customers of the cohort), ``active`` (those with an order in that month),
        ``retention`` (Wilson interval), ``suppressed``; small cohorts are blank. Months not seen to their end are
        absent: who has not come yet may still come.
    """
    months, active = _active_months(orders, first_day, last_day)
    first = active.argmax(axis=1)
    statuses = _statuses(months, first_day, burn_in_months)
    seen = len(months) if month_after(months[-1], 1) <= last_day + timedelta(days=1) else len(months) - 1
    rows = [
        (months[c], statuses[c], age, int(members.sum()), int(active[members, c + age].sum()))
        for c in range(len(months))
        if (members := first == c).any()
        for age in range(1, seen - c)
    ]
    table = pd.DataFrame(rows, columns=["cohort", "status", "age_months", "n", "active"])
    table = table.astype({"status": "str", "age_months": "int64", "n": "Int64", "active": "Int64"})
    table = with_interval(table, "retention", wilson(table["active"].to_numpy(float), table["n"].to_numpy(float)))
    sizes = _sizes(months, active, statuses)
    why = table["cohort"].map(sizes.set_index("cohort")["suppressed"]).astype("str")
    blanks = ["n", "active", *bounded("retention")]
    return table.assign(**{name: table[name].where(why == "no") for name in blanks}, suppressed=why)


def month_after(month: date, months: int) -> date:
    """First day of the month so many months later."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _active_months(orders: ir.Table, first_day: date, last_day: date) -> tuple[list[date], NDArray[np.bool_]]:
    """The period's months, and per customer whether they ordered in each."""
    start = first_day.replace(day=1)
    length = (last_day.year - start.year) * 12 + last_day.month - start.month + 1
    months = [month_after(start, i) for i in range(length)]
    number = ibis._.ordered_on.year() * 12 + ibis._.ordered_on.month()
    counts = customer_sums(
        in_period(orders, first_day, last_day).mutate(month=number),
        {"orders": ibis._.count()},
        by="month",
        levels=[month.year * 12 + month.month for month in months],
    )["orders"]
    return months, counts > 0


def _statuses(months: list[date], first_day: date, burn_in_months: int) -> list[str]:
    if burn_in_months < 1:
        raise ValueError("who is seen in the first month was there before; burn_in_months is 1 or more")
    # A first month that is not seen from its first day on is one month more.
    known_before = month_after(first_day, burn_in_months + (first_day.day > 1))
    return [ALREADY if month < known_before else NEW for month in months]
