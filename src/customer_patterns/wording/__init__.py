"""Floor 1: how numbers, dates and names read, and the sentences they stand in, in the language of the run."""

from customer_patterns.wording.chosen import Chosen
from customer_patterns.wording.figures import BOOTSTRAP, Figures
from customer_patterns.wording.formats import interval, noun, period, show_value
from customer_patterns.wording.messages import Untranslated, WordingError, translated
from customer_patterns.wording.names import Name, data_text, headed, label
from customer_patterns.wording.prose import paragraph
from customer_patterns.wording.sentences import (
    SENTENCES,
    Sentence,
    Value,
    again,
    places,
    say,
    sentences_in,
)
from customer_patterns.wording.told import Told
from customer_patterns.wording.voice import Nouns, Voice, current_voice, set_voice, speaking
from customer_patterns.wording.words import word

__all__ = [
    "BOOTSTRAP",
    "Figures",
    "SENTENCES",
    "Name",
    "Nouns",
    "Sentence",
    "Chosen",
    "Told",
    "Untranslated",
    "Value",
    "Voice",
    "WordingError",
    "again",
    "current_voice",
    "data_text",
    "headed",
    "interval",
    "label",
    "noun",
    "paragraph",
    "period",
    "places",
    "say",
    "sentences_in",
    "set_voice",
    "show_value",
    "speaking",
    "translated",
    "word",
]
