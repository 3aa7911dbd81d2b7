"""Have the loops that take lines apart compiled and kept for later processes, as a large file would.

``python -m tests.benchmarks.loops``
"""

from __future__ import annotations

import numpy as np

from customer_patterns.sources.delimited.grammar import Dialect
from customer_patterns.sources.delimited.layout import Layout
from customer_patterns.sources.delimited.numbered_texts import NumberedTexts, line_table


def main() -> None:
    """Call each loop once, with what it will be called with."""
    data = b"1,one\n2,two\n"
    starts, ends = line_table(data)
    texts = NumberedTexts(2)
    layout = Layout(Dialect(b",", None), (b"a", b"b"), (("a", 0), ("b", 1)))
    texts.of_lines(np.frombuffer(data, np.uint8), starts, ends, layout)
    texts.of_texts(0, [f"{number:x}" for number in range(20_000)])  # more than there is room for at first
    texts.texts()


if __name__ == "__main__":
    main()
