"""What the cleaning chapter finds: which sentences its figures carry, and what fills them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customer_patterns.estimates import Count

#: Sentence, table, and the figure behind each place of the sentence, in the order in which they are told.
_SENTENCES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("clean.all_kept", "rules", {"delivered": "delivered"}),
    ("clean.kept", "rules", {"kept": "kept", "delivered": "delivered", "revenue_lost": "revenue_lost"}),
    ("clean.kept_all_revenue", "rules", {"kept": "kept", "delivered": "delivered"}),
    ("clean.kept_apart", "rules", {"kept": "kept", "delivered": "delivered"}),
    ("clean.kept_left_out", "rules", {"kept": "kept", "delivered": "delivered", "left_out": "left_out"}),
    ("clean.reversed", "reversals", {"reversed": "reversed", "reversed_revenue": "reversed_revenue"}),
    (
        "clean.guests",
        "guest_lines",
        {
            "guest_lines": "guest_lines",
            "guest_share": "guest_share",
            "guest_revenue_share": "guest_revenue_share",
        },
    ),
    ("clean.foreign", "foreign_lines", {"foreign_lines": "foreign_lines"}),
    ("clean.fuel", "order_lines", {"share": "fuel_share"}),
    ("clean.all_described", "customers", {"customers_seen": "customers"}),
    ("clean.described", "customers", {"described": "described", "customers_seen": "customers"}),
    ("clean.weeks_agree", "quality", {"share": "weeks_agree"}),
    ("clean.weeks_differ", "quality", {"share": "weeks_agree"}),
    ("clean.late", "arrivals", {"late": "late", "arrived": "arrived"}),
    ("clean.all_answers", "survey_responses", {"answers": "answers"}),
    (
        "clean.who",
        "profiles",
        {"identity_records": "identity_records", "profiles": "profiles", "records_joined": "records_joined"},
    ),
    ("clean.in_doubt", "profiles", {"pairs_in_doubt": "pairs_in_doubt"}),
    ("clean.some_answers", "survey_responses", {"answers": "answers", "answers_kept": "answers_kept"}),
    (
        "clean.answers",
        "survey_responses",
        {"answers": "answers", "answers_kept": "answers_kept", "emptied": "answers_emptied"},
    ),
)


def cleaning_findings(figures: Mapping[str, Count]) -> list[tuple[str, dict[str, Any]]]:
    """List the sentences that the figures suffice for: each one's key, and what a finding is made of.

    Parameters
    ----------
    figures
        From :func:`~customer_patterns.cleaning.figures.cleaning_figures`.
    """
    unsaid = _unsaid(figures)
    said = []
    for key, source, places in _SENTENCES:
        if key not in unsaid and all(name in figures for name in places.values()):
            values = {place: figures[name] for place, name in places.items()}
            said.append((key, {"source": source, "figure": "kinds" if key == "clean.fuel" else None, **values}))
    return said


def _unsaid(figures: Mapping[str, Count]) -> set[str]:
    """Of two sentences about one thing the one that does not hold, and what is worth none: that no fuel is sold."""
    value = {name: figure.value for name, figure in figures.items()}
    unsaid = {"clean.weeks_differ" if value.get("weeks_agree") == 1 else "clean.weeks_agree"}
    kept = {"clean.all_kept", "clean.kept", "clean.kept_all_revenue", "clean.kept_apart", "clean.kept_left_out"}
    apart = sum(value.get(name, 0) for name in ("reversed", "guest_lines", "foreign_lines"))
    lost = "clean.kept" if value.get("revenue_lost") else "clean.kept_all_revenue"
    lost = "clean.kept_apart" if apart == value.get("dropped") else lost
    left_out = "clean.kept_left_out" if value.get("left_out") else lost
    unsaid |= kept - {left_out if value.get("dropped") else "clean.all_kept"}
    whole = value.get("answers_kept") == value.get("answers") and not value.get("answers_emptied")
    unsaid |= {"clean.answers", "clean.some_answers"} if whole else {"clean.all_answers"}
    unsaid.add("clean.some_answers" if value.get("answers_emptied") else "clean.answers")
    described = value.get("described")
    unsaid.add("clean.described" if described == value.get("customers") else "clean.all_described")
    if not described:
        unsaid |= {"clean.described", "clean.all_described"}
    if not value.get("records_joined"):
        unsaid.add("clean.who")
    if not value.get("pairs_in_doubt"):
        unsaid.add("clean.in_doubt")
    if not value.get("fuel_share"):
        unsaid.add("clean.fuel")
    return unsaid
