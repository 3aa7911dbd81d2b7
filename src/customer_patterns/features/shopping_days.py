"""What each customer did on each shopping day: a ledger from which features at any cut in time are added up."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from customer_patterns.features.cells import cents
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import UNKNOWN

#: Departments are kept as the bits of one whole number; those with fewer purchases share its last bit.
DEPARTMENTS_TOLD_APART = 62

#: More categories or brands than this there are not: two numbers are kept in one.
_MOST = 1_000_000

#: How columns are kept that are no sums of money.
_NARROW = {
    "customer_id": "string",
    "ordered_on": "date",
    "gap_days": "int16",
    "brand_chances": "int16",
    "brand_switches": "int16",
    "channel_chances": "int16",
    "channel_switches": "int16",
}

SHOPPING_DAYS = TableSchema(
    name="shopping_days",
    grain="customer and shopping day",
    key=("customer_id", "ordered_on"),
    meaning="What each customer bought on each day. Never printed: a row is about one customer.",
    reads=("order_lines", "products"),
    columns=(
        Column("customer_id", "text", "the customer's key"),
        Column("ordered_on", "date", "local day with a purchase of goods"),
        Column("goods", "integer", "value of the goods, in hundredths"),
        Column("discounts", "integer", "discounts on them, in hundredths"),
        Column("known_brand", "integer", "value of goods whose brand is known, in hundredths"),
        Column("own_brand", "integer", "value of goods of the retailer's own brand, in hundredths"),
        Column("departments", "integer", "bits of the departments bought from"),
        Column("gap_days", "integer", "days since the customer's shopping day before", "", "days", True, 1),
        Column("brand_chances", "integer", "purchases of a category that the customer had bought before", minimum=0),
        Column("brand_switches", "integer", "of these, those of another brand than the last time", minimum=0),
        Column("channel_chances", "integer", "orders after another one, both of known channel", minimum=0),
        Column("channel_switches", "integer", "of these, those through another channel", minimum=0),
    ),
)


def shopping_days(
    order_lines: ir.Table,
    products: ir.Table,
    *,
    last_day: date,
    order_channels: ir.Table | None = None,
    own_brand: str = "Private",
    brand: str = "manufacturer_id",
) -> ir.Table:
    """Add up what each customer bought on each day, and what was another brand or channel than the time before.

    Everything in a row was known on its day: features at a cut are sums of the rows up to it, so that nothing after the
    cut can enter.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``ordered_at``, ``ordered_on``
        (local day), ``revenue``, ``retail_discount``, ``coupon_discount``, ``coupon_match_discount``, ``line_kind``.
        Only goods count.
    products
        One row per product: ``product_id``, ``department``, ``category``, ``brand`` and ``brand`` as named;
        ``"unknown"`` is none. It may be empty.
    last_day
        Last day of the study. Later purchases change nothing.
    order_channels
        One row per order of known channel: ``order_id``, ``channel``; ``None`` where no channel may be used.
    own_brand
        The level of ``brand`` that is the retailer's own.
    brand
        The column of ``products`` between whose values a customer switches, within a category.

    Returns
    -------
    Table
        One row per customer and day with goods, in no order, since sums need none; columns as in
        :data:`SHOPPING_DAYS`, counts in few bytes, since rows may be many.

    Notes
    -----
    A switch of brand is counted as by ``patterns.preferences.category_switches``: a category bought again on another
    day, the brand of a day being the one with most products, of equal ones the first by name.
    """
    lines = order_lines.filter(
        order_lines.line_kind == "goods",
        order_lines.ordered_on <= ibis.literal(last_day),
        order_lines.customer_id.notnull(),
    )
    about = _numbered(products, brand, own_brand)
    owners = lines.select("customer_id").distinct()
    owners = owners.mutate(owner=ibis.row_number().over(order_by=owners.customer_id).cast("int64"))
    off = lines.retail_discount + lines.coupon_discount + lines.coupon_match_discount
    bought = lines.select("customer_id", "product_id", "ordered_on", goods=cents(lines.revenue), off=cents(off))
    bought = bought.join(owners, "customer_id").left_join(about, "product_id")
    bought = bought.select("owner", "ordered_on", "goods", "off", "bit", "kind", "made_by", "branded", "own")
    days = bought.group_by("owner", "ordered_on").aggregate(
        goods=bought.goods.sum(),
        discounts=bought.off.sum(),
        known_brand=bought.goods.sum(where=bought.branded).fill_null(0),
        own_brand=bought.goods.sum(where=bought.own).fill_null(0),
        departments=bought.bit.bit_or().fill_null(0),
    )
    before = days.ordered_on.lag().over(group_by="owner", order_by="ordered_on")
    days = days.mutate(gap_days=days.ordered_on.delta(before, unit="day"))
    days = _beside(days, _brand_switches(bought), ("brand_chances", "brand_switches"))
    if order_channels is not None:
        days = _beside(days, _channel_switches(lines, owners, order_channels), ("channel_chances", "channel_switches"))
    else:
        days = days.mutate(channel_chances=ibis.literal(0), channel_switches=ibis.literal(0))
    days = days.join(owners, "owner")
    return days.select(**{name: days[name].cast(_NARROW.get(name, "int64")) for name in SHOPPING_DAYS.names})


def _numbered(products: ir.Table, brand: str, own_brand: str) -> ir.Table:
    """Products with numbers in place of texts: department as a bit, category, brand; missing where not known."""
    of = products.department.nullif(UNKNOWN)
    sizes = products.filter(of.notnull()).group_by("department").aggregate(rows=ibis._.count())
    place = ibis.row_number().over(order_by=[sizes.rows.desc(), sizes.department])
    bits = sizes.select("department", place=ibis.least(place, DEPARTMENTS_TOLD_APART - 1).cast("int64"))
    kind, made_by = products.category.nullif(UNKNOWN), products[brand].nullif(UNKNOWN)
    about = products.select(
        "product_id",
        "department",
        kind=ibis.ifelse(kind.notnull(), ibis.dense_rank().over(order_by=kind.fill_null("")), None),
        made_by=ibis.ifelse(made_by.notnull(), ibis.dense_rank().over(order_by=made_by.fill_null("")), None),
        branded=products.brand.fill_null(UNKNOWN) != UNKNOWN,
        own=products.brand.fill_null(UNKNOWN) == own_brand,
    )
    about = about.left_join(bits, "department")
    one = ibis.literal(1, "int64")
    return about.select("product_id", "kind", "made_by", "branded", "own", bit=one << about.place)


def _brand_switches(bought: ir.Table) -> ir.Table:
    """Purchases of a category bought before, and those of another brand, by customer and day."""
    known = bought.filter(bought.kind.notnull() & bought.made_by.notnull())
    known = known.mutate(cell=known.owner * _MOST + known.kind)
    rows = known.group_by("cell", "ordered_on", "made_by").aggregate(rows=ibis._.count())
    # The brand with most products, of equal ones the first: one number that is largest there.
    rows = rows.group_by("cell", "ordered_on").aggregate(made_by=rows.made_by.argmax(rows.rows * _MOST - rows.made_by))
    last = rows.made_by.lag().over(group_by="cell", order_by="ordered_on")
    rows = rows.mutate(switch=(rows.made_by != last).cast("int64"), owner=rows.cell // _MOST)
    return rows.group_by("owner", "ordered_on").aggregate(
        brand_chances=rows.switch.count(), brand_switches=rows.switch.sum().fill_null(0)
    )


def _channel_switches(lines: ir.Table, owners: ir.Table, order_channels: ir.Table) -> ir.Table:
    """Orders after another one, and those through another channel, by customer and day."""
    orders = lines.group_by("order_id").aggregate(
        customer_id=lines.customer_id.min(), ordered_at=lines.ordered_at.min(), ordered_on=lines.ordered_on.min()
    )
    channel = order_channels.channel.nullif(UNKNOWN)
    known = order_channels.filter(channel.notnull()).select("order_id", "channel")
    orders = orders.join(known, "order_id").join(owners, "customer_id")
    last = orders.channel.lag().over(group_by="owner", order_by=["ordered_at", "order_id"])
    orders = orders.select("owner", "ordered_on", switch=(orders.channel != last).cast("int64"))
    return orders.group_by("owner", "ordered_on").aggregate(
        channel_chances=orders.switch.count(), channel_switches=orders.switch.sum().fill_null(0)
    )


def _beside(days: ir.Table, counts: ir.Table, names: tuple[str, str]) -> ir.Table:
    """Add counts to the days; zero where there are none."""
    joined = days.left_join(counts, ["owner", "ordered_on"])
    return joined.select(*days.columns, **{name: joined[name].fill_null(0) for name in names})
