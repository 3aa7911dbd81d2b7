"""What comes after a sale, and what is written before one: service contracts, questions, e-mails, visits' notes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of, keys_within
from customer_patterns.sources.pipeline_works.plan import CANCELED_PER_YEAR, QUESTIONS, SERVICED, SIZE_FACTOR, WON, Plan

#: Service plans: monthly fee in cents, share.
PLANS: dict[str, tuple[int, float]] = {
    "inspection": (9_000, 0.5),
    "maintenance": (24_000, 0.35),
    "full": (52_000, 0.15),
}
_MONTHS = 24
_DAY = 86_400
TOPICS: dict[str, float] = {
    "spare part": 0.34, "fault": 0.26, "delivery": 0.18, "invoice": 0.12, "commissioning": 0.10,
}  # fmt: skip
#: Hours until the first answer, by channel: the median; and how often each is used.
CHANNELS: dict[str, tuple[float, float]] = {"e-mail": (7.0, 0.55), "phone": (0.08, 0.35), "portal": (11.0, 0.10)}
#: Rating: lost per unit of the logarithm of hours waited.
CSAT_BY_WAIT = -0.4
_CSAT_CUTS = (-1.9, -1.3, -0.7, 0.2)
_RATED = 0.4
#: E-mails: one after each quote, a newsletter every quarter. Chance to be opened, and then to be clicked and answered.
OPENED: dict[str, float] = {"quote": 0.78, "newsletter": 0.31}
CLICKED: dict[str, float] = {"quote": 0.35, "newsletter": 0.12}
REPLIED: dict[str, float] = {"quote": 0.30, "newsletter": 0.01}
BOUNCED = 0.02


def draw_contracts(plan: Plan, deals: pd.DataFrame) -> pd.DataFrame:
    """Draw the service contracts that come with won opportunities.

    Returns
    -------
    DataFrame
        The canonical table ``contracts``, by ``contract_id``; those that begin within the books.
    """
    lot = Lot(plan.seed, "contracts")
    won = deals[deals["outcome"] == WON]
    keys = keys_of(won["opportunity_id"])
    serviced = lot.happens(keys, "serviced", SERVICED)
    won, keys = won[serviced].reset_index(drop=True), keys[serviced]
    starts = np.floor(won["ends"].to_numpy()).astype("int64") + 30
    days = _MONTHS * 365 // 12
    # The same chance on every day: the time until someone cancels is exponential.
    cancels = np.ceil(-np.log1p(-lot.uniform(keys, "canceled")) / -np.log1p(-CANCELED_PER_YEAR) * 365).astype("int64")
    kind = lot.choice(keys, "plan", {name: share for name, (_, share) in PLANS.items()})
    table = pd.DataFrame(
        {
            "customer_id": won["customer_id"],
            "plan": kind,
            "starts_on": plan.dates(starts),
            "ends_on": plan.dates(starts + days),
            "cancelled_on": pd.Series(plan.dates(starts + cancels)).where(cancels < days),
            "monthly_fee": pd.Series(kind).map({name: cents for name, (cents, _) in PLANS.items()}).to_numpy(),
            "start": starts,
        }
    )
    table = table[(table["start"] >= 0) & (table["start"] < plan.days)].drop(columns="start")
    table = table.sort_values(["starts_on", "customer_id"], ignore_index=True)
    table.insert(0, "contract_id", [f"SC-{number:04d}" for number in range(1, len(table) + 1)])
    return table


def draw_contacts(plan: Plan, accounts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Draw the questions of accounts that have pumps, from the day on which they have one.

    Returns
    -------
    DataFrame
        The canonical table ``contacts``, by ``contact_id``.
    """
    lot = Lot(plan.seed, "contacts")
    bought = lines[lines["product_id"].str.startswith("PU")].groupby("customer_id")["ordered_at"].min()
    since = (
        accounts["customer_id"].map(bought).to_numpy().astype("datetime64[D]") - np.datetime64(plan.first_day)
    ).astype("float64")
    since = np.where(accounts["pumps"] > 0, 0, np.nan_to_num(since, nan=float(plan.days)))
    days = np.arange(plan.days)
    rate = QUESTIONS * accounts["size"].map(SIZE_FACTOR).to_numpy(dtype="float64") / 250
    grid = keys_within(keys_of(accounts["customer_id"])[:, None], days[None, :] + 20_000)
    working = (days + plan.first_day.weekday()) % 7 < 5
    who, day = np.nonzero(
        lot.happens(grid, "question", rate[:, None]) & working[None, :] & (days[None, :] > since[:, None])
    )
    keys = grid[who, day]
    channel = lot.choice(keys, "channel", {name: share for name, (_, share) in CHANNELS.items()})
    opened = plan.moments(day, 8 * 3600 + lot.below(keys, "second", 32_000))
    hours = lot.lognormal(
        keys, "hours", median=pd.Series(channel).map({n: v[0] for n, v in CHANNELS.items()}), spread=0.8
    )
    hours = np.asarray(hours)
    first = opened + (hours * 3600).astype("int64") * np.timedelta64(1, "s")
    closed = first + (lot.lognormal(keys, "work", median=5 * 3600, spread=1.1)).astype("int64") * np.timedelta64(1, "s")
    rated = lot.happens(keys, "rated", _RATED)
    stars = 1 + np.searchsorted(
        np.array(_CSAT_CUTS), np.round(CSAT_BY_WAIT * np.log1p(hours) + 0.7 * lot.normal(keys, "m"), 4)
    )
    later = (3600 + lot.below(keys, "rated after", 2 * _DAY)) * np.timedelta64(1, "s")
    table = pd.DataFrame(
        {
            "customer_id": accounts["customer_id"].to_numpy(dtype=object)[who],
            "channel": channel,
            "topic": lot.choice(keys, "topic", TOPICS),
            "opened_at": opened,
            "first_response_at": first.astype("datetime64[us]"),
            "closed_at": closed.astype("datetime64[us]"),
            "agent_id": lot.choice(keys, "agent", dict.fromkeys(("H1", "H2", "H3", "H4"), 0.25)),
            "rated_at": pd.Series((closed + later).astype("datetime64[us]")).where(rated),
            "csat": pd.Series(stars).astype("Int64").where(rated),
        }
    ).sort_values(["opened_at", "customer_id"], ignore_index=True)
    table.insert(0, "contact_id", [f"TK-{number:05d}" for number in range(1, len(table) + 1)])
    return table


