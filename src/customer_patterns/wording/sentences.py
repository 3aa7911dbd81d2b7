"""Sentences: templates without digits, filled only with figures that carry their evidence."""

from __future__ import annotations

import difflib
import string
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording import formats
from customer_patterns.wording.catalog import SENTENCES
from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.messages import WordingError, translated
from customer_patterns.wording.names import Name
from customer_patterns.wording.voice import Voice, current_voice, speaking

#: What may fill a template. A bare number or text carries no evidence of where it comes from.
Value: TypeAlias = Estimate | Count | Chosen | date | Name

#: Placeholders that the voice fills; they do not count as values.
NOUNS = frozenset({"customer", "customers"})

_SPECS: dict[type, dict[str, str]] = {
    Estimate: {
        "": "the figure",
        "bare": "without its noun",
        "interval": "both ends",
        "low": "the lower end",
        "high": "the upper end",
        "n": "what it rests on",
        "level": "the interval's level",
        "full": "figure (interval)",
    },
    Count: {"": "the figure", "bare": "without its noun", "rounded": "in two digits", "n": "what was added up"},
    Chosen: {"": "the number", "bare": "without its noun"},
    date: {"": "the day", "month": "month and year", "year": "the year"},
    Name: {"": "the name", "lower": "in small letters"},
    str: {"": "the noun", "capital": "at a sentence's beginning"},
}


