"""A chapter as its template shows it: sections of prose, figures and what cells show."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from html import escape
from typing import Any

from customer_patterns.wording import say

#: How a paragraph is marked that stands where data are missing.
MISSING = re.compile(r'<p class="said" data-missing="([^"]+)"')

#: How a sentence begins that stands alone, such as one that says why nothing is shown.
_SAID = '<p class="said"'


@dataclass
class Page:
    """A chapter as its template shows it."""

    title: str
    question: str = ""
    preface: str = ""
    opening: list[dict[str, Any]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    @property
    def findings(self) -> list[Section]:
        """The sections that show findings; they come right after the question."""
        return [section for section in self.sections if section.findings]

    @property
    def parts(self) -> list[Section]:
        """All other sections, in the notebook's order."""
        return [section for section in self.sections if not section.findings]


@dataclass
class Section:
    """What stands under one heading: prose, figures and what cells show."""

    title: str
    id: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def findings(self) -> bool:
        """Whether the findings stand here."""
        return any('<section class="findings"' in item.get("html", "") for item in self.entries)

    @property
    def said(self) -> list[str]:
        """The sentences that stand alone here."""
        return [item["html"] for item in self.entries if item.get("html", "").startswith(_SAID)]

    def left_open(self, said_before: Collection[str] = ()) -> str:
        """What the section says, if that is only why there is no answer: data are missing, or it was said before."""
        shown = [item for item in self.entries if item["kind"] != "prose"]
        if not shown or len(self.said) < len(shown):
            return ""
        known = all(MISSING.search(said) or said in said_before for said in self.said)
        return self.said[0] if known else ""

    @property
    def simulated(self) -> bool:
        """Whether something here shows simulated data; among findings, of which each says so itself, whether all do."""
        if self.findings:
            listed = "".join(item.get("html", "") for item in self.entries)
            return 0 < listed.count('<li id="f-') == listed.count('class="simulated"')
        return any(item.get("simulated") or 'class="simulated"' in item.get("html", "") for item in self.entries)


def gather_open(sections: list[Section]) -> list[Section]:
    """Return sections, those without an answer gathered in the place of the last of them, each reason once."""
    reasons: dict[str, list[str]] = {}
    opened, said = set(), set()
    for section in sections:
        if reason := section.left_open(said):
            reasons.setdefault(reason, []).append(section.title)
            opened.add(id(section))
        said.update(section.said)
    if not reasons:
        return sections
    entries = [
        {
            "kind": "html",
            "html": reason + "\n<ul>\n" + "".join(f"<li>{escape(title)}</li>\n" for title in titles) + "</ul>",
        }
        for reason, titles in reasons.items()
    ]
    last = max(place for place, section in enumerate(sections) if id(section) in opened)
    gathered = Section(str(say("show.left_open")), entries=entries)
    listed = [gathered if place == last else section for place, section in enumerate(sections)]
    return [section for section in listed if id(section) not in opened]
