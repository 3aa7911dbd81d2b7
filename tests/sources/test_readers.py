"""A delivery is read as declared, or refused in one sentence that names file, column and remedy."""

import datetime as dt
import gzip

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.sources import DeliveryError, read_source
from customer_patterns.study import Source
from customer_patterns.study.places import OUTPUT_ROOT


@pytest.fixture
def backend():
    return warehouse.connect()


@pytest.fixture
def delivery(tmp_path, monkeypatch):
    """Write a file of text or a frame below a temporary root and declare it as a source of redemptions."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))

    def deliver(content, *, reader="csv", name="coupons.csv", **columns):
        path = tmp_path / name
        if isinstance(content, pd.DataFrame):
            content.to_parquet(path)
        elif content is not None:
            path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
        mapping = {"customer_id": "who", "coupon_id": "coupon", "campaign_id": "mailing", "redeemed_on": "day"}
        return Source(
            source="shop", table="coupon_redemptions", reader=reader, location=name, provenance="simulated",
            owner="nobody", party="first", purpose="tests", legal_basis="invented", retention="none",
            columns={**mapping, **columns},
        )  # fmt: skip

    return deliver


GOOD = "who,coupon,mailing,day\n00123,7,1,2017-01-05\n123,8,1,2017-02-28\n"


@pytest.mark.parametrize("name", ["coupons.csv", "coupons.csv.gz"])
def test_columns_are_mapped_and_leading_zeros_kept(delivery, backend, name):
    read = read_source(backend, delivery(GOOD, name=name)).table.to_pandas()
    assert list(read.columns) == ["customer_id", "coupon_id", "campaign_id", "redeemed_on"]
    assert list(read["customer_id"]) == ["00123", "123"]
    assert [pd.Timestamp(day).date() for day in read["redeemed_on"]] == [dt.date(2017, 1, 5), dt.date(2017, 2, 28)]


def test_numbers_in_a_parquet_file_become_text_ids(delivery, backend):
    frame = pd.DataFrame({"who": [900], "coupon": [10000085207], "mailing": [26], "day": [pd.Timestamp("2017-01-01")]})
    read = read_source(backend, delivery(frame, reader="parquet", name="coupons.parquet")).table.to_pandas()
    assert read.iloc[0, :3].tolist() == ["900", "10000085207", "26"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, r"coupons.csv is not there; make it with .* or correct 'location'"),
        ("who,coupon,mailing,date\n1,2,3,2017-01-01\n", r"no column 'day' for redeemed_on"),
        ("who,coupon,mailing,day\n1,2,3,2017-02-30\n", r"column 'day': 1 values .* no date, the first in line 2"),
        (
            "who,coupon,mailing,day\n1,2,3,2017-02-03\n,2,3,2017-02-04\n",
            r"column 'who': 1 values are missing .* line 3",
        ),
        ("who,coupon,mailing,day\n1,2,3,05/01/2017\n", r"column 'day': 1 values"),
    ],
)
def test_a_delivery_that_is_not_as_declared_is_refused(delivery, backend, content, says):
    with pytest.raises(DeliveryError, match=says):
        read_source(backend, delivery(content))


def test_a_column_named_almost_right_is_suggested(delivery, backend):
    with pytest.raises(DeliveryError, match=r"did you mean 'coupon'\?"):
        read_source(backend, delivery(GOOD, coupon_id="cuopon"))


def test_a_package_that_is_not_installed_is_named(delivery, backend):
    source = delivery(None, reader="package", name="no_such_package_here/data.parquet")
    with pytest.raises(DeliveryError, match="'no_such_package_here' is not installed; run 'make reports'"):
        read_source(backend, source)


def test_a_week_number_becomes_the_monday_it_begins_with(delivery, backend):
    frame = pd.DataFrame({"who": ["a"], "coupon": ["b"], "mailing": ["c"], "week": [2]})
    week = {"week": "week", "week_one_starts": dt.date(2016, 12, 26)}
    read = read_source(backend, delivery(frame, reader="parquet", name="weeks.parquet", redeemed_on=week))
    assert pd.Timestamp(read.table.to_pandas()["redeemed_on"][0]).date() == dt.date(2017, 1, 2)
