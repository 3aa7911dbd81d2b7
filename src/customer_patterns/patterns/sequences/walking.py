"""The loop that counts ordered pairs of items: one walk over the visits, one cell per pair. Needs numba."""

from __future__ import annotations

from customer_patterns.patterns.miner.compiling import compiled


@compiled
def walk(customer, begins, ends, edges, place, share, size, seen, customers, last, together):
    """Count who shows each ordered pair, how often, and how often both lie in one visit.

    Parameters
    ----------
    customer, begins, ends
        Per visit, customer after customer: whose it is, and where those that may follow it begin and end.
    edges
        Where the items of each visit begin in ``place``, and where the last one's end.
    place
        The items of the visits: each one's place among those counted, −1 for the others.
    share
        Per customer: what a visit with both items adds to ``together``.
    size
        How many items are counted.
    seen, customers, together
        Zeros, one per ordered pair of places; counted up here.
    last
        Per ordered pair −1: the last customer who showed it.
    """
    for visit in range(len(customer)):
        who = customer[visit]
        for entry in range(edges[visit], edges[visit + 1]):
            first = place[entry]
            if first < 0:
                continue
            for other in range(edges[visit], edges[visit + 1]):
                if place[other] >= 0:
                    together[first * size + place[other]] += share[who]
            for later in range(begins[visit], ends[visit]):
                for follower in range(edges[later], edges[later + 1]):
                    if place[follower] < 0:
                        continue
                    cell = first * size + place[follower]
                    seen[cell] += 1
                    if last[cell] != who:
                        last[cell] = who
                        customers[cell] += 1
