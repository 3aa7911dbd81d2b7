"""What a study says of its survey: which dimensions it measures and why, and what joins an old scale to a new one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from customer_patterns.study.blocks import Block, Text
from customer_patterns.study.spelling import nearest
from customer_patterns.study.templates import named, template_dimensions, templates

#: Of fewer answers than the scale has steps no map is whole.
_FEWEST_STEPS = 2


class Dimension(Block):
    """Where a dimension of the survey comes from.

    Attributes
    ----------
    template
        The template's dimension that it is, where it is called otherwise.
    why, why_zh
        Why the study asks for it, in its own words; missing: as the template says.
    """

    template: Text | None = None
    why: Text | None = None
    why_zh: Text | None = None

    @field_validator("template")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None and name not in template_dimensions():
            raise ValueError(f"no dimension of a template{nearest(name, template_dimensions())}")
        return name


class Bridge(Block):
    """What joins an item to the one that has replaced it on another scale.

    Attributes
    ----------
    old, new
        The two items.
    by
        Estimated on the sheets in which both were answered: ``equipercentile`` (answers with as many below them are
        equal) or ``linear`` (means and spreads are made equal).
    answers
        Instead: what each old answer is on the new scale, as somebody has declared.
    """

    old: Text
    new: Text
    by: Literal["equipercentile", "linear"] = "equipercentile"
    answers: dict[int, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sensible(self) -> Bridge:
        if self.old == self.new:
            raise ValueError("an item needs no bridge to itself; 'old' and 'new' are two items")
        steps = [self.answers[answer] for answer in sorted(self.answers)]
        if steps and (len(steps) < _FEWEST_STEPS or steps not in (sorted(steps), sorted(steps, reverse=True))):
            raise ValueError("'answers' maps all old answers, and keeps them in their order")
        return self


class Survey(Block):
    """What a study says of its survey.

    Attributes
    ----------
    templates
        Templates (``servqual``), or single dimensions of them (``price``), that the survey is held against.
    dimensions
        By dimension of the survey, where it comes from.
    bridges
        What joins an old scale to a new one.
    """

    templates: tuple[Text, ...] = ()
    dimensions: dict[str, Dimension] = Field(default_factory=dict)
    bridges: Annotated[tuple[Bridge, ...], Field()] = ()

    @field_validator("templates")
    @classmethod
    def _all_known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not named(name):
                known = [*templates(), *template_dimensions()]
                raise ValueError(f"'{name}' is no template{nearest(name, known, then='known: ' + ', '.join(known))}")
        return names

    @model_validator(mode="after")
    def _one_bridge_each(self) -> Survey:
        olds = [bridge.old for bridge in self.bridges]
        if twice := sorted({old for old in olds if olds.count(old) > 1}):
            raise ValueError(f"'{twice[0]}' has two bridges; keep one of them")
        return self
