"""The cleaning rules: what is wrong with a record, and what is done about it.

Each rule is a function from tables to tables; :func:`apply` runs it and counts. Applied to its own result a rule finds
nothing more to drop or merge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.once import LinesBy, Once
from customer_patterns.schemas.canonical import CANONICAL, UNKNOWN
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
        Tables it looks at that may be of another group than its own: see ``cleaning.tables.group_of``.
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


def undescribed_products(sold: LinesBy) -> Rule:
    """Add products that were sold but not described, so that no sale is lost in a join.

    Parameters
    ----------
    sold
        Lines by product.
    """

    def found(tables: Tables) -> ir.Table:
        return sold.of(tables).select("product_id").anti_join(tables["products"], "product_id")

    def clean(tables: Tables) -> Tables:
        products = tables["products"]
        filled = products.mutate(**{c: products[c].fill_null(UNKNOWN) for c in _levels(products, "product_id")})
        return {**tables, "products": filled.union(_unknown_rows(found(tables), filled))}

    return Rule("sold but not described: department unknown", "products", "added", found, clean, completes=True)


def lines_without_description(sold: LinesBy) -> Rule:
    """Count lines whose product was not described; they stay.

    Parameters
    ----------
    sold
        Lines by product.
    """

    def undescribed(tables: Tables) -> ir.Table:
        return tables["products"].filter(ibis._.department == UNKNOWN)

    return Rule(
        "product not described: kept as unknown",
        "order_lines",
        "flagged",
        lambda tables: tables["order_lines"].semi_join(undescribed(tables), "product_id"),
        lambda tables: tables,
        count=lambda tables: sold.among(tables, undescribed(tables)),
    )


def own_department(sold: LinesBy, kind: str, department: str, pattern: str) -> Rule:
    """Give lines of a product type their own kind and department.

    Parameters
    ----------
    sold
        Lines by product.
    kind
        The ``line_kind`` of such lines.
    department
        The department their products move to.
    pattern
        SQL ``LIKE`` pattern of the product types; empty: no such products.
    """

    known = Once()

    def matching(tables: Tables) -> ir.Table:
        rows = tables["products"]

        def special() -> ir.Table:
            such = rows.filter(rows.product_type.upper().like(pattern or "\x00")).select("product_id")
            return keep(rows.get_backend(), such, f"special__{kind}")

        return known.of(rows, special)

    def found(tables: Tables) -> ir.Table:
        return tables["order_lines"].semi_join(matching(tables), "product_id")

    def clean(tables: Tables) -> Tables:
        special = matching(tables)
        if not len(special.limit(1).to_pyarrow()):
            return tables
        delivered, products = tables["order_lines"], tables["products"]
        is_special = sold.have(delivered, special)
        fresh = {"line_kind": ibis.ifelse(is_special, kind, delivered.line_kind)}
        if kind == "fuel":  # the delivered units are thousandths of a gallon, not things in a basket
            fresh["quantity"] = ibis.ifelse(is_special, ibis.null("int64"), delivered.quantity)
        lines = delivered.mutate(**fresh)
        sold.same(delivered, lines)
        moved = ibis.ifelse(products.product_id.isin(special.product_id), department, products.department)
        return {**tables, "order_lines": lines, "products": products.mutate(department=moved)}

    label = {"fuel": "fuel: shown apart, units not counted", "gift_card": "gift cards: money moved, nothing sold yet"}[
        kind
    ]
    return Rule(
        label,
        "order_lines",
        "changed",
        found,
        clean,
        completes=True,
        count=lambda tables: sold.among(tables, matching(tables)),
    )


def undescribed_customers(bought: LinesBy) -> Rule:
    """Add customers who ordered but were not described, and fill every gap with "unknown".

    Parameters
    ----------
    bought
        Lines by customer.
    """

    def found(tables: Tables) -> ir.Table:
        return bought.of(tables).select("customer_id").anti_join(tables["customers"], "customer_id")

    def clean(tables: Tables) -> Tables:
        customers = tables["customers"]
        described = customers.mutate(
            has_demographics=ibis.literal(True),
            **{c: customers[c].fill_null(UNKNOWN) for c in _levels(customers, "customer_id")},
        )
        added = found(tables).mutate(has_demographics=ibis.literal(False))
        return {**tables, "customers": described.union(_unknown_rows(added, described))}

    name = "ordered but not described: demographics unknown"
    return Rule(name, "customers", "added", found, clean, completes=True)


#: Tables of what customers do, other than ordering, and of what they say.
_DONE = ("contracts", "usage", "events", "loyalty_ledger", "referrals", "opportunities", "experiments", "messages")
_SAID = ("survey_sheets", "survey_responses", "contacts", "calls", "feedback")


def customers_seen_elsewhere(simulated: Collection[str] = ()) -> list[Rule]:
    """Add customers of whom there are other records than orders, so that a study without orders has customers too.

    Those who only said something are added where nobody did anything: what customers say may be simulated where what
    they do is not.

    Parameters
    ----------
    simulated
        Tables that make nobody a customer, because they are simulated and customers are not.
    """
    done, said_in = (tuple(name for name in names if name not in simulated) for names in (_DONE, _SAID))
    did = _seen("known from other records than orders: demographics unknown", done)
    said = _seen("known from what they said: demographics unknown", said_in)

    def nobody_did_anything(tables: Tables) -> bool:
        return not any(len(tables[name].limit(1).to_pyarrow()) for name in ("order_lines", *done))

    return [rule for rule in (did, replace(said, applies=nobody_did_anything)) if rule.beside]


def _seen(name: str, where: tuple[str, ...]) -> Rule:
    """Add the customers who stand in some tables and were not described."""

    def found(tables: Tables) -> ir.Table:
        seen = [
            tables[name].filter(tables[name][column].notnull()).select(customer_id=tables[name][column])
            for name in where
            for column in ("customer_id", "referrer_id", "referred_id")
            if column in tables[name].columns
        ]
        return ibis.union(*seen, distinct=True).anti_join(tables["customers"], "customer_id")

    def clean(tables: Tables) -> Tables:
        customers = tables["customers"]
        added = found(tables).mutate(has_demographics=ibis.literal(False))
        return {**tables, "customers": customers.union(_unknown_rows(added, customers))}

    return Rule(name, "customers", "added", found, clean, beside=where)


def unknown_levels(table: str) -> Rule:
    """Count described records with a gap; "unknown" stands in it."""

    def found(tables: Tables) -> ir.Table:
        rows = tables[table]
        gap = ibis.literal(False)
        for column in _levels(rows):
            gap = gap | rows[column].isnull()
        return rows.filter(gap)

    return Rule("a gap in the description: filled with 'unknown'", table, "changed", found, lambda tables: tables)


def orphan_redemptions(bought: LinesBy) -> Rule:
    """Count redemptions by customers who never ordered; they stay.

    Parameters
    ----------
    bought
        Lines by customer.
    """
    return Rule(
        "redeemed by someone who never ordered: kept",
        "coupon_redemptions",
        "flagged",
        lambda tables: tables["coupon_redemptions"].anti_join(bought.of(tables), "customer_id"),
        lambda tables: tables,
    )


def _levels(rows: ir.Table, *keys: str) -> list[str]:
    """The columns of texts, in which a gap can be filled by a word."""
    return [name for name in rows.columns if name not in keys and rows[name].type().is_string()]


def _unknown_rows(keys: ir.Table, like: ir.Table) -> ir.Table:
    """Rows with the given columns, "unknown" in every other text and nothing elsewhere."""
    gaps = {
        name: ibis.literal(UNKNOWN) if kind.is_string() else ibis.null(kind)
        for name, kind in like.schema().items()
        if name not in keys.columns
    }
    return keys.mutate(**gaps).select(like.columns)
