"""Answer sheets with one row each: a column per question, and how answers and the ways of giving none are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from customer_patterns.study.blocks import Block, Text


class Answers(Block):
    """How an answer sheet writes answers, and the three ways of giving none.

    Attributes
    ----------
    answers
        Answers in words and what they are on the item's scale, e.g. ``{very satisfied: 5, 非常满意: 5}``.
    not_asked, dont_know, refused
        What stands where the item was not asked (routing), where someone did not know, and where someone passed it
        over or would not say. A text that stands in none of them, such as an empty cell, is not taken for one.
    """

    answers: dict[str, int] = Field(default_factory=dict)
    not_asked: tuple[str, ...] = ()
    dont_know: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @field_validator("not_asked", "dont_know", "refused", mode="before")
    @classmethod
    def _codes_are_texts(cls, codes: Any) -> Any:
        return [str(code) if isinstance(code, int) else code for code in codes] if isinstance(codes, list) else codes

    @field_validator("answers", mode="before")
    @classmethod
    def _words_are_texts(cls, answers: Any) -> Any:
        return {str(word): value for word, value in answers.items()} if isinstance(answers, Mapping) else answers

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Answers:
        codes = [*self.not_asked, *self.dont_know, *self.refused, *self.answers]
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice is not None:
            raise ValueError(f"'{twice}' means two things among answers, not_asked, dont_know and refused")
        return self


class Item(Answers):
    """An item whose column writes answers in its own way; what it does not say is as for all items."""

    column: Text


class Wide(Answers):
    """Answer sheets with one row each: the column of each item (question), by the item's key.

    Where no column says who answered, each sheet is taken for one by a person of its own.
    """

    items: Annotated[dict[str, str | Item], Field(min_length=1)]

    @property
    def columns(self) -> dict[str, str]:
        """The delivered column of each item."""
        return {name: item.column if isinstance(item, Item) else item for name, item in self.items.items()}

    def answers_of(self, item: str) -> Answers:
        """Return how an item's answers are written."""
        own = self.items[item]
        if not isinstance(own, Item):
            return Answers(**self.model_dump(exclude={"items"}))
        given = own.model_fields_set - {"column"}
        return Answers(**{**self.model_dump(exclude={"items"}), **own.model_dump(include=given)})
