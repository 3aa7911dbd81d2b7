"""The figures of the cleaning chapter: all are counts or shares of all records, none is estimated from a sample."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from customer_patterns.cleaning.account_rules import STAFF, TEST
from customer_patterns.cleaning.answer_rules import OFF_THE_SCALE
from customer_patterns.cleaning.clean import Cleaned
from customer_patterns.cleaning.consent_rules import REFUSES_ANALYSIS
from customer_patterns.cleaning.event_rules import visitor
from customer_patterns.cleaning.line_parts import GUESTS, line_kinds, parts_that_tell, sums_of
from customer_patterns.cleaning.shown_money import amounts, money_shown
from customer_patterns.estimates import Count
from customer_patterns.schemas import Column, TableSchema

_POPULATIONS = ("all events", "without suspected programs")

SUSPECTED = TableSchema(
    name="suspected",
    grain="events with and without suspected programs",
    key=("population",),
    meaning="How much the events of suspected programs weigh.",
    reads=("events",),
    columns=(
        Column("population", "text", "which events", label="Events", levels=_POPULATIONS),
        Column("events", "integer", "how many", label="Number", unit="events", minimum=0),
        Column("visitors", "integer", "different browsers or customers", label="Visitors", unit="visitors", minimum=0),
        Column("anonymous_share", "share", "share of events of nobody known", label="Anonymous", unit="share"),
        Column("visits", "integer", "different visits", label="Visits", unit="visits", minimum=0),
        Column("orders", "integer", "different orders named", label="Orders named", unit="orders", minimum=0),
        Column(
            "events_per_visit", "number", "events by visits", label="Events per visit", unit="events", nullable=True
        ),
        Column(
            "order_share",
            "share",
            "share of visits in which an order was placed",
            label="Visits with an order",
            unit="share",
            nullable=True,
        ),
    ),
)


def subject_quality(cleaned: Cleaned) -> tuple[str, pd.DataFrame]:
    """Return the quality of the records that a study is about, with its table's name.

    These are purchases; in a study without them all other records, and where there are none, what customers said.
    """
    if not cleaned.quality["table"].eq("order_lines").any():
        for name, quality in {
            "other_quality": cleaned.other_quality,
            "answer_quality": cleaned.answer_quality,
        }.items():
            if len(quality):
                return name, quality
    return "quality", cleaned.quality


def gaps(quality: pd.DataFrame, *, most: int = 20) -> pd.DataFrame:
    """List the columns that are not complete, the emptiest first, with the share of records that lack a value.

    Of columns with many gaps the first ``most`` are listed: more do not fit a chart.
    """
    incomplete = quality[quality["filled"] < 1].copy()
    incomplete["missing"] = 1 - incomplete["filled"]
    incomplete["name"] = incomplete["table"].str.replace("_", " ") + ": " + incomplete["column"].str.replace("_", " ")
    order = ["missing", "table", "column"]
    return incomplete.sort_values(order, ascending=[False, True, True], ignore_index=True).head(most)


def cleaning_figures(cleaned: Cleaned, arrivals: pd.DataFrame | None = None) -> dict[str, Count]:
    """Count what cleaning did.

    Parameters
    ----------
    cleaned
        From :func:`~customer_patterns.cleaning.clean.clean_study`.
    arrivals
        When records were handed over, as in ``ARRIVALS``; nothing is said of late ones without.

    Returns
    -------
    dict
        ``delivered``, ``kept``, ``dropped`` (order lines), ``left_out`` (of them, for whose they are), ``revenue_lost``
        (by the others; what those who refuse spent is nobody's business), ``fuel_revenue``, ``fuel_share``,
        ``goods_share`` (of revenue), ``customers``, ``described``; where there is a survey, ``answers``,
        ``answers_kept`` and ``answers_emptied``; where order lines were set apart, ``reversed`` and
        ``reversed_revenue`` (without its sign), ``guest_lines``, ``guest_share`` and ``guest_revenue_share`` (of
        lines and revenue of customers and guests), ``foreign_lines``; where records came late, ``late`` and
        ``arrived`` (records with a day of hand-over); and, where the sender numbers his weeks, ``weeks_agree`` (share
        of lines whose week is that of their local day). Without order lines, only what concerns customers, answers
        and late records.
    """
    lines = cleaned.rules[cleaned.rules["table"] == "order_lines"]
    if lines.empty or not lines["records_in"].iloc[0]:
        return {**_people(cleaned), **_answers(cleaned), **_late(arrivals)}
    delivered, kept = int(lines["records_in"].iloc[0]), int(lines["records_out"].iloc[-1])
    of_persons = lines["rule"].isin((REFUSES_ANALYSIS, TEST, STAFF))
    left_out = int(lines.loc[of_persons, "records_found"].sum())
    lost = float(lines.loc[(lines["action"] == "dropped") & ~of_persons, "revenue_found"].dropna().sum())
    kinds = line_kinds(cleaned).set_index("line_kind")
    figures = {
        "delivered": Count(delivered, "order lines", n=delivered, of="order lines"),
        "kept": Count(kept, "order lines", n=delivered, of="order lines"),
        "dropped": Count(delivered - kept, "order lines", n=delivered, of="order lines"),
        "left_out": Count(left_out, "order lines", n=delivered, of="order lines"),
        "revenue_lost": Count(lost, "currency", n=delivered, of="order lines"),
        "fuel_revenue": Count(float(kinds["revenue"].get("fuel", 0)), "currency", n=kept, of="order lines"),
        "goods_share": Count(float(kinds["share"].get("goods", 0)), "share", n=kept, of="order lines"),
        "fuel_share": Count(float(kinds["share"].get("fuel", 0)), "share", n=kept, of="order lines"),
    }
    figures |= (
        _people(cleaned)
        | _answers(cleaned)
        | _late(arrivals)
        | _set_apart(cleaned, sums_of(cleaned.tables["order_lines"]))
    )
    week = cleaned.quality.query("table == 'order_lines' and column == 'delivered_week' and valid.notna()")
    if len(week):
        figures["weeks_agree"] = Count(float(week["valid"].iloc[0]), "share", n=delivered, of="order lines")
    return figures


def _people(cleaned: Cleaned) -> dict[str, Count]:
    """Count customers, and those described."""
    people = cleaned.tables["customers"]
    counted = people.aggregate(customers=people.count(), described=people.has_demographics.sum().cast("int64"))
    found = counted.to_pyarrow().to_pylist()[0]
    everyone = found["customers"]
    return {name: Count(found[name] or 0, "customers", n=everyone, of="customers") for name in found}


def _late(arrivals: pd.DataFrame | None) -> dict[str, Count]:
    """Count the records that came late, where any did."""
    if arrivals is None or not arrivals["late"].sum():
        return {}
    records = int(arrivals["records"].sum())
    late = int(arrivals["late"].sum())
    return {name: Count(n, "records", n=records, of="records") for name, n in (("late", late), ("arrived", records))}


def _answers(cleaned: Cleaned) -> dict[str, Count]:
    """Count the answers of a survey, where there are any; a question that was passed over is none."""
    done = cleaned.answer_rules[cleaned.answer_rules["table"] == "survey_responses"]
    if done.empty or not done["records_in"].iloc[0]:
        return {}
    measured = cleaned.answer_quality.query("table == 'survey_responses' and column == 'answer'")
    delivered = round((measured["filled"] * measured["records"]).sum())
    emptied = int(done.loc[done["rule"] == OFF_THE_SCALE, "records_found"].iloc[0])
    left = int(cleaned.tables["survey_responses"].answer.count().to_pyarrow().as_py())
    numbers = {"answers": delivered, "answers_kept": left + emptied, "answers_emptied": emptied}
    return {name: Count(number, "answers", n=delivered, of="answers") for name, number in numbers.items()}


def all_rules(cleaned: Cleaned) -> pd.DataFrame:
    """Return what all rules did: those for purchases, for what customers say and for all other records."""
    return pd.concat([cleaned.rules, cleaned.answer_rules, cleaned.other_rules], ignore_index=True)


def suspected_programs(cleaned: Cleaned) -> pd.DataFrame:
    """Count events with and without those of suspected programs: one row each, as in ``SUSPECTED``."""
    events = cleaned.tables["events"]
    rows = []
    for population, table in zip(_POPULATIONS, (events, events.filter(~events.suspected_bot)), strict=True):
        counted = table.aggregate(
            events=table.count(),
            visitors=visitor(table).nunique(),
            anonymous=table.linked_customer_id.isnull().sum(),
            visits=table.session_id.nunique(),
            orders=table.order_id.nunique(),
            in_visits=table.session_id.count(),
            with_order=table.session_id.nunique(where=table.order_id.notnull()),
        )
        found = counted.to_pyarrow().to_pylist()[0]
        share = (found.pop("anonymous") or 0) / max(found["events"], 1)
        visits, in_visits, with_order = found["visits"], found.pop("in_visits"), found.pop("with_order")
        each = in_visits / visits if visits else None
        rows.append(
            {
                "population": population,
                **found,
                "anonymous_share": share,
                "events_per_visit": each,
                "order_share": with_order / visits if visits else None,
            }
        )
    return pd.DataFrame(rows, columns=SUSPECTED.names)


def unread_columns(cleaned: Cleaned) -> pd.DataFrame:
    """List the delivered columns that no chapter reads, as in ``QUALITY``."""
    quality = pd.concat([cleaned.quality, cleaned.answer_quality, cleaned.other_quality], ignore_index=True)
    return quality[~quality["read"].astype(bool)].reset_index(drop=True)


def that_found(rules: pd.DataFrame) -> pd.DataFrame:
    """Pick the rules that found something, in their order: what one lets out is what the next one of its table gets."""
    return rules[rules["records_found"] > 0].sort_values("position", ignore_index=True)


def found_nothing(rules: pd.DataFrame) -> Count:
    """Count the rules that found nothing; one that had nothing to look at is no such rule."""
    looked = rules[["records_in", "records_out"]].any(axis="columns")
    number = int((looked & (rules["records_found"] == 0)).sum())
    return Count(number, "rules", n=number, of="rules")


def _set_apart(cleaned: Cleaned, sold: tuple[int, Decimal]) -> dict[str, Count]:
    """Count what was set apart from customers' purchases, where anything was."""
    undone, guests, foreign = (cleaned.tables[name] for name in ("reversals", "guest_lines", "foreign_lines"))
    figures: dict[str, Count] = {}
    records, _ = sums_of(undone)
    if records:
        _, back = sums_of(undone.mutate(revenue=undone.revenue.abs()))
        figures["reversed"] = Count(records, "order lines", n=records, of="order lines")
        if money_shown({"all": amounts(undone.mutate(revenue=undone.revenue.abs()))})[0]:
            figures["reversed_revenue"] = Count(float(back), "currency", n=records, of="order lines")
    records, revenue = sums_of(guests)
    if records:
        everything, money = records + sold[0], float(revenue + sold[1])
        figures["guest_lines"] = Count(records, "order lines", n=everything, of="order lines")
        figures["guest_share"] = Count(records / everything, "share", n=everything, of="order lines")
        share = float(revenue) / money if money else 0.0
        if GUESTS not in parts_that_tell(cleaned):
            figures["guest_revenue_share"] = Count(share, "share", n=everything, of="order lines")
    records = foreign.count().to_pyarrow().as_py()
    if records:
        figures["foreign_lines"] = Count(records, "order lines", n=records, of="order lines")
    return figures
