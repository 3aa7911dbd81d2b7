"""Reviews of single products: stars and texts by readers of the shop's pages, some products planted good or bad."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Made, drawn_seconds, pick
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.review_phrases import AND, SAID, THINGS, TURN
from customer_patterns.sources.planted_shop.visits import delivered_days, moments

#: By product type: how many stars its leading brand lies below, or above, all others. No other product is special.
EFFECTS = {"FROZEN PIZZA": -1.9, "SHAMPOO": -1.7, "SLICED BREAD": -1.7, "COFFEE": 1.2}
#: Before rounding to whole stars from 1 to 5: the mean of all others, how much reviewers differ in what they give, and
#: how much one review differs from the next.
MEAN, HABIT, REST = 3.7, 0.4, 0.8
#: Reviews per customer; of a larger clientele so many customers review.
PER_CUSTOMER, MOST_REVIEWERS = 3.0, 5_000
#: Share of reviewers who are known as customers, of reviews without stars, and of texts by language.
_KNOWN, _WITHOUT_STARS = 0.5, 0.10
LANGUAGES = {"en": 0.50, "zh": 0.35, "mixed": 0.15}
_TWO_SENTENCES = 0.35


def reviewed_products(products: pd.DataFrame, effects: Mapping[str, float] = EFFECTS) -> pd.DataFrame:
    """Return what is reviewed: the leading brand of each type in ``THINGS``, by ``product_id``.

    Parameters
    ----------
    products
        The assortment.
    effects
        Stars by which the leading brand of a type lies above all others.

    Returns
    -------
    DataFrame
        One row per product: ``product_id``, ``product_type``, ``category``, ``effect`` (stars above all others),
        ``chance`` (to be reviewed by a customer: what is bought much is reviewed more).
    """
    leading = products.drop_duplicates("product_type")
    chosen = leading[leading["product_type"].isin(list(THINGS))]
    table = chosen.sort_values("product_id", ignore_index=True)
    chance = np.sqrt(table["popularity"])
    table = table.assign(
        effect=table["product_type"].map(dict(effects)).fillna(0.0), chance=PER_CUSTOMER * chance / chance.sum()
    )
    return table[["product_id", "product_type", "category", "effect", "chance"]]


def draw_reviews(truth: Truth, effects: Mapping[str, float] = EFFECTS) -> Made:
    """Draw who reviews which products, and what they say.

    A reviewer reviews a product once. Who reviews, and what, goes with nothing that is bought, or said elsewhere.

    Parameters
    ----------
    truth
        The plan.
    effects
        What is planted, in stars by product type.

    Returns
    -------
    Made
        ``product_reviews`` (the canonical table ``feedback``) by ``feedback_id``; the truth ``product_reviews`` says of
        each review its stars, those kept back too, its language and whether its text praises (1), blames (-1) or both.
    """
    rng = truth.plan.rng("reviews")
    people = truth.customers["customer_id"].to_numpy(dtype=object)[:MOST_REVIEWERS]
    products = reviewed_products(truth.products, effects)
    who, what = np.nonzero(rng.random((len(people), len(products))) < products["chance"].to_numpy())
    size = len(who)
    known = rng.random(len(people)) < _KNOWN
    habit = HABIT * rng.normal(size=len(people))
    level = MEAN + habit[who] + products["effect"].to_numpy()[what] + REST * rng.normal(size=size)
    stars = np.clip(np.round(level), 1, 5).astype("int64")
    written = moments(truth, rng.integers(0, delivered_days(truth), size), drawn_seconds(rng, size))
    speaks = pick(rng, LANGUAGES, len(people))[who]
    kinds = products["product_type"].to_numpy()[what]
    texts = [_compose(rng, tongue, kind, int(star)) for tongue, kind, star in zip(speaks, kinds, stars, strict=True)]
    table = pd.DataFrame(
        {
            "customer_id": np.where(known[who], people[who], None),
            "written_at": written,
            "channel": "review",
            "language": np.where(speaks == "mixed", None, speaks),
            "rating": pd.Series(stars).astype("Int64").where(rng.random(size) >= _WITHOUT_STARS),
            "text": texts,
            "product_id": products["product_id"].to_numpy(dtype=object)[what],
            "source_type": "review",
            "author_key": [f"reader {number}" for number in who],
            "stars": stars,
            "speaks": speaks,
        }
    ).sort_values(["written_at", "author_key", "product_id"], ignore_index=True)
    table.insert(0, "feedback_id", [f"V{number:06d}" for number in range(1, size + 1)])
    side = np.sign(table["stars"] - 3)
    known_of = table[["feedback_id", "product_id", "stars", "speaks"]].rename(columns={"speaks": "language"})
    return Made(
        {"product_reviews": table.drop(columns=["stars", "speaks"])},
        {"product_reviews": known_of.assign(side=side)},
        {"product reviews": float(size)},
    )


def reviews_truth() -> dict[str, object]:
    """Say what was planted in reviews."""
    return {
        "stars_before_rounding": {"mean": MEAN, "between_reviewers": HABIT, "within_reviewers": REST},
        "product_types_apart_by_stars": EFFECTS,
        "languages": LANGUAGES,
        "estimand": "which products lie below or above all others; whether a text praises or blames",
    }


def _compose(rng: np.random.Generator, language: str, kind: str, stars: int) -> str:
    """Write a review: praise, blame, or praise that turns."""
    bank = SAID[language]
    first = bank["bad" if stars <= 2 else "good"]
    text = first[int(rng.integers(len(first)))]
    if stars == 3:
        text += TURN[language] + bank["bad"][int(rng.integers(len(bank["bad"])))]
    elif rng.random() < _TWO_SENTENCES:
        text += AND[language] + first[int(rng.integers(len(first)))]
    name = THINGS[kind]["en" if language == "en" else "zh"]
    return text.replace("{thing}", name)
