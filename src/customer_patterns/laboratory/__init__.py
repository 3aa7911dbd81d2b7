"""Floor 8: how well the methods work, scored on planted truth with seeds that nobody developed with.

``make laboratory`` runs the trials and stores their scores in ``scores.json``; the chapter shows them. A trial is a
method, a truth that was planted, an aim written down before the method was scored, and a twin that is broken on purpose
and must miss the aim: a trial that its twin passes proves nothing. What was changed after a score had been seen is
told.
"""

from customer_patterns.laboratory.figures import FINDINGS, Figures, beside_twins, by_errors, by_room, coverages
from customer_patterns.laboratory.stored import barred, method_scores, scores_fingerprint
from customer_patterns.laboratory.tables import BY_ROOM, METHOD_SCORES, TABLES

__all__ = [
    "BY_ROOM",
    "FINDINGS",
    "METHOD_SCORES",
    "TABLES",
    "Figures",
    "barred",
    "beside_twins",
    "by_errors",
    "by_room",
    "coverages",
    "method_scores",
    "scores_fingerprint",
]
