"""The cleaning rules: what is wrong with a record, and what is done about it.

Each rule is a function from tables to tables; :func:`apply` runs it and counts. Applied to its own result a rule finds
nothing more to drop or merge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.warehouse import keep

Tables = dict[str, ir.Table]

_MONEY = ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")


def always(tables: Tables) -> bool:
    """Say that a rule has something to look at."""
    return True


def _not_known(tables: Tables) -> int | None:
    """Say that records must be counted."""


@dataclass(frozen=True)
class Rule:
    """One cleaning rule.

    Attributes
    ----------
    name
        In a few words, as a reader sees it.
    table
        The table whose records it counts.
    action
        ``dropped``, ``changed``, ``added`` or ``flagged`` (kept as it is, but counted).
    found
        The records it applies to.
    clean
        The tables after it.
    regroups
        Whether it compares records with each other, which is dear enough to keep its result.
    applies
        Given all tables, says whether the rule has anything to look at; it is left out where it has not.
    beside
        Tables it looks at that may be of another group than its own: see ``cleaning.groups.group_of``.
    alike
        The columns that the records it looks for have in common with others: where no two records of the table have,
        it finds none. Empty: it looks for something else.
    completes
        Whether it has something to do where it finds nothing, such as to fill gaps in what was described.
    count
        How many records it applies to, where that is known without listing them; ``None``: they must be counted.
    shows
        The columns whose values show, masked, what is wrong.
    """

    name: str
    table: str
    action: str
    found: Callable[[Tables], ir.Table]
    clean: Callable[[Tables], Tables]
    regroups: bool = False
    applies: Callable[[Tables], bool] = always
    beside: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    completes: bool = False
    count: Callable[[Tables], int | None] = _not_known
    shows: tuple[str, ...] = ()


class Alike:
    """The records of a table that may have a key in common with another one, found once for all rules that ask.

    Records with one key have one hash, which is a number: few records share theirs, by their key or by chance, and
    only these are compared column by column. No other record can repeat or belong to another one.

    Parameters
    ----------
    table
        The table's name.
    key
        The columns of the key; all columns where there are none.
    """

    def __init__(self, table: str, *key: str) -> None:
        self._table, self._key = table, key
        self._looked_at: ir.Table | None = None
        self._shared: ir.Table | None = None
        self._times = 0

    def none(self, tables: Tables) -> int | None:
        """Zero, where no two records have the hash of their key in common."""
        return 0 if self._hashes(tables) is None else None

    def candidates(self, tables: Tables) -> ir.Table:
        """The records whose key's hash is that of another record."""
        rows, shared = tables[self._table], self._hashes(tables)
        return rows.limit(0) if shared is None else self._numbered(rows).semi_join(shared, "_hash").drop("_hash")

    def others(self, tables: Tables) -> ir.Table:
        """All other records."""
        rows, shared = tables[self._table], self._hashes(tables)
        return rows if shared is None else self._numbered(rows).anti_join(shared, "_hash").drop("_hash")

    def _hashes(self, tables: Tables) -> ir.Table | None:
        """The hashes that several records share, or None where there are none. Asked again, they are known."""
        rows = tables[self._table]
        if self._looked_at is None or not rows.equals(self._looked_at):
            times = self._numbered(rows).group_by("_hash").aggregate(_times=ibis._.count())
            self._times += 1
            name = f"alike_{self._times}__{self._table}"
            shared = keep(rows.get_backend(), times.filter(times._times > 1).select("_hash"), name)
            self._shared = shared if shared.count().to_pyarrow().as_py() else None
            self._looked_at = rows
        return self._shared

    def _numbered(self, rows: ir.Table) -> ir.Table:
        """The records, each with the hash of its key."""
        key = ibis.struct({name: rows[name] for name in self._key or rows.columns})

        @ibis.udf.scalar.builtin(name="hash", signature=((key.type(),), "uint64"))
        def hash_of(key):  # (Ibis's own goes through a text of bits)
            """Hash a key."""

        return rows.mutate(_hash=hash_of(key))


def exact_duplicates(table: str, *, among: Alike | None = None) -> Rule:
    """Drop records that repeat another one in every column.

    Parameters
    ----------
    table
        The table.
    among
        Where to look, if another rule looks there too; by a key of the table.
    """
    alike = among or Alike(table)

    def found(tables: Tables) -> ir.Table:
        rows = alike.candidates(tables)
        return rows.mutate(_nth=ibis.row_number().over(group_by=rows.columns, order_by=rows.columns[0])).filter(
            ibis._._nth > 0
        )

    def clean(tables: Tables) -> Tables:
        return {**tables, table: alike.others(tables).union(alike.candidates(tables).distinct())}

    name = f"{table}: the same record delivered twice"
    key = CANONICAL[table].key or tuple(CANONICAL[table].names)
    return Rule(name, table, "dropped", found, clean, regroups=True, alike=key, count=alike.none)


#: What tells the lines of an order apart, once those of one product are added up.
LINE_KEY = ("order_id", "product_id")


def same_product_twice(*, among: Alike | None = None) -> Rule:
    """Add up lines of one product in one order, so that an order has one line per product.

    Parameters
    ----------
    among
        Where to look, if another rule looks there too; by :data:`LINE_KEY` or a part of it.
    """
    alike = among or Alike("order_lines", *LINE_KEY)

    def found(tables: Tables) -> ir.Table:
        lines = alike.candidates(tables)
        return lines.mutate(_nth=ibis.row_number().over(group_by=LINE_KEY, order_by="ordered_at")).filter(
            ibis._._nth > 0
        )

    def clean(tables: Tables) -> Tables:
        lines = alike.candidates(tables)
        added = {name: lines[name].sum().cast(lines[name].type()) for name in (*_MONEY, "quantity")}
        first = {name: lines[name].min() for name in lines.columns if name not in (*LINE_KEY, *added)}
        merged = lines.group_by(LINE_KEY).aggregate(**first, **added).select(lines.columns)
        return {**tables, "order_lines": alike.others(tables).union(merged)}

    name = "one product on two lines of an order: added up"
    return Rule(name, "order_lines", "dropped", found, clean, regroups=True, alike=LINE_KEY, count=alike.none)
