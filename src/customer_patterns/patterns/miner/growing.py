"""The loops that find frequent sets, grown item by item over bits.

Depth-first over a class of sets that share all items but the last (Zaki 2000, Scalable Algorithms for Association
Mining, IEEE TKDE 12, 372–390), after one projection: for each item the baskets that hold it are laid out once more, one
bit each, with only the items that are frequent beside it (the occurrence deliver of LCM: Uno, Kiyomi and Arimura 2004,
LCM ver. 2, FIMI). Bits are as many as baskets hold the item, not as baskets are, so a set costs a few hundred
instructions. Baskets that are the same once rare items are dropped are one, with a weight; weights are counted
plane by plane: bits of the weights' ones, of their twos, of their fours …
"""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled, popcount

#: What ended the growing: everything was found, or there were more sets, or more words of bits, than allowed.
ALL, SETS, WORDS = 0, 1, 2


@compiled
def _meet(bits, left, right, target, words, planes, reach, layers):
    """Keep the bits that two rows share in a third, and return how many baskets these stand for."""
    ours, theirs = bits[left * words : (left + 1) * words], bits[right * words : (right + 1) * words]
    both, ones = bits[target * words : (target + 1) * words], planes[:words]
    count = np.uint64(0)
    for word in range(words):
        shared = ours[word] & theirs[word]
        both[word] = shared
        count += popcount(shared & ones[word])
    for layer in range(1, layers):
        part = np.uint64(0)
        above = planes[layer * words : layer * words + reach[layer]]
        for word in range(reach[layer]):
            part += popcount(both[word] & above[word])
        count += part << np.uint64(layer)
    return np.int64(count)


@compiled
def _longer(array, used, needed):
    """Return the array with room for so many more, twice as long at least."""
    grown = np.empty(max(used + needed, 2 * len(array)), array.dtype)
    for place in range(used):
        grown[place] = array[place]
    return grown


@compiled
def _invert(edges, ranks, items):
    """For each item: where its entries begin; then of each entry its place in ``ranks`` and its basket, by turns."""
    column = np.zeros(items + 1, np.int64)
    for entry in range(len(ranks)):
        column[ranks[entry] + 1] += 1
    for place in range(items):
        column[place + 1] += column[place]
    held = np.empty(2 * len(ranks), np.int64)
    for row in range(len(edges) - 1):
        for entry in range(edges[row], edges[row + 1]):
            at = column[ranks[entry]]
            held[2 * at], held[2 * at + 1] = entry, row
            column[ranks[entry]] += 1
    for place in range(items, 0, -1):
        column[place] = column[place - 1]
    column[0] = 0
    return column, held


