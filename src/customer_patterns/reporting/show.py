"""What a notebook's cell shows: findings, tables, facts, charts; each as text that can be re-verified and as HTML.

Everything is checked when it is made, not when IPython prints it: an error raised while printing would leave the cell
looking as if it had succeeded.

The HTML carries no styles of its own. Its classes: ``section.findings`` (``li#f-<key>``, ``p.sentence``, ``p.meta``),
``figure.table`` (``th.num``, ``td.num``, ``td.est`` for estimates, ``small.ci`` for their intervals, ``span.unit`` in
heads, ``svg.bar`` in cells, ``details.more`` for what is folded), ``dl.facts``, ``p.said``, ``span.simulated``.

A cell shows in the language of the run. Beside it, in the output's metadata, lies the same in every other language,
and the keys and values of the sentences shown: ``{"language": "en", "languages": {"zh": …}, "faults": {}, "sentences":
[{"key": …, "values": …}]}``. So one executed notebook can be published in all languages, and each of its numbers can be
traced.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from customer_patterns.estimates import Count, Estimate
from customer_patterns.reporting.findings import Finding
from customer_patterns.reporting.languages import in_other_languages
from customer_patterns.reporting.tables import Cell, Head, lay_out
from customer_patterns.wording import (
    Chosen,
    Name,
    Sentence,
    Told,
    Value,
    again,
    current_voice,
    formats,
    paragraph,
    say,
    sentences_in,
    show_value,
    translated,
)
from customer_patterns.wording.names import legible
from customer_patterns.wording.stored import sentence_to_json

if TYPE_CHECKING:
    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.axes import Axes

    from customer_patterns.schemas import TableSchema


class Display:
    """Something to show: ``text/plain``, the same on every run, and ``text/html`` with the same content.

    Parameters
    ----------
    make
        Makes both, in the current voice.
    sentences
        What it says, each perhaps with the table it rests on.
    """

    def __init__(
        self, make: Callable[[], tuple[str, str]], sentences: Iterable[tuple[Sentence, str | None]] = ()
    ) -> None:
        """Make it in every language."""
        self.plain, self.html = make()
        self._others = in_other_languages(lambda: make()[1])
        self._sentences = list(sentences)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        about = {**self._others.metadata(), "sentences": _noted(self._sentences)}
        return {"text/plain": self.plain, "text/html": self.html}, {"text/html": about}

    def __repr__(self) -> str:
        """Return the text."""
        return self.plain


#: So many findings stand before the fold.
MOST_FINDINGS = 6


def findings(found: Iterable[Finding | Mapping[str, Any]], *, pages: Mapping[str, str] | None = None) -> Display:
    """Show findings, each with its grade, intervals, n and source.

    Parameters
    ----------
    found
        Findings, or what a stage has stored of them.
    pages
        Where the chapters are, by stage (``{"behavior": "03-behavior.html"}``), if the figures are on other pages.

    Raises
    ------
    ValueError
        If two findings have the same key.
    """
    listed = [item if isinstance(item, Finding) else Finding.from_json(item) for item in found]
    keys = [item.key for item in listed]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"findings are listed twice: {', '.join(twice)}")

    def make() -> tuple[str, str]:
        plain, html = [], []
        label = _text(say("show.findings"))
        if not listed:
            nothing = paragraph(str(say("show.no_findings")))
            said = f'<p class="said">{_text(nothing)}</p>'
            return nothing, f'<section class="findings" aria-label="{label}">\n{said}\n</section>'
        for number, item in enumerate(listed, start=1):
            meta = _meta(item)
            plain.append(f"{number}. {item.sentence}\n   {' · '.join(meta)}")
            html.append(_finding_html(item, meta, (pages or {}).get(item.stage, "")))
        return "\n".join(plain), f'<section class="findings" aria-label="{label}">\n{_folded(html)}\n</section>'

    return Display(make, [(item.sentence, item.source) for item in listed])


def table(
    frame: pd.DataFrame,
    *,
    schema: TableSchema | None = None,
    columns: Sequence[str] | Mapping[str, str] | None = None,
    caption: str,
    rows: int = 12,
    digits: int | None = None,
    bar: str | Sequence[str] | None = None,
    simulated: bool | None = None,
) -> Display:
    """Show a table for people.

    A measure ``m`` with ``m_low`` and ``m_high`` becomes one column, its interval beneath it; where no row has an
    interval, the figures are not shown, and a sentence says why. The rows are shown as they come.

    Parameters
    ----------
    frame
        One row per group (never per person, order or event), at most 500; pandas, or what has ``to_pandas()``.
    schema
        What the columns mean: heads, units, kinds. Columns beyond it are shown by their name.
    columns
        Which, in which order; as a mapping, with the heads to use. ``None``: all. A table with an estimate always
        shows its ``n``.
    caption
        What to see. Digits only from :func:`~customer_patterns.wording.say`.
    rows
        How many stand before the fold; 0: all are folded, the caption stands on the fold.
    digits
        Significant digits of each column's largest figure; ``None``: three.
    bar
        Columns that get a bar in each cell, from zero, the largest full.
    simulated
        Whether it shows simulated data; ``None``: whether the table of ``schema`` rests on simulated deliveries.

    Raises
    ------
    ValueError
        If an estimate comes without its interval or its n, a column is not there, the caption holds a typed digit,
        there are rows about persons, or too many rows.
    """
    check_typed(caption, "a caption")
    bars = (bar,) if isinstance(bar, str) else tuple(bar or ())
    if simulated is None:
        simulated = current_voice().calls_simulated(*([schema.name] if schema else []))
    if hasattr(frame, "to_pandas"):  # Ibis and Arrow
        frame = frame.to_pandas()

    def make() -> tuple[str, str]:
        heads, body = lay_out(frame, schema=schema, columns=again(columns), digits=digits or 3, bars=bars)
        tag = str(say("show.simulated")) if simulated else ""
        words = in_voice(caption)
        plain, html = _plain_table(words, heads, body, tag), _html_table(words, heads, body, rows, tag)
        if not any(head.unsupported for head in heads):
            return plain, html
        why = paragraph(str(say("show.no_intervals")))
        return f"{plain}\n{why}", f'{html}\n<p class="said">{_text(why)}</p>'

    table_name = schema.name if schema else None
    return Display(make, [(sentence, table_name) for sentence in sentences_in([caption, columns])])


def facts(of: Mapping[str, Value | Told | str | bool | None]) -> Display:
    """Show a few facts by name: figures (each with its n or interval behind it), dates, names, plain texts.

    The names are sentences of the catalog, or labels in English that have a translation. Plain texts are shown as they
    are in every language; a :class:`~customer_patterns.wording.Told` brings its own.
    """

    def make() -> tuple[str, str]:
        lines = [(in_voice(term), _fact(term, value)) for term, value in of.items()]
        width = max((_width(term) for term, _ in lines), default=0)
        plain = "\n".join(f"{_pad(term, width)}  {text}" for term, text in lines)
        items = "\n".join(f"<dt>{_text(term)}</dt><dd>{_text(text)}</dd>" for term, text in lines)
        return plain, f'<dl class="facts">\n{items}\n</dl>'

    return Display(make, [(sentence, None) for sentence in sentences_in(of)])


def said(key: str, /, **values: Value) -> Display:
    """Show one sentence of the catalog as a paragraph, e.g. above a table or among the limits; it gets a full stop.

    Parameters
    ----------
    key
        The sentence's key, or a sentence that has been said already.
    values
        What fills its places.
    """
    return _paragraph(key if isinstance(key, Sentence) else say(key, **values))


def left_open(sentence: Sentence, missing: Sequence[str]) -> Display:
    """Show as a paragraph that a question stays open, and mark it with the tables that are missing for an answer.

    Sections that show nothing else are gathered under one heading when the chapter becomes a page.
    """
    return _paragraph(sentence, f' data-missing="{_text(" ".join(missing))}"')


def _paragraph(sentence: Sentence, marks: str = "") -> Display:
    def make() -> tuple[str, str]:
        text = paragraph(str(sentence.again()))
        return text, f'<p class="said"{marks}>{_text(text)}</p>'

    return Display(make, [(sentence, None)])


def check_typed(text: str, what: str) -> None:
    """Raise ValueError if a text holds a digit that was typed: numbers come from values, through ``say``."""
    if not isinstance(text, Sentence) and any(c.isdigit() for c in text):
        raise ValueError(f"{what} holds a typed digit: {text!r}; let wording.say() fill it from a value")


def in_voice(text: str) -> str:
    """Return a sentence, or a label typed in English, in the language of the run."""
    return str(text.again()) if isinstance(text, Sentence) else translated(text, context="label")


def register(ipython: InteractiveShell | None = None) -> None:
    """Let cells show the Axes of a chart: as text, and as SVG with its description. Does not import matplotlib.

    Parameters
    ----------
    ipython
        The shell; ``None``: the one that runs. Outside of a notebook there is none, and nothing is done.
    """
    if ipython is None:
        from IPython import get_ipython

        ipython = get_ipython()
    if ipython is None:
        return
    ipython.display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.axes._axes", "Axes", _chart_bundle)


def _chart_bundle(ax: Axes) -> tuple[dict[str, str], dict[str, dict[str, Any]]] | None:
    from customer_patterns import charts

    try:
        about = charts.describe(ax)
    except KeyError:  # an explorer's own chart: shown as if we were not here
        return None
    data = {
        "text/plain": f"Figure: {about.title} | {about.subtitle} | {about.alt}",
        "image/svg+xml": charts.to_svg(ax),
    }
    names = ("alt", "title", "subtitle", "source", "anchor", "simulated")
    words = {name: getattr(about, name) for name in names}
    source = next((name for name in getattr(about.source, "names", ())), None)
    noted = _noted((sentence, source) for sentence in charts.sentences_of(ax))
    others = in_other_languages(lambda: _in_this_language(ax))
    return data, {"image/svg+xml": {**words, **others.metadata(), "sentences": noted}}


def _in_this_language(ax: Axes) -> str:
    from customer_patterns import charts

    drawn = charts.in_language(ax, current_voice().language)
    if drawn is None:
        raise charts.ChartError("a chart on a figure of its own cannot be drawn in another language")
    return charts.to_svg(drawn)


def _noted(sentences: Iterable[tuple[Sentence, str | None]]) -> list[dict[str, Any]]:
    """Return sentences as JSON, each once, with the table they rest on where one is known."""
    found: list[dict[str, Any]] = []
    for sentence, source in sentences:
        note = {**sentence_to_json(sentence), **({"source": source} if source else {})}
        if note not in found:
            found.append(note)
    return found


# Findings


def _meta(item: Finding) -> list[str]:
    """Return the parts of the line beneath a finding."""
    parts = [str(say("show.simulated"))] if item.simulated else []
    parts.append(str(say(f"show.grade_{item.grade}")))
    estimates = [value for value in item.figures if isinstance(value, Estimate)]
    key = "show.interval" if len(estimates) == 1 else "show.intervals"
    parts += [str(say(key, value=value)) for value in estimates]
    if len(estimates) < len(item.figures):
        parts.append(str(say("show.counted")))
    # what was counted in full stands in the sentence already; a share of it does not say of how many
    parts += dict.fromkeys(formats.size(value) for value in item.figures if not _is_its_own_n(value))
    parts.append(str(say("show.source", table=Name(item.source, "table"))))
    return parts


def _is_its_own_n(figure: Estimate | Count) -> bool:
    return isinstance(figure, Count) and figure.value == figure.n and figure.unit == figure.of


def _folded(findings: list[str]) -> str:
    """A list of findings, of which a reader sees the first few; the chapters put first what matters most."""
    first, rest = findings[:MOST_FINDINGS], findings[MOST_FINDINGS:]
    parts = ["<ol>", *first, "</ol>"]
    if rest:
        more = say("show.more_rows", rows=Count(len(rest), "findings", n=len(rest), of="findings"))
        parts += ['<details class="more">', f"<summary>{_text(more)}</summary>", "<ol>", *rest, "</ol>", "</details>"]
    return "\n".join(parts)


def _finding_html(item: Finding, meta: list[str], page: str) -> str:
    spans = " · ".join(_text(part) for part in meta)
    if item.simulated:
        spans = spans.replace(_text(meta[0]), f'<span class="simulated">{_text(meta[0])}</span>', 1)
    if item.figure:
        spans += f' · <a href="{_text(page)}#{_text(item.figure)}">{_text(say("show.see_figure"))}</a>'
    return (
        f'<li id="f-{_text(item.key)}">\n<p class="sentence">{_text(item.sentence)}</p>\n'
        f'<p class="meta">{spans}</p>\n</li>'
    )


# Tables


def _html_table(caption: str, heads: list[Head], body: list[list[Cell]], rows: int, tag: str) -> str:
    mark = f' <span class="simulated">{_text(tag)}</span>' if tag else ""
    shown, folded = body[:rows], body[rows:]
    if not rows:
        grid = _html_grid(heads, body, caption)
        fold = f'<details class="more">\n<summary>{_text(caption)}{mark}</summary>\n{grid}\n</details>'
        return f'<figure class="table">\n{fold}\n</figure>'
    parts = [
        f'<figure class="table">\n<figcaption>{_text(caption)}{mark}</figcaption>',
        _html_grid(heads, shown, caption),
    ]
    if folded:
        more = say("show.more_rows", rows=Count(len(folded), "rows", n=len(folded), of="rows"))
        label = f"{caption}, {more}"
        parts.append(
            f'<details class="more">\n<summary>{_text(more)}</summary>\n{_html_grid(heads, folded, label)}\n</details>'
        )
    return "\n".join([*parts, "</figure>"])


def _html_grid(heads: list[Head], body: list[list[Cell]], label: str) -> str:
    def head(item: Head) -> str:
        behind = formats.aside("", item.unit)
        gap = " " if behind.startswith(" ") else ""
        unit = f'{gap}<span class="unit">{_text(behind.strip())}</span>' if item.unit else ""
        return f'<th scope="col"{_classes("num" if item.number else "")}>{_text(item.text)}{unit}</th>'

    def cell(item: Cell, of: Head, first: bool) -> str:
        name, scope = ("th", ' scope="row"') if first else ("td", "")
        classes = _classes("num" if of.number else "", "est" if item.interval else "")
        drawn = "" if item.bar is None else _bar(item.bar)
        span = f'<br><small class="ci">{_text(item.interval)}</small>' if item.interval else ""
        return f"<{name}{scope}{classes}>{drawn}{_text(item.text)}{span}</{name}>"

    top = "".join(head(item) for item in heads)
    lines = "\n".join(
        "<tr>"
        + "".join(cell(item, of, first=i == 0) for i, (item, of) in enumerate(zip(row, heads, strict=True)))
        + "</tr>"
        for row in body
    )
    return (
        f'<table aria-label="{_text(label)}">\n<thead>\n<tr>{top}</tr>\n</thead>\n<tbody>\n{lines}\n</tbody>\n</table>'
    )


def _bar(share: float) -> str:
    """Draw a bar as SVG, not as a background: backgrounds are not printed."""
    return (
        '<svg class="bar" width="60" height="8" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * share:.1f}" height="10" fill="currentColor" opacity="0.35"/></svg> '
    )


def _plain_table(caption: str, heads: list[Head], body: list[list[Cell]], tag: str) -> str:
    """Return all rows, the folded ones too, in columns of fixed width; intervals in a column of their own."""
    columns = [_plain_column(head, cells) for head, cells in zip(heads, _turned(body, len(heads)), strict=True)]
    lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
    return "\n".join([f"{caption} [{tag}]" if tag else caption, *lines])


def _plain_column(head: Head, cells: list[Cell]) -> list[str]:
    """Return head, rule and cells, all of one width."""
    texts = [cell.text for cell in cells]
    if any(cell.interval for cell in cells):
        digits, span = max(map(_width, texts)), max(_width(cell.interval) for cell in cells)
        blank = " " * (span + 3)
        texts = [
            _pad(cell.text, digits, right=True) + (_pad(f" ({cell.interval})", span + 3) if cell.interval else blank)
            for cell in cells
        ]
    top = formats.aside(head.text, head.unit) if head.unit else head.text
    width = max(map(_width, [top, *texts]))
    return [_pad(top, width, right=head.number), "-" * width, *(_pad(t, width, right=head.number) for t in texts)]


def _turned(body: list[list[Cell]], columns: int) -> list[list[Cell]]:
    return [[row[i] for row in body] for i in range(columns)]


# Texts


def _fact(term: str, value: object) -> str:
    if value is None:
        return formats.MISSING
    if isinstance(value, bool):
        return formats.truth(value)
    if isinstance(value, Estimate):
        return formats.joined(formats.aside(show_value(value), formats.interval(value)), formats.size(value))
    if isinstance(value, Count | Chosen):
        return show_value(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return formats.day(value)
    if isinstance(value, Name):
        return value.display
    if isinstance(value, Told):
        return legible(value.text)
    if isinstance(value, str):
        return str(again(value)) if isinstance(value, Sentence) else legible(value)
    raise TypeError(
        f"the fact {term!r} is {type(value).__name__} {value!r}; give an Estimate, Count, Chosen, date, Name or text"
    )


def _text(text: str) -> str:
    return escape(text, quote=True)


def _classes(*names: str) -> str:
    given = " ".join(name for name in names if name)
    return f' class="{given}"' if given else ""


def _width(text: str) -> int:
    """Return how many columns a text takes in a fixed-width font: Chinese two each, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, *, right: bool = False) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap
