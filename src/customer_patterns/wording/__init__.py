"""Floor 1: how numbers, dates and names read, and the sentences they stand in, in the language of the run."""

from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.figures import BOOTSTRAP, Figures
from customer_patterns.wording.formats import interval, noun, period, show_value
from customer_patterns.wording.names import Name, label
from customer_patterns.wording.sentences import (
    SENTENCES,
    Sentence,
    Value,
    WordingError,
    places,
    say,
    translated,
)
from customer_patterns.wording.voice import Voice, current_voice, set_voice, speaking

__all__ = [
    "BOOTSTRAP",
    "Figures",
    "SENTENCES",
    "Name",
    "Sentence",
    "Chosen",
    "Value",
    "Voice",
    "WordingError",
    "current_voice",
    "interval",
    "label",
    "noun",
    "period",
    "places",
    "say",
    "set_voice",
    "show_value",
    "speaking",
    "translated",
]
