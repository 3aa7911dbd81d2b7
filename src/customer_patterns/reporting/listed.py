"""Findings as a reader sees them: a sentence, and beneath it how sure it is, on what it rests, where it is shown."""

from __future__ import annotations

from customer_patterns.estimates import Count, Estimate
from customer_patterns.reporting.findings import Finding
from customer_patterns.reporting.grids import escaped
from customer_patterns.wording import Name, formats, say

#: So many findings stand before the fold.
MOST_FINDINGS = 6


def meta_of(item: Finding) -> list[str]:
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


def folded(findings: list[str]) -> str:
    """Return findings as a list, of which a reader sees the first few; the chapters put first what matters most."""
    first, rest = findings[:MOST_FINDINGS], findings[MOST_FINDINGS:]
    parts = ["<ol>", *first, "</ol>"]
    if rest:
        more = say("show.more_rows", rows=Count(len(rest), "findings", n=len(rest), of="findings"))
        parts += ['<details class="more">', f"<summary>{escaped(more)}</summary>", "<ol>", *rest, "</ol>", "</details>"]
    return "\n".join(parts)


def finding_html(item: Finding, meta: list[str], page: str) -> str:
    """Return one finding as an item of a list; ``page`` is where its figure is, if on another page."""
    spans = " · ".join(escaped(part) for part in meta)
    if item.simulated:
        spans = spans.replace(escaped(meta[0]), f'<span class="simulated">{escaped(meta[0])}</span>', 1)
    if item.figure:
        spans += f' · <a href="{escaped(page)}#{escaped(item.figure)}">{escaped(say("show.see_figure"))}</a>'
    return (
        f'<li id="f-{escaped(item.key)}">\n<p class="sentence">{escaped(item.sentence)}</p>\n'
        f'<p class="meta">{spans}</p>\n</li>'
    )
