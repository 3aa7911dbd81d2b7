"""One side of one piece of mining: ``python -m tests.benchmarks.mining_side <folder> <work> <side>``.

Prints one line of JSON: CPU seconds of the work alone (arrays in memory before, results in memory after), how many
sets, rules, pairs or sequences were found, and a sum over all of them by which two sides can be seen to have found the
same.
``prepare`` instead of a work writes the panel's arrays into the folder.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.miner import by_customer, make_rules, mine_itemsets, mine_pairs, mine_sequences
from customer_patterns.patterns.miner.visits import Visits

#: Each work: the level of the hierarchy, the smallest support, and how many times over the panel is taken.
WORKS: dict[str, tuple[str, float, int]] = {
    "sets-often": ("category", 0.005, 1),
    "sets-rare": ("category", 0.002, 1),
    "products": ("product", 0.001, 1),
    "ten-million": ("category", 0.01, 7),
    "rules": ("category", 0.002, 1),
    "all-rules": ("category", 0.002, 1),
    "pairs": ("category", 0.0005, 1),
    "one-item-visits": ("department", 0.05, 1),
    "visits": ("department", 0.05, 1),
    "visits-in-time": ("department", 0.05, 1),
}

#: References that are used if they happen to be installed, by the module that they come in.
OPTIONAL = {"PyFIM": "fim", "prefixspan": "prefixspan", "SPMF": "spmf"}

#: Work shorter than this is done again, and the shortest time counts: what else the machine does disturbs it most.
_SHORT = 2.0

#: The confidence from which rules are kept.
_CONFIDENCE = 0.5


def installed(side: str) -> bool:
    """Whether a side can be run here."""
    if side == "SPMF" and shutil.which("java") is None:
        return False
    return side not in OPTIONAL or importlib.util.find_spec(OPTIONAL[side]) is not None


def prepare(folder: Path) -> None:
    """Write which item lies in which basket, at three levels, and whose basket it is, from the panel's deliveries."""
    import duckdb

    from customer_patterns.sources import locate
    from customer_patterns.study import load_study
    from tests.benchmarks.panel import ORIGINAL

    study = load_study(ORIGINAL)
    lines, products = study.source("order_lines"), study.source("products")
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    for level in ("department", "category", "product"):
        name = "CAST(l.product AS VARCHAR)" if level == "product" else f"p.{products.columns[level]}"
        rows = con.execute(f"""
            WITH l AS (SELECT {lines.columns["order_id"]} AS basket, {lines.columns["customer_id"]} AS customer,
                       {lines.columns["product_id"]} AS product, {lines.columns["ordered_at"]}::DATE AS day
                       FROM '{locate(lines)}')
            SELECT basket, {name} AS item, any_value(customer) AS customer, min(day) AS day
            FROM l LEFT JOIN '{locate(products)}' AS p ON p.{products.columns["product_id"]} = l.product
            WHERE item IS NOT NULL GROUP BY ALL ORDER BY basket, item
        """).to_arrow_table()
        baskets, basket = np.unique(rows["basket"].to_numpy(), return_inverse=True)
        item = rows["item"].combine_chunks().dictionary_encode()
        order = np.argsort(np.argsort(np.array(item.dictionary.to_pylist())))  # numbers by name
        customer, day = np.empty(len(baskets), np.int64), np.empty(len(baskets), "datetime64[D]")
        customer[basket] = np.unique(rows["customer"].to_numpy(), return_inverse=True)[1]
        day[basket] = rows["day"].to_numpy().astype("datetime64[D]")
        np.savez(
            folder / f"{level}.npz", basket=basket, item=order[item.indices.to_numpy()], customer=customer, day=day
        )


class Work:
    """The arrays of one piece of work."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        level, self.support, times = WORKS[name]
        arrays = np.load(folder / f"{level}.npz")
        one = len(arrays["customer"])
        self.baskets, self.items = one * times, int(arrays["item"].max()) + 1
        self.basket = np.concatenate([arrays["basket"] + copy * one for copy in range(times)])
        self.item = np.tile(arrays["item"], times)
        self.customer, self.day = arrays["customer"], arrays["day"]
        self.fewest = int(np.ceil(self.support * self.baskets))

    def frequent(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The entries of frequent items, numbered anew, and the items."""
        items = np.flatnonzero(np.bincount(self.item) >= self.fewest)
        number = np.full(self.items, -1)
        number[items] = np.arange(len(items))
        kept = number[self.item] >= 0
        return self.basket[kept], number[self.item[kept]], items

    def visits(self) -> Baskets:
        """Baskets with customers and days; for prefixspan each item is a visit of its own, by name within a basket."""
        names = np.array([f"{item:03d}" for item in range(self.items)], dtype=object)
        customers = np.array([f"{one:06d}" for one in range(int(self.customer.max()) + 1)], dtype=object)
        if self.name != "one-item-visits":
            return Baskets("department", names, self.basket, self.item, self.customer, customers, self.day)
        customer = self.customer[self.basket]
        order = np.lexsort((self.item, self.basket, self.day[self.basket], customer))
        step = np.arange(len(order)).astype("datetime64[D]")
        return Baskets("department", names, np.arange(len(order)), self.item[order], customer[order], customers, step)


