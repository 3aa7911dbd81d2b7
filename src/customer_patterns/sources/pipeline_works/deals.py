"""Opportunities on their way from lead to won or lost: the canonical table ``opportunities``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of, keys_within
from customer_patterns.sources.pipeline_works.plan import (
    CLOSER,
    CLOSES_MORE,
    CONVERSION,
    CYCLE_DAYS,
    CYCLE_SPREAD,
    LOST,
    LOST_TAKES,
    OPPORTUNITIES,
    OWNERS,
    QUOTED_AGAIN,
    QUOTED_AGAIN_AFTER,
    SIZE_FACTOR,
    SKIPS_ANALYSIS,
    SLOW_FACTOR,
    SLOW_OWNER,
    STAGES,
    WON,
    Plan,
)

#: Euros that are asked for in a quote: the median of a small account.
_AMOUNT, _AMOUNT_SPREAD = 9_000.0, 0.7


def draw_opportunities(plan: Plan, accounts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw opportunities stage by stage.

    Parameters
    ----------
    plan
        The parameters.
    accounts
        As :func:`~customer_patterns.sources.pipeline_works.accounts.draw_accounts` returns them.

    Returns
    -------
    stages
        The canonical table up to the end of the books: one row per opportunity, stage and moment of entering it.
        ``amount`` is known from the quote on.
    deals
        One row per opportunity, by its key: ``customer_id``, ``owner``, ``amount`` (cents), ``begins``, ``ends`` (days
        from the first, with fractions), ``outcome`` (won or lost, at the end of time).
    """
    lot = Lot(plan.seed, "opportunities")
    leads = _leads(plan, lot, accounts)
    keys = keys_of(leads["opportunity_id"])
    owner = leads["owner"].to_numpy(dtype=object)
    skips = lot.happens(keys, "skips the analysis", SKIPS_ANALYSIS)
    now, alive = leads["begins"].to_numpy(), np.ones(len(leads), dtype=bool)
    ends, won = now.copy(), np.zeros(len(leads), dtype=bool)
    parts = []
    for place, stage in enumerate(STAGES):
        here = alive & ~((stage == "analysis") & skips)
        parts.append(_entered(leads, here, stage, now))
        chance = CONVERSION[stage] + CLOSES_MORE * ((stage == "quote") & (owner == CLOSER))
        converts = lot.happens(keys, f"leaves {stage}", chance)
        median = CYCLE_DAYS[stage] * np.where((stage == "analysis") & (owner == SLOW_OWNER), SLOW_FACTOR, 1.0)
        days = lot.lognormal(keys, f"days in {stage}", median=median, spread=CYCLE_SPREAD)
        days = np.round(np.where(converts, days, days * LOST_TAKES), 3)
        if stage == "quote":
            again = here & lot.happens(keys, "quoted again", QUOTED_AGAIN)
            parts.append(_entered(leads, again, stage, now + days * QUOTED_AGAIN_AFTER))
        now = np.where(here, now + days, now)
        lost = here & ~converts
        parts.append(_entered(leads, lost, LOST, now))
        alive = alive & ~lost
        ends = np.where(here, now, ends)
        if place == len(STAGES) - 1:
            won = alive
            parts.append(_entered(leads, won, WON, now))
    stages = pd.concat(parts, ignore_index=True)
    quoted = ~stages["stage"].isin(["lead", "analysis"])
    first_quote = stages[stages["stage"] == "quote"].groupby("opportunity_id")["at"].min()
    knows = quoted & stages["opportunity_id"].map(first_quote).le(stages["at"]).fillna(False)
    day = np.floor(stages["at"].to_numpy())
    # People work from eight to six; the fraction of the day says when.
    second = 8 * 3600 + ((stages["at"].to_numpy() - day) * 36_000).astype("int64")
    table = pd.DataFrame(
        {
            "opportunity_id": stages["opportunity_id"],
            "customer_id": stages["customer_id"],
            "stage": stages["stage"],
            "entered_at": plan.moments(day, second),
            "amount": stages["amount"].where(knows),
            "owner": stages["owner"],
            "day": day,
        }
    )
    table = table[table["day"] < plan.days].drop(columns="day")
    table = table.sort_values(["entered_at", "opportunity_id", "stage"], ignore_index=True)
    deals = leads.assign(ends=ends, outcome=np.where(won, WON, LOST).astype(object))
    return table, deals


def _leads(plan: Plan, lot: Lot, accounts: pd.DataFrame) -> pd.DataFrame:
    """Draw when each account becomes interested in something, day by day."""
    days = np.arange(-plan.lead_in_days, plan.days)
    keys = keys_of(accounts["customer_id"])
    grid = keys_within(keys[:, None], days[None, :] + plan.lead_in_days)
    rate = OPPORTUNITIES * accounts["size"].map(SIZE_FACTOR).to_numpy(dtype="float64") / 365
    since = accounts["first_day"].to_numpy()
    drawn = lot.happens(grid, "lead", rate[:, None]) & (days[None, :] >= since[:, None])
    # Who became an account during the books did so with a first lead.
    drawn |= (days[None, :] == since[:, None]) & (since[:, None] >= -plan.lead_in_days)
    day, who = np.nonzero(drawn.T)
    found = grid[who, day]
    factor = accounts["size"].map(SIZE_FACTOR).to_numpy(dtype="float64")[who]
    amount = lot.lognormal(found, "amount", median=_AMOUNT * factor, spread=_AMOUNT_SPREAD)
    return pd.DataFrame(
        {
            "opportunity_id": [f"OP-{number:05d}" for number in range(1, len(day) + 1)],
            "customer_id": accounts["customer_id"].to_numpy(dtype=object)[who],
            "owner": lot.choice(found, "owner", dict.fromkeys(OWNERS, 1 / len(OWNERS))),
            "amount": np.round(amount / 50).astype("int64") * 5_000,
            "begins": days[day] + np.round(lot.uniform(found, "hour"), 3),
        }
    )


def _entered(leads: pd.DataFrame, which: np.ndarray, stage: str, at: np.ndarray) -> pd.DataFrame:
    columns = ["opportunity_id", "customer_id", "owner", "amount"]
    return leads.loc[which, columns].assign(stage=stage, at=at[which])
