"""Texts that somebody wrote in several languages: the title of a study, what every reader must know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from customer_patterns.wording.messages import ORIGINAL
from customer_patterns.wording.voice import current_voice


@dataclass(frozen=True)
class Told:
    """A text that is no message of ours, in the languages in which it was given.

    Examples
    --------
    >>> Told({"en": "The planted shop", "zh": "植入商店"}).text
    'The planted shop'
    """

    by_language: Mapping[str, str]

    @property
    def text(self) -> str:
        """The text in the language of the run; in English where that was not given."""
        return self.by_language.get(current_voice().language) or self.by_language[ORIGINAL]
