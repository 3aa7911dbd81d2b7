"""Spoil a companion's records in known ways, so that each cleaning rule has something to find."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.plan import Plan, flaws_of

#: An item that no survey has.
STRANGE_ITEM = "old_question"


def spoil(plan: Plan, tables: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], dict[str, dict[str, int]]]:
    """Spoil some records; no record has two flaws.

    Parameters
    ----------
    plan
        Says how many.
    tables
        The canonical tables, flawless.

    Returns
    -------
    tables
        The same with flaws.
    planted
        How many records of each flaw there are, by table and flaw.
    """
    rng = plan.rng(9)
    spoiled, planted = dict(tables), {}
    spoiled["survey_invitations"], planted["survey_invitations"], lost = _invitations(
        plan, rng, tables["survey_invitations"], tables["survey_responses"]
    )
    spoiled["survey_responses"], planted["survey_responses"] = _responses(plan, rng, tables["survey_responses"], lost)
    end = plan.midnight(plan.until - timedelta(days=30))
    spoiled["contacts"], planted["contacts"] = _contacts(plan, rng, tables["contacts"], end)
    spoiled["feedback"], planted["feedback"] = _feedback(plan, rng, tables["feedback"], end)
    return spoiled, planted


def _invitations(
    plan: Plan, rng: np.random.Generator, rows: pd.DataFrame, answers: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, int], pd.DataFrame]:
    """Deliver some invitations twice, invite some a second time, and lose the invitation of a few who answered."""
    asked = pd.MultiIndex.from_frame(rows[["wave", "customer_id"]])
    replied = asked.isin(pd.MultiIndex.from_frame(answers[["wave", "customer_id"]].drop_duplicates()))
    lot, many = rng.permutation(np.flatnonzero(~replied)), flaws_of(plan, len(rows))
    twice, again = rows.iloc[lot[:many]], rows.iloc[lot[many : 2 * many]]
    again = again.assign(invited_at=again["invited_at"] + pd.Timedelta(days=7))
    gone = rng.permutation(np.flatnonzero(replied))[: min(3, int(replied.sum()) // 20)]
    lost = rows.iloc[gone][["wave", "customer_id"]]
    kept = rows.drop(index=rows.index[gone])
    table = pd.concat([kept, twice, again], ignore_index=True)
    return table, {"exact duplicate": len(twice), "invited again": len(again), "lost": len(lost)}, lost


def _responses(
    plan: Plan, rng: np.random.Generator, rows: pd.DataFrame, lost: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Deliver some answers twice or corrected, some outside the scale, and some to an item that is not there."""
    many = flaws_of(plan, len(rows))
    orphan = pd.MultiIndex.from_frame(rows[["wave", "customer_id"]]).isin(pd.MultiIndex.from_frame(lost))
    lot = rng.permutation(np.flatnonzero(rows["answer"].notna().to_numpy() & ~orphan))
    lots = [lot[n * many : (n + 1) * many] for n in range(4)]
    off = rows["answer"].copy()
    off.iloc[lots[0]] = 99
    table = rows.assign(answer=off)
    twice = table.iloc[lots[1]]
    corrected = table.iloc[lots[2]]
    corrected = corrected.assign(
        answered_at=corrected["answered_at"] + pd.Timedelta(hours=1),
        answer=corrected["answer"].where(corrected["answer"] > 1, 2) - (corrected["answer"] > 1),
    )
    strange = table.iloc[lots[3]].assign(item_id=STRANGE_ITEM)
    planted = {
        "exact duplicate": len(twice),
        "unknown item": len(strange),
        "off the scale": len(lots[0]),
        "corrected later": len(corrected),
        "without an invitation": int(orphan.sum()),
    }
    return pd.concat([table, twice, corrected, strange], ignore_index=True), planted


def _contacts(
    plan: Plan, rng: np.random.Generator, rows: pd.DataFrame, end: object
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Spoil some contacts that were rated long before the delivery ended."""
    many = flaws_of(plan, len(rows))
    settled = rows["csat"].notna() & rows["first_response_at"].notna() & (rows["rated_at"] < pd.Timestamp(end))
    lot = rng.permutation(np.flatnonzero(settled.to_numpy()))
    early, wild, twice, older, topicless = (lot[n * many : (n + 1) * many] for n in range(5))
    table = rows.copy()
    table.loc[table.index[early], "first_response_at"] = table["opened_at"].iloc[early] - pd.Timedelta(minutes=7)
    table.loc[table.index[wild], "csat"] = 9
    table.loc[table.index[topicless], "topic"] = None
    before = table.iloc[older].assign(csat=pd.NA, rated_at=pd.NaT).astype(table.dtypes)
    planted = {
        "exact duplicate": len(twice),
        "older version": len(before),
        "answered before opened": len(early),
        "off the scale": len(wild),
        "without a topic": len(topicless),
    }
    return pd.concat([table, table.iloc[twice], before], ignore_index=True), planted


def _feedback(
    plan: Plan, rng: np.random.Generator, rows: pd.DataFrame, end: object
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Deliver some texts twice or empty, and some with stars that there are not."""
    many = flaws_of(plan, len(rows))
    early = (rows["written_at"] < pd.Timestamp(end)) & rows["rating"].notna() & rows["language"].notna()
    lot = rng.permutation(np.flatnonzero(early.to_numpy()))
    empty, wild, twice = (lot[n * many : (n + 1) * many] for n in range(3))
    table = rows.copy()
    table.loc[table.index[empty], "text"] = "  "
    table.loc[table.index[wild], "rating"] = 0
    planted = {
        "exact duplicate": len(twice),
        "without a text": len(empty),
        "off the scale": len(wild),
    }
    return pd.concat([table, table.iloc[twice]], ignore_index=True), planted
