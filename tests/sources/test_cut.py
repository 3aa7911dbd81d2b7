"""What was not yet known on the last day counts nowhere; the day ends at local midnight."""

from datetime import date, datetime

import ibis
import pandas as pd
import pytest

from customer_patterns.sources import cut_at
from customer_patterns.sources.cut import first_moment_after

NEW_YORK = "America/New_York"


def ids(table, column):
    return sorted(table.to_pandas()[column])


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        (date(2017, 12, 31), NEW_YORK, datetime(2018, 1, 1, 5)),
        (date(2017, 6, 30), NEW_YORK, datetime(2017, 7, 1, 4)),  # summer time
        (date(2017, 3, 11), NEW_YORK, datetime(2017, 3, 12, 5)),  # the night the clocks go forward
        (date(2017, 12, 31), "Asia/Shanghai", datetime(2017, 12, 31, 16)),
        (date(2017, 12, 31), "UTC", datetime(2018, 1, 1, 0)),
    ],
)
def test_a_day_is_over_at_its_own_midnight(day, zone, moment):
    assert first_moment_after(day, time_zone=zone) == moment


def order_lines(*moments):
    return ibis.memtable(pd.DataFrame({"order_id": [str(n) for n in range(len(moments))], "ordered_at": list(moments)}))


def test_an_evening_order_belongs_to_the_day_on_the_shops_clock():
    lines = order_lines(datetime(2018, 1, 1, 4, 59, 59), datetime(2018, 1, 1, 5, 0, 0))
    kept = cut_at({"order_lines": lines}, as_of=date(2017, 12, 31), time_zone=NEW_YORK)
    assert ids(kept["order_lines"], "order_id") == ["0"]


def test_a_day_without_a_time_counts_to_its_end():
    redeemed = ibis.memtable(
        pd.DataFrame({"coupon_id": ["a", "b"], "redeemed_on": [date(2017, 9, 30), date(2017, 10, 1)]})
    )
    kept = cut_at({"coupon_redemptions": redeemed}, as_of=date(2017, 9, 30), time_zone=NEW_YORK)
    assert ids(kept["coupon_redemptions"], "coupon_id") == ["a"]


def test_recipients_and_coupons_are_known_with_their_campaign_in_whatever_order_the_tables_come():
    campaigns = ibis.memtable(
        pd.DataFrame({"campaign_id": ["1", "2"], "starts_on": [date(2017, 9, 1), date(2017, 10, 1)]})
    )
    recipients = ibis.memtable(pd.DataFrame({"campaign_id": ["1", "2", "3"], "customer_id": ["x", "y", "z"]}))
    kept = cut_at(
        {"campaign_recipients": recipients, "campaigns": campaigns}, as_of=date(2017, 9, 30), time_zone=NEW_YORK
    )
    assert ids(kept["campaign_recipients"], "customer_id") == ["x"]


def test_undated_tables_stay_as_delivered():
    customers = ibis.memtable(pd.DataFrame({"customer_id": ["x", "y"]}))
    kept = cut_at({"customers": customers}, as_of=date(2017, 1, 1), time_zone=NEW_YORK)
    assert ids(kept["customers"], "customer_id") == ["x", "y"]
