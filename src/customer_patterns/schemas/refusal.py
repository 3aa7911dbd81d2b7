"""Errors that are meant for people."""

from __future__ import annotations


class Refusal(ValueError):
    """What was asked for cannot be done; the message is one clear sentence with the remedy.

    In a notebook it is shown as that sentence, without a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython prints."""
        return [f"{type(self).__name__}: {self}"]
