"""A small run as a build leaves it: executed notebooks with charts, tables and findings, and their manifests."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd

from customer_patterns import charts
from customer_patterns.reporting import show
from customer_patterns.reporting.publish import content_digest
from customer_patterns.wording import speaking

STUDY, AS_OF, LANGUAGE = "corner-shop", "2017-12-31", "en"
STEMS = ("01-collect", "02-clean", "03-behavior", "09-summary")
SOURCE = "order_lines, 1 Jan to 31 Dec 2017"


def shown(display: Any) -> nbformat.NotebookNode:
    """What a cell stores when its last expression is ``display``."""
    bundle = display._repr_mimebundle_() if hasattr(display, "_repr_mimebundle_") else show._chart_bundle(display)
    data, metadata = bundle
    return nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)


def html(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("execute_result", {"text/plain": "…", "text/html": text}, execution_count=1)


def plain(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)


def code(source: str, *outputs: nbformat.NotebookNode, tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=1, metadata={"tags": list(tags)})


prose = nbformat.v4.new_markdown_cell


def findings(*sentences: str, figure: str = "", page: str = "") -> nbformat.NotebookNode:
    link = f' · <a href="{page}#{figure}">see the figure</a>' if figure else ""
    items = "".join(
        f'<li id="finding-{number}"><p class="sentence">{sentence}</p>'
        f'<p class="meta">Description · 69–73 % · 2,469 households · table hours{link}</p></li>'
        for number, sentence in enumerate(sentences)
    )
    return html(f'<section class="findings" aria-label="Findings">\n<ol>{items}</ol>\n</section>')


def hours() -> pd.DataFrame:
    share = pd.Series([1, 1, 1, 1, 1, 2, 5, 9, 15, 20, 26, 30, 33, 34, 37, 41, 46, 49, 45, 36, 26, 19, 13, 7]) / 498
    return pd.DataFrame({"hour": range(24), "share": share, "share_low": share * 0.95, "share_high": share * 1.05})


def groups() -> pd.DataFrame:
    spend = pd.Series([1570.0, 1710.0, 2050.0, 2400.0, 1210.0])
    names = ["Under 15K", "25-34K", "50-74K", "100-124K", "unknown"]
    wide = spend * 0.06
    return pd.DataFrame(
        {"income_group": names, "spend": spend, "spend_low": spend - wide, "spend_high": spend + wide, "n": 120}
    )


def weeks() -> pd.DataFrame:
    first = dt.date(2017, 1, 2)
    orders = [3000 + 40 * (n % 5) + 8 * n for n in range(52)]
    return pd.DataFrame({"week": [first + dt.timedelta(weeks=n) for n in range(52)], "orders": orders})


def retention() -> pd.DataFrame:
    rows = [
        (dt.date(2017, cohort, 1), month, 0.9 - 0.07 * month + 0.01 * cohort)
        for cohort in range(1, 9)
        for month in range(9 - cohort)
    ]
    return pd.DataFrame(rows, columns=["cohort", "month", "kept"])


def figures(*, simulated: bool = False) -> dict[str, Any]:
    """One chart of each shape, with the words of a real one."""
    common: dict[str, Any] = {"source": SOURCE, "simulated": simulated}
    return {
        "hours": charts.bars(
            hours(), x="hour", y="share", low="share_low", high="share_high", unit="share", key_unit="hour of day",
            highlight=[16, 17, 18], anchor="hours", x_label="hour of the day, local time",
            title="More than one order in four is placed between 4 p.m. and 7 p.m.",
            subtitle="Share of orders by hour of the day, with 95 % interval; 155,848 orders of 2,469 households",
            **common,
        ),
        "groups": charts.dots(
            groups(), x="spend", y="income_group", low="spend_low", high="spend_high", unit="currency",
            highlight="unknown", reference=1860.0, reference_label="all households $1,860", anchor="income",
            title="Households of whom we know least also spend least",
            subtitle="Revenue per household in 2017, mean with 95 % interval; 2,469 households", **common,
        ),
        "weeks": charts.line(
            weeks(), x="week", y="orders", mark=weeks()["week"][51], anchor="weeks",
            title="Orders grow slowly through the year",
            subtitle="Orders per week; 155,848 orders of 2,469 households", **common,
        ),
        "cohorts": charts.heatmap(
            retention(), x="month", y="cohort", value="kept", unit="share", y_unit="month",
            x_label="months since the first order", anchor="cohorts",
            title="After three months four in five still shop",
            subtitle="Percent of a cohort that orders in the month; blank: not yet observed", **common,
        ),
    }  # fmt: skip


def behavior(*, simulated: bool = False) -> nbformat.NotebookNode:
    with speaking(currency="USD", customer="household", customers="households", simulated=simulated):
        chart = figures(simulated=simulated)
        table = show.table(
            groups().rename(columns={"income_group": "income"}), caption="Spend rises with income", bar="spend"
        )
    return nbformat.v4.new_notebook(
        cells=[
            prose("# What customers do\n\n**Question.** When do they shop, how often, for how much, and who stays?\n\n"
                  "**Reads** the clean tables. **Writes** `hours`, `groups`, `weeks`, `cohorts`."),
            code("weekly_gap_days = 7", tags=("parameters",)),
            code('study = "/secret/path"', plain("/secret/path"), tags=("injected-parameters",)),
            code("stage", plain("Stage behavior of study corner-shop"),
                 nbformat.v4.new_output("stream", name="stderr", text="a warning from a library")),
            prose("## When do they shop?\n\nHours are those of the shop's clock. A shop that opens at six has no "
                  "customers at five.\n\n> An hour is counted where the receipt was printed, not where it began."),
            code("charts.bars(...)", shown(chart["hours"])),
            code("charts.line(...)", shown(chart["weeks"])),
            prose("## Who spends how much?\n\nOnly a third of the households said what they earn."),
            code("charts.dots(...)", shown(chart["groups"])),
            code("show.table(...)", shown(table)),
            prose("## Who stays?"),
            code("charts.heatmap(...)", shown(chart["cohorts"])),
            prose("## Checks\n\nEvery order is in exactly one hour."),
            code("assert True"),
            prose("## Findings"),
            code("show.findings(...)", findings(
                "Weekly shoppers are 71 % of the households and bring most of the revenue",
                "More than one order in four is placed between 4 p.m. and 7 p.m.", figure="hours")),
            prose("## Limits\n\n- What is bought elsewhere is not seen.\n- Nothing here says *why*."),
            code("stage.write(...)", plain("Stage behavior wrote 4 tables")),
        ]
    )  # fmt: skip


def other(title: str, question: str, *, summary: bool = False) -> nbformat.NotebookNode:
    with speaking(currency="USD"):
        facts = show.facts({"Study": "The corner shop", "First day": dt.date(2017, 1, 1)})
    cells = [prose(f"# {title}\n\n**Question.** {question}\n\n**Reads** what was delivered.")]
    if summary:
        cells.append(code("show.facts(...)", shown(facts)))
    cells += [
        prose("## Is everything there?\n\nEach record is kept or set aside."),
        prose("## Findings"),
        code("show.findings(...)", findings("Every day has orders", figure="hours" if summary else "",
                                            page="03-behavior.html" if summary else "")),
        prose("## Limits\n\nA line that was never delivered leaves no trace."),
    ]  # fmt: skip
    return nbformat.v4.new_notebook(cells=cells)


def notebooks(*, simulated: bool = False) -> dict[str, nbformat.NotebookNode]:
    return {
        "01-collect": other("Where the data come from", "Which data came, from whom, and why may we use them?"),
        "02-clean": other("What was wrong with the data", "What was wrong, and what did we do about it?"),
        "03-behavior": behavior(simulated=simulated),
        "09-summary": other("What we know about the customers", "What do we know, and how sure are we?", summary=True),
    }


def manifest(stage: str, inputs: dict[str, str]) -> dict[str, Any]:
    return {
        "stage": stage,
        "study": STUDY,
        "as_of": AS_OF,
        "tables": {"hours": {"sha256": stage * 8, "rows": 24, "columns": ["hour", "share"]}},
        "inputs": inputs,
        "code": "c0de" * 16,
        "settings": {
            "weekly_gap_days": {
                "value": 8, "default": 7, "comment": "a household that comes at least this often is weekly",
                "given_by": "env.yaml",
            }
        }
        if stage == "behavior"
        else {},
        "versions": {"python": "3.11.7", "pandas": "3.1.1"},
    }  # fmt: skip


def write_run(runs: Path, *, as_of: str = AS_OF, language: str = LANGUAGE, simulated: bool = False) -> Path:
    """Write a run as ``ploomber build`` leaves it; return its folder."""
    folder = runs / STUDY / as_of
    chapters = folder / "chapters"
    chapters.mkdir(parents=True, exist_ok=True)
    inputs: dict[str, str] = {}
    for stem, notebook in notebooks(simulated=simulated).items():
        parameters = {"study": STUDY, "as_of": as_of, "language": language}
        notebook.metadata["papermill"] = {"parameters": parameters}
        for number, cell in enumerate(notebook.cells):
            cell.id = f"cell-{number}"
        nbformat.write(notebook, chapters / f"{stem}.ipynb")
        stage = stem.split("-", 1)[1]
        content = {**manifest(stage, dict(inputs)), "as_of": as_of}
        (folder / stage).mkdir(exist_ok=True)
        (folder / stage / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
        inputs[stage] = content_digest(content)
    return folder
