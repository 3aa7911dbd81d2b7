"""A notebook, arranged for readers: title, question, findings first, the sections, figures numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

from customer_patterns.reporting.chapter.edition import ChapterError
from customer_patterns.reporting.chapter.notebooks import chapter_title
from customer_patterns.reporting.chapter.sections import MISSING, Page, Section, gather_open
from customer_patterns.reporting.chapter.shown import entries_of, joined_text
from customer_patterns.wording import Untranslated, current_voice, translated
from customer_patterns.wording.formats import spaced
from customer_patterns.wording.messages import ORIGINAL
from customer_patterns.wording.prose import NOTEBOOK, in_language

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: How a cell of prose is tagged that speaks of tables which may be missing.
_NEEDS = "needs-"


def arrange(notebook: NotebookNode) -> Page:
    """Put a notebook into a reader's order: title, question, findings, the sections; figures numbered as they come.

    Prose is translated here, into the current voice's language; what cells show lies in the notebook in all languages.
    Sections that say only which data are missing, or only what an earlier one has said, are gathered under one heading;
    within a section a sentence is said once; prose that a tag (``needs-order_lines``) ties to missing tables is left
    out.

    Raises
    ------
    ChapterError
        For a cell that failed, a missing title, a picture without alternative text; for each text that lacks a
        translation.
    """
    page, lacking = Page(chapter_title(notebook)), []
    section: Section | None = None
    missing = _missing_tables(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if missing & {tag.removeprefix(_NEEDS) for tag in cell.metadata.get("tags", []) if tag.startswith(_NEEDS)}:
                continue
            for heading, prose in _split(_in_language(cell.source, lacking)):
                if heading.startswith("# "):
                    page.question, page.preface = _question(prose)
                    continue
                if heading:
                    section = Section(heading.removeprefix("## ").strip())
                    page.sections.append(section)
                if prose:
                    (section.entries if section else page.opening).append({"kind": "prose", "text": prose})
        elif cell.cell_type == "code":
            entries = section.entries if section else page.opening
            said = section.said if section else ()
            entries.extend(item for item in entries_of(cell, lacking) if item.get("html") not in said)
    if lacking:
        raise ChapterError("; ".join(dict.fromkeys(lacking)))
    page.sections = gather_open(page.sections)
    page.sections = [part for part in page.sections if part.entries]  # of some only the heading is left
    _number([*(part.entries for part in page.findings), page.opening, *(part.entries for part in page.parts)])
    _name(page)
    return page


def _missing_tables(notebook: NotebookNode) -> set[str]:
    """The tables that cells say are missing."""
    shown = (
        joined_text(output.get("data", {}).get("text/html", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.get("outputs", [])
    )
    return {table for html in shown for names in MISSING.findall(html) for table in names.split()}


def _in_language(source: str, lacking: list[str]) -> str:
    """A cell of prose in the current voice's language; what has no translation is noted."""

    def say_or_note(text: str) -> str:
        try:
            return spaced(translated(text, context=NOTEBOOK))
        except Untranslated as error:
            lacking.append(str(error))
            return text

    return source if current_voice().language == ORIGINAL else in_language(source, say_or_note)


def _split(source: str) -> Iterator[tuple[str, str]]:
    """Cut a cell of prose at its headings of the first two levels; code blocks keep their number signs."""
    heading, lines, fenced = "", [], False
    for line in source.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and re.match(r"##?\s+\S", line):
            if heading or "".join(lines).strip():
                yield heading, "\n".join(lines).strip()
            heading, lines = line, []
        else:
            lines.append(line)
    if heading or "".join(lines).strip():
        yield heading, "\n".join(lines).strip()


def _question(prose: str) -> tuple[str, str]:
    """Part what follows the title: the question without its label, and the rest (what is read and written, why)."""
    first, _, rest = prose.partition("\n\n")
    question = re.sub(r"^\*\*[^*]+\*\*[：:]?\s*", "", first)
    return question, rest.strip()


def _number(parts: Sequence[list[dict[str, Any]]]) -> None:
    """Number the figures as a reader meets them, and give each an anchor."""
    figures = [item for part in parts for item in part if item["kind"] == "figure"]
    given = [item["id"] for item in figures if item["id"]]
    if twice := sorted({anchor for anchor in given if given.count(anchor) > 1}):
        raise ChapterError(f"two figures have the anchor {', '.join(twice)}")
    for number, item in enumerate(figures, start=1):
        item["number"] = number
        item["id"] = item["id"] or f"figure-{number}"


def _name(page: Page) -> None:
    """Give each section an anchor of its own."""
    taken = {item["id"] for part in page.sections for item in part.entries if item["kind"] == "figure"} | {
        "about",
        "content",
    }
    taken |= {item["id"] for item in page.opening if item["kind"] == "figure"}
    for section in page.sections:
        base = re.sub(r"[^\w]+", "-", unescape(section.title).casefold()).strip("-") or "section"
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        section.id = name
