"""The evidence map: which kinds of data are there, which conclusions they allow, and what the others would need.

What is declared here is judgment of the field; what is computed is only whether the data for it were delivered, whether
they are real, and whether they reach far enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.estimates import Count
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import KNOWN_SINCE
from customer_patterns.study import Study
from customer_patterns.wording import Name, Value

REAL, SIMULATED, MIXED, ABSENT = "real", "simulated", "partly simulated", "not delivered"
POSSIBLE, ON_SIMULATED, IMPOSSIBLE = "possible", "possible, on simulated data only", "not possible"


@dataclass(frozen=True)
class Kind:
    """A kind of data a study may hold: the tables it comes in; the last is counted, and without it there is none.

    ``beside`` are tables that say more of it and are not counted.
    """

    name: str
    tables: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """How far data of a kind must reach for a conclusion: so many days of purchases, so many waves of a survey."""

    kind: str
    words: str
    days: int = 0
    waves: int = 0


@dataclass(frozen=True)
class Conclusion:
    """A question a reader may bring, the kinds of data it needs, and how far they must reach."""

    question: str
    needs: tuple[str, ...]
    reach: Reach | None = None


#: Of some kinds no table is known yet; they stand here for the questions that would need them.
KINDS: tuple[Kind, ...] = (
    Kind("purchases", ("order_lines",), beside=("order_channels",)),
    Kind("product descriptions", ("products",)),
    Kind("demographics", ("customers",), beside=("customer_traits", "regions")),
    Kind("mailings", ("campaigns", "campaign_recipients")),
    Kind("coupons", ("coupons", "coupon_redemptions")),
    Kind("promotions in stores", ("promotions",)),
    Kind("survey answers", ("survey_items", "survey_invitations", "survey_responses"), beside=("survey_sheets",)),
    Kind("service contacts", ("contacts",)),
    Kind("feedback texts", ("feedback",), beside=("feedback_codes",)),
    Kind("online events", ("events",)),
    Kind("usage records", ("usage",)),
    Kind("messages", ("messages",)),
    Kind("telephone calls", ("calls",)),
    Kind("contracts", ("contracts",)),
    Kind("loyalty points", ("loyalty_ledger",)),
    Kind("referrals", ("referrals",)),
    Kind("sales opportunities", ("opportunities",)),
    Kind("experiments", ("experiments",)),
    Kind("contact details", ("identities",)),
    Kind("consents", ("consents",)),
    Kind("costs"),
    Kind("purchases elsewhere"),
)

#: What the kinds of data are called that have one table, or whose first is the one to ask for.
_KIND_OF = {table: kind.name for kind in KINDS for table in kind.tables} | {
    "survey_items": "survey questions",
    "survey_invitations": "survey invitations",
    "feedback_codes": "codes of texts",
}


def kind_of(table: str) -> str:
    """Return what the kind of data is called that comes in a table.

    Raises
    ------
    KeyError
        No kind of data comes in it.
    """
    return _KIND_OF[table]


#: A habit is called broken after weeks of silence, which half a year can hold often enough.
_HALF_A_YEAR = Reach("purchases", "a half-year of purchases", days=182)
#: A season is what comes again: one year cannot show it.
_TWO_YEARS = Reach("purchases", "two years of purchases", days=730)
_TWO_WAVES = Reach("survey answers", "two waves of the survey", waves=2)

CONCLUSIONS: tuple[Conclusion, ...] = (
    Conclusion("how often they buy, when, and for how much", ("purchases",)),
    Conclusion("what goes together in a basket", ("purchases", "product descriptions")),
    Conclusion("which kinds of buyer there are", ("purchases",)),
    Conclusion("how described groups differ", ("purchases", "demographics")),
    Conclusion("who falls silent for a while", ("purchases",), _HALF_A_YEAR),
    Conclusion("what they are worth in the months to come", ("purchases",), _HALF_A_YEAR),
    Conclusion("what will be sold in the weeks to come", ("purchases",), _HALF_A_YEAR),
    Conclusion("who uses the coupons of which mailing", ("mailings", "coupons")),
    Conclusion("what sells while it is on display or in the mailer", ("purchases", "promotions in stores")),
    Conclusion("how content they are, and with what", ("survey answers",)),
    Conclusion("whether contentment shows in what they buy", ("purchases", "survey answers")),
    Conclusion("how contentment moves over time", ("survey answers",), _TWO_WAVES),
    Conclusion("how soon the service answers, and how that is rated", ("service contacts",)),
    Conclusion("how many stars they give, and when", ("feedback texts",)),
    Conclusion("what they say in their own words", ("feedback texts",)),
    Conclusion("whether the year has seasons", ("purchases",), _TWO_YEARS),
    Conclusion("how often they visit, when, and on which devices", ("online events",)),
    Conclusion("what they look at before they buy", ("purchases", "online events")),
    Conclusion("who uses what, and how much", ("usage records",)),
    Conclusion("whom messages reach", ("messages",)),
    Conclusion("what is said on the telephone", ("telephone calls",)),
    Conclusion("who gives notice, and when", ("contracts",)),
    Conclusion("how points are collected and spent", ("loyalty points",)),
    Conclusion("who brings whom", ("referrals",)),
    Conclusion("how far possible sales come", ("sales opportunities",)),
    Conclusion("which possible sales will be won", ("sales opportunities",)),
    Conclusion("what profit a customer brings", ("purchases", "costs")),
    Conclusion("what a mailing, a discount or better service would change", ("experiments",)),
    Conclusion("how much they buy in other shops", ("purchases elsewhere",)),
)

DATA_KINDS = TableSchema(
    name="data_kinds",
    grain="kind of data",
    key=("kind",),
    meaning="Which kinds of data were delivered, how much, for which period, and whether they are real.",
    columns=(
        Column("kind", "text", "the kind of data", label="Kind of data", levels=tuple(kind.name for kind in KINDS)),
        Column("records", "integer", "records up to the last day", label="Records", minimum=0),
        Column("first_on", "date", "day of the first dated record", label="From", nullable=True),
        Column("last_on", "date", "day of the last dated record", label="To", nullable=True),
        Column(
            "provenance",
            "text",
            "whether they are real",
            label="Real or simulated",
            levels=(REAL, SIMULATED, MIXED, ABSENT),
        ),
    ),
)

CONCLUSION_TABLE = TableSchema(
    name="conclusions",
    grain="question that a reader may bring",
    key=("question",),
    meaning="Which questions the delivered data can answer, and what the others would need.",
    columns=(
        Column("position", "integer", "place in the list: what can be answered first", label="No.", minimum=1),
        Column("question", "text", "the question", label="Question", levels=tuple(c.question for c in CONCLUSIONS)),
        Column(
            "verdict",
            "text",
            "whether the delivered data can answer it",
            label="With these data",
            levels=(POSSIBLE, ON_SIMULATED, IMPOSSIBLE),
        ),
        Column("needs", "text", "what an answer needs", label="Needs"),
        Column("missing", "text", "what of it is missing", label="Missing", nullable=True),
    ),
)


def data_kinds(study: Study, account: pd.DataFrame, tables: Mapping[str, ir.Table]) -> pd.DataFrame:
    """Say what was delivered of each kind of data.

    Parameters
    ----------
    study
        The study, which declares each delivery as real or simulated.
    account
        One row per source and delivered table, with ``table`` and ``kept``: the records that went on.
    tables
        The tables by name, of which the first and the last day are taken.

    Returns
    -------
    DataFrame
        One row per kind, in the order of ``KINDS``; columns as in ``DATA_KINDS``.
    """
    kept = account.groupby("table")["kept"].sum().to_dict()
    rows = []
    for kind in KINDS:
        delivered = [name for name in kind.tables if name in kept] if kept.keys() & {*kind.tables[-1:]} else []
        provenances = {source.provenance for source in study.sources if source.table in delivered}
        first, last = _period({name: tables[name] for name in delivered if name in tables}, study.time_zone)
        rows.append(
            {
                "kind": kind.name,
                "records": int(kept[delivered[-1]]) if delivered else 0,
                "first_on": first,
                "last_on": last,
                "provenance": ABSENT if not delivered else provenances.pop() if len(provenances) == 1 else MIXED,
            }
        )
    found = pd.DataFrame(rows, columns=DATA_KINDS.names)
    return found.astype({"first_on": "datetime64[us]", "last_on": "datetime64[us]"})


def conclusions(kinds: pd.DataFrame, *, first_day: date, as_of: date, waves: int = 0) -> pd.DataFrame:
    """Say which questions the data can answer.

    Parameters
    ----------
    kinds
        What :func:`data_kinds` returns.
    first_day, as_of
        The study's period, both days included.
    waves
        How many waves the survey had.

    Returns
    -------
    DataFrame
        One row per question: those that can be answered first, else in the order of ``CONCLUSIONS``; columns as in
        ``CONCLUSION_TABLE``. ``missing`` is empty where nothing is.
    """
    there = kinds[kinds["records"] > 0].set_index("kind")["provenance"].to_dict()
    days = (as_of - first_day).days + 1
    rows = []
    for asked in CONCLUSIONS:
        missing = [name for name in asked.needs if name not in there]
        if not missing and asked.reach and (days < asked.reach.days or waves < asked.reach.waves):
            missing = [asked.reach.words]
        wholly_real = all(there.get(name) == REAL for name in asked.needs)
        verdict = IMPOSSIBLE if missing else POSSIBLE if wholly_real else ON_SIMULATED
        needs = [asked.reach.words if asked.reach and name == asked.reach.kind else name for name in asked.needs]
        rows.append((asked.question, verdict, ", ".join(needs), ", ".join(missing) or None))
    found = pd.DataFrame(rows, columns=["question", "verdict", "needs", "missing"])
    ranks = found["verdict"].map([POSSIBLE, ON_SIMULATED, IMPOSSIBLE].index)
    found = found.iloc[ranks.argsort(kind="stable")].reset_index(drop=True)
    found.insert(0, "position", range(1, len(found) + 1))
    return found[CONCLUSION_TABLE.names]


def map_figures(kinds: pd.DataFrame, asked: pd.DataFrame) -> dict[str, Value]:
    """Count what the map says, and name what was not delivered and what is simulated.

    Returns
    -------
    dict
        ``asked``, ``answered``, ``answered_simulated``, ``unanswered``; ``absent`` and ``simulated_kinds`` as names,
        left out where there are none.
    """
    verdicts = asked["verdict"].value_counts()
    figures: dict[str, Value] = {
        name: Count(int(number), "questions", n=len(asked), of="questions")
        for name, number in {
            "asked": len(asked),
            "answered": verdicts.get(POSSIBLE, 0) + verdicts.get(ON_SIMULATED, 0),
            "answered_simulated": verdicts.get(ON_SIMULATED, 0),
            "unanswered": verdicts.get(IMPOSSIBLE, 0),
        }.items()
    }
    for name, provenances in {"absent": [ABSENT], "simulated_kinds": [SIMULATED, MIXED]}.items():
        listed = kinds.loc[kinds["provenance"].isin(provenances), "kind"]
        if len(listed):
            figures[name] = Name(", ".join(listed), "word")
    return figures


def count_waves(tables: Mapping[str, ir.Table]) -> int:
    """Count the waves in which anyone answered the survey; none where there is no survey."""
    answers = tables.get("survey_responses")
    return 0 if answers is None else int(answers.wave.nunique().to_pyarrow().as_py())


def _period(tables: Mapping[str, ir.Table], time_zone: str) -> tuple[Any, Any]:
    """The first and the last local day of the first of these tables that is dated and has rows."""
    for name, table in tables.items():
        column = KNOWN_SINCE.get(name, ".")
        if "." in column:
            continue
        known = table[column]
        first, last = table.aggregate(first=known.min(), last=known.max()).to_pyarrow().to_pylist()[0].values()
        if first is not None:
            return _local_day(first, time_zone), _local_day(last, time_zone)
    return pd.NaT, pd.NaT


def _local_day(moment: datetime | date, time_zone: str) -> pd.Timestamp:
    """The day of a moment in UTC on the customers' calendar; a day stays what it is."""
    if isinstance(moment, datetime):
        moment = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).date()
    return pd.Timestamp(moment)