class Sentence(str):
    """A text made by :func:`say`. Where a digit in a typed text is refused, it passes: its digits come from values.

    It knows its template and its values, so that it can be said again in another language.
    """

    key: str
    values: Mapping[str, Value]

    def __new__(cls, text: str, key: str, values: Mapping[str, Value] | None = None) -> Sentence:
        """Make the sentence ``text`` of the template ``key``."""
        sentence = super().__new__(cls, text)
        sentence.key, sentence.values = key, dict(values or {})
        return sentence

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, Value]]:
        """Let a sentence be copied: tables that are shown carry theirs along."""
        return str(self), self.key, self.values

    def again(self) -> Sentence:
        """Say the same in the current voice."""
        return say(self.key, **self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """The names it holds, as they stand in the data: tables, groups, products."""
        return tuple(value.text for value in self.values.values() if isinstance(value, Name))


def again(value: Any) -> Any:
    """Return a value with all sentences in it, in lists and mappings too, said again in the current voice."""
    if isinstance(value, Sentence):
        return value.again()
    if isinstance(value, Mapping):
        return {again(key): again(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(again, value))
    return value


def sentences_in(value: Any) -> list[Sentence]:
    """Return all sentences in a value, in lists and mappings too, in its order."""
    if isinstance(value, Sentence):
        return [value]
    if isinstance(value, Mapping):
        return [sentence for key, item in value.items() for sentence in (*sentences_in(key), *sentences_in(item))]
    if isinstance(value, list | tuple):
        return [sentence for item in value for sentence in sentences_in(item)]
    return []


def say(key: str, /, *, voice: Voice | None = None, **values: Value) -> Sentence:
    """Fill the template ``key`` of the catalog, in the language of the run.

    Parameters
    ----------
    key
        ``"<stage>.<name>"``.
    voice
        Who speaks; ``None``: :func:`~customer_patterns.wording.current_voice`.
    values
        One for each placeholder of the template: an Estimate, Count, Chosen, date or Name. ``{share:interval}`` and
        the like choose what of it is printed. ``{customers}`` and ``{customer}`` are the study's noun and no values.

    Raises
    ------
    WordingError
        If the key is unknown, a value is missing or not used, or a placeholder asks for what its value does not have.
    TypeError
        If a value is a bare number or text, or a datetime.
    """
    text = template(key)
    check_values(key, values)
    with speaking(voice):
        nouns = {"customer": current_voice().customer, "customers": current_voice().customers}
        spoken = translated(text, context=key)
        if spoken is not text:
            check_translation(key, spoken, values)
        filled = formats.spaced(_FORMATTER.vformat(spoken, (), {**nouns, **values}))
    # A template writes its own first letter as it should be; a noun or name in first place does not know that it is.
    return Sentence(filled[:1].upper() + filled[1:] if spoken.startswith("{") else filled, key, values)


def template(key: str) -> str:
    """Return the English template of a key."""
    try:
        return SENTENCES[key]
    except KeyError:
        raise WordingError(f"no sentence is called {key!r}{_nearest(key, SENTENCES)}") from None


@cache
def places(text: str) -> dict[str, tuple[str, ...]]:
    """Return the placeholders of a template with the specs they use: ``{"share": ("", "interval")}``, nouns left out.

    Raises
    ------
    WordingError
        If the template is not well formed, or reaches into a value (``{share.low}``) or converts one (``{share!r}``).
    """
    found: dict[str, list[str]] = {}
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise WordingError(f"the template {text!r} is not well formed: {error}") from None
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or conversion:
            raise WordingError(f"the template {text!r} may name values only as {{name}} or {{name:spec}}")
        if name not in NOUNS:
            found.setdefault(name, []).append(spec or "")
    return {name: tuple(dict.fromkeys(specs)) for name, specs in found.items()}


def check_values(key: str, values: dict[str, Value]) -> None:
    """Raise unless ``values`` are what the template of ``key`` needs: no more, no fewer, each of a kind that fits."""
    wanted = places(template(key))
    if missing := [name for name in wanted if name not in values]:
        raise WordingError(f"sentence {key!r} also needs {', '.join(missing)}")
    if unused := [name for name in values if name not in wanted]:
        raise WordingError(f"sentence {key!r} has no place for {', '.join(unused)}{_nearest(unused[0], wanted)}")
    for name, value in values.items():
        specs = _SPECS[_kind(key, name, value)]
        for spec in wanted[name]:
            if spec not in specs:
                kind = _kind(key, name, value).__name__
                raise WordingError(f"sentence {key!r} asks for {{{name}:{spec}}}, which {kind} {name} does not have")


def check_translation(key: str, spoken: str, values: Mapping[str, Value]) -> None:
    """Raise unless a translation has the places of its template, and asks of each value for what it has."""
    wanted, given = places(template(key)), places(spoken)
    if set(wanted) != set(given):
        differing = ", ".join(sorted(set(wanted) ^ set(given)))
        raise WordingError(f"the translation of {key!r} differs from its template in the places of {differing}")
    for name, specs in given.items():
        if unknown := [spec for spec in specs if spec not in _SPECS[_kind(key, name, values[name])]]:
            raise WordingError(
                f"the translation of {key!r} asks for {{{name}:{unknown[0]}}}, which {name} does not have"
            )


def _kind(key: str, name: str, value: object) -> type:
    if isinstance(value, datetime):
        raise TypeError(f"{name} in sentence {key!r} is a moment; give the date in the study's time zone")
    for kind in (Estimate, Count, Chosen, date, Name):
        if isinstance(value, kind):
            return kind
    raise TypeError(
        f"{name} in sentence {key!r} is {type(value).__name__} {value!r}; "
        "only an Estimate, Count, Chosen, date or Name may stand in a sentence"
    )


def _nearest(word: str, words: object) -> str:
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)  # type: ignore[call-overload]
    return f"; did you mean {close[0]!r}?" if close else ""


class _Formatter(string.Formatter):
    """Prints each value by its own rules instead of Python's."""

    def format_field(self, value: object, spec: str) -> str:
        if isinstance(value, Estimate):
            return _estimate(value, spec)
        if isinstance(value, Count) and spec == "n":
            return formats.size(value)
        if isinstance(value, Count | Chosen):
            return formats.show_value(value, bare=spec == "bare", **({"rounded": True} if spec == "rounded" else {}))
        if isinstance(value, date):
            return {"": formats.day, "month": formats.month, "year": lambda day: str(day.year)}[spec](value)
        if isinstance(value, Name):
            return value.display.lower() if spec == "lower" else value.display
        noun = str(value)
        return noun[:1].upper() + noun[1:] if spec == "capital" else noun


def _estimate(value: Estimate, spec: str) -> str:
    if spec in ("low", "high"):
        return formats.end(value, spec)
    if spec == "interval":
        return formats.interval(value)
    if spec == "n":
        return formats.size(value)
    if spec == "level":
        return formats.percent(value.level, digits=3)
    if spec == "full":
        return formats.aside(formats.show_value(value), formats.interval(value))
    return formats.show_value(value, bare=spec == "bare")


_FORMATTER = _Formatter()
