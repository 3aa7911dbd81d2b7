"""What one source names, another should have delivered; what names nothing is not asked."""

from __future__ import annotations

import ibis
import pandas as pd

from customer_patterns.cleaning.consistency import source_consistency

REGIONS = pd.DataFrame({"region_id": ["north", "south"]})


def consistency_of(region_ids: list[str | None]) -> pd.DataFrame:
    customers = pd.DataFrame({"customer_id": [f"c{n}" for n in range(len(region_ids))], "region_id": region_ids})
    return source_consistency(
        {
            "customers": ibis.memtable(customers, schema={"customer_id": "string", "region_id": "string"}),
            "regions": ibis.memtable(REGIONS),
        }
    )


def test_a_region_that_nobody_described_is_counted_against_the_share():
    row = consistency_of(["north", "south", "south", "east"]).iloc[0]
    assert (row["records"], row["agreeing"], row["share"]) == (4, 3, 0.75)


def test_customers_without_a_region_are_not_asked_where_theirs_is():
    row = consistency_of(["north", None, "unknown", "east"]).iloc[0]
    assert (row["records"], row["agreeing"], row["share"]) == (2, 1, 0.5)


def test_where_nobody_names_a_region_there_is_nothing_to_compare():
    assert consistency_of([None, "unknown"]).empty
