"""The figures of engagement that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior.engagement.tables import (
    ALL_CAMPAIGNS,
    ALL_MEMBERS,
    ALL_TOPICS,
    LIFE_STAGES,
    NON_MEMBERS,
)
from customer_patterns.features.cells import shown
from customer_patterns.wording import Chosen, Name, Sentence, say

WILSON = "Wilson"


def stages_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The stages after the first that a chart can draw."""
    known = shown(table, "share_of_cohort")
    return known[known["stage"] != LIFE_STAGES[0]].reset_index(drop=True)


def campaigns_shown(table: pd.DataFrame, *, most: int = 12) -> pd.DataFrame:
    """All campaigns together and the largest ones, from the most opened on."""
    known = shown(table, "opened")
    total, single = known[known["campaign"] == ALL_CAMPAIGNS], known[known["campaign"] != ALL_CAMPAIGNS]
    if len(table) <= 2:  # one campaign is all of them
        return total.reset_index(drop=True)
    largest = single.sort_values(["arrived", "campaign"], ascending=[False, True]).head(most - 1)
    largest = largest.sort_values(["opened", "campaign"], ascending=[False, True])
    return pd.concat([total, largest], ignore_index=True)


def _life_cohorts(figures: wording.Figures, table: pd.DataFrame) -> None:
    figures.count("life_people", table.drop_duplicates("cohort")["n"].sum(), "visitors")
    known = stages_shown(table)
    known = known[known["stage"].isin(LIFE_STAGES[1:3])]
    both = known.groupby("cohort")["stage"].transform("size") == 2
    new = both & (known["status"] != "already customers")
    known = known[new if new.any() else both]
    if known.empty:
        return
    first = known[known["cohort"] == known["cohort"].iloc[0]].set_index("stage")
    figures["life_month"] = known["cohort"].iloc[0].date()
    for stage, key in zip(LIFE_STAGES[1:3], ("activated_share", "retained_share"), strict=True):
        figures.estimate(key, first.loc[stage], "share_of_cohort", "share", of="visitors", method=WILSON)


def _frequent_visitors(figures: wording.Figures, table: pd.DataFrame) -> None:
    row = table.iloc[0]
    if row["suppressed"] == "no":
        figures.count("frequent_visitors", row["n"], "customers")
        figures.estimate("frequent_without", row, "share_without_order", "share", method=WILSON)


def _mail_campaigns(figures: wording.Figures, table: pd.DataFrame) -> None:
    total = shown(table, "opened")
    total = total[total["campaign"] == ALL_CAMPAIGNS]
    if len(total):
        row = total.iloc[0]
        figures.count("mails_arrived", row["arrived"], "messages")
        for name in ("bounced", "opened", "clicked", "replied"):
            figures.estimate(f"mail_{name}", row, name, "share")


_OF_POINTS = {
    "points earned per member and month": "points_each",
    "points spent by points earned": "points_spent_share",
    "members who ever spent points": "spenders_share",
    "members whose tier changed": "tier_moved_share",
}


def _loyalty_figures(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("figure")
    figures.count("members", rows["n"].iloc[0], "customers")
    figures.count("overdrawn", rows["overdrawn"].iloc[0], "customers")
    for name, key in _OF_POINTS.items():
        method = WILSON if name.startswith("members") else wording.BOOTSTRAP
        figures.estimate(key, rows.loc[name], "value", rows.at[name, "unit"], method=method)


def loyalty_facts(figures: wording.Figures) -> dict[Sentence, Any]:
    """The figures of the loyalty program by name, for a list of facts; empty where there are none."""
    named = ("members", *_OF_POINTS.values(), "overdrawn")
    return {say(f"behavior.fact_{name}"): figures[name] for name in named if name in figures}


def _loyalty_groups(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = shown(table, "monthly_spend").set_index("group")
    whole = [group for group in (ALL_MEMBERS, NON_MEMBERS) if group in known.index]
    figures.count("loyalty_people", known.loc[whole or known.index, "n"].sum(), "customers")
    for group, key in ((ALL_MEMBERS, "member_spend"), (NON_MEMBERS, "other_spend")):
        if group in known.index:
            figures.estimate(key, known.loc[group], "monthly_spend", "currency")


def _service_topics(figures: wording.Figures, table: pd.DataFrame) -> None:
    total = shown(table, "per_thousand_orders")
    total = total[total["topic"] == ALL_TOPICS]
    if len(total):
        figures.count("service_contacts", total["contacts"].iloc[0], "contacts")
        figures.estimate("service_rate", total.iloc[0], "per_thousand_orders", "contacts")
    single = shown(table, "share_of_contacts")
    single = single[single["topic"] != ALL_TOPICS]
    if len(single):
        figures["top_topic"] = Name(str(single["topic"].iloc[0]))
        figures.estimate("top_topic_share", single.iloc[0], "share_of_contacts", "share")


def _stage_losses(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = shown(table, "share_of_loss")
    if len(known) > 1:
        row = known.loc[known["share_of_loss"].idxmax()]
        figures["loss_stage"] = Name(row["stage"], "word")
        figures.estimate("loss_share", row, "share_of_loss", "share")
        figures.estimate("loss_value", row, "lost_value", "currency")
        figures.count("opportunities_lost", known["lost"].sum(), "opportunities")


_OF_USE = {
    "days in use per user and month": "days_in_use",
    "uses per day in use": "uses_each",
    "users who use it in a usual month": "usual_share",
}


def _usage_figures(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("figure")
    figures.count("users", rows["n"].iloc[0], "customers")
    for name, key in _OF_USE.items():
        figures.estimate(key, rows.loc[name], "value", rows.at[name, "unit"])


def usage_facts(figures: wording.Figures) -> dict[Sentence, Any]:
    """The figures of use by name, for a list of facts; empty where there are none."""
    named = ("users", *_OF_USE.values())
    return {say(f"behavior.fact_{name}"): figures[name] for name in named if name in figures}


def _usage_retention(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = shown(table, "retention")
    if len(known):
        row = known.iloc[min(len(known), 3) - 1]
        figures["kept_months"] = Chosen(int(row["months"]), "months")
        figures.estimate("kept_share", row, "retention", "share", method=WILSON)


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "life_cohorts": _life_cohorts,
    "frequent_visitors": _frequent_visitors,
    "mail_campaigns": _mail_campaigns,
    "loyalty_figures": _loyalty_figures,
    "loyalty_groups": _loyalty_groups,
    "service_topics": _service_topics,
    "stage_losses": _stage_losses,
    "usage_figures": _usage_figures,
    "usage_retention": _usage_retention,
}
