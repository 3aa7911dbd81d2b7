"""All that is known of one pseudonymous customer, for an analyst's eyes: a chapter never shows it.

Free texts and transcripts are left out: they may name persons. What rests on simulated deliveries is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.segments.tags.registry import FREE_TEXT
from customer_patterns.study import nearest

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: What is told of whom once, by table: one row per customer.
_FACTS = {
    "profile": ("customers", "customer_traits"),
    "scores": ("customer_segments",),
    "lifecycle": ("customer_lifecycle",),
    "habits": ("customer_habits",),
}
#: What is told of as many of the last events as asked for, by table and the column that dates them.
_EVENTS = {
    "orders": ("orders", "ordered_at"),
    "contacts": ("contacts", "opened_at"),
    "calls": ("calls", "started_at"),
    "answers": ("survey_responses", "answered_at"),
    "feedback": ("feedback", "written_at"),
    "messages": ("messages", "sent_at"),
    "coupons": ("coupon_redemptions", "redeemed_on"),
    "points": ("loyalty_ledger", "booked_at"),
    "contracts": ("contracts", "starts_on"),
    "opportunities": ("opportunities", "entered_at"),
    "usage": ("usage", "used_at"),
}


class NoCustomer(Refusal, LookupError):
    """There is no such customer, or no such group of customers."""


@dataclass(frozen=True)
class CustomerView:
    """One pseudonymous customer.

    Attributes
    ----------
    customer_id
        The pseudonym.
    facts
        ``profile``, ``scores`` (tier and segment too), ``lifecycle``, ``habits``: one row per fact, ``fact`` and
        ``value``; what is not known is left out.
    tags
        One row per tag: ``tag``, ``name``, ``definition``, ``simulated``.
    events
        The last orders, contacts, answers …, the latest first; a section without rows is left out.
    simulated
        The sections that rest on simulated deliveries.
    """

    customer_id: str
    facts: dict[str, pd.DataFrame]
    tags: pd.DataFrame
    events: dict[str, pd.DataFrame]
    simulated: frozenset[str] = field(default_factory=frozenset)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a section by name."""
        for sections in (self.__dict__.get("facts", {}), self.__dict__.get("events", {})):
            if name in sections:
                return sections[name]
        raise AttributeError(f"nothing is known of '{name}'{nearest(name, [*self.facts, *self.events])}")

    def __dir__(self) -> list[str]:
        """List the sections too, for completion."""
        return [*super().__dir__(), *self.facts, *self.events]

    def __repr__(self) -> str:
        """Everything as text, section by section."""
        parts = [f"Customer {self.customer_id}"]
        for name, facts in self.facts.items():
            said = ", ".join(f"{fact}: {value}" for fact, value in facts.itertuples(index=False))
            parts.append(f"{self._head(name)}: {said}")
        if len(self.tags):
            parts.append("tags: " + ", ".join(self.tags["name"] + self.tags["simulated"].map({True: " *", False: ""})))
        parts += [f"{self._head(name)}\n{table.to_string(index=False)}" for name, table in self.events.items()]
        return "\n".join([*parts, *(["* simulated data"] if self.simulated else [])])

    def _head(self, name: str) -> str:
        return f"{name} *" if name in self.simulated else name


def view_customer(
    customer_id: str, tables: Mapping[str, ir.Table], *, simulated: frozenset[str] = frozenset(), last: int = 10
) -> CustomerView:
    """Put together what is known of one customer.

    Parameters
    ----------
    customer_id
        The pseudonym.
    tables
        The tables of a run, by name.
    simulated
        The tables that rest on simulated deliveries.
    last
        How many of the last events of each kind.

    Raises
    ------
    NoCustomer
        For a key that no customer has.
    """
    customer_id = str(customer_id)
    if _rows(tables["customers"], customer_id).count().to_pyarrow().as_py() == 0:
        raise NoCustomer(f"there is no customer '{customer_id}' in this run; members() lists those there are")
    facts, events, marked = {}, {}, set()
    for section, names in _FACTS.items():
        told = [_facts(tables[name], customer_id, name in simulated) for name in names if name in tables]
        told = [part for part in told if len(part)]
        if told:
            facts[section] = pd.concat(told, ignore_index=True).drop_duplicates("fact", ignore_index=True)
            if any(name in simulated for name in names[:1]):
                marked.add(section)
    for section, (name, moment) in _EVENTS.items():
        if name in tables and moment in tables[name].columns:
            found = _last(tables[name], customer_id, moment, last)
            if len(found):
                events[section] = found
                marked |= {section} if name in simulated else set()
    return CustomerView(customer_id, facts, _tags(tables, customer_id), events, frozenset(marked))


