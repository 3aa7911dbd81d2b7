"""What is planted in the works, and what came of it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from customer_patterns.sources.pipeline_works import service
from customer_patterns.sources.pipeline_works.plan import (
    CANCELED_PER_YEAR,
    CLOSER,
    CLOSES_MORE,
    CONVERSION,
    CYCLE_DAYS,
    CYCLE_SPREAD,
    LOST_TAKES,
    OPPORTUNITIES,
    PAIR,
    QUOTED_AGAIN,
    SERVICED,
    SIZE_FACTOR,
    SKIPS_ANALYSIS,
    SLOW_FACTOR,
    SLOW_OWNER,
    SPARE_ORDERS,
    WITH_PAIR,
    WITHOUT_PAIR,
    Plan,
)


def planted_truth(plan: Plan, deals: pd.DataFrame) -> dict[str, Any]:
    """Say what is planted, as JSON can hold it; ``deals`` tells how each opportunity ends, seen or not."""
    whole = 1.0
    for stage, share in CONVERSION.items():
        whole *= (1 - (1 - share) * (1 - SKIPS_ANALYSIS)) if stage == "analysis" else share
    return {
        "seed": plan.seed,
        "provenance": "simulated",
        "funnel": {
            "conversion": CONVERSION,
            "share_won_by_an_average_owner": round(whole, 4),
            "skips_analysis": SKIPS_ANALYSIS,
            "median_days": CYCLE_DAYS,
            "spread_of_log_days": CYCLE_SPREAD,
            "lost_takes": LOST_TAKES,
            "quoted_again": QUOTED_AGAIN,
            "owner_who_wins_more_quotes": CLOSER,
            "wins_more_by": CLOSES_MORE,
            "owner_who_is_slow_in_analysis": SLOW_OWNER,
            "slow_factor": SLOW_FACTOR,
            "without_effect": ["region on conversion", "amount on conversion", "size on conversion"],
            "opportunities": len(deals),
            "won": int((deals["outcome"] == "won").sum()),
        },
        "opportunities_per_account_and_year": OPPORTUNITIES,
        "size_factor": SIZE_FACTOR,
        "spare_orders_per_pump_and_year": SPARE_ORDERS,
        "pair": {"products": list(PAIR), "with": WITH_PAIR, "without": WITHOUT_PAIR},
        "contracts": {"share_of_won": SERVICED, "canceled_per_year": CANCELED_PER_YEAR},
        "contacts": {"csat_per_log_hour": service.CSAT_BY_WAIT},
        "messages": {
            "opened": service.OPENED,
            "clicked_of_opened": service.CLICKED,
            "replied_of_opened": service.REPLIED,
            "bounced": service.BOUNCED,
        },
    }
