"""Which few of the rules that stand are shown first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.estimates import bounded
from customer_patterns.patterns import tables
from customer_patterns.patterns.baskets import AND

#: Stands between the two sides of a rule in texts.
THEN = " → "


def choose_rules(rules: pd.DataFrame, *, min_lift: float, most: int, most_per_item: int = 2) -> pd.DataFrame:
    """Choose the rules that a category manager would look at first.

    A rule qualifies if it stands beyond basket size and habit, was confirmed later, and even the lower end of its
    interval is ``min_lift`` or more. Of these come first those that bring most baskets beyond chance: a rule is of use
    if it is strong *and* concerns many baskets. Near-duplicates are kept out by letting no item appear in more than
    ``most_per_item`` rules.

    Parameters
    ----------
    rules
        Rows as in ``RULES``, of one level or several.
    min_lift
        Smallest lower bound of the lift.
    most
        Rules shown at each level.
    most_per_item
        Rules in which an item may appear, at each level.

    Returns
    -------
    DataFrame
        One row per rule shown, by level (as in ``rules``) and ``rank``, as in ``SHOWN_RULES``.
    """
    stands = (rules["verdict"] == tables.SAME_BASKET) & (rules["later"] == tables.CONFIRMED)
    good = rules[stands & (rules["stratified_lift_low"] >= min_lift)]
    good = good.sort_values(["extra_baskets", "antecedents", "consequents"], ascending=[False, True, True])
    seen: dict[tuple[str, str], int] = {}
    rank: dict[str, int] = {}
    chosen = []
    for index, row in good.iterrows():
        items = [(row["level"], item) for side in ("antecedents", "consequents") for item in row[side].split(AND)]
        if rank.get(row["level"], 0) >= most or any(seen.get(item, 0) >= most_per_item for item in items):
            continue
        seen |= {item: seen.get(item, 0) + 1 for item in items}
        rank[row["level"]] = rank.get(row["level"], 0) + 1
        chosen.append((index, rank[row["level"]]))
    shown = rules.loc[[index for index, _ in chosen]].assign(rank=[place for _, place in chosen])
    shown = shown.assign(rule=shown["antecedents"] + THEN + shown["consequents"])
    levels = {level: place for place, level in enumerate(dict.fromkeys(rules["level"]))}
    shown = shown.sort_values("rank", kind="stable").sort_values(
        "level", key=lambda column: column.map(levels), kind="stable"
    )
    return shown[tables.SHOWN_RULES.names].reset_index(drop=True)


def compare(rules: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """Hold pairs against basket size, against habit and against the later months.

    Parameters
    ----------
    rules
        Rows as in ``RULES``.
    most
        Pairs at each level: those that lose most when habit is taken into account, which tells pairs bought by the
        same customers from pairs bought for each other. Only pairs that stand against basket size.

    Returns
    -------
    DataFrame
        One row per pair and comparison for which there is a figure, by level (as in ``rules``), then by what is lost,
        as in ``COMPARISONS``.
    """
    asked = rules[(rules["length"] == 2) & (rules["verdict"] != tables.CHANCE) & rules["habit_lift"].gt(0)]
    lost = np.log(asked["stratified_lift"] / asked["habit_lift"])
    asked = asked.assign(lost=lost, rule=asked["antecedents"] + THEN + asked["consequents"])
    asked = asked.sort_values(["lost", "rule"], ascending=[False, True])
    rows = []
    for level in dict.fromkeys(rules["level"]):
        for _, row in asked[asked["level"] == level].head(most).iterrows():
            for measure, column, n in (
                (tables.BEYOND_SIZE, "stratified_lift", "n"),
                (tables.BEYOND_HABIT, "habit_lift", "n"),
                (tables.LATER_ON, "later_lift", "later_n"),
            ):
                figures = [row[name] for name in bounded(column)]
                if np.isfinite(figures).all():
                    rows.append(
                        (level, row["antecedents"], row["consequents"], row["rule"], measure, *figures, int(row[n]))
                    )
    kinds = dict.fromkeys(("level", "antecedents", "consequents", "rule", "measure"), "str") | {"n": "int64"}
    return pd.DataFrame(rows, columns=tables.COMPARISONS.names).astype(kinds)


def count_later(rules: pd.DataFrame) -> pd.DataFrame:
    """Count what the later months say of the sets that stand.

    Parameters
    ----------
    rules
        Rows as in ``RULES``.

    Returns
    -------
    DataFrame
        One row per level that has a set which stands and verdict, as in ``LATER_COUNTS``.
    """
    stands = rules[rules["verdict"] == tables.SAME_BASKET]
    verdicts = [verdict for verdict in tables.LATER if verdict != tables.NOT_ASKED]
    rows = [
        (level, verdict, int((of_level["later"] == verdict).sum()), len(of_level))
        for level in dict.fromkeys(stands["level"])
        for of_level in [stands[stands["level"] == level]]
        for verdict in verdicts
    ]
    return pd.DataFrame(rows, columns=tables.LATER_COUNTS.names).astype({"level": "str", "later": "str"})


def of_level(table: pd.DataFrame, level: str, **where: object) -> pd.DataFrame:
    """Keep the rows of one level, and of other columns' values, in their order."""
    kept = table["level"] == level
    for column, value in where.items():
        kept &= table[column] == value
    return table[kept].reset_index(drop=True)
