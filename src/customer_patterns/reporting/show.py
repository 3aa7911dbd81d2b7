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

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from customer_patterns.estimates import Count, Estimate
from customer_patterns.reporting.findings import Finding
from customer_patterns.reporting.grids import escaped, html_table, padded, plain_table, width_of
from customer_patterns.reporting.languages import in_other_languages
from customer_patterns.reporting.listed import finding_html, folded, meta_of
from customer_patterns.reporting.tables import lay_out
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
        label = escaped(say("show.findings"))
        if not listed:
            nothing = paragraph(str(say("show.no_findings")))
            said = f'<p class="said">{escaped(nothing)}</p>'
            return nothing, f'<section class="findings" aria-label="{label}">\n{said}\n</section>'
        for number, item in enumerate(listed, start=1):
            meta = meta_of(item)
            plain.append(f"{number}. {item.sentence}\n   {' · '.join(meta)}")
            html.append(finding_html(item, meta, (pages or {}).get(item.stage, "")))
        return "\n".join(plain), f'<section class="findings" aria-label="{label}">\n{folded(html)}\n</section>'

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
        plain, html = plain_table(words, heads, body, tag), html_table(words, heads, body, rows, tag)
        if not any(head.unsupported for head in heads):
            return plain, html
        why = paragraph(str(say("show.no_intervals")))
        return f"{plain}\n{why}", f'{html}\n<p class="said">{escaped(why)}</p>'

    table_name = schema.name if schema else None
    return Display(make, [(sentence, table_name) for sentence in sentences_in([caption, columns])])


def facts(of: Mapping[str, Value | Told | str | bool | None]) -> Display:
    """Show a few facts by name: figures (each with its n or interval behind it), dates, names, plain texts.

    The names are sentences of the catalog, or labels in English that have a translation. Plain texts are shown as they
    are in every language; a :class:`~customer_patterns.wording.Told` brings its own.
    """

    def make() -> tuple[str, str]:
        lines = [(in_voice(term), _fact(term, value)) for term, value in of.items()]
        width = max((width_of(term) for term, _ in lines), default=0)
        plain = "\n".join(f"{padded(term, width)}  {text}" for term, text in lines)
        items = "\n".join(f"<dt>{escaped(term)}</dt><dd>{escaped(text)}</dd>" for term, text in lines)
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
    return _paragraph(sentence, f' data-missing="{escaped(" ".join(missing))}"')


def _paragraph(sentence: Sentence, marks: str = "") -> Display:
    def make() -> tuple[str, str]:
        text = paragraph(str(sentence.again()))
        return text, f'<p class="said"{marks}>{escaped(text)}</p>'

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
