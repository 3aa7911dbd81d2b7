"""The web shop's export: quarterly files of order lines, with returns, strangers, tests, and records no one can read.

Every kind of special record is counted, with what should become of it; the counts go to the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, pick
from customer_patterns.sources.planted_shop.columns import WEB_COLUMNS
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.visits import delivered_days
from customer_patterns.sources.planted_shop.web_orders import WebOrders

#: Cards that are no customer's: visitors who order without one, the shop's own trials, and its people.
GUEST, TEST, STAFF = "0", "TEST01", "S9001"

#: Shares of the lines (returns) and orders (the others) that are special, and how many at least.
_SHARES = {"return": 0.04, "cancelled": 0.02, "guest": 0.04, "exact duplicate": 0.003, "corrected later": 0.003}
_AT_LEAST = 2

#: Texts in the export.
_WORDS = {"web": "网页", "app": "手机", "card": "银行卡", "transfer": "转账", "cash": "货到付款"}
_PAID, _CANCELLED = "已支付", "已取消"

#: Special records that a reader keeps: what they are for the one who cleans.
_KEPT = ("return", "cancelled", "guest", "test account", "staff", "other currency", "adjustment of money", "zero price")
_COLUMNS = list(WEB_COLUMNS)


def export(block: Block, web: WebOrders) -> tuple[pd.DataFrame, Counter[str], pd.DataFrame]:
    """Write a block's web orders as lines of the export.

    Parameters
    ----------
    block, web
        The customers and their orders.

    Returns
    -------
    DataFrame
        One row per line: ``file`` (the day the export was made) and ``line`` (its text), in the order of the files.
    Counter
        Records by kind.
    DataFrame
        One row per special record that can be read: ``kind``, ``order_id``, ``product_id``, ``ordered_on`` (local).
    """
    rng = block.rng("web flaws")
    rows = _plain_rows(block, web)
    rows["kind"] = None
    parts = [rows]
    factor = block.truth.plan.bad_records
    if factor and len(rows):
        _cancel(rng, rows, factor)
        parts += [
            _returns(rng, block, rows, factor),
            _by_others(rng, block, rows, factor),
            *_again(rng, rows, factor),
        ]
    if factor and block.first == 0:
        parts.append(_odd_rows(block.truth, factor))
    table = pd.concat(parts, ignore_index=True)
    days = delivered_days(block.truth)
    table = table[(table["day"] >= 0) & (table["day"] < days)].reset_index(drop=True)
    table["file"] = [
        _exported_on(block.truth, int(day), bool(later))
        for day, later in zip(table["day"], table["later"], strict=True)
    ]
    table = table.sort_values(["file", "day", "second", "order_id", "product_id"], kind="stable", ignore_index=True)
    lines = _texts(block.truth, table)
    counts = Counter(table["kind"].dropna())
    table["ordered_on"] = [block.truth.first_day + timedelta(days=int(day)) for day in table["day"]]
    special = table.loc[table["kind"].notna(), ["kind", "order_id", "product_id", "ordered_on"]]
    result = pd.DataFrame({"file": table["file"], "line": lines, "utf8": False})
    if factor and block.first == 0:
        broken, broken_counts = _broken_lines(block.truth, factor)
        result = pd.concat([result, broken], ignore_index=True).sort_values("file", kind="stable", ignore_index=True)
        counts.update(broken_counts)
    counts["all"] = len(table) + sum(
        number for kind, number in counts.items() if kind in BROKEN and BROKEN[kind][0] != "passed over"
    )
    return result, counts, special


def header() -> str:
    """Return the first line of each file."""
    return ",".join(WEB_COLUMNS.values())


def fates() -> dict[str, dict[str, str | None]]:
    """Say what should become of each kind of special record: its fate and its code, where it has one."""
    known: dict[str, dict[str, str | None]] = {kind: {"fate": "kept", "code": None} for kind in _KEPT}
    known["exact duplicate"] = {"fate": "replaced", "code": "D_REPEATED"}
    known["corrected later"] = {"fate": "replaced", "code": "D_REPLACED"}
    return known | {kind: {"fate": fate, "code": code} for kind, (fate, code, _) in BROKEN.items()}


def _plain_rows(block: Block, web: WebOrders) -> pd.DataFrame:
    """One row per product in an order, as it should be."""
    orders = web.orders.iloc[web.lines["order"].to_numpy()].reset_index(drop=True)
    keys = block.truth.products["product_id"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "order_id": orders["order_id"],
            "customer_id": orders["customer_id"],
            "product_id": keys[web.lines["product"].to_numpy()],
            "quantity": web.lines["quantity"].to_numpy(),
            "revenue": web.lines["revenue"].to_numpy(),
            "retail_discount": web.lines["retail_discount"].to_numpy(),
            "channel": np.where(orders["app"], "app", "web").astype(object),
            "payment_method": orders["payment_method"].to_numpy(dtype=object),
            "currency": "USD",
            "status": _PAID,
            "reverses_order_id": "",
            "day": orders["day"],
            "second": orders["second"],
            "later": False,
        }
    )


def _some(rng: np.random.Generator, size: int, kind: str, factor: float) -> np.ndarray:
    """Choose the records of a kind."""
    return np.sort(rng.permutation(size)[: max(_AT_LEAST, round(size * _SHARES[kind] * factor))])


def _cancel(rng: np.random.Generator, rows: pd.DataFrame, factor: float) -> None:
    """Cancel whole orders: their lines say so and stay."""
    orders = rows["order_id"].unique()
    gone = rows["order_id"].isin(orders[_some(rng, len(orders), "cancelled", factor)])
    rows.loc[gone, "status"] = _CANCELLED
    rows.loc[gone, "kind"] = "cancelled"


def _returns(rng: np.random.Generator, block: Block, rows: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Take back some lines a few days later, whole; the return names its order."""
    sold = rows[rows["kind"].isna()].reset_index(drop=True)
    back = sold.iloc[_some(rng, len(sold), "return", factor)].copy()
    gap = rng.integers(2, 15, len(back))
    back = back.assign(
        reverses_order_id=back["order_id"],
        order_id=[f"R{order[1:]}" for order in back["order_id"]],
        quantity=-back["quantity"],
        revenue=-back["revenue"],
        retail_discount=0,
        day=back["day"] + gap,
        kind="return",
    )
    # Nobody brings anything back after the last delivered day.
    return back[back["day"] < delivered_days(block.truth)].drop_duplicates(["order_id", "product_id"])


