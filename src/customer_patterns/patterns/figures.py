"""The figures that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import Count
from customer_patterns.patterns import assortment, preferences, promotions, tables
from customer_patterns.patterns.baskets import LEVEL_WORDS, LEVELS
from customer_patterns.patterns.sayings import OFFER_FINDINGS, READERS, SEQUENCE_FINDINGS
from customer_patterns.wording import Name

#: How the intervals of lifts are made.
METHOD = "linearization over customers"

#: Names of two items that together are longer than this leave no room for a title.
LONGEST_NAMES = 44

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    ("patterns.naive", "description", "search_account", "funnel"),
    ("patterns.naive_none", "description", "search_account", "funnel"),
    ("patterns.category", "association", "shown_rules", "categories"),
    ("patterns.habit", "association", "comparisons", "habit"),
    *assortment.FINDINGS,
    *promotions.FINDINGS,
    *preferences.FINDINGS,
    *SEQUENCE_FINDINGS,
    *OFFER_FINDINGS,
    ("patterns.product_type", "association", "shown_rules", "product-types"),
    ("patterns.later", "description", "later_counts", "later"),
    ("patterns.threes", "description", "search_account", "funnel"),
)


class Figures(wording.Figures):
    """The figures of the patterns chapter, mostly at the level of categories."""


def _search_account(figures: Figures, account: pd.DataFrame) -> None:
    rows = account[account["outcome"] == tables.SEARCHED].set_index(["level", "length"])
    for length, unit, names in (
        (2, "pairs", ("searched", "frequent", "naive", "tested", "yekutieli", "same_basket", "confirmed")),
        (3, "sets", ("frequent", "yekutieli")),
    ):
        if ("category", length) not in rows.index:
            continue
        row = rows.loc[("category", length)]
        for name in names:
            figures[f"{name}_{unit}"] = Count(int(row[name]), unit, n=int(row[name]), of=unit)
        figures["baskets"] = Count(int(row["baskets"]), "baskets", n=int(row["baskets"]), of="baskets")
        figures["everyone"] = Count(int(row["customers"]), "customers", n=int(row["customers"]), of="customers")
        if length == 2 and not pd.isna(lift := row["detectable_lift"]):
            figures["detectable"] = Count(float(lift), "ratio", n=int(row["tested"]), of="pairs")
    for needed, absent in (("frequent_sets", "yekutieli_sets"), ("frequent_pairs", "naive_pairs")):
        if needed in figures and not figures[needed].value:
            del figures[needed], figures[absent]
    if "frequent_pairs" in figures and not figures["same_basket_pairs"].value:
        figures["missed_pairs"] = figures.pop("frequent_pairs")


def _shown_rules(figures: Figures, shown: pd.DataFrame) -> None:
    for level, words in zip(LEVELS, LEVEL_WORDS, strict=True):
        rows = shown[shown["level"] == words]
        if rows.empty:
            continue
        strongest = rows.loc[rows["stratified_lift"].idxmax()]
        figures[f"{level}_with"], figures[f"{level}_also"] = _names(strongest)
        _lift(figures, f"{level}_lift", strongest, "stratified_lift")
        _lift(figures, f"{level}_later", strongest, "later_lift", n="later_n")
        if _short(strongest):
            figures[f"{level}_rule"] = Name(strongest["rule"])
            figures[f"{level}_title_lift"] = figures[f"{level}_lift"]


def _comparisons(figures: Figures, table: pd.DataFrame) -> None:
    rows = table[table["level"] == "category"]
    for _, pair in rows.groupby("rule", sort=False):
        by_measure = pair.set_index("measure")
        if {tables.BEYOND_SIZE, tables.BEYOND_HABIT} <= set(by_measure.index):
            first = pair.iloc[0]
            size, own = (by_measure.at[measure, "lift"] for measure in (tables.BEYOND_SIZE, tables.BEYOND_HABIT))
            if np.log(own) > np.log(size) / 2:  # most of it is habit, or nothing is said of habit
                return
            figures["habit_with"], figures["habit_also"] = _names(first)
            _lift(figures, "habit_size_lift", by_measure.loc[tables.BEYOND_SIZE], "lift")
            _lift(figures, "habit_own_lift", by_measure.loc[tables.BEYOND_HABIT], "lift")
            if _short(first):
                figures["habit_rule"] = Name(first["rule"])
            return


def _later_counts(figures: Figures, counts: pd.DataFrame) -> None:
    rows = counts[counts["level"] == "category"].set_index("later")
    if len(rows):
        figures["stand"] = _pairs(rows["stand"].iloc[0])
        for verdict, name in (
            (tables.CONFIRMED, "again"),
            (tables.WEAKER, "weaker"),
            (tables.NOT_FOUND, "lost"),
            (tables.NOT_ENOUGH, "unclear"),
        ):
            figures[name] = _pairs(rows.at[verdict, "sets"])


def _plain_lifts(figures: Figures, table: pd.DataFrame) -> None:
    if "category_with" not in figures:
        return
    headline = table[table["antecedents"] == figures["category_with"].text]
    headline = headline[headline["consequents"] == figures["category_also"].text]
    for _, row in headline.iterrows():
        _lift(figures, "plain_lift", row, "plain_lift")


Figures.readers = {
    "search_account": _search_account,
    "shown_rules": _shown_rules,
    "comparisons": _comparisons,
    "later_counts": _later_counts,
    "plain_lifts": _plain_lifts,
    **READERS,
    **promotions.READERS,
    **assortment.READERS,
    **preferences.READERS,
}


def _names(row: pd.Series) -> tuple[Name, Name]:
    return Name(row["antecedents"]), Name(row["consequents"])


def _short(row: pd.Series) -> bool:
    """Whether both names fit into a title, in whichever language is spoken."""
    return len(row["antecedents"]) + len(row["consequents"]) <= LONGEST_NAMES


def _lift(figures: Figures, name: str, row: pd.Series, measure: str, *, n: str = "n") -> None:
    figures.estimate(name, row, measure, "ratio", n=n, method=METHOD)


def _pairs(number: float) -> Count:
    return Count(int(number), "sets", n=int(number), of="sets")
