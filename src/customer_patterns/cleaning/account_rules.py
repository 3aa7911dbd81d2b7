"""The cleaning rules for accounts that are no customers, and for customers who have two numbers."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.once import LinesBy
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.people import PEOPLE_COLUMNS, with_present_number
from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Rule, Tables
from customer_patterns.schemas.canonical import CANONICAL

GUEST_LINES = "guest_lines"
#: Rules that leave out accounts which are no customers', as a reader sees them.
TEST, STAFF = "test account: left out", "account of staff: left out"


def merged_rules(table: str, options: Options) -> list[Rule]:
    """Put the number that a customer has now in the place of the one he had.

    Where a table says who customers are, the description under the present number stands, and of several under former
    ones that of the first number.
    """
    columns = [name for name in PEOPLE_COLUMNS if name in CANONICAL[table]]

    def mapped(tables: Tables) -> ir.Table:
        rows = tables[table].mutate(_old=ibis.literal(False))
        for column in columns:
            rows = with_present_number(rows, options.merged, of=column)
            rows = rows.mutate(_old=rows._old | rows._new.notnull(), **{column: ibis.coalesce(rows._new, rows[column])})
            rows = rows.drop("_new")
        return rows

    def given(tables: Tables) -> bool:
        return options.merged is not None

    renumbered = Rule(
        "a customer's former number: the present one put in its place",
        table,
        "changed",
        lambda tables: mapped(tables).filter(ibis._._old),
        lambda tables: {**tables, table: mapped(tables).select(tables[table].columns)},
        regroups=True,
        applies=given,
    )
    if tuple(CANONICAL[table].key) != ("customer_id",):
        return [renumbered]

    def ranked(tables: Tables) -> ir.Table:
        rows = with_present_number(tables[table], options.merged)
        rows = rows.mutate(_now=ibis.coalesce(rows._new, rows.customer_id))
        order = [rows._new.notnull().asc(), rows.customer_id.asc()]
        return rows.mutate(_nth=ibis.row_number().over(group_by="_now", order_by=order))

    described_twice = Rule(
        "described under a former number too: the present one's description kept",
        table,
        "dropped",
        lambda tables: ranked(tables).filter(ibis._._nth > 0),
        lambda tables: {**tables, table: ranked(tables).filter(ibis._._nth == 0).select(tables[table].columns)},
        regroups=True,
        applies=given,
    )
    return [described_twice, renumbered]


def account_rules(table: str, options: Options) -> list[RowRule]:
    """Leave out tests and staff; take guests' records out of what is said about customers.

    Guests' order lines are set apart, because they belong to the totals. Where a record may be without a customer, it
    stays without one.
    """
    may_be_nobodys = "customer_id" in CANONICAL[table] and CANONICAL[table]["customer_id"].nullable
    rules = [
        _account_rule(TEST, table, "dropped", "test", options.tests),
        _account_rule(STAFF, table, "dropped", "staff", options.staff),
    ]
    if table == "order_lines":
        name, action = "bought by a guest: set apart, in the totals only", "moved"
        rules.append(_account_rule(name, table, action, "guest", options.guests, to=GUEST_LINES))
    elif may_be_nobodys:
        name, action = "record of a guest: kept without a customer", "changed"
        rules.append(_account_rule(name, table, action, "guest", options.guests))
    else:
        rules.append(_account_rule("record of a guest: left out", table, "dropped", "guest", options.guests))
    return rules


def _account_rule(
    name: str, table: str, action: str, account_type: str, patterns: tuple[str, ...], *, to: str = ""
) -> RowRule:
    columns = [column for column in PEOPLE_COLUMNS if column in CANONICAL[table]]

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        people = tables["customers"]
        is_one = ibis.literal(False)
        if "account_type" in people.columns:
            # (a table cannot be asked about itself while it is changed)
            if table == "customers":
                is_one = rows.account_type == account_type
            else:
                such = people.filter(people.account_type == account_type).customer_id
                for column in columns:
                    is_one = is_one | rows[column].isin(such)
        for column in columns:
            for pattern in patterns:
                is_one = is_one | rows[column].re_search(pattern)
        return is_one

    def given(tables: Tables) -> bool:
        return bool(patterns) or "account_type" in tables["customers"].columns

    repair = (lambda rows: {"customer_id": ibis.null("string")}) if action == "changed" else None
    return RowRule(name, table, action, holds, repair=repair, to=to, shows=(columns[0],), applies=given)


def shared_numbers(bought: LinesBy) -> Rule:
    """Count customers with ten times the lines of the busiest hundredth: a family's card, or a cashier's own.

    Parameters
    ----------
    bought
        Lines by customer.
    """

    def found(tables: Tables) -> ir.Table:
        each = bought.of(tables)
        usual = each.aggregate(most=each.lines.quantile(0.99))
        busy = each.cross_join(usual)
        return busy.filter(busy.lines > 10 * busy.most).select("customer_id")

    return Rule(
        "far more purchases than anyone else: perhaps one number shared by many; kept",
        "customers",
        "flagged",
        found,
        lambda tables: tables,
    )