def _by_others(rng: np.random.Generator, block: Block, rows: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Orders without a card."""
    orders = rows["order_id"].unique()
    chosen = orders[_some(rng, len(orders), "guest", factor)]
    copied = rows[rows["order_id"].isin(chosen) & rows["kind"].isna()].copy()
    return copied.assign(
        order_id=[f"G{order[1:]}" for order in copied["order_id"]],
        customer_id=GUEST,
        second=(copied["second"] + 977) % 86_400,
        payment_method=pick(rng, {"card": 1.0}, len(copied)),
        kind="guest",
    )


def _again(rng: np.random.Generator, rows: pd.DataFrame, factor: float) -> list[pd.DataFrame]:
    """Records that come twice: the same again in the same file, and corrected in a later one."""
    plain = np.flatnonzero(rows["kind"].isna().to_numpy())
    twice = plain[_some(rng, len(plain), "exact duplicate", factor)]
    early = np.setdiff1d(plain[rows["day"].to_numpy()[plain] < 300], twice)
    fixed = early[_some(rng, len(early), "corrected later", factor)]
    price = rows["revenue"] // rows["quantity"]
    corrected = rows.iloc[fixed].assign(
        quantity=rows["quantity"].iloc[fixed] + 1,
        revenue=rows["revenue"].iloc[fixed] + price.iloc[fixed],
        later=True,
        kind="corrected later",
    )
    return [rows.iloc[twice].assign(kind="exact duplicate"), corrected]


def _odd_rows(truth: Truth, factor: float) -> pd.DataFrame:
    """Records that can be read and are no ordinary sale: trials, the shop's people, other money, corrections, gifts."""
    kinds = {
        "test account": {"customer_id": TEST},
        "staff": {"customer_id": STAFF},
        "other currency": {"currency": "EUR"},
        "adjustment of money": {"quantity": 0, "revenue": -2000},
        "zero price": {"revenue": 0, "retail_discount": 299},
    }
    rows = []
    for place, (kind, changes) in enumerate(kinds.items()):
        for number in range(_times(factor)):
            rows.append(
                _made_up(truth, 40 + 17 * place + 61 * number, f"Z{place}{number:05d}") | changes | {"kind": kind}
            )
    return pd.DataFrame(rows)


def _made_up(truth: Truth, day: int, order_id: str) -> dict[str, object]:
    """A record made for a flaw: one product by the first customer who was there from the start."""
    steady = truth.customers[~truth.customers["starts_inside"] & truth.customers["leaves_on"].isna()]
    who = (steady if len(steady) else truth.customers)["customer_id"].iloc[0]
    return {
        "order_id": order_id,
        "customer_id": who,
        "product_id": truth.products["product_id"].iloc[0],
        "quantity": 1,
        "revenue": int(truth.products["price_cents"].iloc[0]),
        "retail_discount": 0,
        "channel": "web",
        "payment_method": "card",
        "currency": "USD",
        "status": _PAID,
        "reverses_order_id": "",
        "day": day % 360,
        "second": 12 * 3600,
        "later": False,
    }


def _times(factor: float) -> int:
    return max(1, round(_AT_LEAST * factor))


def _exported_on(truth: Truth, day: int, later: bool) -> str:
    """The day on which the file that holds a local day was made: the quarter's last, or the delivery's."""
    on = truth.first_day + timedelta(days=day)
    quarter = (on.year - 2000) * 4 + (on.month - 1) // 3 + (2 if later else 1)
    made = date(2000 + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
    return f"{min(made, truth.delivered_until):%Y%m%d}"


def _money(cents: object) -> str:
    value = int(cents)
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def _fields(truth: Truth, row: dict[str, object]) -> dict[str, str]:
    """The texts of a record."""
    on = truth.first_day + timedelta(days=int(row["day"]))
    second = int(row["second"])
    texts = {name: str(row[name]) for name in _COLUMNS if name in row}
    texts["ordered_at"] = f"{on:%Y/%m/%d} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    texts["revenue"], texts["retail_discount"] = _money(row["revenue"]), _money(row["retail_discount"])
    texts["channel"], texts["payment_method"] = _WORDS[texts["channel"]], _WORDS[texts["payment_method"]]
    return {name: texts[name] for name in _COLUMNS}


def _texts(truth: Truth, table: pd.DataFrame) -> list[str]:
    days = [f"{truth.first_day + timedelta(days=day):%Y/%m/%d}" for day in range(delivered_days(truth))]
    names = ("order_id", "customer_id", "product_id", "day", "second", "quantity", "revenue", "retail_discount")
    names += ("channel", "payment_method", "currency", "status", "reverses_order_id")
    columns = [table[name].to_numpy(dtype=object) for name in names]
    return [
        f"{order},{card},{sku},{days[day]} {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d},{units},"
        f"{_money(paid)},{_money(off)},{_WORDS[site]},{_WORDS[pays]},{money},{status},{back}"
        for order, card, sku, day, second, units, paid, off, site, pays, money, status, back in zip(
            *columns, strict=True
        )
    ]


def _with(**changes: str) -> Callable[[dict[str, str]], str]:
    def write(texts: dict[str, str]) -> str:
        return ",".join((texts | changes).values())

    return write


def _spaced(texts: dict[str, str]) -> str:
    return ",".join((texts | {"customer_id": f"\u3000{texts['customer_id']} "}).values())


#: Records and lines that trouble a reader: what becomes of them, by which code, and how they are written.
BROKEN: dict[str, tuple[str, str | None, Callable[[dict[str, str]], str]]] = {
    "spaces around the card's number": ("repaired", "R_SPACES", _spaced),
    "digits of full width": ("repaired", "R_WIDTH", _with(revenue="２.９９")),
    "sign of the currency beside the amount": ("kept", None, _with(revenue="$2.99")),
    "end of the day as 24:00:00": ("repaired", "R_MIDNIGHT", _with(ordered_at="2017/05/{day} 24:00:00")),
    "line in another encoding": ("repaired", "R_ENCODING", _with()),
    "day that is in no calendar": ("set aside", "E_IMPOSSIBLE_DAY", _with(ordered_at="2017/02/30 10:00:00")),
    "year of two digits": ("set aside", "E_DATE_FORMAT", _with(ordered_at="17/03/05 10:00:00")),
    "date in another format": ("set aside", "E_DATE_FORMAT", _with(ordered_at="05.03.2017 10:00")),
    "local time that the clocks skipped": ("set aside", "E_DST_GAP", _with(ordered_at="2017/03/12 02:30:00")),
    "local time shown twice": ("set aside", "E_DST_OVERLAP", _with(ordered_at="2017/11/05 01:30:00")),
    "infinite amount": ("set aside", "E_NOT_FINITE", _with(revenue="inf")),
    "words for the amount": ("set aside", "E_NUMBER", _with(revenue="see invoice")),
    "card's number rounded by a spreadsheet": ("set aside", "E_ID_SCIENTIFIC", _with(customer_id="1.23457E+12")),
    "no card's number": ("set aside", "E_MISSING_VALUE", _with(customer_id="")),
    "too many values": ("set aside", "E_TOO_MANY_FIELDS", lambda texts: ",".join([*texts.values(), "", "1"])),
    "too few values": ("set aside", "E_TOO_FEW_FIELDS", lambda texts: ",".join(list(texts.values())[:-4])),
    "zero byte": ("set aside", "E_NUL", _with(payment_method="\0")),
    "total at the end": ("set aside", "E_FOOTER", lambda texts: "合计" + "," * (len(texts) - 1)),
    "header again": ("passed over", "S_HEADER_AGAIN", lambda texts: header()),
    "empty line": ("passed over", "S_BLANK", lambda texts: ""),
}
#: The kind that is written in UTF-8 amid a file in another encoding.
IN_UTF8 = "line in another encoding"


def _broken_lines(truth: Truth, factor: float) -> tuple[pd.DataFrame, Counter[str]]:
    """The lines that trouble a reader, spread over the year."""
    rows, counts = [], Counter()
    place = 0
    for kind, (_, _, write) in BROKEN.items():
        for number in range(_times(factor)):
            day = 15 + 31 * (place % 11)
            texts = _fields(truth, _made_up(truth, day, f"Y{place:06d}"))
            line = write(texts).replace("{day}", f"{10 + number % 20:02d}")
            rows.append({"file": _exported_on(truth, day, False), "line": line, "utf8": kind == IN_UTF8})
            counts[kind] += 1
            place += 1
    return pd.DataFrame(rows), counts
