"""Cards: a few figures about each of several groups, side by side; on a phone, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.estimates import Estimate, NotEnoughData, estimate_from_row
from customer_patterns.reporting.show import Display, check_typed, in_voice
from customer_patterns.wording import (
    Chosen,
    Told,
    current_voice,
    data_text,
    formats,
    headed,
    say,
    sentences_in,
    show_value,
)

if TYPE_CHECKING:
    from customer_patterns.schemas import TableSchema

#: A page with more cards is a catalog.
MOST_CARDS = 24


def cards(
    parts: Sequence[tuple[pd.DataFrame, TableSchema]],
    *,
    caption: str,
    called: Mapping[str, Mapping[str, Told]] | None = None,
    folded: bool = False,
) -> Display:
    """Show groups of customers as cards, each with what is known of it.

    Parameters
    ----------
    parts
        Tables with one row per line of a card, each with its schema: ``group``, ``topic``, ``measure``, ``n``,
        ``unit``, ``figure`` with interval, ``elsewhere`` (the same among all others, to compare with). Lines of tables
        that rest on simulated deliveries say so. The first line of a group is its size: its ``n`` stands in the head.
    caption
        What to see. Digits only from :func:`~customer_patterns.wording.say`.
    called
        What measures are called that are keys, by topic: ``{"tags": …}``.
    folded
        Whether a reader has to unfold them.

    Raises
    ------
    ValueError
        There are too many groups, or the caption holds a typed digit.
    """
    check_typed(caption, "a caption")
    called = dict(called or {})
    frames = [frame.assign(_part=number) for number, (frame, _) in enumerate(parts) if len(frame)]
    lines = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["group"])
    groups = list(dict.fromkeys(lines["group"]))
    if len(groups) > MOST_CARDS:
        raise ValueError(f"{len(groups)} cards are too many to look at; show at most {MOST_CARDS}")
    schemas = [schema for _, schema in parts]
    simulated = [current_voice().calls_simulated(schema.name) for schema in schemas]
    throughout = all(simulated)  # then the caption says so, and not each line

    def make() -> tuple[str, str]:
        plain, html = [], []
        for group in groups:
            text, card = _card(lines[lines["group"] == group], called, [one and not throughout for one in simulated])
            plain.append(text)
            html.append(card)
        words = in_voice(caption)
        tag = str(say("show.simulated")) if throughout else ""
        mark = f' <span class="simulated">{_text(tag)}</span>' if tag else ""
        plain.insert(0, f"{words} [{tag}]" if tag else words)
        body = f'<ul class="cards">\n{"".join(html)}</ul>'
        if folded:
            body = f'<details class="more">\n<summary>{_text(words)}{mark}</summary>\n{body}\n</details>'
            return "\n".join(plain), f'<figure class="table">\n{body}\n</figure>'
        head = f"<figcaption>{_text(words)}{mark}</figcaption>"
        return "\n".join(plain), f'<figure class="table">\n{head}\n{body}\n</figure>'

    return Display(make, [(sentence, schemas[0].name) for sentence in sentences_in([caption])])


def _card(lines: pd.DataFrame, called: Mapping[str, Mapping[str, Told]], simulated: Sequence[bool]) -> tuple[str, str]:
    """One card, as text and as HTML."""
    group = data_text(lines["group"].iloc[0])
    size = lines["n"].iloc[0]
    n = str(say("show.too_few")) if pd.isna(size) else formats.counted(int(size), "customers")
    plain, html, topic = [f"{group}: {n}"], [], None
    for _, line in lines.iterrows():
        figure = _figure(line)
        if figure is None:
            continue
        label = _called(line, called)
        value, span = show_value(figure), formats.interval(figure, bare=True)
        beside = _elsewhere(line)
        tag = str(say("show.simulated")) if simulated[int(line["_part"])] else ""
        plain.append("  " + ", ".join(part for part in (f"{label}: {value} ({span})", beside, tag) if part))
        mark = f' <span class="simulated">{_text(tag)}</span>' if tag else ""
        begins = ' class="begins"' if line["topic"] != topic else ""
        topic = line["topic"]
        others = f"<small>{_text(beside)}</small>" if beside else ""
        html.append(
            f"<dt{begins}>{_text(label)}{mark}{others}</dt>"
            f'<dd{begins}>{_text(value)} <small class="ci">{_text(span)}</small></dd>'
        )
    head = f'<p class="name">{_text(group)}</p><p class="n">{_text(n)}</p>'
    body = f"<dl>{''.join(html)}</dl>" if html else ""
    return "\n".join(plain), f"<li>{head}{body}</li>\n"


def _figure(line: pd.Series) -> Estimate | None:
    try:
        return estimate_from_row(line, "figure", of="customers", unit=line["unit"])
    except NotEnoughData:
        return None


def _elsewhere(line: pd.Series) -> str:
    """What the same figure is among all others, as a bare comparison."""
    if pd.isna(line["elsewhere"]):
        return ""
    return str(say("show.others", value=Chosen(float(f"{line['elsewhere']:.2g}"), line["unit"])))


def _called(line: pd.Series, called: Mapping[str, Mapping[str, Told]]) -> str:
    """What a line is about: by its key within its topic, or the word that stands in the table."""
    told = called.get(line["topic"], {}).get(line["measure"])
    if line["measure"] == "customers":  # the study's own noun
        return headed("Customers")
    text = told.text if told else data_text(line["measure"])
    return text[:1].upper() + text[1:]


def _text(text: str) -> str:
    return escape(text, quote=True)
