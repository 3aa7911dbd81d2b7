"""The loops that take plain lines apart and number the texts of a column as they come. Needs numba.

A text is looked at eight bytes at a time, as a whole number; zero bytes, which stand in no plain line, fill the last.
"""

from __future__ import annotations

import numpy as np

from customer_patterns.estimates.compiling import compiled

_ODD = np.uint64(0x9E3779B97F4A7C15)
_BITS, _ONE, _BYTE, _HALF, _LOW = np.uint64(64), np.uint64(1), np.uint64(8), np.uint64(32), np.uint64(2**32 - 1)
#: In a slot of a table: no text is there.
NONE = np.uint64(2**64 - 1)


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
        own[0] = mixed
        for part in range(parts):
            begin, left = at + 8 * part, size - 8 * part
            place, shift = begin >> 3, np.uint64(begin & 7) * _BYTE
            if place < whole:
                word = words[place] >> shift
                if shift:
                    word |= words[place + 1] << (_BITS - shift)
                if left < 8:
                    word &= (_ONE << (np.uint64(left) * _BYTE)) - _ONE
            else:
                word = np.uint64(0)
                for byte in range(min(left, 8)):
                    word |= np.uint64(signs[begin + byte]) << (np.uint64(byte) * _BYTE)
            own[part] = word
            mixed = (mixed ^ word) * _ODD
            mixed ^= mixed >> _HALF
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
        mixed = np.uint64(size)
        word = mixed
        for part in range((size + 7) >> 3):
            mixed = (mixed ^ known[at + part]) * _ODD
            mixed ^= mixed >> _HALF
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
