"""A first study file for delivered files: what can be seen is filled in and marked as a guess, what cannot is asked.

This is the only place that guesses, and it does so once, for a person to check. A run reads what the study file says.
"""

from customer_patterns.sources.draft.drafting import Draft, draft_study
from customer_patterns.sources.draft.looking import DraftError

__all__ = ["Draft", "DraftError", "draft_study"]
