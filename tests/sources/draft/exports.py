"""Exports as shops and survey tools write them: Chinese, German, American, a survey sheet. Nobody in them exists."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta
from pathlib import Path

_PRODUCTS = [
    ("A001", "牛奶", "乳制品", 12.5),
    ("A002", "面包", "烘焙", 8.0),
    ("A003", "咖啡", "饮料", 39.9),
    ("A004", "苹果", "水果", 6.4),
]
_GOODS = [
    ("1001", "Vollmilch", "Molkerei", 1.19),
    ("1002", "Brot", "Backwaren", 2.49),
    ("1003", "Kaffee", "Getränke", 1234.50),
]


def _orders(seed: int, lines: int) -> list[tuple[int, int, datetime, int, int]]:
    """Order, customer, moment, product, quantity."""
    lot = random.Random(seed)
    start, rows, order = datetime(2026, 1, 5, 9), [], 0
    while len(rows) < lines:
        order += 1
        customer, when = lot.randrange(60), start + timedelta(minutes=lot.randrange(60 * 24 * 170))
        for product in sorted(lot.sample(range(3), lot.randint(1, 3))):
            rows.append((order, customer, when.replace(second=lot.randrange(60)), product, lot.randint(1, 4)))
    return sorted(rows, key=lambda row: row[2])


def _written(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def chinese(folder: Path, lines: int = 400) -> Path:
    """A web shop's export: GBK, 订单号, 2026年1月5日, ￥."""
    rows = [
        ["订单号", "会员编号", "下单时间", "商品编号", "商品名称", "类目", "数量", "实付金额", "支付方式", "手机号"]
    ]
    for order, customer, when, product, quantity in _orders(1, lines):
        key, name, group, price = _PRODUCTS[product]
        moment = f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"
        phone = f"1380000{customer:04d}"
        money = f"￥{price * quantity:,.2f}"
        rows.append(
            [f"20260{order:07d}", f"{customer:06d}", moment, key, name, group, str(quantity), money, "微信", phone]
        )
    path = folder / "订单明细.csv"
    path.write_bytes(_written(rows).encode("gbk"))
    return path


def german(folder: Path, lines: int = 400) -> Path:
    """A till's export: semicolons, decimal comma, 05.01.2026."""
    rows = [
        [
            "Bestellnummer",
            "Kunden-Nr.",
            "Datum",
            "Artikelnummer",
            "Bezeichnung",
            "Warengruppe",
            "Menge",
            "Betrag",
            "Filiale",
        ]
    ]
    for order, customer, when, product, quantity in _orders(2, lines):
        key, name, group, price = _GOODS[product]
        money = f"{price * quantity:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
        rows.append(
            [
                f"B{order:05d}",
                f"{customer:05d}",
                f"{when:%d.%m.%Y %H:%M}",
                key,
                name,
                group,
                str(quantity),
                money,
                "Köln",
            ]
        )
    path = folder / "Verkäufe.csv"
    path.write_bytes(_written(rows, ";").encode("cp1252"))
    return path


def american(folder: Path, lines: int = 400) -> Path:
    """An online shop's export: 01/05/2026 02:15 PM, $1,234.50, a line above the header."""
    rows = [
        [
            "Order ID",
            "Customer ID",
            "Order Date",
            "SKU",
            "Product Name",
            "Category",
            "Quantity",
            "Total",
            "Sales Channel",
        ]
    ]
    for order, customer, when, product, quantity in _orders(3, lines):
        key, name, group, price = _GOODS[product]
        money = f"${price * quantity:,.2f}"
        rows.append(
            [f"{order}", f"C{customer:04d}", f"{when:%m/%d/%Y %I:%M %p}", key, name, group, str(quantity), money, "Web"]
        )
    path = folder / "orders export.csv"
    path.write_text("Exported by ShopTool\r\n" + _written(rows), encoding="utf-8-sig", newline="")
    return path


