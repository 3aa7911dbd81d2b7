"""The loops that take plain lines apart and number the texts of a column as they come. Needs numba.

A text is looked at eight bytes at a time, as a whole number; zero bytes, which stand in no plain line, fill the last.
"""

from __future__ import annotations

import numpy as np

from customer_patterns.estimates.compiling import compiled

_ODD = np.uint64(0x9E3779B97F4A7C15)
_BITS, _ONE, _BYTE, _HALF, _LOW = np.uint64(64), np.uint64(1), np.uint64(8), np.uint64(32), np.uint64(2**32 - 1)
_FEED = 10
#: In each of eight bytes: a line feed, one, and the highest bit.
_FEEDS, _ONES, _HIGH = np.uint64(0x0A0A0A0A0A0A0A0A), np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
#: By how many bytes of a text are left, those of a word that are its own.
_OWN = np.array([2 ** (8 * left) - 1 for left in range(9)], np.uint64)
#: In a slot of a table: no text is there.
NONE = np.uint64(2**64 - 1)


@compiled
def _mixed(mixed, word):
    """Mix one more word of a text into where it stands in a table."""
    mixed = (mixed ^ word) * _ODD
    return mixed ^ (mixed >> _HALF)


@compiled
def line_ends(words, signs, ends):
    """Find the line feeds among bytes.

    Parameters
    ----------
    words, signs
        Bytes eight at a time, as far as there are eight, and each.
    ends
        To be filled with where they stand, as far as there is room.

    Returns
    -------
    int
        How many there are.
    """
    count = 0
    for place in range(len(words)):
        word = words[place] ^ _FEEDS
        if (word - _ONES) & ~word & _HIGH:  # one of its bytes is zero
            for at in range(8 * place, 8 * place + 8):
                if signs[at] == _FEED:
                    if count < len(ends):
                        ends[count] = at
                    count += 1
    for at in range(8 * len(words), len(signs)):
        if signs[at] == _FEED:
            if count < len(ends):
                ends[count] = at
            count += 1
    return count


@compiled
def split_lines(signs, starts, ends, delimiter, slots, begins, lengths, wrong):
    """Find the fields of lines.

    Parameters
    ----------
    signs
        The bytes of a block.
    starts, ends
        Of each line, without its end.
    delimiter
        The byte between two fields.
    slots
        Per field of a record, its place in ``begins`` and ``lengths``; -1: it is not wanted.
    begins, lengths
        To be filled: places × lines.
    wrong
        To be filled: lines with another number of fields.
    """
    width = len(slots)
    for line in range(len(starts)):
        end = ends[line]
        begin, field = starts[line], 0
        for at in range(starts[line], end + 1):
            if at == end or signs[at] == delimiter:
                if field < width and slots[field] >= 0:
                    begins[slots[field], line] = begin
                    lengths[slots[field], line] = at - begin
                field += 1
                begin = at + 1
        wrong[line] = field != width


@compiled
def number_texts(signs, words, begins, lengths, first, own, table, known, known_at, known_length, count, numbers):
    """Number texts from ``first`` on, equal ones alike; stop where a new one finds no room.

    Parameters
    ----------
    signs, words
        Bytes, and the same eight at a time.
    begins, lengths
        Of each text.
    own
        Room for the words of the longest text.
    table
        Slots, a power of two: the first word of the text that is there, and its number and length (``NONE``: none).
    known, known_at, known_length
        The texts that are known: their words, where each begins, and how many bytes it has.
    count
        How many are known, and how many words they take; changed in place.
    numbers
        To be filled.

    Returns
    -------
    int
        How many texts have a number now.
    """
    mask, whole = np.uint64(len(table) - 1), len(words) - 1
    for text in range(first, len(begins)):
        at, size = begins[text], lengths[text]
        parts = (size + 7) >> 3
        mixed = np.uint64(size)
        own[0] = 0
        for part in range(parts):
            begin, left = at + 8 * part, size - 8 * part
            place, shift = begin >> 3, np.uint64(begin & 7) * _BYTE
            if place < whole:
                word = words[place] >> shift | (words[place + 1] << _ONE) << (_BITS - _ONE - shift)
                word &= _OWN[min(left, 8)]
            else:
                word = np.uint64(0)
                for byte in range(min(left, 8)):
                    word |= np.uint64(signs[begin + byte]) << (np.uint64(byte) * _BYTE)
            own[part] = word
            mixed = _mixed(mixed, word)
        slot = mixed & mask
        while True:
            there = table[slot, 1]
            if there == NONE:
                if 2 * count[0] >= len(table) or count[0] >= len(known_at) or count[1] + parts > len(known):
                    return text
                number = count[0]
                table[slot, 0], table[slot, 1] = own[0], (np.uint64(number) << _HALF) | np.uint64(size)
                known_at[number], known_length[number] = count[1], size
                for part in range(parts):
                    known[count[1] + part] = own[part]
                count[0] += 1
                count[1] += parts
                numbers[text] = number
                break
            if table[slot, 0] == own[0] and there & _LOW == np.uint64(size):
                number, same = np.int64(there >> _HALF), True
                if parts > 1:
                    begin = known_at[number]
                    for part in range(1, parts):
                        same &= known[begin + part] == own[part]
                if same:
                    numbers[text] = number
                    break
            slot = (slot + _ONE) & mask
    return len(begins)


@compiled
def fill_table(table, known, known_at, known_length, count):
    """Put known texts into an empty table."""
    mask = np.uint64(len(table) - 1)
    for number in range(count):
        size, at = known_length[number], known_at[number]
        mixed, word = np.uint64(size), np.uint64(0)
        for part in range((size + 7) >> 3):
            mixed = _mixed(mixed, known[at + part])
            if part == 0:
                word = known[at]
        slot = mixed & mask
        while table[slot, 1] != NONE:
            slot = (slot + _ONE) & mask
        table[slot, 0], table[slot, 1] = word, (np.uint64(number) << _HALF) | np.uint64(size)


@compiled
def write_texts(known, known_at, known_length, offsets, written):
    """Write known texts one behind the other; ``offsets`` says where each begins."""
    for number in range(len(known_length)):
        at, begin = known_at[number], offsets[number]
        for byte in range(known_length[number]):
            written[begin + byte] = (known[at + (byte >> 3)] >> (np.uint64(byte & 7) * _BYTE)) & np.uint64(255)
