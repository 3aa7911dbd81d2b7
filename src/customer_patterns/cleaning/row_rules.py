"""Rules that look at one record at a time: many of them are carried out and counted in one pass over a table.

A record that one rule took out is not looked at by the next; one that a rule changed is looked at as it then is. So
the counts of a batch are those that the rules would have found one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.rules import Tables, always

#: Records leave the table by these.
LEAVING = ("dropped", "moved")


@dataclass(frozen=True)
class RowRule:
    """One rule about single records.

    Attributes
    ----------
    name, table, action
        As of :class:`~customer_patterns.cleaning.rules.Rule`; ``moved``: to the table ``to``.
    holds
        Given the table and all tables, says of each record whether the rule applies to it.
    repair
        Given the table, the new values of the columns that the rule changes where it holds.
    to, says
        Where records are moved, and what their added columns say there.
    needs
        Columns without which the rule has nothing to look at; it is then left out.
    applies
        As of :class:`~customer_patterns.cleaning.rules.Rule`.
    shows
        The columns whose values show, masked, what is wrong.
    beside
        As of :class:`~customer_patterns.cleaning.rules.Rule`.
    """

    name: str
    table: str
    action: str
    holds: Callable[[ir.Table, Tables], ir.BooleanValue]
    repair: Callable[[ir.Table], dict[str, ir.Value]] | None = None
    to: str = ""
    says: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    applies: Callable[[Tables], bool] = always
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a rule found: records, their revenue where the table has any, and the first of them, by what it shows."""

    rule: RowRule
    records: int
    revenue: Decimal | None
    example: dict[str, object] = field(default_factory=dict)


def applicable(rules: Sequence[RowRule], tables: Tables) -> list[RowRule]:
    """Keep the rules that have something to look at."""
    return [rule for rule in rules if set(rule.needs) <= set(tables[rule.table].columns) and rule.applies(tables)]


def run_batch(rules: Sequence[RowRule], tables: Tables, *, own: Callable[[ir.Table], ir.BooleanValue]) -> list[Found]:
    """Count what rules for one table find, one after another, in one pass.

    Parameters
    ----------
    rules
        Rules for one table, in their order.
    tables
        All tables by name.
    own
        Says of each record whether its money is in the study's currency; other money is never summed.

    Returns
    -------
    list
        What each rule found, in their order.
    """
    rows = tables[rules[0].table]
    marked, marks = _marked(rules, tables)
    wanted: dict[str, ir.Scalar] = {f"n{i}": marked[mark].sum().cast("int64") for i, mark in enumerate(marks)}
    with_money = "revenue" in rows.columns
    if with_money:
        for i, mark in enumerate(marks):
            wanted[f"m{i}"] = marked.revenue.sum(where=marked[mark] & own(marked)).cast("decimal(18, 2)")
    counts = marked.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    examples = _examples({i: rule for i, rule in enumerate(rules) if counts[f"n{i}"]}, marked, marks)
    return [
        Found(
            rule,
            counts[f"n{i}"] or 0,
            (counts[f"m{i}"] or Decimal(0)) if with_money else None,
            examples.get(i, {}),
        )
        for i, rule in enumerate(rules)
    ]


def _examples(rules: dict[int, RowRule], marked: ir.Table, marks: list[str]) -> dict[int, dict[str, object]]:
    """The least of what each rule shows among the records that it found, all in one pass."""
    wanted = {}
    for i, rule in rules.items():
        if shown := {name: marked[name] for name in rule.shows if name in marked.columns}:
            wanted[str(i)] = ibis.struct(shown).min(where=marked[marks[i]])
    if not wanted:
        return {}
    return {int(i): row for i, row in marked.aggregate(**wanted).to_pyarrow().to_pylist()[0].items()}


def example_of(rows: ir.Table, shows: Sequence[str]) -> dict[str, object]:
    """Return the least of what some columns show among records; nothing where none of them was delivered."""
    shown = {name: rows[name] for name in shows if name in rows.columns}
    return rows.aggregate(shown=ibis.struct(shown).min()).to_pyarrow().to_pylist()[0]["shown"] if shown else {}


def changed_columns(found: Sequence[Found], tables: Tables) -> set[str]:
    """Return the columns that the rules change which found something."""
    acting = [each.rule for each in found if each.records and each.rule.repair is not None]
    return {name for rule in acting for name in rule.repair(tables[rule.table])}


def acting_rules(found: Sequence[Found]) -> list[RowRule]:
    """Return the rules that have something to do to the records that they found."""
    return [each.rule for each in found if each.records and each.rule.action != "flagged"]


def leaving_records(found: Sequence[Found], tables: Tables, number: str) -> ir.Table:
    """Return the numbers of the records that leave their table by some rules: the column ``number``."""
    marked, _ = _marked(acting_rules(found), tables)
    return marked.filter(marked._gone).select(number)


def apply_batch(found: Sequence[Found], tables: Tables) -> tuple[Tables, dict[str, list[ir.Table]]]:
    """Carry out the rules that found something.

    Returns
    -------
    tuple
        The tables afterwards, and the records moved elsewhere by the name of the table they go to, with what their
        added columns say.
    """
    acting = acting_rules(found)
    if not acting:
        return tables, {}
    rows = tables[acting[0].table]
    marked, marks = _marked(acting, tables)
    moved: dict[str, list[ir.Table]] = {}
    for rule, mark in zip(acting, marks, strict=True):
        if rule.action == "moved":
            gone = marked.filter(marked[mark]).select(rows.columns)
            moved.setdefault(rule.to, []).append(gone.mutate(**{k: ibis.literal(v) for k, v in rule.says.items()}))
    left = marked.filter(~marked._gone) if any(rule.action in LEAVING for rule in acting) else marked
    return {**tables, acting[0].table: left.select(rows.columns)}, moved


def _marked(rules: Sequence[RowRule], tables: Tables) -> tuple[ir.Table, list[str]]:
    """The table with one mark per rule, and whether a record has left it.

    Rules up to one that changes values look at the same values: their marks are made side by side, not one upon the
    other, because each level of a query costs more to write down than to carry out.
    """
    marked = tables[rules[0].table].mutate(_gone=ibis.literal(False))
    marks = [f"_rule_{i}" for i in range(len(rules))]
    begin = 0
    while begin < len(rules):
        end = next((i + 1 for i in range(begin, len(rules)) if rules[i].repair is not None), len(rules))
        part = list(zip(rules[begin:end], marks[begin:end], strict=True))
        marked = marked.mutate(**{mark: rule.holds(marked, tables).fill_null(False) for rule, mark in part})
        gone, first = marked._gone, {}
        for rule, mark in part:
            first[mark] = marked[mark] & ~gone
            if rule.action in LEAVING:
                gone = gone | marked[mark]
        marked = marked.mutate(**first, _gone=gone)
        rule, mark = part[-1]
        if rule.repair is not None:
            fresh = {
                name: ibis.ifelse(marked[mark], value.cast(marked[name].type()), marked[name])
                for name, value in rule.repair(marked).items()
            }
            marked = marked.mutate(**fresh)
        begin = end
    return marked, marks
