"""What the planted shop sells: an invented assortment, the same for every seed.

Names of departments and kinds are plain words; makers are numbers. Nothing here is a real product.
"""

from __future__ import annotations

import pandas as pd

#: department, category, product type, price of the leading brand, how often it is bought (relative).
_TYPES: tuple[tuple[str, str, str, float, float], ...] = (
    ("GROCERY", "DAIRY", "MILK", 2.99, 9.0),
    ("GROCERY", "DAIRY", "YOGURT", 0.99, 5.0),
    ("GROCERY", "DAIRY", "CHEESE", 3.49, 5.0),
    ("GROCERY", "DAIRY", "BUTTER", 3.29, 2.5),
    ("GROCERY", "DAIRY", "EGGS", 2.19, 4.0),
    ("GROCERY", "BREAKFAST", "CEREAL", 3.19, 4.0),
    ("GROCERY", "BREAKFAST", "OATMEAL", 2.79, 1.2),
    ("GROCERY", "BREAKFAST", "PANCAKE MIX", 2.49, 1.0),
    ("GROCERY", "BREAKFAST", "SYRUP", 3.29, 1.0),
    ("GROCERY", "PASTA AND SAUCE", "DRY PASTA", 1.29, 2.5),
    ("GROCERY", "PASTA AND SAUCE", "PASTA SAUCE", 2.29, 2.0),
    ("GROCERY", "SNACKS", "TORTILLA CHIPS", 2.99, 2.2),
    ("GROCERY", "SNACKS", "SALSA", 2.79, 1.4),
    ("GROCERY", "SNACKS", "CRACKERS", 2.59, 2.0),
    ("GROCERY", "SNACKS", "COOKIES", 2.89, 2.5),
    ("GROCERY", "SNACKS", "CHOCOLATE", 1.49, 2.0),
    ("GROCERY", "BEVERAGES", "SOFT DRINKS", 4.99, 5.0),
    ("GROCERY", "BEVERAGES", "WATER", 3.99, 2.5),
    ("GROCERY", "BEVERAGES", "JUICE", 2.99, 2.5),
    ("GROCERY", "BEVERAGES", "COFFEE", 7.49, 1.6),
    ("GROCERY", "BEVERAGES", "TEA", 3.19, 1.0),
    ("GROCERY", "CANNED FOOD", "SOUP", 1.49, 3.0),
    ("GROCERY", "CANNED FOOD", "BEANS", 0.99, 1.8),
    ("GROCERY", "CANNED FOOD", "TUNA", 1.19, 1.5),
    ("GROCERY", "FROZEN", "ICE CREAM", 3.99, 2.2),
    ("GROCERY", "FROZEN", "FROZEN PIZZA", 4.49, 2.2),
    ("GROCERY", "FROZEN", "FROZEN VEGETABLES", 1.79, 2.0),
    ("PASTRY", "BREAD", "SLICED BREAD", 2.19, 5.0),
    ("PASTRY", "BREAD", "BAGELS", 2.99, 1.4),
    ("PRODUCE", "FRUIT", "BANANAS", 0.69, 6.0),
    ("PRODUCE", "FRUIT", "APPLES", 1.99, 3.0),
    ("PRODUCE", "FRUIT", "BERRIES", 3.49, 2.5),
    ("PRODUCE", "VEGETABLES", "SALAD", 2.99, 3.0),
    ("PRODUCE", "VEGETABLES", "TOMATOES", 1.99, 3.0),
    ("PRODUCE", "VEGETABLES", "POTATOES", 3.49, 2.2),
    ("PRODUCE", "VEGETABLES", "ONIONS", 1.29, 2.2),
    ("MEAT", "FRESH MEAT", "GROUND BEEF", 5.49, 2.5),
    ("MEAT", "FRESH MEAT", "CHICKEN", 6.49, 2.5),
    ("MEAT", "PACKED MEAT", "BACON", 4.99, 1.8),
    ("DELI", "DELI MEAT", "LUNCH MEAT", 4.29, 2.0),
    ("DRUG GM", "HOUSEHOLD", "PAPER TOWELS", 5.49, 1.6),
    ("DRUG GM", "HOUSEHOLD", "LAUNDRY DETERGENT", 8.99, 1.2),
    ("DRUG GM", "HOUSEHOLD", "DISH SOAP", 2.49, 1.0),
    ("DRUG GM", "BABY", "DIAPERS", 9.99, 0.8),
    ("DRUG GM", "BABY", "BABY WIPES", 3.49, 0.8),
    ("DRUG GM", "PERSONAL CARE", "SHAMPOO", 4.49, 1.0),
    ("DRUG GM", "PERSONAL CARE", "TOOTHPASTE", 3.29, 1.1),
)

