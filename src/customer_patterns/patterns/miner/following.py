"""The loops that find sequences: prefixes grown item by item over the visits in which they end.

As PrefixSpan grows prefixes (Pei and others 2004, IEEE TKDE 16, 1424–1440), by an item of a later visit or by one more
item of the same; as SPADE keeps where they end (Zaki 2001, Machine Learning 42, 31–60; with gaps and windows: Zaki
2000, CIKM, 422–429). Of each end only the latest first visit is kept: whatever an earlier one allows within the
window, the latest allows, too. And the latest start never goes back from one end to the next, so of all ends that a
visit may follow the last one tells its start.
"""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled

#: An item of a later visit, or one more item of the same.
LATER, SAME = 0, 1


@compiled
def extend_later(ends, starts, many, holding, first, last, customer, day, gaps, into, starts_into):
    """Find the visits that hold an item and may follow an end; return how many.

    Parameters
    ----------
    ends, starts, many
        The visits in which a sequence ends, ascending, with the day of its latest first visit; how many.
    holding, first, last
        The visits that hold the item: ``holding[first:last]``, ascending.
    customer, day
        Per visit.
    gaps
        Days from a visit to its next at least and at most, and from the first to the last at most.
    into, starts_into
        Where the ends of the longer sequence and their starts are written.
    """
    found, at = 0, 0
    for place in range(first, last):
        visit = holding[place]
        who, when = customer[visit], day[visit]
        while at < many and (
            customer[ends[at]] < who or (customer[ends[at]] == who and day[ends[at]] + gaps[0] <= when)
        ):
            at += 1
        if at == 0:
            continue
        before = ends[at - 1]
        if customer[before] == who and when - day[before] <= gaps[1] and when - starts[at - 1] <= gaps[2]:
            into[found], starts_into[found] = visit, starts[at - 1]
            found += 1
    return found


@compiled
def extend_same(ends, starts, many, holding, first, last, into, starts_into):
    """Find the ends that hold an item, too; return how many. Parameters as in :func:`extend_later`."""
    found, at = 0, 0
    for place in range(first, last):
        visit = holding[place]
        while at < many and ends[at] < visit:
            at += 1
        if at == many:
            break
        if ends[at] == visit:
            into[found], starts_into[found] = visit, starts[at]
            found += 1
    return found


@compiled
def _count_later(ends, starts, many, visits, lasts, gaps, free, counts, stamps, token):
    """Count for each item the customers who have it in a visit that may follow an end; return the next free stamp."""
    customer, day, edges, item = visits
    last_edges, last_item, last_day = lasts
    at = 0
    while at < many:
        who, begin = customer[ends[at]], at
        while at < many and customer[ends[at]] == who:
            at += 1
        if free:  # the earliest end leaves most room: an item follows it if the last visit with the item does
            earliest = day[ends[begin]] + gaps[0]
            for place in range(last_edges[who], last_edges[who + 1]):
                counts[last_item[place]] += last_day[place] >= earliest
            continue
        token += 1
        visit, before = ends[begin] + 1, begin
        while visit < len(customer) and customer[visit] == who:
            while before < at and day[ends[before]] + gaps[0] <= day[visit]:
                before += 1
            if (
                before > begin
                and day[visit] - day[ends[before - 1]] <= gaps[1]
                and day[visit] - starts[before - 1] <= gaps[2]
            ):
                for entry in range(edges[visit], edges[visit + 1]):
                    if stamps[item[entry]] != token:
                        stamps[item[entry]] = token
                        counts[item[entry]] += 1
            elif before == at:  # too late after the last end: so is every later visit
                break
            visit += 1
    return token


@compiled
def _count_same(ends, many, visits, above, counts, stamps, token):
    """Count for each larger item the customers who have it in an end; return the next free stamp."""
    customer, _, edges, item = visits
    who = -1
    for at in range(many):
        visit = ends[at]
        if customer[visit] != who:
            who = customer[visit]
            token += 1
        for entry in range(edges[visit + 1] - 1, edges[visit] - 1, -1):
            one = item[entry]
            if one <= above:
                break
            if stamps[one] != token:
                stamps[one] = token
                counts[one] += 1
    return token


@compiled
def grow_sequences(visits, lasts, columns, holding, gaps, free, fewest, most_items, most_visits, most_found):
    """Find all frequent sequences.

    Parameters
    ----------
    visits
        ``customer``, ``day``, ``edges``, ``item``: visits in order, each with its frequent items, ascending.
    lasts
        ``edges``, ``item``, ``day``: for each customer each item once, with the day of the last visit that holds it.
    columns, holding
        For each item the visits that hold it: ``holding[columns[item] : columns[item + 1]]``, ascending.
    gaps
        As in :func:`extend_later`.
    free
        Whether neither the largest gap nor the window limits anything.
    fewest
        A sequence is frequent if so many customers show it.
    most_items, most_visits
        Of the longest sequence.
    most_found
        Stop at more sequences.

    Returns
    -------
    tuple
        Four numbers per sequence, each after the one it continues: the place of that one (−1 for single items), the
        item, :data:`LATER` or :data:`SAME`, and its customers; then how many there are.
    """
    customer, day = visits[0], visits[1]
    items = len(columns) - 1
    found, sets = np.empty(4 * 1024, np.int64), 0
    stamps, token = np.zeros(items, np.int64), np.int64(0)
    room = len(customer)
    ends, starts = np.empty(most_items * room, np.int64), np.empty(most_items * room, np.int64)
    many = np.zeros(most_items, np.int64)
    # of the sequence at each depth: its place, its visits, its last item, whose turn it is to continue it, and counts
    node, steps, last = np.zeros(most_items, np.int64), np.zeros(most_items, np.int64), np.zeros(most_items, np.int64)
    turn, counts = np.zeros(most_items, np.int64), np.zeros(most_items * 2 * items, np.int64)

    for root in range(items):
        depth = 0
        many[0] = columns[root + 1] - columns[root]
        people, who = 0, -1
        for place in range(many[0]):
            visit = holding[columns[root] + place]
            ends[place], starts[place] = visit, day[visit]
            people += customer[visit] != who
            who = customer[visit]
        if 4 * (sets + 1) > len(found):
            found = _twice(found)
        found[4 * sets], found[4 * sets + 1], found[4 * sets + 2], found[4 * sets + 3] = -1, root, LATER, people
        node[0], steps[0], last[0], turn[0] = sets, 1, root, -1
        sets += 1
        if most_items == 1:
            continue
        while depth >= 0:
            at_ends, at_starts = ends[depth * room : (depth + 1) * room], starts[depth * room : (depth + 1) * room]
            counted = counts[depth * 2 * items : (depth + 1) * 2 * items]
            if turn[depth] < 0:
                for one in range(2 * items):
                    counted[one] = 0
                if steps[depth] < most_visits:
                    token = _count_later(
                        at_ends, at_starts, many[depth], visits, lasts, gaps, free, counted, stamps, token
                    )
                token = _count_same(at_ends, many[depth], visits, last[depth], counted[items:], stamps, token)
                turn[depth] = 0
            way = turn[depth]
            if way == 2 * items:
                depth -= 1
                continue
            turn[depth] += 1
            if counted[way] < fewest:
                continue
            kind, item = (LATER, way) if way < items else (SAME, way - items)
            if 4 * (sets + 1) > len(found):
                found = _twice(found)
            found[4 * sets], found[4 * sets + 1] = node[depth], item
            found[4 * sets + 2], found[4 * sets + 3] = kind, counted[way]
            sets += 1
            if sets > most_found:
                return found, sets
            if depth + 2 < most_items:
                deeper, first, end = depth + 1, columns[item], columns[item + 1]
                into = ends[deeper * room : (deeper + 1) * room]
                starts_into = starts[deeper * room : (deeper + 1) * room]
                if kind == LATER:
                    many[deeper] = extend_later(
                        at_ends, at_starts, many[depth], holding, first, end, customer, day, gaps, into, starts_into
                    )
                else:
                    many[deeper] = extend_same(at_ends, at_starts, many[depth], holding, first, end, into, starts_into)
                node[deeper], steps[deeper], last[deeper] = sets - 1, steps[depth] + (kind == LATER), item
                turn[deeper] = -1
                depth = deeper
    return found, sets


@compiled
def _twice(array):
    """Return the array with twice the room."""
    grown = np.empty(2 * len(array), np.int64)
    for place in range(len(array)):
        grown[place] = array[place]
    return grown
