"""What was heard: coded texts, calls, and the stream of posts and reviews."""

from customer_patterns.satisfaction.listening.calls import agents, call_sound, rated_calls
from customer_patterns.satisfaction.listening.codes import (
    coded_texts,
    coder_agreement,
    cohens_kappa,
    themes,
    themes_by_segment,
)
from customer_patterns.satisfaction.listening.figures import FINDINGS, READERS, telling_phrases
from customer_patterns.satisfaction.listening.mood import call_mood
from customer_patterns.satisfaction.listening.phrases import call_phrases, customers_words, phrases_of
from customer_patterns.satisfaction.listening.series import mood_days, tone_days
from customer_patterns.satisfaction.listening.tables import TABLES

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "agents",
    "call_mood",
    "call_phrases",
    "call_sound",
    "coded_texts",
    "coder_agreement",
    "cohens_kappa",
    "customers_words",
    "mood_days",
    "phrases_of",
    "rated_calls",
    "telling_phrases",
    "themes",
    "themes_by_segment",
    "tone_days",
]
