"""What sells, and the market of one category, in plain pandas; see :mod:`tests.benchmarks.in_pandas`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.behavior.market.purchases import FEWEST_BRANDS, LARGEST_SHARE, UNKNOWN, Purchases
from customer_patterns.behavior.market.structure import market_structure
from customer_patterns.estimates import bootstrap_share, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress

Frames = dict[str, pd.DataFrame]

MIN_BUYERS, MOST_BRANDS, LISTED = 30, 8, 100
OWN_BRAND = "Private"


def sold(lines: pd.DataFrame, products: pd.DataFrame) -> Frames:
    """Make the tables of departments, categories, products, and of the brands of one category."""
    customers = np.unique(lines["customer_id"].cat.codes)
    lines = lines.loc[lines["line_kind"] == "goods", ["customer_id", "product_id", "order_id", "revenue"]]
    products = _named(products, lines["product_id"].cat.categories)
    by_product = _by_product(lines)
    goods = by_product.assign(
        **{
            level: pd.Categorical.from_codes(
                products[level].cat.codes.to_numpy()[by_product["product"]], dtype=products[level].dtype
            )
            for level in ("department", "category", "label")
        }
    )
    market = market_structure(_purchases(lines, goods, products, customers))
    return {
        **{by: _popular(goods, level) for by, level in (("departments", "department"), ("categories", "category"))},
        "popular_products": _popular_products(by_product, products),
        "market_brands": market.brands,
        "brand_duplication": market.duplication,
        "market_figures": market.figures,
    }


def _named(products: pd.DataFrame, keys: pd.Index) -> pd.DataFrame:
    """What is known of each product that was sold, in the order of the keys' codes, as categories."""
    known = products.set_index("product_id").reindex(keys)
    maker = known["manufacturer_id"].where(known["brand"] != OWN_BRAND, OWN_BRAND)
    known = known.assign(label=maker)[["department", "category", "label", "product_type", "brand", "package_size"]]
    return known.fillna(UNKNOWN).astype("category")


def _by_product(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines and revenue by customer and product, as numbers of both."""
    width = len(lines["product_id"].cat.categories)
    key = lines["customer_id"].cat.codes.to_numpy(dtype="int64") * width + lines["product_id"].cat.codes.to_numpy()
    sums = pd.DataFrame({"key": key, "cents": lines["revenue"].to_numpy()}, copy=False)
    sums = sums.groupby("key", sort=False)["cents"].agg(["size", "sum"])
    customer, product = np.divmod(sums.index.to_numpy(), width)
    _, person = np.unique(customer, return_inverse=True)
    return pd.DataFrame(
        {"person": person, "product": product, "lines": sums["size"].to_numpy(), "cents": sums["sum"].to_numpy()}
    )


def _popular(goods: pd.DataFrame, by: str) -> pd.DataFrame:
    names, people = goods[by].cat.categories, goods["person"].max() + 1
    cell = goods["person"].to_numpy() * len(names) + goods[by].cat.codes.to_numpy()
    size = people * len(names)
    revenue = np.bincount(cell, goods["cents"], minlength=size).reshape(people, -1)
    bought = np.bincount(cell, minlength=size).reshape(people, -1) > 0
    there = bought.any(axis=0)
    revenue, bought = revenue[:, there], bought[:, there]
    buyers = bought.sum(axis=0)
    table = pd.DataFrame({by: names[there], "revenue": revenue.sum(axis=0) / 100, "n": buyers, "customers": people})
    table = with_interval(table, "share_of_revenue", bootstrap_share(revenue, revenue.sum(axis=1)))
    table = with_interval(table, "penetration", wilson(buyers, np.full(len(buyers), people)))
    blanks = [f"{name}{end}" for name in ("share_of_revenue", "penetration") for end in ("", "_low", "_high")]
    table = suppress(table, ["revenue", *blanks])
    table = table.sort_values(["revenue", by], ascending=[False, True], na_position="last", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def _popular_products(by_product: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    codes = by_product["product"].to_numpy()
    sums = pd.DataFrame(
        {
            "product_id": products.index,
            "n": np.bincount(codes, minlength=len(products)),
            "orders": np.bincount(codes, by_product["lines"], minlength=len(products)),
            "cents": np.bincount(codes, by_product["cents"], minlength=len(products)),
        }
    )
    listed = sums[sums["n"] >= SMALLEST_CELL].sort_values(["n", "cents", "product_id"], ascending=[False, False, True])
    listed = listed.head(LISTED).merge(products, left_on="product_id", right_index=True)
    listed.insert(0, "rank", np.arange(1, len(listed) + 1))
    people = by_product["person"].max() + 1
    listed = listed.assign(revenue=listed.pop("cents") / 100, customers=people).drop(columns="label")
    return with_interval(listed, "penetration", wilson(listed["n"].to_numpy(), np.full(len(listed), people)))


def _purchases(
    lines: pd.DataFrame, goods: pd.DataFrame, products: pd.DataFrame, people: np.ndarray
) -> Purchases | None:
    """Who bought which brand of the category that is bought most often with several brands, how often."""
    known = goods[(goods["category"] != UNKNOWN) & (goods["label"] != UNKNOWN)]
    pairs = known.groupby(["category", "label"], observed=True).agg(n=("person", "nunique"), purchases=("lines", "sum"))
    by = pairs["purchases"].groupby("category", observed=True)
    brands = (pairs["n"] >= MIN_BUYERS).groupby("category", observed=True).sum()
    markets = pd.DataFrame({"brands": brands, "purchases": by.sum(), "largest": by.max() / by.sum()})
    markets = markets[(markets["brands"] >= FEWEST_BRANDS) & (markets["largest"] <= LARGEST_SHARE)]
    if markets.empty:
        return None
    category = str(markets["purchases"].idxmax())
    inside = ((products["category"] == category) & (products["label"] != UNKNOWN)).to_numpy()
    bought = lines.loc[inside[lines["product_id"].cat.codes], ["customer_id", "product_id", "order_id"]]
    label = products["label"].cat
    bought = pd.DataFrame(
        {
            "customer_id": bought["customer_id"].cat.codes,
            "label": label.codes.to_numpy()[bought["product_id"].cat.codes],
            "order_id": bought["order_id"].cat.codes,
        }
    )
    times = bought.drop_duplicates().groupby(["label", "customer_id"])["order_id"].size().reset_index()
    sums, buyers = times.groupby("label")["order_id"].sum(), times.groupby("label").size()
    largest = sums[buyers >= MIN_BUYERS].sort_values(ascending=False, kind="stable").index[:MOST_BRANDS]
    column = np.full(len(label.categories), len(largest))
    column[largest] = np.arange(len(largest))
    cell = np.searchsorted(people, times["customer_id"]) * (len(largest) + 1) + column[times["label"]]
    counts = np.bincount(cell, times["order_id"], minlength=len(people) * (len(largest) + 1))
    return Purchases(category, [str(label.categories[n]) for n in largest], counts.reshape(len(people), -1))
