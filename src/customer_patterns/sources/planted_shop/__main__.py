"""``python -m customer_patterns.sources.planted_shop``: simulate the planted shop's delivery."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from customer_patterns.schemas import Refusal
from customer_patterns.sources.planted_shop import simulate
from customer_patterns.study import output_root

FOLDER = Path("data/raw/planted-shop")


def main(arguments: list[str] | None = None) -> int:
    """Simulate a delivery; return 0, or 2 where it was refused."""
    parser = argparse.ArgumentParser(prog="python -m customer_patterns.sources.planted_shop", description=__doc__)
    parser.add_argument("--folder", type=Path, help=f"where the delivery goes (default: {FOLDER} in the project)")
    parser.add_argument("--customers", type=int, default=200, help="how many customers (default: 200)")
    parser.add_argument("--seed", type=int, default=20170101, help="where chance comes from (default: 20170101)")
    parser.add_argument("--replace", action="store_true", help="replace a delivery that lies there")
    given = parser.parse_args(arguments)
    try:
        folder = given.folder or output_root() / FOLDER
        delivery = simulate(folder, customers=given.customers, seed=given.seed, replace=given.replace)
    except Refusal as error:
        print(error, file=sys.stderr)
        return 2
    print(f"simulated {delivery.customers:,} customers with {delivery.records['order_lines']:,} order lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
