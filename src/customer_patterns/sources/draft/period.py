"""When the records of delivered files happened: how their days are written, which is the first and which the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from customer_patterns.schemas.canonical import KNOWN_SINCE
from customer_patterns.sources.draft.forms import Form
from customer_patterns.sources.draft.guessing import Dates
from customer_patterns.sources.draft.looking import DraftError
from customer_patterns.sources.draft.whole import every_value
from customer_patterns.sources.values.moments import MomentFormat, read_timestamp
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.zones import Clock


def period_of(forms: Sequence[Form], zone: str) -> tuple[date, date]:
    """The first and the last local day on which something happened, over all records."""
    days: list[date] = []
    for form in forms:
        for mapped in form.tables:
            column = mapped.columns.get(KNOWN_SINCE.get(mapped.table, ""), mapped.columns.get("answered_at"))
            dates = form.looked[column].dates if column else None
            if column and dates:
                clock = MomentFormat((format_of(dates, form),), Clock(zone))
                found = (read_timestamp(text, clock) for text in every_value(form.seen, column))
                moments = [f.value if isinstance(f, Repaired) else f for f in found if not isinstance(f, Fault)]
                days += [_local(moment, zone) for moment in moments if moment is not None]
            elif mapped.undated:
                days.append(written_on(form, zone))
    if not days:
        raise DraftError(
            "no column of the files says when something happened, so nothing can be studied; which one is it? "
            "Call it 'date' and draft again, or write the study file by hand"
        )
    return min(days), max(days)


def written_on(form: Form, zone: str) -> date:
    """The local day on which the newest of some files was written: what is asked about files that say no day."""
    newest = max(file.stat().st_mtime for file in form.seen.files)
    return datetime.fromtimestamp(newest, ZoneInfo(zone)).date()


def _local(moment: datetime, zone: str) -> date:
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()


def format_of(dates: Dates, form: Form) -> str:
    """The format that people who write such files mean, where the values do not decide between day and month first."""
    if len(dates.formats) == 1:
        return dates.formats[0]
    decimal = {found.numbers.decimal for found in form.looked.values() if found.numbers}
    american = any(found.numbers and "$" in found.numbers.symbols for found in form.looked.values())
    month_first = american or (form.seen.form.get("delimiter", ",") == "," and "," not in decimal)
    wanted = "%m/%d" if month_first else "%d/%m"
    return next((pattern for pattern in dates.formats if pattern.startswith(wanted)), dates.formats[0])
