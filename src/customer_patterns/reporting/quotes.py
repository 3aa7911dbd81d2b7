"""What a page says, compared with the registry of what was said: nothing is misquoted, nothing made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from customer_patterns.charts.lettering import fitting
from customer_patterns.reporting.registry import Registry
from customer_patterns.wording import paragraph

#: Elements without an end.
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def misquoted(html: str, registry: Registry, *, name: str) -> list[str]:
    """Compare the sentences of a page with those of the registry, each said anew in the current voice.

    Findings are compared by key, wherever they are shown. Titles, captions and paragraphs that hold a digit must be
    sentences of the registry; the summary may repeat those of a chapter.

    Parameters
    ----------
    html
        The page.
    registry
        The registry.
    name
        What the page is called in the faults.
    """
    findings = registry.findings
    told = any(entry.kind == "shown" for entry in registry.entries)  # chapters made by hand carry no sentences
    sentences = [entry.sentence for entry in registry.entries]
    texts = {form(sentence) for sentence in sentences for form in (str, paragraph, fitting)}
    faults = []
    for key, text in quotes(html):
        if key is not None and key not in findings:
            faults.append(f"page {name} shows the finding {key}, which is not in the registry")
        elif key is not None and text != (wanted := findings[key].text):
            faults.append(f"page {name} misquotes {key}: it shows {text!r}, the registry says {wanted!r}")
        elif key is None and told and any(c.isdigit() for c in text) and text not in texts:
            faults.append(f"page {name} says {text!r}, which no entry of the registry says")
    return faults


def quotes(html: str) -> Iterator[tuple[str | None, str]]:
    """Give the sentences that a page shows: findings with their keys, then titles, captions and paragraphs without."""
    parser = _Quotes()
    parser.feed(html)
    parser.close()
    yield from parser.found


class _Quotes(HTMLParser):
    """Collects the text of ``p.sentence`` (with the key of its ``li#f-<key>``), ``p.said`` and captions of figures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str | None, str]] = []
        self._open: list[tuple[str, str, dict[str, str]]] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = {name: value or "" for name, value in attrs}
        kind = self._kind(tag, given)
        self._open.append((tag, kind, given))
        if kind == "quote":
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, kind, _ = self._open.pop()
            if kind == "quote" and self._text is not None:
                self.found.append((self._key(), "".join(self._text).strip()))
                self._text = None
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._text is not None and not any(kind == "aside" for _, kind, _ in self._open):
            self._text.append(data)

    def _kind(self, tag: str, given: Mapping[str, str]) -> str:
        classes = given.get("class", "").split()
        inside = [name for name, _, _ in self._open]
        if "simulated" in classes or "number" in classes:
            return "aside"
        if tag == "p" and ("sentence" in classes or "said" in classes):
            return "quote"
        within = next((g.get("class", "") for name, _, g in reversed(self._open) if name == "figure"), "")
        if tag == "figcaption" and within == "" and "figure" in inside:
            return "quote"
        if tag == "figcaption" and "table" in within.split():
            return "quote"
        if "figcaption" in inside and "chart" in within.split() and (tag == "strong" or "measure" in classes):
            return "quote"
        return ""

    def _key(self) -> str | None:
        """The key of the finding in whose list item we are."""
        ids = [given.get("id", "") for name, _, given in self._open if name == "li"]
        return ids[-1].removeprefix("f-") if ids and ids[-1].startswith("f-") else None
