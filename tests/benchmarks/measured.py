"""One line per measured thing: its name, what was measured, what it is held against, the aim, and whether it is met."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from customer_patterns.study import nearest

HEAD = ("name", "measured", "reference", "aim", "met")


@dataclass(frozen=True)
class Measured:
    """A measured thing. ``met`` is None where there is no aim."""

    name: str
    measured: str
    reference: str = "–"
    aim: str = "–"
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {None: "–", True: "met", False: "short"}[self.met]
        return (self.name, self.measured, self.reference, self.aim, verdict)

    @property
    def line(self) -> str:
        return " | ".join(self.cells)


def write_table(page: Path, name: str, lines: Iterable[Measured]) -> None:
    """Write the lines as a table between the marks ``<!-- name: begin -->`` and ``<!-- name: end -->`` of a page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    rows = [HEAD, ("---",) * len(HEAD), *(line.cells for line in lines)]
    table = "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows)
    page.write_text(f"{before}{begin}\n\n{table}\n\n{end}{after}", encoding="utf-8")


def hand_back() -> None:
    """Give freed memory back to the system, as a process does that ends; where the C library cannot, nothing is done.

    Both sides do so between stages: in a study each of them has a kernel of its own.
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def run(what: str, known: Mapping[str, Callable[[], Iterable[Measured]]]) -> int:
    """Run all of them, or the one that ``--only`` names, and print a line for each thing as soon as it is known."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.{what}")
    parser.add_argument("--only", help=f"one of: {', '.join(known)}")
    only = parser.parse_args().only
    if only is not None and only not in known:
        print(f"there is no '{only}' in {what}{nearest(only, known)} (known: {', '.join(known)})", file=sys.stderr)
        return 2
    print(" | ".join(HEAD), flush=True)
    for name, measure in known.items():
        if only in (None, name):
            for line in measure():
                print(line.line, flush=True)
    return 0
