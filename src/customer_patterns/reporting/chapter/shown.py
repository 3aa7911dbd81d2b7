"""What a cell shows to a reader, in the current voice's language: figures and HTML."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from customer_patterns import charts
from customer_patterns.reporting.chapter.edition import ChapterError
from customer_patterns.wording import current_voice
from customer_patterns.wording.messages import ORIGINAL

if TYPE_CHECKING:
    from nbformat import NotebookNode

_UNSEEN_CELLS = frozenset({"parameters", "injected-parameters"})


def entries_of(cell: NotebookNode, lacking: list[str]) -> Iterator[dict[str, Any]]:
    """Yield what a cell shows to a reader: figures and HTML. What was printed, and plain text, is for whoever runs it.

    Parameters
    ----------
    cell
        An executed cell of code.
    lacking
        To which texts are added that do not exist in the current voice's language.

    Raises
    ------
    ChapterError
        For a cell that failed, a picture that is no chart of the house, or one without alternative text.
    """
    outputs = cell.get("outputs", [])
    for output in outputs:
        if output.output_type == "error":
            raise ChapterError(f"a cell failed with {output.ename}: {output.evalue}")
    if _UNSEEN_CELLS & set(cell.metadata.get("tags", [])):
        return
    for output in outputs:
        data = output.get("data", {})
        kind = next((kind for kind in ("image/svg+xml", "text/html") if kind in data), "")
        if kind:
            described = output.metadata.get(kind, {})
            content = _said_in_language(joined_text(data[kind]), described, lacking)
            if kind == "text/html":
                yield {"kind": "html", "html": _scrollable(content)}
            else:
                yield _figure(content, described)
        elif any(kind.startswith("image/") for kind in data):
            raise ChapterError("a picture that no chart of the house made: it cannot be described; use charts")


def _said_in_language(content: str, described: Mapping[str, Any], lacking: list[str]) -> str:
    """What a cell shows, as it was made in the current voice's language."""
    language = current_voice().language
    if language == described.get("language", ORIGINAL):
        return content
    if language in described.get("languages", {}):
        return joined_text(described["languages"][language])
    lacking.append(
        described.get("faults", {}).get(language)
        or f"a cell shows something that does not exist in {language!r}; use charts and show"
    )
    return content


def _figure(svg: str, described: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's words and pictures. Charts of the house describe themselves; another SVG needs its words beside it."""
    picture = charts.read_svg(svg)
    words = picture.description if picture else None
    alt = words.alt if words else described.get("alt")
    if not alt:
        raise ChapterError("a picture has no alternative text")
    shown = picture.page if picture else svg
    size = re.search(r'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"', shown)
    return {
        "kind": "figure",
        "picture": _data_address(shown),
        "phone": _data_address(picture.phone) if picture and picture.phone else "",
        "alt": alt,
        "title": words.title if words else described.get("title", ""),
        "subtitle": words.subtitle if words else described.get("subtitle", ""),
        "source": words.source if words else described.get("source", ""),
        "id": (words.anchor if words else described.get("anchor")) or "",
        "simulated": bool(words and words.simulated),
        "width": round(float(size.group(1)) / 0.75) if size else None,
        "height": round(float(size.group(2)) / 0.75) if size else None,
    }


def _scrollable(html: str) -> str:
    """Let a wide table scroll by itself, by keyboard too, so that the page does not."""

    def opened(match: re.Match[str]) -> str:
        label = re.search(r'aria-label="([^"]*)"', match.group())
        name = f' aria-label="{label.group(1)}"' if label else ""
        return f'<div class="scroll" tabindex="0" role="group"{name}>{match.group()}'

    return re.sub(r"<table\b[^>]*>", opened, html).replace("</table>", "</table></div>")


def joined_text(data: str | Sequence[str]) -> str:
    """Return a text of a notebook, which may be stored line by line."""
    return data if isinstance(data, str) else "".join(data)


def _data_address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
