"""One file in cents among files in yuan (row 85 of the list of bad inputs)."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.values.drift import file_medians, refuse_drift
from customer_patterns.warehouse import connect
from tests.sources.values.deliveries import contract

SOURCE = contract("order_lines", {"revenue": "amount"})


def daily(*factors: float, records: int = 40):
    """A file per factor, with amounts around 20 times the factor."""
    backend = connect()
    files = tuple(DeliveredFile(f"day_{i}.csv", Path("x"), "", 0) for i in range(len(factors)))
    found = [(i, n, round((10 + n % 21) * factor, 2)) for i, factor in enumerate(factors) for n in range(records)]
    table = pa.table(dict(zip(("_file", "_line", "revenue"), map(list, zip(*found, strict=True)), strict=True)))
    backend.con.register(
        "sold", table.cast(pa.schema([("_file", pa.int32()), ("_line", pa.int64()), ("revenue", pa.float64())]))
    )
    sold = backend.table("sold")
    return sold.mutate(revenue=sold.revenue.cast("decimal(18, 2)")), files


@pytest.mark.parametrize("factors", [(1, 1, 100), (1, 1, 1, 0.01), (100, 1, 1.2)])
def test_85_a_file_in_another_unit_is_refused(factors):
    table, files = daily(*factors)
    with pytest.raises(DeliveryError, match=r"column 'amount'.*E_DRIFT") as refused:
        refuse_drift(table, files, SOURCE)
    odd = max(range(len(factors)), key=lambda i: abs(factors[i] - 1))
    assert files[odd].name in str(refused.value)


@pytest.mark.parametrize("factors", [(1, 1.3, 0.8), (1, 10, 1), (1, 100)])
def test_85_other_prices_are_no_other_unit(factors):
    table, files = daily(*factors)
    refuse_drift(table, files, SOURCE)  # of two files nobody knows which one is right


def test_85_a_handful_of_amounts_says_nothing():
    table, files = daily(1, 1, 100, records=5)
    refuse_drift(table, files, SOURCE)
    assert file_medians(table, ["revenue"]) == {}


def test_85_the_mean_is_no_substitute_for_the_median():
    """The broken twin: one mistyped amount moves a mean a hundredfold, a median not at all."""
    table, files = daily(1, 1, 1)
    mistyped = table.mutate(revenue=((table._file == 2) & (table._line == 0)).ifelse(99999.99, table.revenue))
    mistyped = mistyped.mutate(revenue=mistyped.revenue.cast("decimal(18, 2)"))
    refuse_drift(mistyped, files, SOURCE)
    means = mistyped.group_by("_file").aggregate(mean=mistyped.revenue.mean()).to_pandas().set_index("_file")["mean"]
    assert means[2] / means[0] > 50
