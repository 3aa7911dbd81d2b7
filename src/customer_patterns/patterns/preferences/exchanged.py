"""The loop that exchanges a customer's visits between two windows. Needs numba."""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled

_STEP, _MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@compiled
def exchange_visits(first_visit, after, first_entry, value, weight, values, draws, least, reached_enough, seed, wanted):
    """Hold the distance between two windows of each customer against its visits exchanged between them.

    Parameters
    ----------
    first_visit
        Where the visits of each customer begin, and where the last one's end.
    after
        How many of them, the last ones, lie in the later window.
    first_entry
        Where the entries of each visit begin, and where the last one's end.
    value, weight
        Per entry: which value, how much of it.
    values
        How many values there are.
    draws, least, reached_enough
        Draws for each customer at most; fewer where so many were as far apart as what was seen, but ``least`` at any
        rate, for the mean.
    seed
        Of the draws; each customer has draws of its own.
    wanted
        Which customers; the others are passed over.

    Returns
    -------
    distance, by_chance, p
        Per customer: Hellinger distance as seen, its mean over the draws, and the p-value: with all draws the share of
        those as far apart, what was seen counted among them; where it stopped before, ``reached_enough`` by the draws
        that it took (Besag and Clifford 1991, Biometrika 78, 301-304: valid, and most customers need few draws).
    """
    customers = len(first_visit) - 1
    distance, by_chance, p = np.zeros(customers), np.zeros(customers), np.ones(customers)
    place = np.full(values, -1, np.int64)
    for customer in range(customers):
        if not wanted[customer]:
            continue
        begin, end = first_visit[customer], first_visit[customer + 1]
        visits = end - begin
        entries = first_entry[end] - first_entry[begin]
        base = first_entry[begin]
        # The customer's own values, numbered from 0.
        own = np.empty(entries, np.int64)
        used = np.empty(entries, np.int64)
        kinds = 0
        for entry in range(entries):
            at = value[base + entry]
            if place[at] < 0:
                place[at] = kinds
                used[kinds] = at
                kinds += 1
            own[entry] = place[at]
        total = np.zeros(kinds)
        for entry in range(entries):
            total[own[entry]] += weight[base + entry]
        whole = total.sum()
        # The smaller window is drawn.
        late = after[customer]
        drawn = min(late, visits - late)
        first = visits - late if late <= visits - late else 0
        part = np.zeros(kinds)
        for visit in range(begin + first, begin + first + drawn):
            for entry in range(first_entry[visit] - base, first_entry[visit + 1] - base):
                part[own[entry]] += weight[base + entry]
        seen = _distance(part, total, whole)
        distance[customer] = seen
        order = np.arange(visits)
        state = np.uint64(seed) * np.uint64(2862933555777941757) + np.uint64(2 * customer + 1) * _STEP
        reached, mean, done, stopped = 0, 0.0, 0, 0
        while done < draws and (not stopped or done < least):
            part[:] = 0.0
            for turn in range(drawn):
                # A number of 64 bits, well mixed (SplitMix64: Steele, Lea and Flood 2014), of which 32 are used.
                state += _STEP
                mixed = (state ^ (state >> np.uint64(30))) * _MIX
                mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_AGAIN
                mixed = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(32)
                other = turn + np.int64((mixed * np.uint64(visits - turn)) >> np.uint64(32))
                chosen = order[other]
                order[other] = order[turn]
                order[turn] = chosen
                visit = begin + chosen
                for entry in range(first_entry[visit] - base, first_entry[visit + 1] - base):
                    part[own[entry]] += weight[base + entry]
            found = _distance(part, total, whole)
            done += 1
            mean += found
            if found >= seen - 1e-9 and not stopped:
                reached += 1
                if reached == reached_enough:
                    stopped = done
        by_chance[customer] = mean / done
        p[customer] = reached_enough / stopped if stopped else (1 + reached) / (1 + done)
        for kind in range(kinds):
            place[used[kind]] = -1
    return distance, by_chance, p


@compiled
def _distance(part, total, whole):
    """The Hellinger distance between a part and the rest."""
    much = part.sum()
    if much <= 0 or much >= whole:
        return 1.0
    alike = 0.0
    for kind in range(len(total)):
        alike += np.sqrt(max(part[kind] * (total[kind] - part[kind]), 0.0))
    return np.sqrt(max(1 - alike / np.sqrt(much * (whole - much)), 0.0))
