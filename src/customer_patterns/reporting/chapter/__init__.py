"""An executed notebook as a page: what a reader needs, in a reader's order, in a file that fetches and runs nothing."""

from customer_patterns.reporting.chapter.arranged import arrange
from customer_patterns.reporting.chapter.dressed import LARGEST_PAGE, check_page, render_chapter, render_template
from customer_patterns.reporting.chapter.edition import (
    LANGUAGE_NAMES,
    SUMMARY,
    Chapter,
    ChapterError,
    Edition,
    Provenance,
    stage_of,
)
from customer_patterns.reporting.chapter.notebooks import chapter_title, no_grammars, read_notebook
from customer_patterns.reporting.chapter.sections import Page, Section

__all__ = [
    "LANGUAGE_NAMES",
    "LARGEST_PAGE",
    "SUMMARY",
    "Chapter",
    "ChapterError",
    "Edition",
    "Page",
    "Provenance",
    "Section",
    "arrange",
    "chapter_title",
    "check_page",
    "no_grammars",
    "read_notebook",
    "render_chapter",
    "render_template",
    "stage_of",
]
