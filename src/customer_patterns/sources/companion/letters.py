"""E-mails of the shop's campaigns to their recipients, and what became of them: the canonical table ``messages``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.surroundings import Surroundings, utc_of

#: Chance that an e-mail is opened, by type of campaign; another type's is the last.
OPENED_BY_TYPE: dict[str, float] = {"Type A": 0.44, "Type B": 0.30, "Type C": 0.36, "other": 0.33}
#: Chance that a link in an opened e-mail is clicked, by type of campaign.
CLICKED_BY_TYPE: dict[str, float] = {"Type A": 0.32, "Type B": 0.20, "Type C": 0.20, "other": 0.20}
BOUNCED, REPLIED, UNSUBSCRIBED = 0.015, 0.012, 0.010
#: Hours until an e-mail is opened: the median, and the spread of the logarithm.
_HOURS, _SPREAD = 5.0, 1.3
_LONGEST_HOURS = 14 * 24.0
#: Share of opened e-mails whose opening was noted by the reader's mail program before delivery was confirmed.
SEEN_EARLY = 0.002
#: Share of e-mails whose record is delivered twice.
TWICE = 0.001


def draw_messages(plan: Plan, around: Surroundings) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Send the e-mails of the campaigns that began within the plan's days.

    Whether someone opens one has nothing to do with what they bought or redeemed. Who unsubscribed gets no more.

    Parameters
    ----------
    plan, around
        The parameters, the recipients of campaigns.

    Returns
    -------
    messages
        The canonical table, by ``message_id``; a few records twice.
    clicks
        One row per click: ``message_key``, ``customer_id``, ``clicked_at``.
    flaws
        How many records of each flaw there are.
    """
    rows, lot = around.mailings, Lot(plan.seed, "messages")
    name = (rows["campaign_id"].astype(str) + "|" + rows["customer_id"].astype(str)).to_numpy(dtype=object)
    keys = keys_of(name)
    day = np.asarray(rows["day"], dtype="int64")
    sent = utc_of(plan, day, 7 * 3600 + lot.below(keys, "sent", 7200))
    bounced = lot.happens(keys, "bounces", BOUNCED)
    came = sent + _seconds(5 + lot.below(keys, "came", 115))
    kind = rows["campaign_type"].where(rows["campaign_type"].isin(list(OPENED_BY_TYPE)), "other")
    opens, clicks = (kind.map(shares).to_numpy(dtype="float64") for shares in (OPENED_BY_TYPE, CLICKED_BY_TYPE))
    opened = ~bounced & lot.happens(keys, "opens", opens)
    hours = np.minimum(lot.lognormal(keys, "hours", median=_HOURS, spread=_SPREAD), _LONGEST_HOURS)
    opened_at = came + _seconds(hours * 3600)
    early = opened & lot.happens(keys, "seen early", SEEN_EARLY)
    opened_at = np.where(early, came - _seconds(2), opened_at)
    after = [opened_at + _seconds(lot.lognormal(keys, what, median=m, spread=0.8)) for what, m in _AFTERWARDS]
    clicked, replied, left = (
        opened & lot.happens(keys, what, chance)
        for what, chance in (("clicks", clicks), ("replies", REPLIED), ("unsubscribes", UNSUBSCRIBED))
    )
    table = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(dtype=object),
            "campaign_id": rows["campaign_id"].to_numpy(dtype=object),
            "channel": "e-mail",
            "sent_at": sent,
            "delivered_at": _where(came, ~bounced),
            "bounced_at": _where(came, bounced),
            "opened_at": _where(opened_at, opened),
            "clicked_at": _where(after[0], clicked),
            "replied_at": _where(after[1], replied),
            "unsubscribed_at": _where(after[2], left),
            "message_key": name,
            "twice": lot.happens(keys, "twice", TWICE),
            "early": early,
        }
    ).sort_values(["sent_at", "customer_id", "campaign_id"], ignore_index=True)
    table = _until_they_leave(table)
    table.insert(0, "message_id", [f"M{number:06d}" for number in range(1, len(table) + 1)])
    clicks_made = table.loc[table["clicked_at"].notna(), ["message_key", "customer_id", "clicked_at"]]
    flaws = {"exact duplicate": int(table["twice"].sum()), "opened before delivered": int(table["early"].sum())}
    again = np.repeat(table.index.to_numpy(), 1 + table["twice"].to_numpy())
    records = table.loc[again].drop(columns=["message_key", "twice", "early"]).reset_index(drop=True)
    return records, clicks_made.reset_index(drop=True), flaws


#: What may follow an opening, and the median of the seconds until it does.
_AFTERWARDS = (("seconds to click", 40.0), ("seconds to reply", 900.0), ("seconds to unsubscribe", 25.0))


def messages_truth() -> dict[str, object]:
    """Say what is planted about e-mails."""
    return {
        "opened_by_type": OPENED_BY_TYPE,
        "clicked_of_opened_by_type": CLICKED_BY_TYPE,
        "bounced": BOUNCED,
        "replied_of_opened": REPLIED,
        "unsubscribed_of_opened": UNSUBSCRIBED,
        "median_hours_to_open": _HOURS,
        "without_effect_on": ["purchases", "coupon redemptions"],
        "without_effect_of": ["area type", "education", "occupation", "purchases", "coupon redemptions"],
    }


def _until_they_leave(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out what would have been sent to someone after they unsubscribed. In order of sending."""
    left: dict[str, pd.Timestamp] = {}
    kept = np.ones(len(table), dtype=bool)
    columns = (table[name].tolist() for name in ("customer_id", "sent_at", "unsubscribed_at"))
    for row, (customer, sent, unsubscribed) in enumerate(zip(*columns, strict=True)):
        kept[row] = customer not in left or sent < left[customer]
        if kept[row] and not pd.isna(unsubscribed):
            left[customer] = min(unsubscribed, left.get(customer, unsubscribed))
    return table[kept].reset_index(drop=True)


def _seconds(values: np.ndarray | int) -> np.ndarray:
    return np.asarray(values).astype("int64") * np.timedelta64(1, "s")


def _where(moments: np.ndarray, happened: np.ndarray) -> pd.Series:
    return pd.Series(np.asarray(moments).astype("datetime64[us]")).where(happened)
