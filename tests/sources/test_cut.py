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


def contact(**moments):
    row = {"contact_id": "k", "opened_at": datetime(2017, 9, 30, 20), "first_response_at": None, "closed_at": None}
    row |= {"agent_id": "A", "rated_at": None, "csat": 4, **moments}
    return ibis.memtable(pd.DataFrame([row])).cast(
        {name: "timestamp(6)" for name in ("opened_at", "first_response_at", "closed_at", "rated_at")}
    )


def as_known(table):
    kept = cut_at({"contacts": table}, as_of=date(2017, 9, 30), time_zone=NEW_YORK)["contacts"].to_pandas().iloc[0]
    return {name: None if pd.isna(value) else value for name, value in kept.items()}


def test_a_contact_is_known_when_it_is_opened_and_its_answer_when_it_is_given():
    in_time, too_late = datetime(2017, 10, 1, 3, 59, 59), datetime(2017, 10, 1, 4)  # midnight in New York
    known = as_known(contact(first_response_at=in_time, closed_at=too_late, rated_at=too_late))
    assert known["first_response_at"] == pd.Timestamp(in_time)
    assert known["agent_id"] == "A"
    assert (known["closed_at"], known["rated_at"], known["csat"]) == (None, None, None)


def test_a_contact_that_is_answered_later_has_neither_answer_nor_agent_yet():
    known = as_known(contact(first_response_at=datetime(2017, 10, 2)))
    assert (known["first_response_at"], known["agent_id"]) == (None, None)


def test_a_rating_without_a_date_cannot_be_known():
    assert as_known(contact())["csat"] is None


def test_surveys_and_texts_count_until_local_midnight():
    moments = [datetime(2017, 10, 1, 3, 59, 59), datetime(2017, 10, 1, 4)]
    for name, column in (
        ("survey_invitations", "invited_at"), ("survey_responses", "answered_at"), ("feedback", "written_at"),
    ):  # fmt: skip
        table = ibis.memtable(pd.DataFrame({"customer_id": ["in", "out"], column: moments}))
        kept = cut_at({name: table}, as_of=date(2017, 9, 30), time_zone=NEW_YORK)
        assert ids(kept[name], "customer_id") == ["in"]