#: brand, price against the leading brand, share of the type's purchases; the third only where a type sells well.
_BRANDS: tuple[tuple[str, float, float], ...] = (
    ("National", 1.00, 0.45),
    ("Private", 0.75, 0.35),
    ("National", 1.20, 0.20),
)

#: From this popularity on a type is sold in three brands.
_THREE_BRANDS_FROM = 2.0

FUEL = "GASOLINE-REG UNLEADED"
GIFT_CARD = "ELECTRONIC GIFT CARDS"
COUPON = "COUPONS/STORE & MFG"

#: Entries of the assortment that are no goods: department, category, product type, package.
_NO_GOODS: tuple[tuple[str, str, str, str], ...] = (
    ("FUEL", "COUPON/MISC ITEMS", FUEL, ""),
    ("MISCELLANEOUS", "COUPON/MISC ITEMS", FUEL, ""),
    ("MISCELLANEOUS", "COUPON/MISC ITEMS", GIFT_CARD, ""),
    ("MISCELLANEOUS", "COUPON/MISC ITEMS", GIFT_CARD, ""),
    ("COUPON", "COUPONS/STORE & MFG", COUPON, ""),
    ("COUPON", "COUPONS/STORE & MFG", COUPON, ""),
)

#: How many goods have no package size and no maker on file.
_UNDESCRIBED = 3


def assortment() -> pd.DataFrame:
    """Return the assortment.

    Returns
    -------
    DataFrame
        One row per product, goods first, by ``product_id`` (text with leading zeros): ``department``, ``category``,
        ``product_type``, ``brand``, ``package_size``, ``manufacturer_id`` (missing for three goods), ``price_cents``
        (shelf price; 0 for what is no goods), ``popularity`` (relative chance to be picked up, 1 in sum over goods).
    """
    rows: list[dict[str, object]] = []
    for department, category, kind, price, weight in _TYPES:
        brands = _BRANDS if weight >= _THREE_BRANDS_FROM else _BRANDS[:2]
        total = sum(share for _, _, share in brands)
        for place, (brand, level, share) in enumerate(brands):
            rows.append(
                {
                    "department": department,
                    "category": category,
                    "product_type": kind,
                    "brand": brand,
                    "package_size": f"{(8, 12, 16)[place]} OZ",
                    "manufacturer_id": "1" if brand == "Private" else str(100 + len(rows)),
                    "price_cents": round(price * level * 100),
                    "popularity": weight * share / total,
                }
            )
    for row in rows[-_UNDESCRIBED:]:
        row["package_size"] = row["manufacturer_id"] = None
    for department, category, kind, size in _NO_GOODS:
        rows.append(
            {
                "department": department,
                "category": category,
                "product_type": kind,
                "brand": "Private",
                "package_size": size or None,
                "manufacturer_id": "1",
                "price_cents": 0,
                "popularity": 0.0,
            }
        )
    table = pd.DataFrame(rows)
    table["popularity"] /= table["popularity"].sum()
    table.insert(0, "product_id", [f"{number:06d}" for number in range(101, 101 + len(table))])
    return table
