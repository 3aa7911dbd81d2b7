from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.schemas.local_time import check_time_zone, local_time


@pytest.mark.parametrize("session_zone", ["UTC", "Asia/Shanghai"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"])
def test_local_time_agrees_with_python_every_hour_of_a_year_whatever_the_session(zone, session_zone):
    moments = [datetime(2017, 1, 1) + timedelta(minutes=30 * i) for i in range(2 * 24 * 365)]
    backend = warehouse.connect()
    backend.con.register("moments", pa.table({"at": pa.array(moments, pa.timestamp("us"))}))
    backend.con.execute(f"SET TimeZone = '{session_zone}'")
    moments_table = backend.table("moments")
    local = local_time(moments_table["at"], time_zone=zone).name("local")
    got = moments_table.select("at", local).order_by("at").to_pyarrow()["local"].to_pylist()
    wanted = [m.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in moments]
    assert got == wanted


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Sao_Paulo"])
def test_local_time_is_the_same_where_most_moments_are_said_to_lie_between_two_days(zone):
    some = datetime(2016, 10, 1)
    moments = [some + timedelta(minutes=10 * i, seconds=i % 7) for i in range(6 * 24 * 500)] + [None]
    backend = warehouse.connect()
    backend.con.register("moments", pa.table({"at": pa.array(moments, pa.timestamp("us"))}))
    rows = backend.table("moments")
    known = local_time(rows["at"], time_zone=zone, mostly=(date(2017, 1, 1), date(2017, 12, 31)))
    assert "INTERVAL" in backend.compile(rows.select(known=known))
    asked = rows.mutate(known=known, asked=local_time(rows["at"], time_zone=zone))
    different = asked.filter(~asked.known.identical_to(asked.asked))
    assert different.count().to_pyarrow().as_py() == 0


@pytest.mark.parametrize("zone", ["EST5", "Mars/Olympus", "", "../etc/passwd", "america/new york"])
def test_an_unknown_zone_is_refused_with_a_remedy(zone):
    with pytest.raises(ValueError, match="IANA name"):
        check_time_zone(zone)
