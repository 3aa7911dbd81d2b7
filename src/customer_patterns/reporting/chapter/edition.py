"""What is published together: the chapters of one run in one language, and where its data come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from customer_patterns.schemas.refusal import Refusal
from customer_patterns.wording import formats

#: The chapter that is published as ``index.html``.
SUMMARY = "summary"

#: What each language calls itself.
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


class ChapterError(Refusal):
    """A notebook cannot be made a page; the message names it and what is wrong with it."""


@dataclass(frozen=True)
class Chapter:
    """One chapter of a run: an executed notebook and the manifest of the tables it wrote.

    Attributes
    ----------
    stem
        The notebook's name without ``.ipynb``, e.g. ``03-behavior``; what follows the number is the stage.
    """

    stem: str
    title: str
    manifest: Mapping[str, Any]
    fingerprint: str = ""

    @property
    def stage(self) -> str:
        """The stage's name."""
        return stage_of(self.stem)

    @property
    def page(self) -> str:
        """The page's file name."""
        return "index.html" if self.stage == SUMMARY else f"{self.stem}.html"


@dataclass(frozen=True)
class Provenance:
    """Where some tables of a study come from."""

    tables: tuple[str, ...]
    provenance: str
    owner: str
    purpose: str


@dataclass(frozen=True)
class Edition:
    """One study up to one day in one language: the chapters that are published together, the summary first."""

    study: str
    title: str
    as_of: date
    language: str
    chapters: tuple[Chapter, ...]
    sources: tuple[Provenance, ...] = ()
    languages: tuple[str, ...] = ()
    privacy: str = ""

    @property
    def day(self) -> str:
        """The last day that counts, as people write it."""
        return formats.day(self.as_of)

    @property
    def other_languages(self) -> list[dict[str, str]]:
        """The languages in which the same chapters are published beside this one."""
        return [{"code": c, "name": LANGUAGE_NAMES.get(c, c)} for c in self.languages if c != self.language]


def stage_of(stem: str) -> str:
    """Return the stage of a notebook: ``behavior`` for ``03-behavior``."""
    return stem.split("-", 1)[-1]
