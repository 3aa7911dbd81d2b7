"""Deliver a planted shop as a shop would: raw files under its own names, and the truth beside them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from customer_patterns.sources.companion.delivery import write_tables, write_truth
from customer_patterns.sources.companion.households import Purchases
from customer_patterns.sources.companion.plan import Plan, Translation
from customer_patterns.sources.companion.simulate import draw_companion
from customer_patterns.sources.planted_shop.additions import Additions
from customer_patterns.sources.planted_shop.assortment import COUPON, FUEL, GIFT_CARD
from customer_patterns.sources.planted_shop.baskets import add_up_pairs
from customer_patterns.sources.planted_shop.blemishes import blemish, repeat_coupons, spoil_redemptions
from customer_patterns.sources.planted_shop.orders import BLOCK, draw_blocks
from customer_patterns.sources.planted_shop.people import describe
from customer_patterns.sources.planted_shop.plan import DISPLAY_RESPONSE, MAILER_RESPONSE, Truth, plan_shop
from customer_patterns.sources.planted_shop.settings import Plan as Settings
from customer_patterns.sources.planted_shop.shoppers import BASKET_FACTORS, ZERO_DIFFERENCE
from customer_patterns.sources.simulated import SLIP, lay_down
from customer_patterns.warehouse import to_json

#: Raised whenever the same seed gives other records than before.
GENERATOR = 5

#: Contacts and feedback texts per customer and year: many, because the test study's shop is small.
CONTACTS_PER_YEAR, TEXTS_PER_YEAR = 1.6, 1.6

#: What the shop calls the columns of the canonical tables.
TILL_COLUMNS = {
    "order_id": "receipt_no",
    "customer_id": "card_no",
    "product_id": "sku",
    "store_id": "branch",
    "ordered_at": "sold_at_utc",
    "quantity": "units",
    "revenue": "net_amount",
    "retail_discount": "card_discount",
    "coupon_discount": "maker_coupon",
    "coupon_match_discount": "coupon_match",
    "delivered_week": "trading_week",
}
PRODUCT_COLUMNS = {
    "product_id": "sku",
    "department": "department_name",
    "category": "family",
    "product_type": "kind",
    "brand": "label",
    "package_size": "pack",
    "manufacturer_id": "maker_no",
    "unit_cost": "cost",
}
CUSTOMER_COLUMNS = {
    "customer_id": "card_no",
    "age_group": "age_band",
    "income_group": "income_band",
    "home_ownership": "home",
    "marital_status": "marital",
    "household_size": "persons",
    "household_composition": "who_lives_there",
    "children": "kids",
    "gender": "gender",
    "occupation": "work",
    "education": "schooling",
    "debt_group": "debts",
    "lifestyle": "way_of_life",
    "city": "town",
    "country": "land",
    "region_id": "region",
    "registered_on": "member_since",
}
CAMPAIGN_COLUMNS = {
    "campaign_id": "mailing",
    "campaign_type": "mailing_type",
    "starts_on": "valid_from",
    "ends_on": "valid_to",
}
RECIPIENT_COLUMNS = {"campaign_id": "mailing", "customer_id": "card_no"}
COUPON_COLUMNS = {"coupon_id": "coupon_no", "campaign_id": "mailing", "product_id": "sku"}
REDEMPTION_COLUMNS = {
    "customer_id": "card_no",
    "coupon_id": "coupon_no",
    "campaign_id": "mailing",
    "redeemed_on": "used_on",
}
PROMOTION_COLUMNS = {
    "product_id": "sku",
    "store": "branch",
    "week": "trading_week",
    "display": "shelf_code",
    "mailer": "leaflet_code",
}

#: What the shop calls the columns of what its customers say.
VOICE_COLUMNS: dict[str, dict[str, str]] = {
    "survey_items": {
        "item_id": "question",
        "role": "asks_for",
        "dimension": "about",
        "wording_en": "english",
        "wording_zh": "chinese",
        "scale_low": "from",
        "scale_high": "to",
        "direction": "worded",
    },
    "survey_invitations": {"wave": "round", "customer_id": "card_no", "invited_at": "asked_utc", "channel": "asked_by"},
    "survey_responses": {
        "wave": "round",
        "customer_id": "card_no",
        "item_id": "question",
        "answered_at": "replied_utc",
        "answer": "reply",
    },
    "contacts": {
        "contact_id": "ticket",
        "customer_id": "card_no",
        "channel": "desk",
        "topic": "matter",
        "opened_at": "opened_utc",
        "first_response_at": "answered_utc",
        "closed_at": "closed_utc",
        "agent_id": "clerk",
        "rated_at": "rated_utc",
        "csat": "stars",
    },
    "feedback": {
        "feedback_id": "note_no",
        "customer_id": "card_no",
        "written_at": "written_utc",
        "channel": "via",
        "language": "lang",
        "rating": "stars",
        "text": "note",
    },
}

_DATES = ("starts_on", "leaves_on", "ends_on", "redeemed_on", "partial_on")

#: What a product costs the shop, as a share of its shelf price.
COST_SHARE = 0.7


@dataclass(frozen=True)
class Delivery:
    """A delivery of simulated files.

    Attributes
    ----------
    folder
        Where it lies.
    customers, seed
        What it was made from.
    records
        Records per delivered table.
    files
        SHA-256 of each file, by its path in the folder; the truth is listed too.
    """

    folder: Path
    customers: int
    seed: int
    records: dict[str, int]
    files: dict[str, str]


def simulate(
    folder: Path,
    *,
    customers: int = 200,
    seed: int = 20170101,
    plan: Settings | None = None,
    replace: bool = False,
) -> Delivery:
    """Simulate a shop and deliver its files into ``folder``, all of them or none.

    The same seed, number of customers and version give the same bytes on one machine. What was planted is written into
    ``truth/`` beside the delivery; no study file names it.

    Parameters
    ----------
    folder
        Where the delivery goes, e.g. ``data/raw/planted-shop``.
    customers
        How many customers the shop has.
    seed
        Where all chance comes from, 0 or more.
    plan
        All settings; ``customers`` and ``seed`` are then read from it.
    replace
        Whether a delivery that lies there already may be replaced.

    Returns
    -------
    Delivery
        What was delivered.

    Raises
    ------
    DeliveryExists
        Where a delivery lies in ``folder`` and ``replace`` is false, or something else lies there.
    Refusal
        For fewer than one customer or a negative seed.
    """
    plan = plan or Settings(customers=customers, seed=seed)
    truth = plan_shop(plan=plan)
    slip = {
        "delivery": "planted-shop",
        "note": "All records are simulated from a seed. They describe no real person, shop or purchase.",
        "generator": GENERATOR,
        "customers": plan.customers,
        "seed": plan.seed,
    }
    written = lay_down(folder, lambda fresh: _write_records(fresh, truth), slip, replace=replace)
    return Delivery(folder, plan.customers, plan.seed, written["records"], written["files"])


def read_delivery(folder: Path) -> Delivery:
    """Read what a delivery's slip says.

    Raises
    ------
    FileNotFoundError
        Where there is no delivery.
    """
    slip = json.loads((folder / SLIP).read_text(encoding="utf-8"))
    return Delivery(folder, slip["customers"], slip["seed"], slip["records"], slip["files"])


def _write_records(folder: Path, truth: Truth) -> dict[str, int]:
    """Write all files but the slip; return the records per delivered table."""
    additions = Additions(folder, truth)
    try:
        drawn = _write_purchases(folder, truth, additions)
        records = _write_small_tables(folder, truth, drawn)
        voiced = _write_voices(folder, truth, additions)
        _write_truth(folder / "truth", truth, drawn)
        added = additions.finish()
    finally:
        additions.close()
    return {"order_lines": drawn.order_lines, **records, **voiced, **added}


def _write_small_tables(folder: Path, truth: Truth, drawn: _Purchases) -> dict[str, int]:
    """Write what is sold, who is known, mailings and promotions."""
    described = pd.concat([truth.customers, describe(truth)], axis="columns")[truth.customers["described"]]
    known = described.assign(
        home_ownership=described["home_ownership"].mask(described["home_blank"]),
        marital_status=described["marital_status"].mask(described["marital_blank"]),
        registered_on=described["registered_on"].dt.date,
    )
    cost = (truth.products["price_cents"] * COST_SHARE).round().astype("int64")
    products = truth.products.assign(unit_cost=[Decimal(int(cents)).scaleb(-2) for cents in cost])
    delivered = {
        "products": _frame(products, PRODUCT_COLUMNS),
        "customers": _frame(known, CUSTOMER_COLUMNS),
        "campaigns": _frame(truth.campaigns, CAMPAIGN_COLUMNS),
        "campaign_recipients": _frame(truth.recipients, RECIPIENT_COLUMNS),
        "coupons": _frame(repeat_coupons(truth.coupons), COUPON_COLUMNS),
        "coupon_redemptions": _frame(spoil_redemptions(drawn.redemptions), REDEMPTION_COLUMNS),
        "promotions": _frame(truth.promotions, PROMOTION_COLUMNS),
    }
    for name, table in delivered.items():
        if name == "customers":
            pa_csv.write_csv(table, folder / f"{name}.csv", pa_csv.WriteOptions(quoting_style="needed"))
        else:
            _write(table, folder / f"{name}.parquet")
    return {name: table.num_rows for name, table in delivered.items()}


def _write_voices(folder: Path, truth: Truth, additions: Additions) -> dict[str, int]:
    """Write what customers say of the shop, drawn from the purchases that have just been written."""
    till = TILL_COLUMNS
    purchases = Purchases(
        folder / "order_lines.parquet", till["order_id"], till["customer_id"], till["ordered_at"], till["revenue"]
    )
    plan = Plan(
        seed=truth.seed,
        time_zone=truth.time_zone,
        first_day=truth.first_day,
        until=truth.delivered_until,
        contacts=CONTACTS_PER_YEAR,
        texts=TEXTS_PER_YEAR,
        translation=Translation(),
    )
    companion = draw_companion(plan, purchases)
    write_truth(folder / "truth", companion, {"seed": truth.seed, "provenance": "simulated"})
    languages = companion.households.groupby("customer_id")["language"].first()
    additions.add_voices(companion.tables, languages)
    voices = {name: companion.tables[name] for name in VOICE_COLUMNS}
    return write_tables(folder, voices, columns=VOICE_COLUMNS, as_text=("survey_items",))


@dataclass(frozen=True)
class _Purchases:
    """What is left to write when the order lines are on disk."""

    order_lines: int
    special: dict[str, int]
    redemptions: pd.DataFrame
    pairs: pd.DataFrame
    traps: pd.DataFrame


def _write_purchases(folder: Path, truth: Truth, additions: Additions) -> _Purchases:
    """Write order lines, the list of special ones and what else is known of their customers, block by block."""
    records, special = 0, Counter()
    redemptions, pairs, traps = [], [], []
    with (
        _Growing(folder / "order_lines.parquet") as lines,
        _Growing(folder / "truth" / "special_lines.parquet") as listed,
    ):
        for first, flawless in zip(range(0, len(truth.customers), BLOCK), draw_blocks(truth), strict=True):
            additions.add_block(flawless, first, min(first + BLOCK, len(truth.customers)))
            drawn = blemish(flawless)
            table = drawn.order_lines.rename_columns(TILL_COLUMNS)
            branch = table.schema.get_field_index("branch")
            lines.add(table.set_column(branch, "branch", table["branch"].cast(pa.int32())))
            listed.add(_frame(drawn.special.sort_values(["kind", "order_id", "product_id"])))
            records += table.num_rows
            special.update(drawn.special["kind"])
            redemptions.append(drawn.redemptions)
            pairs.append(drawn.pairs)
            traps.append(drawn.traps)
    return _Purchases(
        order_lines=records,
        special=dict(special),
        redemptions=pd.concat(redemptions, ignore_index=True),
        pairs=add_up_pairs(pairs),
        traps=pd.concat(traps, ignore_index=True),
    )


class _Growing:
    """A parquet file that grows block by block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> _Growing:
        return self

    def add(self, table: pa.Table) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()


