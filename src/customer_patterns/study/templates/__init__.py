"""Templates of what a survey may measure: dimensions with items, a reason for each, in English and Chinese.

The files beside this one are the data: one per source, with the dimensions that the source names. A study file names a
template or single dimensions of it; ``draft`` proposes those whose words a delivered sheet uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

#: What an item of a template asks for where it does not say so.
_ROLE, _DIRECTION = "dimension", "positive"


@dataclass(frozen=True)
class TemplateItem:
    """A question of a template: its key, wording by language, role, scale and direction."""

    item_id: str
    wording: Mapping[str, str]
    role: str
    scale: tuple[int, int]
    direction: str


@dataclass(frozen=True)
class TemplateDimension:
    """A dimension of a template.

    Attributes
    ----------
    key, template
        Its name among all dimensions, and the template it is of.
    name, why
        What it is called, and why one asks for it, by language (``en``, ``zh``).
    source
        Where it is described.
    words
        Words by which a question about it is known, small letters.
    items
        Its questions.
    """

    key: str
    template: str
    name: Mapping[str, str]
    why: Mapping[str, str]
    source: str
    words: tuple[str, ...]
    items: tuple[TemplateItem, ...]


@cache
def templates() -> Mapping[str, tuple[str, ...]]:
    """The templates by name, each with the keys of its dimensions."""
    return {name: tuple(content["dimensions"]) for name, content in _contents().items()}


@cache
def template_dimensions() -> Mapping[str, TemplateDimension]:
    """All dimensions of all templates by their keys."""
    return {
        key: TemplateDimension(
            key,
            name,
            said["name"],
            said["why"],
            content["source"],
            tuple(word.lower() for word in said["words"]),
            tuple(_item(item, content["scale"]) for item in said["items"]),
        )
        for name, content in _contents().items()
        for key, said in content["dimensions"].items()
    }


def named(name: str) -> tuple[str, ...]:
    """The dimensions that a name stands for: those of a template, or the one of that key; none where it is unknown."""
    return templates().get(name) or ((name,) if name in template_dimensions() else ())


def proposed(question: str) -> str | None:
    """The dimension whose words a question uses, if one does; of several the one with the longest word.

    Examples
    --------
    >>> proposed("Seat comfort"), proposed("快递送货"), proposed("q17")
    ('tangibles', 'delivery', None)
    """
    text = question.lower().replace("_", " ").replace("/", " ")
    hits = [
        (_weight(word), -place, dimension.key)
        for place, dimension in enumerate(template_dimensions().values())
        for word in dimension.words
        if (word in text if _HAN.search(word) else re.search(rf"\b{re.escape(word)}\b", text))
    ]
    return max(hits)[2] if hits else None


def proposed_dimensions(questions: Iterable[str]) -> dict[str, list[str]]:
    """The dimensions that questions seem to ask for, each with its questions; what fits none is left out.

    Examples
    --------
    >>> proposed_dimensions(["Seat comfort", "Cleanliness", "q17", "快递送货"])
    {'tangibles': ['Seat comfort', 'Cleanliness'], 'delivery': ['快递送货']}
    """
    found: dict[str, list[str]] = {}
    for question in questions:
        if (dimension := proposed(question)) is not None:
            found.setdefault(dimension, []).append(question)
    return found


_HAN = re.compile(r"[\u4e00-\u9fff]")


def _weight(word: str) -> int:
    """A Chinese character says as much as three letters."""
    return sum(3 if _HAN.match(sign) else 1 for sign in word)


def _item(said: Mapping[str, Any], scale: Sequence[int]) -> TemplateItem:
    low, high = said.get("scale", scale)
    wording = {language: said[language] for language in ("en", "zh")}
    return TemplateItem(said["id"], wording, said.get("role", _ROLE), (low, high), said.get("direction", _DIRECTION))


@cache
def _contents() -> dict[str, dict[str, Any]]:
    found = sorted((file for file in files(__name__).iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    return {file.name.removesuffix(".yaml"): yaml.safe_load(file.read_text(encoding="utf-8")) for file in found}
