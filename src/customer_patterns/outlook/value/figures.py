"""The figures of worth that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import Count
from customer_patterns.features.cells import shown
from customer_patterns.outlook.value.chapter import Worth
from customer_patterns.outlook.value.contracts import FEWEST as FEWEST_CONTRACTS
from customer_patterns.outlook.value.contracts import FEWEST_ENDED
from customer_patterns.outlook.value.fit import FEWEST
from customer_patterns.outlook.value.standing import FEWEST_DAYS
from customer_patterns.outlook.value.tables import COMPONENTS, ONE_BY_ONE, TIED
from customer_patterns.wording import Chosen, Name

#: How intervals of expectations are made.
FUTURES = "simulated futures"

#: Findings of these sections: sentence, grade of its evidence, table and figure that show it.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = (
    ("outlook.worth", "description", "worth_groups", "worth"),
    ("outlook.worth_tested", "time-ordered", "worth_backtest", "worth-tested"),
    ("outlook.worth_changed", "description", "worth_changes", "worth-changed"),
    ("outlook.worth_alike", "description", "worth_changes", "worth-changed"),
    ("outlook.contracts", "description", "contract_worth", "contracts"),
)


def _worth_total(figures: wording.Figures, table: pd.DataFrame) -> None:
    row = table.iloc[0]
    figures.count("worth_n", row["n"], "customers")
    figures["worth_model"] = Name(row["model"], "word")
    figures.estimate("worth_value", row, "value", "currency", method=FUTURES)
    figures.estimate("worth_orders", row, "orders", "orders", method=FUTURES)
    figures.estimate("worth_beside", row, "beside_continued", "ratio", method=FUTURES)
    if row["spend_verdict"] == TIED:
        figures.estimate("worth_tie", row, "spend_frequency", "ratio", method="Fisher")
    if row["one_time"]:
        figures.count("worth_one_time", row["one_time"], "customers")


def _worth_groups(figures: wording.Figures, groups: pd.DataFrame) -> None:
    known = shown(groups, "share_of_value")
    if len(known):
        top = known.loc[known["share_of_value"].idxmax()]
        figures["worth_top_group"] = Name(top["group"], "word")
        figures.count("worth_top_n", top["n"], "customers")
        figures.estimate("worth_top_share", top, "share_of_value", "share", method=FUTURES)


def _worth_backtest(figures: wording.Figures, table: pd.DataFrame) -> None:
    row = table.iloc[0]
    figures.estimate("worth_foretold", row, "expected_value", "currency", method=FUTURES)
    if row["came_value"] > 0:  # where nobody bought, a sum of nothing is no finding
        figures["worth_came"] = Count(float(row["came_value"]), "currency", n=int(row["n"]), of="customers")
    figures["worth_verdict"] = Name(row["verdict"], "word")
    tenths = table[table["tenth"] > 0]
    figures["worth_tenths"] = Chosen(len(tenths))
    if len(tenths):
        held = tenths["came_value"].between(tenths["expected_value_low"], tenths["expected_value_high"])
        figures["worth_tenths_held"] = Chosen(int(held.sum()))


def _worth_changes(figures: wording.Figures, table: pd.DataFrame) -> None:
    last = table[table["from_day"] == table["from_day"].max()].set_index("component")
    days = last.iloc[0]["to_day"] - last.iloc[0]["from_day"]
    figures["worth_step"] = Chosen(round(days.days / 7), "weeks")
    for name, component in zip(("alive", "rate", "spend", "joined", "change"), COMPONENTS, strict=True):
        figures.estimate(f"worth_{name}", last.loc[component], "change", "currency")
    figures.estimate("worth_changed_by", last.loc[COMPONENTS[-1]], "share", "ratio")
    whole = last.loc[COMPONENTS[-1]]
    sure = whole["change_low"] > 0 or whole["change_high"] < 0
    figures.estimate("worth_surely" if sure else "worth_perhaps", whole, "change", "currency")


def _worth_beside_sales(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("added_up")
    figures["ahead_weeks"] = Chosen(int(table["weeks"].iloc[0]), "weeks")
    figures.estimate("worth_ahead", rows.loc[ONE_BY_ONE], "revenue", "currency", method=FUTURES)
    figures["ahead_verdict"] = Name(table["verdict"].iloc[0], "word")


def _contract_worth(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = shown(table, "kept")
    if len(known):
        row = known.iloc[0]
        figures.count("contracts_watched", row["n"], "contracts")
        if not pd.isna(row["running"]):
            figures.count("contracts_running", row["running"], "contracts")
        for name, measure, unit in (("contracts_kept", "kept", "share"), ("contracts_value", "value", "currency")):
            figures.estimate(name, row, measure, unit, of="contracts", method="bootstrap over contracts")


def chosen(worth: Worth, holdout_weeks: int) -> dict[str, Chosen]:
    """The settings, and what the methods need, that sentences name."""
    return {
        "worth_weeks": Chosen(int(worth.horizon.to("weeks")), "weeks"),
        "held_weeks": Chosen(holdout_weeks, "weeks"),
        "worth_fewest": Chosen(FEWEST, "customers"),
        "worth_days": Chosen(FEWEST_DAYS, "days"),
        "tested_weeks": Chosen(2 * holdout_weeks, "weeks"),
        "fewest_contracts": Chosen(FEWEST_CONTRACTS, "contracts"),
        "fewest_ended": Chosen(FEWEST_ENDED),
    }


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "worth_total": _worth_total,
    "worth_groups": _worth_groups,
    "worth_backtest": _worth_backtest,
    "worth_changes": _worth_changes,
    "worth_beside_sales": _worth_beside_sales,
    "contract_worth": _contract_worth,
}


def last_changes(table: pd.DataFrame) -> pd.DataFrame:
    """The last step of the changes, to be drawn."""
    return table[table["from_day"] == table["from_day"].max()] if len(table) else table
