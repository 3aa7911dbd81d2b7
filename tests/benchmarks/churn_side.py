"""Who is leaving, for a million customers: features from order lines, training, and a test out of time.

``python -m tests.benchmarks.churn_side FOLDER`` does the work on what :func:`deliver` wrote and prints what it needed.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from customer_patterns.study import project_root
from tests.benchmarks.measured import Measured

CUSTOMERS = 1_000_000
#: Purchases of a customer in the year, on average; they differ as rates of an exponential distribution do.
PURCHASES = 12
SECONDS, BYTES = 90, 4_000_000_000
#: Of these the database may take so much; the rest is left to training. With the 500 MB that a stage gives it by
#: default it writes to disk what does not fit, which costs processor time.
DATABASE_MEMORY = "2GB"

_FIRST, _LAST = date(2017, 1, 1), date(2017, 12, 31)
_BLOCK = 100_000


def deliver(folder: Path, *, customers: int = CUSTOMERS, seed: int = 7) -> int:
    """Write order lines and products as a clean stage would; some customers slide away. Return the number of lines."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(seed)
    calendar = pa.array([_FIRST + timedelta(days=day) for day in range(365)])
    products = np.array([f"p{n:03d}" for n in range(400)])
    kinds = np.arange(400) // 10
    pq.write_table(
        pa.table(
            {
                "product_id": products,
                "department": np.char.add("d", (kinds % 12).astype(str)),
                "category": np.char.add("k", kinds.astype(str)),
                "brand": np.where(np.arange(400) % 4 == 0, "Private", "National"),
                "manufacturer_id": np.char.add("m", (np.arange(400) % 7).astype(str)),
            }
        ),
        folder / "products.parquet",
    )
    total, writer = 0, None
    for start in range(0, customers, _BLOCK):
        n = min(_BLOCK, customers - start)
        count = random.poisson(random.exponential(PURCHASES, n))
        who = np.repeat(np.arange(n), count)
        day = random.integers(0, 365, len(who))
        slides = random.random(n) < 0.3
        begins = random.integers(100, 360, n)
        kept = ~slides[who] | (day < begins[who]) | (random.random(len(who)) < 0.2)
        who, day = who[kept], day[kept]
        order = np.argsort(who * 365 + day, kind="stable")
        who, day = who[order], day[order]
        cents = np.round(100 * np.exp(random.normal(3, 0.5, len(who)))).astype(np.int64)
        zero = _money(np.zeros(len(who), dtype=np.int64))
        dates = calendar.take(pa.array(day))
        part = pa.table(
            {
                "order_id": np.char.add("o", (total + np.arange(len(who))).astype(str)),
                "customer_id": np.char.zfill((start + who).astype(str), 7),
                "product_id": products[random.integers(0, 400, len(who))],
                "ordered_at": dates.cast(pa.timestamp("us")),
                "ordered_on": dates,
                "quantity": np.ones(len(who), dtype=np.int64),
                "revenue": _money(cents),
                "retail_discount": zero,
                "coupon_discount": zero,
                "coupon_match_discount": zero,
                "line_kind": pa.array(["goods"]).take(pa.array(np.zeros(len(who), dtype=np.int64))),
            }
        )
        writer = writer or pq.ParquetWriter(folder / "order_lines.parquet", part.schema)
        writer.write_table(part)
        total += len(who)
    if writer:
        writer.close()
    return total


def _money(cents: np.ndarray) -> object:
    """Whole hundredths as decimals: each is the number itself in 128 bits."""
    import pyarrow as pa

    wide = np.column_stack([cents, np.where(cents < 0, -1, 0)]).astype("<i8")
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(wide.tobytes())])


def work(folder: Path) -> dict[str, float]:
    """Do the work; what it needed, in CPU seconds and bytes, and what came of it."""
    from customer_patterns import warehouse
    from customer_patterns.features import shopping_days
    from customer_patterns.outlook import churn
    from customer_patterns.outlook.churn.tables import MODEL

    started, began = time.process_time(), time.perf_counter()
    backend = warehouse.connect(memory_limit=DATABASE_MEMORY)
    lines, products = (backend.read_parquet(folder / f"{name}.parquet") for name in ("order_lines", "products"))
    days = warehouse.keep(backend, shopping_days(lines, products, last_day=_LAST), "shopping_days")
    ledger = time.process_time()
    history = churn.history(days, first_day=_FIRST, last_day=_LAST)
    features = time.process_time()
    test = churn.back_test(history)
    methods, _ = churn.judge_methods(test)
    model = methods[methods["method"] == MODEL].iloc[0]
    return {
        "cpu_seconds": time.process_time() - started,
        "seconds": time.perf_counter() - began,
        "shopping_days": ledger - started,
        "features": features - ledger,
        "training_and_test": time.process_time() - features,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "customers": int(model["n"]),
        "auc": float(model["auc"]),
    }


def measure() -> Iterator[Measured]:
    """Deliver a shop of a million customers and let a process of its own do the work."""
    with tempfile.TemporaryDirectory(prefix="customer-patterns-churn-") as folder:
        lines = deliver(Path(folder))
        command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.churn_side", folder]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        done = subprocess.run(command, check=True, capture_output=True, cwd=project_root(), env=environment, text=True)
    needed = json.loads(done.stdout.splitlines()[-1])
    parts = ", ".join(f"{name.replace('_', ' ')} {needed[name]:.0f} s" for name in _PARTS)
    yield Measured(
        f"who is leaving, {CUSTOMERS:,} customers, {lines:,} lines, CPU",
        f"{needed['cpu_seconds']:.0f} s ({parts})",
        "–",
        f"at most {SECONDS} s",
        needed["cpu_seconds"] <= SECONDS,
    )
    yield Measured(
        "the same, peak memory",
        f"{needed['memory'] / 1e9:.2f} GB",
        "–",
        f"at most {BYTES / 1e9:.0f} GB",
        needed["memory"] <= BYTES,
    )


_PARTS = ("shopping_days", "features", "training_and_test")

if __name__ == "__main__":
    print(json.dumps(work(Path(sys.argv[1]))))
