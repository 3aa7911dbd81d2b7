"""Tiny surveys, written by hand in the field's words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.satisfaction import Sheets

NEW_YORK = "America/New_York"
YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}

ITEMS = pa.schema(
    [
        ("item_id", pa.string()),
        ("role", pa.string()),
        ("dimension", pa.string()),
        ("scale_low", pa.int64()),
        ("scale_high", pa.int64()),
        ("direction", pa.string()),
    ]
)
RESPONSES = pa.schema(
    [
        ("wave", pa.string()),
        ("customer_id", pa.string()),
        ("item_id", pa.string()),
        ("answered_at", pa.timestamp("us")),
        ("answer", pa.int64()),
    ]
)
INVITATIONS = pa.schema([("wave", pa.string()), ("customer_id", pa.string()), ("invited_at", pa.timestamp("us"))])
LINES = pa.schema(
    [
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("ordered_on", pa.date32()),
        ("revenue", pa.decimal128(18, 2)),
        ("line_kind", pa.string()),
    ]
)


def item(name: str, role: str = "dimension", about: str | None = None, low=1, high=5, direction="positive") -> dict:
    return {
        "item_id": name,
        "role": role,
        "dimension": about,
        "scale_low": low,
        "scale_high": high,
        "direction": direction,
    }


#: Three items on price, the last of which asks the other way round, contentment overall, recommendation.
SURVEY = [
    item("p1", about="price"),
    item("p2", about="price"),
    item("p3", about="price", direction="reversed"),
    item("z_overall", "overall"),
    item("z_recommend", "recommendation", low=0, high=10),
]


def sheets_of(
    scores: dict[str, np.ndarray],
    *,
    overall: np.ndarray | None = None,
    recommendation: np.ndarray | None = None,
    customers: np.ndarray | None = None,
    waves: np.ndarray | None = None,
    points: np.ndarray | None = None,
    items: pd.DataFrame | None = None,
) -> Sheets:
    """Make sheets of finished scores, where a test is not about reading answers."""
    n = next(len(column) for column in [*scores.values(), overall, recommendation] if column is not None)
    nothing = np.full(n, np.nan)
    overall = nothing if overall is None else overall
    rows = pd.DataFrame(
        {
            "wave": np.full(n, "2017-1") if waves is None else waves,
            "customer_id": [f"c{i:06d}" for i in range(n)] if customers is None else customers,
            "answered_on": date(2017, 5, 1),
            "overall": overall,
            "content": np.where(np.isfinite(overall), (overall >= 75).astype(float), np.nan),
            "recommendation": nothing if recommendation is None else recommendation,
            "straight_lined": False,
        }
    )
    items = pd.DataFrame({"item_id": [], "dimension": [], "direction": []}) if items is None else items
    return Sheets(rows, items, np.empty((n, 0)) if points is None else points, pd.DataFrame(scores, index=rows.index))
