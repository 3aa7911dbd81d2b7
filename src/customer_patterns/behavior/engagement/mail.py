"""E-mails: how many are opened, clicked and answered, by customer and campaign; nothing sent is no rate."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.shares import clustered_shares
from customer_patterns.behavior.engagement.tables import ALL_CAMPAIGNS, MAIL_CAMPAIGNS, MAIL_ENGAGEMENT, NO_CAMPAIGN
from customer_patterns.estimates import bounded, with_interval
from customer_patterns.features.cells import customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.sources.cut import first_moment_after

_DAY = 86_400
#: What may be done with a message.
DONE = ("opened", "clicked", "replied")


def outcomes(messages: ir.Table, *, reaction_days: int, last_day: date, time_zone: str) -> ir.Table:
    """Say of each message whether it arrived, and what was done with it in time.

    Only messages that have had their time by the study's end count, and only what was done within it: else the latest
    campaign would always look weak.

    Parameters
    ----------
    messages
        One row per message: ``customer_id``, ``campaign_id``, ``sent_at`` (UTC), ``bounced_at``, ``opened_at``,
        ``clicked_at``, ``replied_at``. All channels that note an opening; messages by others are not opened here.
    reaction_days
        How long a customer has; 1 or more.
    last_day
        Last day of the study.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    Table
        One row per message that has had its time: ``customer_id``, ``campaign``, ``sent`` (1), ``arrived``,
        ``bounced``, ``opened``, ``clicked``, ``replied`` (1 or 0). A click or a reply shows that it was opened, whether
        that was noted or not; what came back was not opened.

    Raises
    ------
    ValueError
        ``reaction_days`` is less than 1.
    """
    if reaction_days < 1:
        raise ValueError(f"a reaction takes one day at least, not {reaction_days}")
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    given = reaction_days * _DAY
    rows = messages.filter(end.delta(messages.sent_at, unit="second") >= given)
    arrived = rows.bounced_at.isnull()

    def in_time(name: str) -> ir.BooleanValue:
        return (rows[f"{name}_at"].delta(rows.sent_at, unit="second") <= given).fill_null(False) & arrived

    done = {name: in_time(name) for name in DONE}
    done["opened"] = done["opened"] | done["clicked"] | done["replied"]
    return rows.select(
        "customer_id",
        campaign=rows.campaign_id.fill_null(NO_CAMPAIGN),
        sent=ibis.literal(1),
        arrived=arrived.cast("int64"),
        bounced=(~arrived).cast("int64"),
        **{name: value.cast("int64") for name, value in done.items()},
    )


def mail_engagement(outcomes: ir.Table, customers: ir.Table) -> pd.DataFrame:
    """Sum up what each customer was sent and did with it; rates are missing where nothing arrived.

    Parameters
    ----------
    outcomes
        One row per message, from :func:`outcomes`.
    customers
        One row per customer who counts, whether they were sent anything or not: ``customer_id``.

    Returns
    -------
    DataFrame
        One row per customer of either table, by ``customer_id``; columns as in ``MAIL_ENGAGEMENT``.
    """
    everyone = customers.select("customer_id").union(outcomes.select("customer_id"), distinct=True)
    names = ("sent", "arrived", *DONE)
    sums = outcomes.group_by("customer_id").aggregate(**{name: outcomes[name].sum() for name in names})
    joined = everyone.left_join(sums, "customer_id").drop("customer_id_right")
    table = joined.mutate(**{name: joined[name].fill_null(0) for name in names}).order_by("customer_id").to_pandas()
    arrived = table["arrived"].where(table["arrived"] > 0)
    rates = {f"{name}_rate": (table[name] / arrived).astype(float) for name in DONE}
    return table.astype(dict.fromkeys(names, "int64")).assign(**rates)[MAIL_ENGAGEMENT.names]


@empty_unless_enough(MAIL_CAMPAIGNS)
def mail_campaigns(outcomes: ir.Table) -> pd.DataFrame:
    """Estimate how many messages of each campaign come back, and how many of the others are opened, clicked, answered.

    Parameters
    ----------
    outcomes
        One row per message, from :func:`outcomes`.

    Returns
    -------
    DataFrame
        One row for all campaigns, then one per campaign, by its key; columns as in ``MAIL_CAMPAIGNS``. Intervals
        resample customers; campaigns that reached too few are blank.
    """
    names = ("sent", "arrived", "bounced", *DONE)
    sums = customer_sums(outcomes, {name: ibis._[name].sum() for name in names}, by="campaign")
    campaigns = list(sums["levels"])
    if not campaigns:
        return empty(MAIL_CAMPAIGNS)
    whole = {name: np.column_stack([sums[name].sum(axis=1), sums[name]]) for name in names}
    table = pd.DataFrame(
        {
            "campaign": pd.Series([ALL_CAMPAIGNS, *campaigns], dtype="str"),
            "sent": whole_numbers(whole["sent"].sum(axis=0).astype("int64")),
            "arrived": whole_numbers(whole["arrived"].sum(axis=0).astype("int64")),
            "n": whole_numbers((whole["arrived"] > 0).sum(axis=0)),
        }
    )
    bases = {"bounced": "sent"} | dict.fromkeys(DONE, "arrived")
    shares = clustered_shares(
        np.hstack([whole[name] for name in bases]), np.hstack([whole[base] for base in bases.values()])
    )
    blanks = ["sent", "arrived"]
    for place, name in enumerate(bases):
        part = slice(place * len(table), (place + 1) * len(table))
        table = with_interval(table, name, shares.part(part))
        blanks += bounded(name)
    # The total is no cell of its own: what keeps a campaign hidden is that another one is.
    total, parts = table.head(1), suppress(table.tail(len(campaigns)).reset_index(drop=True), blanks)
    return pd.concat([suppress(total, blanks), parts], ignore_index=True)[MAIL_CAMPAIGNS.names]
