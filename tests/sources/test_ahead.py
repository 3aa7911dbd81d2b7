"""A record cannot have happened after it was handed over; and what comes later changes nothing before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import collected, contract, line, put, study

LENIENT = {"worst_share": 1.0, "time_zone": "Asia/Shanghai"}
HEADER = "receipt,customer,product,sold,pieces,paid,loaded"


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


def handed_over(*records):
    """A file whose records say when they were handed over: moment of the sale, moment of the hand-over."""
    lines = [f"{line(number, sold=sold)},{loaded}" for number, (sold, loaded) in enumerate(records, 1)]
    return "\n".join([HEADER, *lines]) + "\n"


def till(location="lines.csv", **more):
    return contract(location, **{"loaded_at": {"column": "loaded"}, "format": LENIENT, **more})


def sold(found):
    """When each receipt was sold, by the clock of Shanghai."""
    rows = found.tables["order_lines"].order_by("order_id").to_pyarrow().to_pylist()
    return {row["order_id"]: str(row["ordered_at"] + dt.timedelta(hours=8)) for row in rows}


def test_a_clock_that_goes_ahead_is_put_back_and_a_wrong_date_is_set_aside(root):
    put(root, "lines.csv", handed_over(
        ("2026-01-05 10:00:00", "2026-01-05 10:00:00"),
        ("2026-01-05 10:04:00", "2026-01-05 10:00:00"),
        ("2026-01-06 10:00:00", "2026-01-05 10:00:00"),
        ("2026-01-06 10:00:01", "2026-01-05 10:00:00"),
        ("2062-01-05 10:00:00", "2026-01-05 10:00:00"),
    ))  # fmt: skip
    found = collected(study(till()))
    assert sold(found) == dict.fromkeys(("R1", "R2", "R3"), "2026-01-05 10:00:00")
    aside = found.accounts.quarantine[["line", "code", "column"]].to_numpy().tolist()
    assert aside == [[5, "E_AHEAD", "sold"], [6, "E_AHEAD", "sold"]]
    assert '"sold": "2062-01-05 10:00:00"' in found.accounts.quarantine["raw"].iloc[1]
    account = found.account.iloc[0]
    assert (account["delivered"], account["kept"], account["set_aside"], account["repaired"]) == (5, 3, 2, 2)
    assert found.accounts.repair_reasons["reason"].str.contains("went ahead").all()
    assert account["revenue_kept"] == Decimal("7.50")


def test_a_day_of_handing_over_is_the_whole_day(root):
    put(root, "lines.csv", handed_over(
        ("2026-01-05 23:59:00", "2026-01-05"), ("2026-01-06 00:10:00", "2026-01-05"), ("2026-01-08", "2026-01-05"),
    ))  # fmt: skip
    found = collected(study(till()))
    assert sold(found) == {"R1": "2026-01-05 23:59:00", "R2": "2026-01-05 23:59:59.999999"}


def test_the_day_in_the_name_of_a_file_is_the_whole_day(root):
    for day, moment in (("05", "2026-01-05 23:59:00"), ("06", "2026-01-07 00:30:00"), ("07", "2026-01-12 08:00:00")):
        text = handed_over((moment, "")).replace("R1,", f"R{day},")
        put(root, f"lines_202601{day}.csv", text)
    found = collected(study(till("lines_*.csv", loaded_at={"file": "lines_%Y%m%d"})))
    assert sold(found) == {"R05": "2026-01-05 23:59:00", "R06": "2026-01-06 23:59:59.999999"}
    assert found.accounts.quarantine["code"].tolist() == ["E_AHEAD"]


def test_what_is_set_aside_is_known_since_it_was_handed_over_and_changes_nothing_before(root):
    records = [("2026-01-05 10:00:00", "2026-01-05 11:00:00"), ("2026-01-06 10:00:00", "2026-01-06 11:00:00")]
    put(root, "lines.csv", handed_over(*records))
    before = collected(study(till()), as_of=dt.date(2026, 1, 6))
    sold_before = sold(before)
    later = [("2062-01-01 10:00:00", "2026-01-07 11:00:00"), ("2026-01-07 11:30:00", "2026-01-07 11:00:00")]
    put(root, "lines.csv", handed_over(*records, *later))
    after = collected(study(till()), as_of=dt.date(2026, 1, 6))
    assert after.account.equals(before.account)
    assert sold(after) == sold_before
    assert len(after.accounts.quarantine) == 0
    assert collected(study(till()), as_of=dt.date(2026, 1, 7)).account["set_aside"].tolist() == [1]


def test_a_moment_after_the_last_day_is_no_fault_where_nobody_says_when_it_was_handed_over(root):
    """It may be a wrong date or the sale of a later day; to set it aside would let the future change the past."""
    put(root, "lines.csv", handed_over(("2026-01-05 10:00:00", ""), ("2026-03-05 10:00:00", "")))
    found = collected(study(till(loaded_at=None)))
    account = found.account.iloc[0]
    assert (account["delivered"], account["kept"], account["set_aside"]) == (1, 1, 0)


def test_what_is_planned_may_lie_ahead(root):
    put(root, "contracts.csv", "id,who,from,loaded\nK1,C1,2026-03-01,2026-01-05\nK2,C1,2026-01-06,2026-01-05\n")
    planned = contract(
        "contracts.csv", table="contracts", columns={"contract_id": "id", "customer_id": "who", "starts_on": "from"},
        loaded_at={"column": "loaded"},
    )  # fmt: skip
    found = collected(study(planned))
    assert (found.account["set_aside"].iloc[0], found.account["kept"].iloc[0]) == (0, 1)
