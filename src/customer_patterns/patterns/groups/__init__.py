"""Patterns of groups of customers: which stand in each, and which tell them apart."""

from customer_patterns.patterns.groups.rules import GroupRules, rules_of_groups, told_apart
from customer_patterns.patterns.groups.sequences import sequences_that_distinguish
from customer_patterns.patterns.groups.tables import DISTINGUISHING_SEQUENCES

__all__ = ["DISTINGUISHING_SEQUENCES", "GroupRules", "rules_of_groups", "sequences_that_distinguish", "told_apart"]
