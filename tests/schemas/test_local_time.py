from datetime import UTC, datetime, timedelta
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


@pytest.mark.parametrize("zone", ["EST5", "Mars/Olympus", "", "../etc/passwd", "america/new york"])
def test_an_unknown_zone_is_refused_with_a_remedy(zone):
    with pytest.raises(ValueError, match="IANA name"):
        check_time_zone(zone)
