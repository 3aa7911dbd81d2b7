"""Do the same dimensions matter in every segment?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.satisfaction import drivers, group_drivers
from tests.satisfaction.sample_survey import sheets_of


def planted(n: int, weights: dict[str, tuple[float, float]], *, seed: int = 3):
    """Two segments; weights of price and quality by segment."""
    chance = np.random.default_rng(seed)
    high = np.arange(n) % 2 == 0
    price, quality = chance.normal(60, 10, (2, n))
    weight = np.where(high[:, None], weights["high"], weights["ordinary"])
    overall = weight[:, 0] * price + weight[:, 1] * quality + chance.normal(0, 5, n)
    sheets = sheets_of({"price": price, "quality": quality}, overall=overall)
    segments = pd.DataFrame(
        {"customer_id": sheets.rows["customer_id"], "value_level": np.where(high, "high", "ordinary")}
    )
    return sheets, segments


def test_segments_that_weigh_otherwise_are_told():
    found = group_drivers(*planted(1600, {"high": (0.8, 0.2), "ordinary": (0.2, 0.8)}))
    assert set(found["verdict"]) == {"differs"}
    row = found.set_index(["segment", "dimension"]).loc[("high", "price")]
    assert row["difference_low"] > 0.5


def test_segments_that_weigh_alike_are_not():
    told = [group_drivers(*planted(800, {"high": (0.5, 0.5), "ordinary": (0.5, 0.5)}, seed=s)) for s in range(8)]
    assert sum((table["verdict"] == "differs").sum() for table in told) <= 1


def test_the_segment_alone_has_the_importance_of_its_own_sheets():
    sheets, segments = planted(900, {"high": (0.8, 0.2), "ordinary": (0.2, 0.8)})
    own = drivers(sheets.where((segments["value_level"] == "high").to_numpy()))[0].set_index("dimension")
    found = group_drivers(sheets, segments).set_index(["segment", "dimension"])["importance"]
    assert abs(found["high", "price"] - own.loc["price", "importance"]) < 1e-6


def test_small_segments_and_unknown_customers_say_nothing():
    sheets, segments = planted(300, {"high": (0.8, 0.2), "ordinary": (0.2, 0.8)})
    assert group_drivers(sheets, segments).empty
    assert group_drivers(sheets, segments.iloc[:0]).empty
