"""The loop that adds rules up customer by customer: bits of baskets, each customer's beginning a word of their own."""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled, popcount


@compiled
def _shared(bits, words, rows, first, last, into):
    """Keep the bits that all rows of a set share."""
    for word in range(words):
        shared = bits[rows[first] * words + word]
        for at in range(first + 1, last):
            shared &= bits[rows[at] * words + word]
        into[word] = shared


@compiled
def sum_rules(bits, owner, held, edges, rows, antecedent, consequent, sums):
    """Add up what each customer has to do with each rule.

    Parameters
    ----------
    bits, owner
        Rows of words, one row per item; the customer of each word.
    held
        The baskets of each customer.
    edges, rows
        Sets of rows of bits, as places in ``rows``.
    antecedent, consequent
        Per rule: its sets; rules of one antecedent together.
    sums
        Room for seven numbers per rule: baskets with both sides, with the antecedents, with the consequents; customers
        with both; and over customers the sums of squares of the baskets with both, of ψ = both/Σboth − left/Σleft −
        right/Σright + baskets/Σbaskets, and of both − confidence · left.
    """
    words, customers = len(owner), len(held)
    left, right = np.zeros(words, np.uint64), np.zeros(words, np.uint64)
    counts = np.zeros(3 * customers, np.float64)
    total = 0.0
    for customer in range(customers):
        total += held[customer]
    known = -1
    for rule in range(len(antecedent)):
        if antecedent[rule] != known:
            known = antecedent[rule]
            _shared(bits, words, rows, edges[known], edges[known + 1], left)
        _shared(bits, words, rows, edges[consequent[rule]], edges[consequent[rule] + 1], right)
        for cell in range(3 * customers):
            counts[cell] = 0
        for word in range(words):
            cell = 3 * owner[word]
            counts[cell] += popcount(left[word] & right[word])
            counts[cell + 1] += popcount(left[word])
            counts[cell + 2] += popcount(right[word])
        both = a = c = 0.0
        for customer in range(customers):
            both += counts[3 * customer]
            a += counts[3 * customer + 1]
            c += counts[3 * customer + 2]
        people = squares = of_lift = of_confidence = 0.0
        if both > 0:
            for customer in range(customers):
                here = counts[3 * customer]
                people += here > 0
                squares += here * here
                part = (
                    here / both - counts[3 * customer + 1] / a - counts[3 * customer + 2] / c + held[customer] / total
                )
                of_lift += part * part
                part = here - both / a * counts[3 * customer + 1]
                of_confidence += part * part
        sums[7 * rule], sums[7 * rule + 1], sums[7 * rule + 2], sums[7 * rule + 3] = both, a, c, people
        sums[7 * rule + 4], sums[7 * rule + 5], sums[7 * rule + 6] = squares, of_lift, of_confidence
