"""A table laid out, as HTML for a page and as text in columns of one width."""

from __future__ import annotations

import unicodedata
from html import escape

from customer_patterns.estimates import Count
from customer_patterns.reporting.tables import Cell, Head
from customer_patterns.wording import formats, say


def html_table(caption: str, heads: list[Head], body: list[list[Cell]], rows: int, tag: str) -> str:
    """Return a table as HTML.

    Parameters
    ----------
    caption
        What to see.
    heads, body
        Its heads, and its rows of cells.
    rows
        How many stand before the fold; 0: all are folded, the caption stands on the fold.
    tag
        What marks simulated data; empty: it shows none.
    """
    mark = f' <span class="simulated">{escaped(tag)}</span>' if tag else ""
    shown, folded = body[:rows], body[rows:]
    if not rows:
        grid = _html_grid(heads, body, caption)
        fold = f'<details class="more">\n<summary>{escaped(caption)}{mark}</summary>\n{grid}\n</details>'
        return f'<figure class="table">\n{fold}\n</figure>'
    parts = [
        f'<figure class="table">\n<figcaption>{escaped(caption)}{mark}</figcaption>',
        _html_grid(heads, shown, caption),
    ]
    if folded:
        more = say("show.more_rows", rows=Count(len(folded), "rows", n=len(folded), of="rows"))
        grid = _html_grid(heads, folded, f"{caption}, {more}")
        parts.append(f'<details class="more">\n<summary>{escaped(more)}</summary>\n{grid}\n</details>')
    return "\n".join([*parts, "</figure>"])


def _html_grid(heads: list[Head], body: list[list[Cell]], label: str) -> str:
    def head(item: Head) -> str:
        behind = formats.aside("", item.unit)
        gap = " " if behind.startswith(" ") else ""
        unit = f'{gap}<span class="unit">{escaped(behind.strip())}</span>' if item.unit else ""
        return f'<th scope="col"{_classes("num" if item.number else "")}>{escaped(item.text)}{unit}</th>'

    def cell(item: Cell, of: Head, first: bool) -> str:
        name, scope = ("th", ' scope="row"') if first else ("td", "")
        classes = _classes("num" if of.number else "", "est" if item.interval else "")
        drawn = "" if item.bar is None else _bar(item.bar)
        span = f'<br><small class="ci">{escaped(item.interval)}</small>' if item.interval else ""
        return f"<{name}{scope}{classes}>{drawn}{escaped(item.text)}{span}</{name}>"

    top = "".join(head(item) for item in heads)
    lines = "\n".join(
        "<tr>"
        + "".join(cell(item, of, first=i == 0) for i, (item, of) in enumerate(zip(row, heads, strict=True)))
        + "</tr>"
        for row in body
    )
    name = escaped(label)
    return f'<table aria-label="{name}">\n<thead>\n<tr>{top}</tr>\n</thead>\n<tbody>\n{lines}\n</tbody>\n</table>'


def _bar(share: float) -> str:
    """Draw a bar as SVG, not as a background: backgrounds are not printed."""
    return (
        '<svg class="bar" width="60" height="8" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * share:.1f}" height="10" fill="currentColor" opacity="0.35"/></svg> '
    )


def plain_table(caption: str, heads: list[Head], body: list[list[Cell]], tag: str) -> str:
    """Return all rows, the folded ones too, in columns of fixed width; intervals in a column of their own."""
    columns = [_plain_column(head, cells) for head, cells in zip(heads, _turned(body, len(heads)), strict=True)]
    lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
    return "\n".join([f"{caption} [{tag}]" if tag else caption, *lines])


def _plain_column(head: Head, cells: list[Cell]) -> list[str]:
    """Return head, rule and cells, all of one width."""
    texts = [cell.text for cell in cells]
    if any(cell.interval for cell in cells):
        digits, span = max(map(width_of, texts)), max(width_of(cell.interval) for cell in cells)
        spans = [padded(f" ({cell.interval})" if cell.interval else "", span + 3) for cell in cells]
        texts = [padded(cell.text, digits, right=True) + behind for cell, behind in zip(cells, spans, strict=True)]
    top = formats.aside(head.text, head.unit) if head.unit else head.text
    width = max(map(width_of, [top, *texts]))
    return [padded(top, width, right=head.number), "-" * width, *(padded(t, width, right=head.number) for t in texts)]


def _turned(body: list[list[Cell]], columns: int) -> list[list[Cell]]:
    return [[row[i] for row in body] for i in range(columns)]


def escaped(text: str) -> str:
    """Return a text as HTML, also within quotes."""
    return escape(text, quote=True)


def _classes(*names: str) -> str:
    given = " ".join(name for name in names if name)
    return f' class="{given}"' if given else ""


def width_of(text: str) -> int:
    """Return how many columns a text takes in a fixed-width font: Chinese two each, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return a text with spaces behind it, or before it, up to a width in columns."""
    gap = " " * (width - width_of(text))
    return gap + text if right else text + gap
