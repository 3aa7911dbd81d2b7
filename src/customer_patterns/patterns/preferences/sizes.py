"""How large a package is for what it is."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.schemas.canonical import UNKNOWN

#: How large a package is, beside the one of its product type and unit that is sold most.
SMALLER, USUAL, LARGER = "smaller than usual", "usual size", "larger than usual"

_NUMBER = r"^\s*(\d+(?:\.\d+)?)\s*[A-Za-z]"
_UNIT = r"^\s*\d+(?:\.\d+)?\s*([A-Za-z]+)\s*$"


def add_size_class(products: ir.Table, basket_products: ir.Table) -> ir.Table:
    """Say of each product whether its package is large or small for what it is.

    A size in ounces says what is bought, not which size is preferred: milk comes in larger packages than spice. So each
    package is held against the size of its product type and unit that is sold most.

    Parameters
    ----------
    products
        One row per product: ``product_id``, ``product_type``, ``package_size`` as printed (``"12 OZ"``).
    basket_products
        One row per product in a basket: ``product_id``.

    Returns
    -------
    Table
        The products with ``size_class``: :data:`SMALLER`, :data:`USUAL` or :data:`LARGER`; ``"unknown"`` where the
        size does not read as a number and a unit, or the type is not known. Of sizes sold equally often, the smaller
        is the usual one.
    """
    printed = products.package_size.fill_null("")
    sized = products.mutate(
        _amount=printed.re_extract(_NUMBER, 1).nullif("").try_cast("float64"),
        _unit=printed.re_extract(_UNIT, 1).upper().nullif(""),
        _type=products.product_type.nullif(UNKNOWN),
    )
    sold = basket_products.group_by("product_id").aggregate(_sold=basket_products.count())
    known = sized.filter(sized._amount > 0, sized._unit.notnull(), sized._type.notnull())
    sizes = known.join(sold, "product_id").group_by("_type", "_unit", "_amount").aggregate(_sold=ibis._._sold.sum())
    best = ibis.row_number().over(group_by=["_type", "_unit"], order_by=[sizes._sold.desc(), sizes._amount])
    usual = sizes.mutate(_place=best).filter(ibis._._place == 0).select("_type", "_unit", _usual=ibis._._amount)
    joined = sized.left_join(usual, ["_type", "_unit"])
    size_class = ibis.cases(
        (joined._amount.isnull() | joined._usual.isnull(), UNKNOWN),
        (joined._amount < joined._usual, SMALLER),
        (joined._amount > joined._usual, LARGER),
        else_=USUAL,
    )
    return joined.mutate(size_class=size_class).select(*products.columns, "size_class")