def draw_messages(plan: Plan, accounts: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """Draw the e-mails: one after each quote, and a newsletter to all accounts at the beginning of each quarter.

    Returns
    -------
    DataFrame
        The canonical table ``messages``, by ``message_id``.
    """
    quotes = stages[stages["stage"] == "quote"].reset_index(drop=True)
    quotes = pd.DataFrame(
        {
            "customer_id": quotes["customer_id"],
            "sent_at": quotes["entered_at"] + pd.Timedelta(minutes=20),
            "kind": "quote",
            "name": quotes["opportunity_id"] + quotes["entered_at"].astype(str),
        }
    )
    quotes = quotes[quotes["sent_at"] >= pd.Timestamp(plan.moments(np.array([0]), np.array([0]))[0])]
    parts = [quotes]
    for number, day in enumerate(range(10, plan.days, 91)):
        listed = accounts.loc[accounts["first_day"] < day, "customer_id"].reset_index(drop=True)
        at = plan.moments(np.full(len(listed), day), np.full(len(listed), 9 * 3600) + np.arange(len(listed)) // 20)
        parts.append(
            pd.DataFrame({"customer_id": listed, "sent_at": at, "kind": "newsletter", "name": listed + f"|{number}"})
        )
    rows = pd.concat(parts, ignore_index=True).sort_values(["sent_at", "customer_id", "name"], ignore_index=True)
    lot, keys = Lot(plan.seed, "messages"), keys_of(rows["name"])
    bounced = lot.happens(keys, "bounces", BOUNCED)
    opens, clicks, replies = (
        rows["kind"].map(shares).to_numpy(dtype="float64") for shares in (OPENED, CLICKED, REPLIED)
    )
    opened = ~bounced & lot.happens(keys, "opens", opens)
    sent = rows["sent_at"].to_numpy().astype("datetime64[us]")
    came = sent + (5 + lot.below(keys, "came", 100)) * np.timedelta64(1, "s")
    seen = came + (lot.lognormal(keys, "hours", median=3.5, spread=1.2) * 3600).astype("int64") * np.timedelta64(1, "s")
    then = seen + (lot.lognormal(keys, "then", median=300, spread=1.0)).astype("int64") * np.timedelta64(1, "s")
    answers = then + (lot.lognormal(keys, "answers", median=9_000, spread=1.0)).astype("int64") * np.timedelta64(1, "s")

    def where(moments: np.ndarray, happened: np.ndarray) -> pd.Series:
        return pd.Series(moments.astype("datetime64[us]")).where(happened)

    return pd.DataFrame(
        {
            "message_id": [f"ML-{number:05d}" for number in range(1, len(rows) + 1)],
            "customer_id": rows["customer_id"],
            "channel": "e-mail",
            "sent_at": sent,
            "delivered_at": where(came, ~bounced),
            "bounced_at": where(came, bounced),
            "opened_at": where(seen, opened),
            "clicked_at": where(then, opened & lot.happens(keys, "clicks", clicks)),
            "replied_at": where(answers, opened & lot.happens(keys, "replies", replies)),
        }
    )