def survey(folder: Path, sheets: int = 150) -> Path:
    """A survey tool's export: one row per sheet, fourteen ratings, demographics, the overall rating as text."""
    lot = random.Random(4)
    themes = [
        "商品质量",
        "商品种类",
        "价格合理",
        "价格透明",
        "促销活动",
        "服务态度",
        "服务专业",
        "响应速度",
        "配送速度",
        "配送包装",
        "售后处理",
        "退换方便",
        "门店环境",
        "门店位置",
    ]
    words = ["非常不满意", "不满意", "一般", "满意", "非常满意"]
    rows = [["序号", "提交时间", "受访者编号", "性别", "年龄段", *themes, "总体满意度"]]
    for number in range(sheets):
        when = datetime(2026, 3, 1, 8) + timedelta(minutes=37 * number)
        mood = lot.gauss(3.6, 0.8)
        ratings = [min(5, max(1, round(mood + lot.gauss(0, 0.8)))) for _ in themes]
        overall = words[min(4, max(0, round(mood + lot.gauss(0, 0.5)) - 1))]
        rows.append(
            [
                str(number + 1),
                f"{when.year}/{when.month}/{when.day} {when:%H:%M:%S}",
                f"R{number:04d}",
                lot.choice("男女"),
                lot.choice(["18-30", "31-45", "46+"]),
                *map(str, ratings),
                overall,
            ]
        )
    path = folder / "满意度问卷.csv"
    path.write_bytes(_written(rows).encode("utf-8-sig"))
    return path


def reviews(folder: Path, many: int = 400) -> Path:
    """Reviews as they are scraped together: a label and a text, no number, no name, no day."""
    lot = random.Random(5)
    praised = ["房间很干净", "服务员态度很好", "早餐丰富", "位置方便", "性价比很高"]
    blamed = ["房间有异味", "服务员态度很差", "早餐太单调", "离地铁太远", "价格太贵"]
    rows = [["label", "review"]]
    for _ in range(many):
        content = lot.random() < 0.7
        said = "，".join(lot.sample(praised if content else blamed, lot.randint(1, 3)))
        rows.append([str(int(content)), f"{said}。{lot.choice(['', '下次还会来。' if content else '不会再来了。'])}"])
    path = folder / "hotel_reviews.csv"
    path.write_text(_written(rows), encoding="utf-8", newline="")
    return path


#: What passengers are asked about a flight.
_FLIGHT = (
    "Inflight wifi service", "Departure/Arrival time convenient", "Ease of Online booking", "Gate location",
    "Food and drink", "Online boarding", "Seat comfort", "Inflight entertainment", "On-board service",
    "Leg room service", "Baggage handling", "Checkin service", "Inflight service", "Cleanliness",
)  # fmt: skip


def passengers(folder: Path, sheets: int = 400) -> Path:
    """A sheet of fourteen ratings by nobody in particular: a row number, ages, 0 where it did not apply, no day."""
    lot = random.Random(6)
    rows = [["", "id", "Gender", "Customer Type", "Age", "Type of Travel", "Class", "Flight Distance", *_FLIGHT]]
    rows[0] += ["Departure Delay in Minutes", "satisfaction"]
    for number in range(sheets):
        mood, delay = lot.gauss(3.3, 1), max(0, round(lot.gauss(5, 25)))
        ratings = [0 if lot.random() < 0.02 else min(5, max(1, round(mood + lot.gauss(0, 1)))) for _ in _FLIGHT]
        content = mood + lot.gauss(0, 0.6) - delay / 60 > 3.4
        rows.append(
            [
                str(number), str(10_000 + 7 * number), lot.choice(["Male", "Female"]),
                lot.choice(["Loyal Customer", "disloyal Customer"]), str(lot.randint(18, 79)),
                lot.choice(["Business travel", "Personal Travel"]), lot.choice(["Eco", "Eco Plus", "Business"]),
                str(lot.randint(60, 4000)), *map(str, ratings), str(delay),
                "satisfied" if content else "neutral or dissatisfied",
            ]
        )  # fmt: skip
    path = folder / "passengers.csv"
    path.write_text(_written(rows), encoding="utf-8", newline="")
    return path


EXPORTS = {
    "chinese": chinese,
    "german": german,
    "american": american,
    "survey": survey,
    "reviews": reviews,
    "passengers": passengers,
}
