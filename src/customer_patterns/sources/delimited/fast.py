"""The fast way: plain lines go to a parser as they are, or are taken apart and numbered by compiled loops."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from customer_patterns.sources.delimited.layout import TEXTS, Layout
from customer_patterns.sources.delimited.numbered_texts import NumberedTexts
from customer_patterns.sources.delimited.suspects import Suspects


def parse_plain(
    seen: Suspects, plain: np.ndarray, numbered: NumberedTexts | None
) -> list[pa.DictionaryArray] | list[np.ndarray] | np.ndarray:
    """Parse the plain lines of a block.

    Parameters
    ----------
    seen
        The block.
    plain
        Which of its lines are plain.
    numbered
        The texts of a lot, where they are numbered.

    Returns
    -------
    list or array
        The wanted columns, as in :class:`~.layout.Taken`; or a mask of lines that are not plain after all.
    """
    if numbered is not None and not len(seen.quotes) and numbered.fits(seen.layout):
        return _in_loops(seen, plain, numbered)
    columns = _by_arrow(seen, plain)
    if numbered is None or isinstance(columns, np.ndarray):
        return columns
    return [numbered.of_array(place, column) for place, column in enumerate(columns)]


def _in_loops(seen: Suspects, plain: np.ndarray, numbered: NumberedTexts) -> list[np.ndarray] | np.ndarray:
    """Take lines without quotes apart, and number the texts of their columns."""
    rows = slice(None) if plain.all() else np.flatnonzero(plain)
    columns, wrong = numbered.of_lines(seen.signs, seen.starts[rows], seen.ends[rows], seen.layout)
    if columns is not None:
        return columns
    mask = np.zeros(seen.n, bool)
    mask[np.flatnonzero(plain)[wrong]] = True
    return mask


def _by_arrow(seen: Suspects, plain: np.ndarray) -> list[pa.DictionaryArray] | np.ndarray:
    layout = seen.layout
    expected = int((plain & ~seen.continued).sum())
    if not expected:
        return [pa.array([], TEXTS) for _ in layout.wanted]
    names = [f"c{place}" for place in range(layout.width)]
    looked_at = [place for _, place in layout.wanted]
    if layout.trailing:
        looked_at.append(layout.width - 1)
    if layout.footer is not None and layout.key_place is not None:
        looked_at.append(layout.key_place)
    chosen = list(dict.fromkeys(looked_at))
    quote, escape = layout.dialect.quote, layout.dialect.escape
    data = _bytes_of(seen, plain)
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            # all at once, so that each text is kept once
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=max(len(data) + 1, 1 << 16)),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.dialect.delimiter.decode(),
                quote_char=quote.decode() if quote else False,
                double_quote=True,
                escape_char=False if escape is None or escape == quote else escape.decode(),
                newlines_in_values=bool(seen.continued.any()),
            ),
            convert_options=arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types={names[place]: TEXTS for place in chosen},
                include_columns=[names[place] for place in chosen],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
                null_values=[],
            ),
        )
    except pa.ArrowInvalid:
        return _misfits(seen, plain)
    if table.num_rows != expected:
        return _misfits(seen, plain, all_of_them=True)
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    unplain = _unplain(layout, columns, names)
    if unplain is not None:
        mask = np.zeros(seen.n, bool)
        mask[np.flatnonzero(plain & ~seen.continued)[unplain]] = True
        return mask
    return [columns[names[place]] for _, place in layout.wanted]


def _bytes_of(seen: Suspects, plain: np.ndarray) -> bytes | memoryview:
    """The bytes of the plain lines, without copying where all are."""
    if plain.all():
        return seen.data
    edges = np.flatnonzero(np.diff(np.concatenate([[0], plain.view(np.int8), [0]])))
    view, offsets = memoryview(seen.data), np.concatenate([seen.starts, [len(seen.data)]])
    runs = [view[offsets[a] : offsets[b]] for a, b in zip(edges[0::2], edges[1::2], strict=True)]
    return runs[0] if len(runs) == 1 else b"".join(runs)


def _misfits(seen: Suspects, plain: np.ndarray, *, all_of_them: bool = False) -> np.ndarray:
    """Mark plain records with another number of fields than the header; all, where that finds none."""
    counted = np.concatenate([[0], np.cumsum(_outside(seen, seen.signs == seen.layout.dialect.delimiter[0]))])
    offsets = np.concatenate([seen.starts, [len(seen.data)]])
    begins = np.flatnonzero(~seen.continued)
    upto = np.concatenate([begins[1:], [seen.n]])
    fields = counted[offsets[upto]] - counted[offsets[begins]] + 1
    mask = np.zeros(seen.n, bool)
    mask[begins[fields != seen.layout.width]] = True
    mask &= plain
    return plain.copy() if all_of_them or not mask.any() else mask


def _outside(seen: Suspects, marks: np.ndarray) -> np.ndarray:
    """Only the marks that stand outside quotes."""
    if not len(seen.quotes):
        return marks
    flips = np.zeros(len(marks), np.int8)
    flips[seen.quotes] = 1
    return marks & (np.cumsum(flips, dtype=np.int64) % 2 == 0)


def _unplain(layout: Layout, columns: dict[str, pa.DictionaryArray], names: list[str]) -> np.ndarray | None:
    """Places of parsed records that need a look after all: a value where none may be, a total."""
    found: list[tuple[pa.DictionaryArray, pa.Array]] = []
    if layout.trailing:
        last = columns[names[-1]]
        found.append((last, pc.greater(pc.binary_length(last.dictionary), 0)))
    if layout.footer is not None and layout.key_place is not None:
        key = columns[names[layout.key_place]]
        try:
            found.append((key, pc.match_substring_regex(key.dictionary, layout.footer.pattern)))
        except pa.ArrowInvalid:  # a pattern that the fast engine does not know
            totals = [layout.footer.search(value) is not None for value in key.dictionary.to_pylist()]
            found.append((key, pa.array(totals, pa.bool_())))
    places = [np.flatnonzero(mask.to_numpy(zero_copy_only=False)[column.indices.to_numpy()]) for column, mask in found]
    together = np.unique(np.concatenate(places)) if places else np.zeros(0, np.int64)
    return together if len(together) else None
