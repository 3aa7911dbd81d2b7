"""Who is who: records of several systems put together into one profile per person.

Keys come first (the same e-mail address, card, telephone number), each guarded against families, tills and numbers
passed on; then likeness in several fields, weighed by Fellegi and Sunter's model; then chains in which two records
contradict each other are cut. All of it is done on codes, from which no value can be read. What people decide by hand
goes before everything.
"""

from customer_patterns.cleaning.identity.accuracy import Accuracy, accuracy
from customer_patterns.cleaning.identity.chapter import TABLES, WhoIsWho, who_is_who
from customer_patterns.cleaning.identity.codes import matching_codes
from customer_patterns.cleaning.identity.corrections import (
    Decisions,
    IdentityError,
    decision_inputs,
    identity_folder,
    read_decisions,
    write_register,
)
from customer_patterns.cleaning.identity.explained import explain
from customer_patterns.cleaning.identity.resolve import Resolved, resolve
from customer_patterns.cleaning.identity.review import SCORES, labeled_inputs
from customer_patterns.cleaning.identity.tables import MATCH_WEIGHTS, MERGE_PATTERN, VISITORS, WAYS_JOINED
from customer_patterns.cleaning.identity.visitors import visitor_links

__all__ = [
    "MATCH_WEIGHTS",
    "MERGE_PATTERN",
    "SCORES",
    "TABLES",
    "VISITORS",
    "WAYS_JOINED",
    "Accuracy",
    "Decisions",
    "IdentityError",
    "Resolved",
    "WhoIsWho",
    "accuracy",
    "decision_inputs",
    "explain",
    "identity_folder",
    "labeled_inputs",
    "matching_codes",
    "read_decisions",
    "resolve",
    "visitor_links",
    "who_is_who",
    "write_register",
]
