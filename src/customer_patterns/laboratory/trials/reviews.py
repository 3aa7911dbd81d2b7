"""Reviews of a planted shop: products that are truly apart, products that are not, and what texts without stars say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

import numpy as np
import pandas as pd

from customer_patterns.laboratory.trial import Aim, Tally, Trial, with_twin

_RESTS_ON = ("satisfaction/products", "satisfaction/text", "estimates", "features/cells", "sources/planted_shop")
_FOUND, _WRONG, _ORDINARY, _TOLD = 0.85, 0.05, 0.02, 0.85
_CUSTOMERS = 200


def _reviews(seed: int, effects: Mapping[str, float]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Reviews, what is true of them, and the products reviewed with what was planted."""
    from customer_patterns.sources.planted_shop.plan import plan_shop
    from customer_patterns.sources.planted_shop.reviews import draw_reviews, reviewed_products

    shop = plan_shop(customers=_CUSTOMERS, seed=seed)
    made = draw_reviews(shop, effects)
    products = reviewed_products(shop.products, effects)
    return made.tables["product_reviews"], made.truths["product_reviews"], products


def _counts(reviews: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Stars and complaints by product; nobody reviews one twice."""
    stars = reviews.dropna(subset=["rating"]).assign(rating=lambda t: t["rating"].astype(float))
    parts = []
    for measure, value in (("stars", stars["rating"]), ("complained", (stars["rating"] <= 2).astype(float))):
        rows = stars[["product_id"]].assign(value=value, square=value**2).groupby("product_id")
        part = rows.agg(n=("value", "size"), total=("value", "sum"), squares=("square", "sum")).reset_index()
        parts.append(part.assign(level="product", measure=measure))
    table = pd.concat(parts, ignore_index=True).merge(products[["product_id", "category"]], on="product_id")
    return table.rename(columns={"product_id": "name"})


def _flagged(seed: int, effects: Mapping[str, float]) -> tuple[dict[str, set[str]], pd.DataFrame]:
    """Products flagged as worse and as better by their stars, and all that were reviewed."""
    from customer_patterns.satisfaction.products import product_satisfaction
    from customer_patterns.satisfaction.products.tables import BETTER, COMPLAINED, STARS, WORSE

    reviews, _, products = _reviews(seed, effects)
    counts = _counts(reviews, products)
    counts["measure"] = counts["measure"].map({"stars": STARS, "complained": COMPLAINED})
    table = product_satisfaction(counts)
    found = {side: set(table.loc[table["verdict"] == side, "name"]) for side in (WORSE, BETTER)}
    return {"worse": found[WORSE], "better": found[BETTER]}, products


def _planted(products: pd.DataFrame) -> dict[str, set[str]]:
    effect = products.set_index("product_id")["effect"]
    return {"worse": set(effect.index[effect < 0]), "better": set(effect.index[effect > 0])}


def _found(seed: int) -> Tally:
    from customer_patterns.sources.planted_shop.reviews import EFFECTS

    found, products = _flagged(seed, EFFECTS)
    planted = _planted(products)
    return Tally(sum(len(found[side] & planted[side]) for side in planted), sum(map(len, planted.values())))


def _found_by_complaints(seed: int) -> Tally:
    """The twin: most complaints are worse, fewest are better, however many reviewed a product."""
    from customer_patterns.sources.planted_shop.reviews import EFFECTS

    reviews, _, products = _reviews(seed, EFFECTS)
    planted = _planted(products)
    complaints = _counts(reviews, products).query("measure == 'complained'").set_index("name")["total"]
    order = complaints.sort_values(ascending=False, kind="stable").index
    worse, better = set(order[: len(planted["worse"])]), set(order[-len(planted["better"]) :])
    return Tally(len(worse & planted["worse"]) + len(better & planted["better"]), sum(map(len, planted.values())))


def _wrongly(seed: int, *, twin: bool = False) -> Tally:
    """Of the products that are not special those flagged beside four that are; the twin compares with the plain mean.

    The twin holds each product against all others together: bad ones make ordinary ones look good.
    """
    from scipy.stats import ttest_ind_from_stats

    from customer_patterns.estimates.false_discovery import benjamini_hochberg
    from customer_patterns.sources.planted_shop.reviews import EFFECTS

    found, products = _flagged(seed, EFFECTS)
    plain = set(products.loc[products["effect"] == 0, "product_id"])
    if not twin:
        return Tally(len((found["worse"] | found["better"]) & plain), len(plain))
    reviews, _, _ = _reviews(seed, EFFECTS)
    rows = _counts(reviews, products).query("measure == 'stars' and n >= 10")
    n, total = rows["n"].to_numpy(float), rows["total"].to_numpy(float)
    spread = np.sqrt((rows["squares"] - total**2 / n).sum() / (n.sum() - len(n)))
    others = (total.sum() - total) / (n.sum() - n)
    p = ttest_ind_from_stats(total / n, spread, n, others, spread, n.sum() - n).pvalue
    return Tally(int(rows["name"].isin(plain).to_numpy()[benjamini_hochberg(p) <= _WRONG].sum()), len(plain))


def _any_flag(seed: int, *, twin: bool = False) -> Tally:
    """Whether any product is flagged where all are alike; the twin flags what lies two standard errors away."""
    if not twin:
        found, _ = _flagged(seed, {})
        return Tally(int(bool(found["worse"] | found["better"])), 1)
    reviews, _, products = _reviews(seed, {})
    rows = _counts(reviews, products).query("measure == 'stars' and n >= 10")
    mean = rows["total"] / rows["n"]
    error = np.sqrt((rows["squares"] / rows["n"] - mean**2) / rows["n"])
    return Tally(int((np.abs(mean - rows["total"].sum() / rows["n"].sum()) > 2 * error).any()), 1)


@cache
def _read(seed: int, *, shuffled: bool = False) -> tuple[object, pd.DataFrame]:
    """Read all reviews; return what was read, and what is true of each text."""
    from customer_patterns.satisfaction.text.reading import read_frame
    from customer_patterns.sources.planted_shop.reviews import EFFECTS

    reviews, truth, _ = _reviews(seed, EFFECTS)
    table = reviews.assign(writer=reviews["author_key"])
    if shuffled:
        table["rating"] = table["rating"].to_numpy()[np.random.default_rng([seed, 1]).permutation(len(table))]
    return read_frame(table), truth.set_index("feedback_id").assign(hidden=reviews["rating"].isna().to_numpy())


def _told(seed: int, *, twin: bool = False) -> Tally:
    """Reviews that came without stars and praise or blame: how many are told rightly."""
    reading, truth = _read(seed, shuffled=twin)
    texts = reading.texts.set_index("feedback_id")
    known = truth.reindex(texts.index)
    mine = ((known["side"] != 0) & known["hidden"]).to_numpy()
    return Tally(int((texts["polarity"] == known["side"])[mine].sum()), int(mine.sum()))


_trial = partial(Trial, room="satisfaction", rests_on=_RESTS_ON)

TRIALS = (
    _trial(
        name="products whose stars were planted apart",
        measure="of them, those that are flagged on their side",
        setting="six hundred reviews of twenty-four products, three of which disappoint and one delights",
        twin="goes by the number of complaints, however many reviewed a product",
        aim=Aim(_FOUND, 1.0),
        seeds=range(982_000, 982_040),
        run=_found,
        broken=_found_by_complaints,
        feeds=("satisfaction.products_apart", "satisfaction.products_worse", "satisfaction.products_better"),
    ),
    _trial(
        name="ordinary products beside disappointing ones",
        measure="ordinary products that are flagged",
        setting="six hundred reviews of twenty-four products, three of which disappoint and one delights",
        twin="compares each product with all others, the disappointing ones among them",
        aim=Aim(0.0, _ORDINARY),
        seeds=range(982_500, 982_540),
        **with_twin(_wrongly),
        feeds=("satisfaction.products_apart", "satisfaction.products_worse", "satisfaction.products_better"),
    ),
    _trial(
        name="products that are all alike in stars",
        measure="shops in which any product is flagged",
        setting="six hundred reviews of twenty-four products, none of which is special",
        twin="flags whatever lies two standard errors from the mean",
        # The aim as it was first written. For a while the interval decided, after 16 of the 200 first seeds had raised
        # an alarm; of 1,000 others 26 did, so those were chance. These seeds had not been looked at before.
        aim=Aim(0.0, _WRONG),
        revised="new seeds, after one shop in twelve of the first ones had raised an alarm",
        seeds=range(987_000, 987_400),
        **with_twin(_any_flag),
        feeds=("satisfaction.products_apart", "satisfaction.products_worse", "satisfaction.products_better"),
    ),
    _trial(
        name="reviews that came without stars",
        measure="of those that praise or blame, those told rightly",
        setting="six hundred reviews in English, Chinese and both; a tenth keep their stars back",
        twin="learns from stars that belong to other reviews",
        aim=Aim(_TOLD, 1.0),
        seeds=range(982_300, 982_310),
        **with_twin(_told),
        feeds=("satisfaction.texts_blame", "satisfaction.texts_blame_alike"),
    ),
)