@compiled
def grow(edges, ranks, weights, counts, fewest, longest, most_sets, most_words):
    """Find all frequent sets.

    Parameters
    ----------
    edges, ranks, weights
        Merged baskets, from :func:`~customer_patterns.patterns.miner.laying_out.lay_out`.
    counts
        Per frequent item, by rank: how many baskets hold it.
    fewest
        A set is frequent if so many baskets hold it.
    longest
        Items in the longest set.
    most_sets, most_words
        Stop at more sets, or at more words of bits at once.

    Returns
    -------
    tuple
        Three numbers per set, each set after the one it continues: the place of the set without its last item (−1 for
        a single item), the rank of that item, and the count; then how many sets, and how it ended.
    """
    items = len(counts)
    column, held = _invert(edges, ranks, items)
    found = np.empty(3 * 1024, np.int64)
    sets, ended = 0, ALL
    beside, local, chosen = np.zeros(items, np.int64), np.zeros(items, np.int64), np.empty(0, np.int64)
    # classes on the way down: their members (rank and place, by turns), and the members' bits, one class after another
    members, bits = np.empty(1024, np.int64), np.empty(1024, np.uint64)
    planes, reach = np.empty(0, np.uint64), np.empty(64, np.int64)
    begins, sizes, turn = np.zeros(items + 2, np.int64), np.zeros(items + 2, np.int64), np.zeros(items + 2, np.int64)

    for root in range(items):
        if 3 * (sets + items) > len(found):
            found = _longer(found, np.int64(3 * sets), np.int64(3 * items))
        alone = sets
        found[3 * sets], found[3 * sets + 1], found[3 * sets + 2] = -1, root, counts[root]
        sets += 1
        if longest == 1:
            continue
        for other in range(root + 1, items):
            beside[other] = 0
            local[other] = -1
        for occurrence in range(column[root], column[root + 1]):
            row = held[2 * occurrence + 1]
            weight = weights[row]
            for entry in range(held[2 * occurrence] + 1, edges[row + 1]):
                beside[ranks[entry]] += weight
        many = 0
        for other in range(root + 1, items):
            if beside[other] >= fewest:
                if 2 * many + 2 > len(members):
                    members = _longer(members, np.int64(2 * many), np.int64(2))
                members[2 * many], members[2 * many + 1] = other, sets
                local[other] = many
                found[3 * sets], found[3 * sets + 1], found[3 * sets + 2] = alone, other, beside[other]
                many += 1
                sets += 1
        if sets > most_sets:
            ended = SETS
            break
        if longest == 2 or many < 2:
            continue

        # the baskets that hold the item and two others: one bit each, heavy ones first
        if column[root + 1] - column[root] > len(chosen):
            chosen = np.empty(column[root + 1] - column[root], np.int64)
        heaviest, taken = 0, 0
        for occurrence in range(column[root], column[root + 1]):
            row, others = held[2 * occurrence + 1], 0
            for entry in range(held[2 * occurrence] + 1, edges[row + 1]):
                others += local[ranks[entry]] >= 0
            if others > 1:
                chosen[taken] = occurrence
                heaviest = max(heaviest, weights[row])
                taken += 1
        words, layers = (taken + 63) >> 6, 0
        while heaviest >> layers:
            reach[layers] = 0
            layers += 1
        if words * (many + layers) > most_words:
            ended = WORDS
            break
        if words * layers > len(planes):
            planes = np.empty(words * layers, np.uint64)
        if words * many > len(bits):
            bits = np.empty(words * many, np.uint64)
        for word in range(words * layers):
            planes[word] = 0
        for word in range(words * many):
            bits[word] = 0
        for place in range(taken):
            row = held[2 * chosen[place] + 1]
            bit, word = np.uint64(1) << np.uint64(place & 63), place >> 6
            for layer in range(layers):
                if (weights[row] >> layer) & 1:
                    planes[layer * words + word] |= bit
                    reach[layer] = word + 1
            for entry in range(held[2 * chosen[place]] + 1, edges[row + 1]):
                member = local[ranks[entry]]
                if member >= 0:
                    bits[member * words + word] |= bit

        depth = 0
        begins[0], sizes[0], turn[0] = 0, many, 0
        while depth >= 0 and ended == ALL:
            begin, size, member = begins[depth], sizes[depth], turn[depth]
            if member >= size - 1:
                depth -= 1
                continue
            turn[depth] += 1
            after, rest = begin + size, size - member - 1
            if (after + rest) * words > len(bits):
                if (after + rest) * words > most_words:
                    ended = WORDS
                    break
                bits = _longer(bits, np.int64(after * words), np.int64(rest * words))
            if 2 * (after + rest) > len(members):
                members = _longer(members, np.int64(2 * after), np.int64(2 * rest))
            if 3 * (sets + rest) > len(found):
                found = _longer(found, np.int64(3 * sets), np.int64(3 * rest))
            kept = after
            for other in range(begin + member + 1, after):
                meet = _meet(bits, begin + member, other, kept, words, planes, reach, layers)
                if meet >= fewest:
                    last = members[2 * other]
                    members[2 * kept], members[2 * kept + 1] = last, sets
                    found[3 * sets], found[3 * sets + 1] = members[2 * (begin + member) + 1], last
                    found[3 * sets + 2] = meet
                    kept += 1
                    sets += 1
            if sets > most_sets:
                ended = SETS
            if kept - after > 1 and depth + 3 < longest:
                depth += 1
                begins[depth], sizes[depth], turn[depth] = after, kept - after, 0
        if ended != ALL:
            break
    return found, sets, ended