Found = tuple[int, int]


def _summed(found: Iterable[tuple[tuple, int]]) -> Found:
    """How many there are, and the sum of their hashes: numbers hash to the same in every process."""
    hashes = [hash(one) for one in found]
    return len(hashes), sum(hashes) % (2**61 - 1)


def miner(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
    """Our own."""
    arrays = {"baskets": work.baskets, "fewest": work.fewest, "max_memory_mb": 2_000}
    if work.name == "pairs":
        return (
            lambda: mine_pairs(work.basket, work.item, **arrays),
            lambda pairs: _summed(((a, b), n) for a, b, n in pairs.itertuples(index=False)),
        )
    if work.name in ("one-item-visits", "visits", "visits-in-time"):
        visits = work.visits()
        limits = {"max_gap_days": 28, "window_days": 56} if work.name == "visits-in-time" else {}
        if work.name == "one-item-visits":
            limits = {"max_visits": 3}
        return (
            lambda: mine_sequences(visits, min_support=work.support, max_items=3, **limits),
            lambda found: _summed(zip(found.steps, found.customers.tolist(), strict=True)),
        )
    sets = lambda: mine_itemsets(work.basket, work.item, **arrays)  # noqa: E731
    if work.name in ("rules", "all-rules"):
        found = sets()
        asked = {"single_consequent": False, "metric": "confidence", "at_least": _CONFIDENCE}
        return (
            lambda: make_rules(found, **(asked if work.name == "rules" else {})),
            lambda rules: (len(rules), round(rules.table["lift"].sum())),
        )
    return sets, lambda found: _summed(zip(found.tuples(), found.counts.tolist(), strict=True))


def mlxtend(engine: str) -> Callable[[Work], tuple[Callable[[], Any], Callable[[Any], Found]]]:
    """One of mlxtend's miners: dense cells of the frequent items, made beforehand."""

    def side(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
        import mlxtend.frequent_patterns as miners

        if work.name == "rules":
            sets = mine_itemsets(work.basket, work.item, baskets=work.baskets, fewest=work.fewest).frame()
            return (
                lambda: miners.association_rules(sets, metric="confidence", min_threshold=_CONFIDENCE),
                lambda rules: (len(rules), round(rules["lift"].sum())),
            )
        basket, item, items = work.frequent()
        cells = np.zeros((work.baskets, len(items)), dtype=bool)
        cells[basket, item] = True
        frame = pd.DataFrame(cells)
        support = (work.fewest - 1e-6) / work.baskets
        return (
            lambda: getattr(miners, engine)(frame, min_support=support),
            lambda found: _summed(
                (tuple(sorted(items[list(held)].tolist())), round(share * work.baskets))
                for held, share in zip(found["itemsets"], found["support"], strict=True)
            ),
        )

    return side


def pyfim(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
    """PyFIM's fpgrowth (Borgelt 2012), lists made beforehand."""
    import fim

    edges = np.searchsorted(work.basket, np.arange(work.baskets + 1))
    held = work.item.tolist()
    lists = [held[start:end] for start, end in pairwise(edges)]
    return (
        lambda: fim.fpgrowth(lists, supp=-work.fewest),
        lambda found: _summed((tuple(sorted(items)), count) for items, count in found),
    )


def scipy(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
    """Pairs as a product of sparse matrices."""
    from scipy import sparse

    def count() -> Any:
        basket, item, items = work.frequent()
        held = sparse.csr_matrix((np.ones(len(item), np.int32), (basket, item)), shape=(work.baskets, len(items)))
        both = sparse.triu(held.T @ held, 1).tocoo()
        often = both.data >= work.fewest
        return items[both.row[often]], items[both.col[often]], both.data[often]

    return count, lambda pairs: _summed(((a, b), n) for a, b, n in zip(*(x.tolist() for x in pairs), strict=True))


def in_duckdb(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
    """Pairs as a join of the entries with themselves."""
    import duckdb

    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    entries = pd.DataFrame({"basket": work.basket, "item": work.item})
    con.register("entries", entries)
    con.execute("CREATE TABLE held AS SELECT * FROM entries")
    query = f"""SELECT a.item, b.item, count(*) FROM held a JOIN held b ON a.basket = b.basket AND a.item < b.item
                GROUP BY ALL HAVING count(*) >= {work.fewest}"""
    return lambda: con.execute(query).fetchall(), lambda pairs: _summed(((a, b), n) for a, b, n in pairs)


def prefixspan(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
    """The package of that name, which knows one item a visit."""
    from prefixspan import PrefixSpan

    visits = work.visits()
    edges = np.searchsorted(visits.customer, np.arange(len(visits.customers) + 1))
    lists = [visits.item[start:end].tolist() for start, end in pairwise(edges)]
    fewest = int(np.ceil(work.support * sum(map(bool, lists)) - 1e-9))

    def find() -> Any:
        miner = PrefixSpan(lists)
        miner.maxlen = 3
        return miner.frequent(fewest)

    return find, lambda found: _summed((tuple((item,) for item in items), count) for count, items in found)


def spmf(work: Work) -> tuple[Callable[[], Any], Callable[[Any], Found]]:
    """SPMF's PrefixSpan (Fournier-Viger and others 2016), the Java program that the package of that name brings along.

    Its CPU seconds are those of the whole program, reading the file and starting Java included.
    """
    jar = Path(importlib.util.find_spec("spmf").origin).parent / "binaries" / "spmf.jar"
    folder = Path(tempfile.mkdtemp(prefix="customer-patterns-spmf-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    visits = Visits.of(work.visits())
    lines: list[str] = []
    for visit in range(len(visits)):
        held = " ".join(str(item + 1) for item in visits.item[visits.edges[visit] : visits.edges[visit + 1]])
        if visit and visits.customer[visit] == visits.customer[visit - 1]:
            lines[-1] += f"{held} -1 "
        else:
            lines.append(f"{held} -1 ")
    (folder / "visits.txt").write_text("".join(f"{line}-2\n" for line in lines), encoding="utf-8")
    command = ["java", f"-Djava.util.prefs.userRoot={folder}", "-Xmx2g", "-jar", str(jar), "run", "PrefixSpan"]
    command += [str(folder / "visits.txt"), str(folder / "found.txt"), f"{100 * work.support:g}%", "3"]

    def sequences(_: Any) -> Found:
        found = []
        for line in (folder / "found.txt").read_text(encoding="utf-8").splitlines():
            steps, _, count = line.partition("#SUP:")
            found.append(
                (tuple(tuple(int(i) - 1 for i in step.split()) for step in steps.split("-1")[:-1]), int(count))
            )
        return _summed(found)

    return lambda: subprocess.run(command, check=True, capture_output=True), sequences


SIDES: dict[str, Callable[[Work], tuple[Callable[[], Any], Callable[[Any], Found]]]] = {
    "ours": miner,
    "fpgrowth": mlxtend("fpgrowth"),
    "hmine": mlxtend("hmine"),
    "mlxtend": mlxtend("association_rules"),
    "PyFIM": pyfim,
    "SciPy": scipy,
    "DuckDB": in_duckdb,
    "prefixspan": prefixspan,
    "SPMF": spmf,
}


def warm_up() -> float:
    """Let the loops be compiled, or read where they were kept, and return the CPU seconds that it took."""
    started = time.process_time()
    basket, item = np.repeat(np.arange(12), 3), np.tile(np.arange(3), 12)
    sets = mine_itemsets(basket, item, baskets=12, fewest=1)
    mine_pairs(basket, item, baskets=12, fewest=1)
    names, day = np.array(list("abc"), dtype=object), np.datetime64("2017-01-01") + np.arange(12)
    visits = Baskets("department", names, basket, item, np.repeat(np.arange(4), 3), names.repeat(2)[:4], day)
    mine_sequences(visits, min_support=0.5, fewest_customers=1)
    by_customer(visits, sets, [0], [1])
    return time.process_time() - started


def _cpu() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(folder: Path, name: str, side: str) -> dict[str, float]:
    """Do a work on a side, and say what it took and what was found."""
    compiling = warm_up() if side == "ours" else 0.0
    work, account = SIDES[side](Work(folder, name))
    seconds = []
    while sum(seconds) < _SHORT and len(seconds) < 5:
        started = _cpu()
        found = work()
        seconds.append(_cpu() - started)
    many, total = account(found)
    return {"seconds": min(seconds), "found": many, "sum": total, "compiling": compiling}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[2] == "prepare":
        prepare(Path(sys.argv[1]))
    elif sys.argv[2] == "compile":
        print(json.dumps({"seconds": warm_up(), "found": 0, "sum": 0, "compiling": 0}))
    else:
        print(json.dumps(measure(Path(sys.argv[1]), *sys.argv[2:])))