def find_members(tables: Mapping[str, ir.Table], **wanted: str | None) -> pd.DataFrame:
    """List the customers of a group.

    Parameters
    ----------
    tables
        The tables of a run, by name.
    wanted
        ``segment``, ``tier``, ``value_level``, ``stage``, ``tag``: all that are given must hold.

    Returns
    -------
    DataFrame
        One row per customer, by ``customer_id``: ``segment``, ``tier``, ``value_level``, ``stage``, ``orders``,
        ``revenue``.

    Raises
    ------
    NoCustomer
        For a group that there is not; the message names the nearest, and those there are.
    """
    people = tables["customer_segments"].to_pandas()
    lives = tables["customer_lifecycle"].select("customer_id", "stage").to_pandas()
    people = people.merge(lives, on="customer_id", how="left")
    for column in ("segment", "tier", "value_level", "stage"):
        if (group := wanted.get(column)) is not None:
            people = people[people[column] == _known(column, group, people[column].dropna().unique())]
    if (tag := wanted.get("tag")) is not None:
        held = pd.concat([tables[name].to_pandas() for name in ("customer_tags", "customer_other_tags")])
        of = held.loc[held["tag"] == _known("tag", tag, held["tag"].unique()), "customer_id"]
        people = people[people["customer_id"].isin(of)]
    columns = ["customer_id", "segment", "tier", "value_level", "stage", "orders", "revenue"]
    return people.sort_values("customer_id", ignore_index=True)[columns]


def _known(what: str, name: str, known: Sequence[str]) -> str:
    if name not in set(known):
        listed = "; ".join(sorted(known)) or "none"
        raise NoCustomer(f"nobody is in {what} '{name}'{nearest(name, known)} ({what}: {listed})")
    return name


def _rows(table: ir.Table, customer_id: str) -> ir.Table:
    return table.filter(table.customer_id == customer_id)


def _facts(table: ir.Table, customer_id: str, simulated: bool) -> pd.DataFrame:
    """A customer's row as one row per fact."""
    rows = _rows(table, customer_id).to_pandas()
    told = [
        (f"{name.replace('_', ' ')}{' *' if simulated else ''}", rows[name].iloc[0])
        for name in rows.columns
        if len(rows) and name != "customer_id" and pd.notna(rows[name].iloc[0]) and rows[name].iloc[0] != UNKNOWN
    ]
    return pd.DataFrame(told, columns=["fact", "value"]).astype({"value": object})


def _last(table: ir.Table, customer_id: str, moment: str, last: int) -> pd.DataFrame:
    """A customer's last rows, without free text and without what none of them has."""
    columns = [name for name in table.columns if name != "customer_id" and name not in FREE_TEXT]
    rows = _rows(table, customer_id).select(columns)
    rows = rows.order_by([rows[moment].desc(), *(name for name in columns if name != moment)]).limit(last).to_pandas()
    known = [name for name in columns if rows[name].notna().any() and not (rows[name].astype(str) == UNKNOWN).all()]
    return rows[known]


def _tags(tables: Mapping[str, ir.Table], customer_id: str) -> pd.DataFrame:
    """The tags of a customer, with what they mean."""
    found = []
    for held, about in (("customer_tags", "tags"), ("customer_other_tags", "other_tags")):
        if held in tables and about in tables:
            tags = tables[about].select("tag", "name", "definition", "simulated").to_pandas()
            found.append(tags[tags["tag"].isin(_rows(tables[held], customer_id).to_pandas()["tag"])])
    columns = ["tag", "name", "definition", "simulated"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
