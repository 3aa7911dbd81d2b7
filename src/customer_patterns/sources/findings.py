"""What the collection chapter finds: which sentences its figures carry, and what fills them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customer_patterns.estimates import Count
from customer_patterns.sources.collect import Collected
from customer_patterns.sources.days import FEWEST_DAYS
from customer_patterns.sources.figures import main_reason, simulated_names
from customer_patterns.study import Study
from customer_patterns.wording import Chosen

#: A sentence's key, and what a finding is made of: its table, its chart if it has one, and its values.
Said = tuple[str, dict[str, Any]]


def collection_findings(
    figures: Mapping[str, Count], collected: Collected, *, study: Study, covered: str, by_orders: bool, setting: Chosen
) -> list[Said]:
    """List the sentences, the most important first.

    Parameters
    ----------
    figures
        From :func:`~customer_patterns.sources.figures.collection_figures`.
    collected
        What was collected.
    study
        The study.
    covered, by_orders
        The table of days, and whether it counts orders (a study without purchases counts records).
    setting
        Which share of the usual a thin day stays below.
    """
    return [
        _delivered(figures, by_orders),
        _set_aside(figures, collected),
        *_mended(figures, collected),
        *_days(figures, covered, by_orders, setting),
        *_simulated(figures, study),
    ]


def _delivered(figures: Mapping[str, Count], by_orders: bool) -> Said:
    if by_orders:
        values = {
            "customers_seen": figures["customers"],
            **{name: figures[name] for name in ("lines", "orders", "revenue")},
        }
        return "collect.delivered", {"source": "account", **values}
    values = {"records": figures["records"], "tables": figures["behavior"]}
    return "collect.delivered_records", {"source": "account", **values}


def _set_aside(figures: Mapping[str, Count], collected: Collected) -> Said:
    delivered = {name: figures[name] for name in ("delivered", "tables")}
    if not figures["set_aside"].value:
        return "collect.none_set_aside", {"source": "account", **delivered}
    reason = main_reason(collected.accounts.set_aside_reasons, "set aside")
    values = {"set_aside": figures["set_aside"], "reason": reason, **delivered}
    return "collect.some_set_aside", {"source": "set_aside_reasons", **values}


def _mended(figures: Mapping[str, Count], collected: Collected) -> list[Said]:
    said: list[Said] = []
    if figures["repaired"].value:
        values = {"repaired": figures["repaired"], "reason": main_reason(collected.accounts.repair_reasons, "repaired")}
        said.append(("collect.some_repaired", {"source": "repair_reasons", **values}))
    if figures["replaced"].value:
        said.append(("collect.some_replaced", {"source": "account", "replaced": figures["replaced"]}))
    return said


def _days(figures: Mapping[str, Count], covered: str, by_orders: bool, setting: Chosen) -> list[Said]:
    if figures["window"].value < FEWEST_DAYS:
        return []
    days = "days" if by_orders else "record_days"
    about = {"source": covered, "figure": "days", "setting": setting}
    if figures["thin"].value:
        return [(f"collect.thin_{days}", {**about, "thin": figures["thin"]})]
    return [(f"collect.no_thin_{days}", {**about, "window": figures["window"]})]


def _simulated(figures: Mapping[str, Count], study: Study) -> list[Said]:
    if "simulated" not in figures:  # all tables are, or none is
        return []
    values = {"simulated_tables": figures["simulated"], "listed": simulated_names(study)}
    return [("collect.simulated", {"source": "sources", **values})]