def _write_truth(folder: Path, truth: Truth, drawn: _Purchases) -> None:
    """Write what was planted."""
    tables = {
        "customers": truth.customers,
        "products": truth.products,
        "pairs": drawn.pairs,
        "promotions": truth.promotions,
        "time_traps": drawn.traps,
    }
    for name, table in tables.items():
        _write(_frame(table), folder / f"{name}.parquet")
    content: dict[str, Any] = {
        "provenance": "simulated",
        "seed": truth.seed,
        "window": [truth.first_day.isoformat(), truth.last_day.isoformat()],
        "delivered_until": truth.delivered_until.isoformat(),
        "time_zone": truth.time_zone,
        "customers": {
            "all": len(truth.customers),
            "start_inside_the_window": int(truth.customers["starts_inside"].sum()),
            "leave_inside_the_window": int(truth.customers["leaves_on"].notna().sum()),
            "described": int(truth.customers["described"].sum()),
        },
        "shopper_types": {
            shopper.name: {
                "share": shopper.share,
                "orders_per_week": shopper.orders_per_week,
                "rate_shape": shopper.rate_shape,
                "picks_per_order": shopper.picks_per_order,
                "weekdays_from_monday": [round(float(day), 12) for day in shopper.days()],
                "local_hours": [round(float(hour), 12) for hour in shopper.hours()],
                "tastes": shopper.tastes,
            }
            for shopper in truth.types
        },
        "basket_factors": BASKET_FACTORS,
        "zero_difference": ZERO_DIFFERENCE,
        "promotion_response": {
            "price_cut": f"(1 - cut) to the power of -{truth.plan.price_exponent:g}",
            "price_exponent": truth.plan.price_exponent,
            "mailer_factor": MAILER_RESPONSE,
            "display_factor": DISPLAY_RESPONSE,
            "acts_on": "the odds of a product against others at each pick; orders and basket sizes do not change",
        },
        "campaign_effect_on_purchases": 0,
        "order_lines": drawn.order_lines,
        "special_lines": drawn.special,
        "repeated_rows": {
            "coupons": len(repeat_coupons(truth.coupons)) - len(truth.coupons),
            "coupon_redemptions": min(len(drawn.redemptions), 2),
        },
        "redemptions_by_strangers": min(len(drawn.redemptions), 1),
        "product_types_that_are_no_goods": {"fuel": FUEL, "gift card": GIFT_CARD, "coupon": COUPON},
    }
    (folder / "truth.json").write_text(to_json(content), encoding="utf-8")


def _frame(table: pd.DataFrame, columns: dict[str, str] | None = None) -> pa.Table:
    """A frame as the shop names its columns. A column without any value has its type too."""
    arrow = pa.Table.from_pandas(table[list(columns)] if columns else table, preserve_index=False)
    for place, field in enumerate(arrow.schema):
        if pa.types.is_null(field.type):
            kind = pa.date32() if field.name in _DATES else pa.string()
            arrow = arrow.set_column(place, field.name, arrow[place].cast(kind))
    return arrow.rename_columns(list(columns.values()) if columns else arrow.column_names).replace_schema_metadata(None)


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")
