"""The figures that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from customer_patterns.behavior.baskets import closed_classes
from customer_patterns.behavior.cells import shown
from customer_patterns.behavior.cohorts import ALREADY, month_after
from customer_patterns.estimates import Count, Estimate, NotEnoughData, estimate_from_row, wilson
from customer_patterns.wording import SENTENCES, Chosen, Name, Sentence, Value, places, say

BOOTSTRAP = "bootstrap over customers"
WILSON = "Wilson"

#: A period must be so many times as long as a gap before anything is said of how many customers have such gaps.
GAPS_NEEDED = 4

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    ("behavior.rhythm", "description", "rhythm_groups", "rhythm"),
    ("behavior.concentration", "description", "revenue_deciles", "deciles"),
    ("behavior.basket", "description", "basket_figures", "baskets"),
    ("behavior.clock", "description", "hours", "hours"),
    ("behavior.truncated", "description", "cohorts", "cohorts"),
    ("behavior.selected", "description", "described", "groups"),
)


class Figures(dict[str, "Value"]):
    """Figures by name, and the sentences that can be said with them. What the data do not suffice for is absent.

    Parameters
    ----------
    first_day, last_day
        The period; in sentences ``{first}`` and ``{last}``.
    chosen
        Settings that sentences name, in their units.

    Examples
    --------
    >>> figures = Figures(date(2017, 1, 1), date(2017, 12, 31), weekly_gap=Chosen(7, "days"))
    >>> figures.source("hours")
    'Table hours, 1 Jan 2017 to 31 Dec 2017'
    >>> figures.say("behavior.rhythm_title")  # nothing read yet
    'How often customers come back'
    """

    def __init__(self, first_day: date, last_day: date, **chosen: Chosen) -> None:
        """Begin with the period and the settings."""
        super().__init__(first=first_day, last=last_day, **chosen)

    def read(self, **tables: pd.DataFrame) -> None:
        """Take the figures out of tables of this stage, given by their names.

        Where several rows could be meant (the busiest hour), the first of equals is.

        Raises
        ------
        KeyError
            No sentence speaks of that table.
        """
        for name, table in tables.items():
            _READERS[name](self, table)

    def suffice(self, key: str) -> bool:
        """Whether all figures that a sentence names are there."""
        return all(name in self for name in places(SENTENCES[key]))

    def fill(self, key: str) -> dict[str, Value]:
        """Return the figures that a sentence of the catalog names.

        Raises
        ------
        NotEnoughData
            One of them is absent.
        """
        names = places(SENTENCES[key])
        if absent := [name for name in names if name not in self]:
            raise NotEnoughData(f"{key} cannot be said: there is not enough data for {', '.join(absent)}")
        return {name: self[name] for name in names}

    def say(self, key: str) -> Sentence:
        """Say a sentence; where a figure is absent, its twin ``<key>_otherwise``, which needs none that may be."""
        key = key if self.suffice(key) else f"{key}_otherwise"
        return say(key, **self.fill(key))

    def source(self, table: str) -> Sentence:
        """Say from which table of this stage, and from which period, a figure is."""
        return say("behavior.source", table=Name(table), first=self["first"], last=self["last"])

    def marked(self, *names: str) -> Any:
        """What a chart highlights for these figures: hours and weekdays as their numbers, names and days as they are.

        Returns
        -------
        Any
            One value, or a tuple of several; ``None`` where one is absent.
        """
        values = [self.get(name) for name in names]
        if None in values:
            return None
        plain = [int(v.text) if isinstance(v, Name) and v.kind != "label" else _plain(v) for v in values]
        return plain[0] if len(plain) == 1 else tuple(plain)

    def number(self, name: str) -> float | None:
        """The bare number of a figure, to draw a line at; ``None`` where it is absent."""
        return self[name].value if name in self else None

    def estimate(
        self, name: str, row: pd.Series, measure: str, unit: str, *, n: str = "n", method: str = BOOTSTRAP
    ) -> None:
        """Add an estimate from a row, if there is enough data for it."""
        try:
            self[name] = estimate_from_row(row, measure, of="customers", unit=unit, n=n, method=method)
        except NotEnoughData:
            self.pop(name, None)


def _plain(value: Any) -> Any:
    """A value as it stands in a table."""
    return value.value if isinstance(value, Chosen) else getattr(value, "text", value)


def _rhythm_groups(figures: Figures, groups: pd.DataFrame) -> None:
    frequent, rare = groups.iloc[0], groups.iloc[-1]
    figures["everyone"] = _customers(frequent["customers"])
    if (figures["last"] - figures["first"]).days + 1 < GAPS_NEEDED * figures["weekly_gap"].value:
        return
    figures.estimate("weekly_share", frequent, "share_of_customers", "share", n="customers", method=WILSON)
    figures.estimate("weekly_revenue_share", frequent, "share_of_revenue", "share", n="customers")
    figures.estimate("one_day_share", rare, "share_of_customers", "share", n="customers", method=WILSON)


def _rhythm_figures(figures: Figures, table: pd.DataFrame) -> None:
    for _, row in table.iterrows():
        figures.estimate(row["figure"], row, "value", row["unit"])


def _next_shopping_day(figures: Figures, curve: pd.DataFrame) -> None:
    within = curve[curve["days"] == figures["weekly_gap"].value]
    if len(within):
        figures.estimate("returned_share", within.iloc[0], "returned", "share")


def _revenue_deciles(figures: Figures, deciles: pd.DataFrame) -> None:
    figures.estimate("top_tenth_share", deciles.iloc[0], "share_of_revenue", "share")


def _basket_figures(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("statistic")
    figures.estimate("basket_mean", rows.loc["mean"], "basket_value", "currency")
    figures.estimate("basket_median", rows.loc["median"], "basket_value", "currency")
    if not pd.isna(orders := rows.at["median", "orders"]):
        figures["baskets"] = Count(int(orders), "baskets", n=int(orders), of="baskets")


def _basket_values(figures: Figures, values: pd.DataFrame) -> None:
    if len(drawn := closed_classes(values)):
        figures["last_class"] = Chosen(float(drawn["value_to"].iloc[-1]), "currency")


def _hours(figures: Figures, hours: pd.DataFrame) -> None:
    if (row := _largest(hours, "share_of_orders")) is not None:
        figures["busiest_hour"] = Name.hour(row["hour"])
        figures.estimate("busiest_hour_share", row, "share_of_orders", "share", n="customers")


def _weekdays(figures: Figures, weekdays: pd.DataFrame) -> None:
    if (row := _largest(weekdays, "orders_index")) is not None:
        figures["busiest_day"] = Name.weekday(row["weekday"])
        figures.estimate("busiest_day_index", row, "orders_index", "ratio", n="customers")


def _hours_by_weekday(figures: Figures, cells: pd.DataFrame) -> None:
    if (row := _largest(cells, "share_of_orders")) is not None:
        figures["fullest_day"], figures["fullest_hour"] = Name.weekday(row["weekday"]), Name.hour(row["hour"])
        figures.estimate("fullest_share", row, "share_of_orders", "share", n="customers")


def _weeks(figures: Figures, weeks: pd.DataFrame) -> None:
    if (row := _largest(weeks[weeks["complete"]], "revenue_per_customer")) is not None:
        figures["best_week"] = row["week_starts_on"]
        figures.estimate("best_week_revenue", row, "revenue_per_customer", "currency", n="customers")


def _annual_index(figures: Figures, table: pd.DataFrame) -> None:
    years = int(table["years"].iloc[0])
    figures["years"] = Count(years, "years", n=years, of="years")
    figures["years_needed"] = Chosen(int(table["years_needed"].iloc[0]), "years")


def _cohorts(figures: Figures, cohorts: pd.DataFrame) -> None:
    first, already = cohorts.iloc[0], cohorts.loc[cohorts["status"] == ALREADY, "n"]
    figures["first_month"] = first["cohort"]
    figures.estimate("first_month_share", first, "share_of_customers", "share", n="customers", method=WILSON)
    if already.notna().all():
        everyone = int(first["customers"])
        value, low, high = map(float, wilson(int(already.sum()), everyone))
        figures["already_share"] = Estimate(value, low, high, everyone, "customers", "share", method=WILSON)


def _retention(figures: Figures, retention: pd.DataFrame) -> None:
    rows = shown(retention)
    if len(rows):
        last = rows[rows["cohort"] == rows["cohort"].iloc[0]].iloc[-1]
        figures["stayed_from"] = last["cohort"]
        figures["stayed_months"] = Chosen(int(last["age_months"]), "months")
        figures["stayed_until"] = month_after(last["cohort"], int(last["age_months"]))
        figures.estimate("stayed_share", last, "retention", "share", method=WILSON)


def _described(figures: Figures, described: pd.DataFrame) -> None:
    for name, (_, row) in zip(("described", "others"), described.iterrows(), strict=False):
        if not pd.isna(row["n"]):
            figures[name] = _customers(row["n"])
        figures.estimate(f"{name}_orders", row, "median_orders", "orders")
        figures.estimate(f"{name}_spend", row, "monthly_spend", "currency")
        figures.estimate(f"{name}_silent", row, "silent", "share", method=WILSON)


def _departments(figures: Figures, departments: pd.DataFrame) -> None:
    if (row := _largest(departments, "share_of_revenue")) is not None:
        figures["top_department"] = Name(row["department"])
        figures.estimate("top_department_share", row, "share_of_revenue", "share", n="customers")


_READERS: dict[str, Any] = {
    "rhythm_groups": _rhythm_groups,
    "rhythm_figures": _rhythm_figures,
    "next_shopping_day": _next_shopping_day,
    "revenue_deciles": _revenue_deciles,
    "basket_figures": _basket_figures,
    "basket_values": _basket_values,
    "hours": _hours,
    "weekdays": _weekdays,
    "hours_by_weekday": _hours_by_weekday,
    "weeks": _weeks,
    "annual_index": _annual_index,
    "cohorts": _cohorts,
    "retention": _retention,
    "described": _described,
    "departments": _departments,
}


def _largest(table: pd.DataFrame, measure: str) -> pd.Series | None:
    """The first row with the largest figure; none if a blank row might have a larger one."""
    known = shown(table, measure)
    if known.empty:
        return None
    row = known.loc[known[measure].idxmax()]
    blank = (table["suppressed"] != "no").any()
    at_most = 1 - known[measure].sum() if measure.startswith("share_of") else float("inf")
    return None if row[measure] <= 0 or (blank and row[measure] < at_most) else row


def _customers(number: Any) -> Count:
    return Count(int(number), "customers", n=int(number), of="customers")
