"""Texts as numbers: words, pairs of words and runs of signs, each counted in a column that its own letters decide.

Columns are hashes (Weinberger et al. 2009, Proc. ICML): no vocabulary is kept, so that the same text has the same
numbers in every run, whatever stands around it. What a "not" turns round is another word ("not good" holds "¬good").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from customer_patterns.satisfaction.text import chinese, english, polarity_en
from customer_patterns.satisfaction.text.clauses import Clause

#: Columns for words and pairs of words, and as many for runs of signs.
_COLUMNS = 2**17
COLUMNS = 2 * _COLUMNS
#: Of which lengths the runs of signs are: words of a language without spaces are short.
_RUNS_LATIN, _RUNS_HAN = (3, 4), (1, 2, 3)
#: Numbers that mix the codes of neighbors (Knuth 1998, The Art of Computer Programming 3, section 6.4).
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BORDER = np.uint64(0)
_DENIAL_ZH = ("不", "没", "没有", "别", "无", "毫无", "从不", "并不", "并不是", "不是", "不太", "未")


def counted(texts: Sequence[Sequence[Clause]]) -> sparse.csr_array:
    """Count the features of texts.

    Parameters
    ----------
    texts
        The clauses of each.

    Returns
    -------
    csr_array
        One row per text, :data:`COLUMNS` columns; how often each feature stands in it, as ``1 + log(times)``.
    """
    words, owners = [], []
    for number, parts in enumerate(texts):
        for part in parts:
            found = _words(part.text)
            words += found
            words.append(0)  # no pair goes over the end of a clause
            owners += [number] * (len(found) + 1)
    code, owner = np.array(words, dtype=np.uint64), np.array(owners, dtype=np.int64)
    rows, columns = [owner[code > 0]], [_column(code[code > 0], 0)]
    if len(code) > 1:
        pair = (code[:-1] > 0) & (code[1:] > 0)
        rows.append(owner[:-1][pair])
        columns.append(_column(code[:-1][pair] * _MIX + code[1:][pair], 0))
    for row, column in _runs(texts):
        rows.append(row)
        columns.append(column)
    row, column = np.concatenate(rows), np.concatenate(columns)
    table = sparse.coo_array((np.ones(len(row), dtype=np.float32), (row, column)), shape=(len(texts), COLUMNS)).tocsr()
    table.sum_duplicates()
    table.data = 1 + np.log(table.data)
    return table


def rarity(table: sparse.csr_array) -> NDArray[np.float32]:
    """Return what each column weighs: ``1 + log((1 + texts) / (1 + texts with it))``, as is usual for tf-idf.

    What stands in one text only weighs nothing: it says nothing of any other.
    """
    seen = np.bincount(table.indices, minlength=table.shape[1])
    weight = 1 + np.log((1 + table.shape[0]) / (1 + seen))
    return np.where(seen > 1, weight, 0).astype(np.float32)


def weighed(table: sparse.csr_array, weight: NDArray[np.float32]) -> sparse.csr_array:
    """Multiply each column by its weight, and give each row the length one (a row of nothing keeps none)."""
    data = table.data * weight[table.indices]
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    length = np.sqrt(np.bincount(row, data.astype(np.float64) ** 2, minlength=table.shape[0]))
    length[length == 0] = 1
    found = sparse.csr_array((data / length[row].astype(np.float32), table.indices, table.indptr), shape=table.shape)
    if (weight == 0).any():
        found = found.copy()
        found.eliminate_zeros()
    return found


def _words(text: str) -> list[int]:
    """The codes of a clause's words, those that a denial turns round marked."""
    if text.isascii():
        return _marked(english.words_of(text))
    found = _marked(english.words_of(text)) if any("a" <= sign <= "z" for sign in text) else []
    denied = False
    for word in chinese.words_of(text):
        found.append(_code("¬" + word if denied else word))
        denied = word in _DENIAL_ZH
    return found


def _marked(words: list[str]) -> list[int]:
    found, since = [], polarity_en.NEGATED_WORDS
    for word in words:
        if word in polarity_en.NEGATORS or word.endswith("n't"):
            since = 0
            found.append(_code(word))
        else:
            plain = english.lemma(word)
            found.append(_code("¬" + plain if since < polarity_en.NEGATED_WORDS else plain))
            since += 1
    return found


@lru_cache(maxsize=500_000)
def _code(word: str) -> int:
    return crc32(word.encode("utf-8", "replace")) + 1


def _column(code: NDArray[np.uint64], block: int) -> NDArray[np.int64]:
    mixed = (code * _MIX) >> np.uint64(64 - 17)
    return mixed.astype(np.int64) + block * _COLUMNS


def _runs(texts: Sequence[Sequence[Clause]]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The runs of signs of all texts at once: for each its text and its column. None goes over a clause's end."""
    joined = ["\0".join(part.text for part in parts) + "\0" for parts in texts]
    signs = np.frombuffer("".join(joined).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(joined)), [len(text) for text in joined])
    han = (signs >= 0x3400) & (signs <= 0x9FFF)
    found = []
    for lengths, wanted in ((_RUNS_LATIN, ~han), (_RUNS_HAN, han)):
        usable = wanted & (signs != _BORDER)
        for length in lengths:
            if len(signs) < length:
                continue
            size = len(signs) - length + 1
            code, whole = np.zeros(size, dtype=np.uint64), np.ones(size, dtype=bool)
            for step in range(length):
                code = (code + signs[step : step + size]) * _MIX
                code ^= code >> np.uint64(29)
                whole &= usable[step : step + size]
            found.append((owner[:size][whole], _column(code[whole] + np.uint64(length), 1)))
    return found
