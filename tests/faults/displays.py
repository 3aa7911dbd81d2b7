"""A chapter that shows given names in every kind of display: tables, facts, charts, sentences, titles, settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import nbformat
import pandas as pd

from customer_patterns import charts
from customer_patterns.reporting import show
from customer_patterns.reporting.chapter import Chapter, Edition, Provenance, render_chapter
from customer_patterns.wording import Name, say

_MANIFEST = {
    "tables": {"orders": {"rows": 3, "sha256": "0" * 64}}, "settings": {}, "versions": {"python": "3"},
    "code": "0" * 64,
}  # fmt: skip


def chapter_of(names: Sequence[str]) -> str:
    """Render a page whose names, captions, titles and sources are these texts."""
    frame = pd.DataFrame({"name": list(names), "orders": range(1, len(names) + 1)})
    cells = [nbformat.v4.new_markdown_cell("# Names\n\n**Question.** What may a name do?\n"), _section("Tables")]
    cells.append(_cell(show.table(frame, caption="Names as delivered", rows=8)))
    cells += [_section("Facts"), _cell(show.facts(dict.fromkeys(("Orders",), names[0])))]
    cells += [_section("Sentences"), _cell(show.said("clean.gaps_title", name=Name(names[1])))]
    cells.append(_section("Charts"))
    for begin in range(0, len(names), 8):
        few = frame.iloc[begin : begin + 8]
        ax = charts.bars(
            few, x="name", y="orders", unit="orders", title=say("clean.gaps_title", name=Name("x")), subtitle="Orders",
            source=say("clean.gaps_source", table=Name("orders", "table"), as_of=date(2017, 12, 31)),
        )  # fmt: skip
        data, metadata = show._chart_bundle(ax)
        cells.append(_output(data, metadata))
    notebook = nbformat.v4.new_notebook(cells=cells)
    chapter = Chapter("03-behavior", names[2], _MANIFEST, "0" * 64)
    sources = (Provenance(("orders",), "real", names[3], names[4]),)
    run = Edition("shop", names[5], date(2017, 12, 31), "en", (chapter,), sources, ("en",))
    return render_chapter(notebook, run=run, stem="03-behavior")


def _section(title: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(f"## {title}")


def _cell(display: show.Display) -> nbformat.NotebookNode:
    return _output(*display._repr_mimebundle_())


def _output(data: dict, metadata: dict) -> nbformat.NotebookNode:
    shown = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    return nbformat.v4.new_code_cell("shown", outputs=[shown])
