"""What the planted shop's systems beside the till would have delivered, had the time after a day gone otherwise.

The files come in many forms; so it is not they that are changed, but the tables before the simulator writes them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pandas as pd

from customer_patterns.schemas.canonical import CANONICAL, KNOWN_LATER, KNOWN_SINCE
from customer_patterns.sources.planted_shop import simulate
from customer_patterns.sources.planted_shop.additions import Additions
from customer_patterns.sources.planted_shop.clientele import Made
from customer_patterns.sources.planted_shop.columns import ADDED_COLUMNS
from customer_patterns.sources.planted_shop.forms import CANONICAL_NAME, _log_of

#: Changes one table: its delivered name, its rows, the last day that stays, the UTC moment at which it is over.
Change = Callable[[str, pd.DataFrame, date, pd.Timestamp], pd.DataFrame]

#: The column that dates a row, where it is another one than the canonical table's.
_DATED_BY = {"feedback_codes": "coded_at", "web_orders": "file"}


def deliver_additions(folder: Path, change: Change, day: date, midnight: pd.Timestamp) -> None:
    """Replace what the systems beside the till delivered into a folder by what ``change`` makes of it."""
    written = Additions._write

    def write(self: Additions, made: Made) -> None:
        tables = {name: change(name, table, day, midnight) for name, table in made.tables.items()}
        written(self, Made(tables, made.truths, made.counts))

    with TemporaryDirectory() as scratch, patch.object(Additions, "_write", write):
        fresh = Path(scratch) / folder.name
        simulate(fresh)
        for path in sorted(fresh.iterdir()):
            name = path.name.split(".")[0]
            if path.name == "DELIVERY.json" or not any(
                name.startswith(added) for added in (*ADDED_COLUMNS, "web_orders")
            ):
                continue
            target = folder / path.name
            if path.is_dir():
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(path, target)
            else:
                shutil.copy(path, target)


def dated_by(name: str) -> str | None:
    """The column that says when a row of a delivered table came; none: it is not dated."""
    return _DATED_BY.get(name) or KNOWN_SINCE.get(CANONICAL_NAME.get(name, name))


def _late(name: str, moments: pd.Series, day: date, midnight: pd.Timestamp) -> pd.Series:
    if name == "web_orders":
        return moments > day.strftime("%Y%m%d")
    kind = CANONICAL[CANONICAL_NAME.get(name, name)][moments.name].kind
    return moments >= midnight if kind == "timestamp" else pd.to_datetime(moments) > pd.Timestamp(day)


def nothing_later(name: str, table: pd.DataFrame, day: date, midnight: pd.Timestamp) -> pd.DataFrame:
    """Leave out all rows after the day, and what became known about others."""
    by = dated_by(name)
    if by is None or not len(table):
        return table
    gone = _late(name, table[by], day, midnight)
    if name == "events":
        # One is left in each log: the account counts the files that lie there, of whatever day.
        gone &= pd.Series(_log_of(table), index=table.index).duplicated()
    table = table[~gone].copy()
    for moment, columns in KNOWN_LATER.get(name, {}).items():
        late = _late(name, table[moment], day, midnight)
        for column in columns:
            table[column] = table[column].mask(late)
    return table


def other_things_later(name: str, table: pd.DataFrame, day: date, midnight: pd.Timestamp) -> pd.DataFrame:
    """Give rows after the day to other customers, add rows from its first moment on, and news of what is pending."""
    by = dated_by(name)
    if by is None or not len(table):
        return table
    table = table.copy()
    late = _late(name, table[by], day, midnight).to_numpy()
    if name == "web_orders":
        table.loc[late, "line"] = table.loc[late, "line"].str.replace(",0", ",9", n=1)
        return table
    who = next(one for one in ("customer_id", "referrer_id", "feedback_id") if one in table)
    table.loc[late, who] = table.loc[late, who].to_numpy()[::-1]
    moments = pd.Series(midnight, index=range(min(20, len(table)))) + pd.to_timedelta(
        np.arange(min(20, len(table))) * 1_800, unit="s"
    )
    added = table.head(20).copy()
    kind = CANONICAL[CANONICAL_NAME.get(name, name)][by].kind
    tomorrow = pd.Timestamp(day + timedelta(days=1))
    added[by] = moments.to_numpy(dtype="datetime64[us]") if kind == "timestamp" else tomorrow
    key = CANONICAL[CANONICAL_NAME.get(name, name)].key
    if len(key) == 1:
        added[key[0]] = [f"Q{number:06d}" for number in range(len(added))]
    elif "customer_id" in key:
        added["customer_id"] = [f"8{number:06d}" for number in range(len(added))]
    for moment, columns in KNOWN_LATER.get(name, {}).items():
        # What had not happened by the day happens on the morrow.
        pending = ~(table[moment].notna() & ~_late(name, table[moment], day, midnight))
        news = midnight + pd.Timedelta(hours=1) if CANONICAL[name][moment].kind == "timestamp" else tomorrow
        for column in columns:
            table.loc[pending, column] = news if column == moment else 1.0
    return pd.concat([table, added], ignore_index=True)
