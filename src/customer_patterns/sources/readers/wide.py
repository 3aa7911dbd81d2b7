"""Answer sheets with one row each (a column per item) become one row per answer.

Survey tools export sheets wide, whatever the file's format; so this stands behind every reader. A cell is an answer, or
one of three ways of giving none, which mean different things and are never mixed: the item was *not asked* (routing),
someone *did not know*, someone *refused* or passed it over. Which text means which stands in the contract. A cell with
several answers, or with words that the contract does not know, is set aside; the other answers of the sheet stay.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.masking import mask
from customer_patterns.sources.raw import FILE, LINE, Raw, repair_frame, set_aside_frame
from customer_patterns.sources.readers import listed
from customer_patterns.study import Source
from customer_patterns.study.origins import MadeOf
from customer_patterns.study.sheets import Answers

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Columns of an unfolded sheet: the item, the answer as a number in text, and why there is none.
ITEM, ANSWER, NO_ANSWER = "_item", "_answer", "_no_answer"
#: The key of a sheet that names nobody: its file and line. Each is taken for one by a person of its own.
SHEET = "_sheet"

#: The ways of giving no answer, and their codes in the account.
NO_ANSWERS: dict[str, str] = {"not_asked": "R_NOT_ASKED", "dont_know": "R_DONT_KNOW", "refused": "R_REFUSED"}

#: What stands between several answers in one cell: export tools write "1;3", "1, 3", "1|3" or a line each.
_SEVERAL = re.compile(r"[;,|/、，；\n]")
_NUMBER = re.compile(r"[+-]?\d+")


def unfolded(source: Source) -> Source:
    """Return the contract of unfolded sheets, which takes item, answer and keys from the columns made here."""
    made = {name: _made(origin) for name, origin in source.columns.items() if isinstance(origin, MadeOf)}
    if source.wide is None:
        return source.model_copy(update={"columns": {**source.columns, **made}}) if made else source
    made |= {"item_id": ITEM, "answer": ANSWER}
    if "customer_id" not in source.columns:
        made["customer_id"] = SHEET
    if "no_answer" in CANONICAL[source.table].names:
        made["no_answer"] = NO_ANSWER
    return source.model_copy(update={"columns": {**source.columns, **made}, "wide": None})


def makes_keys(source: Source) -> bool:
    """Whether records get a key that they were not delivered with."""
    made = any(isinstance(origin, MadeOf) for origin in source.columns.values())
    return made or (source.wide is not None and "customer_id" not in source.columns)


def unfold(backend: Backend, raw: Raw, source: Source) -> Raw:
    """Make one row per answer out of one row per sheet.

    Parameters
    ----------
    raw
        One row per sheet, as delivered: its own columns (customer, wave, moment) and one column per item.
    source
        A contract with ``wide``. One with a list in a text (``each``) gives one row per value; any other leaves ``raw``
        as it is, but for the key of a record that was delivered without one.

    Returns
    -------
    Raw
        One row per sheet and item that was answered or for which the sheet says why not; ``_line`` is the sheet's.
        Besides the sheet's other columns: ``_item``, ``_answer`` (a whole number as text; missing without an answer)
        and ``_no_answer`` (``not_asked``, ``dont_know``, ``refused``; missing with one). An empty cell has no row.
        Cells set aside: ``E_SEVERAL_ANSWERS``, ``E_ANSWER``. Cells without an answer are counted among the repairs.
    """
    if makes_keys(source):
        parts = {o.part: _made(o) for o in source.columns.values() if isinstance(o, MadeOf) and o.part is not None}
        keys = {column: _sheet_key(raw) + f"-{part}" for part, column in parts.items()}
        raw = replace(raw, records=raw.records.mutate(**{SHEET: _sheet_key(raw)}, **keys))
    if source.wide is None:
        return listed.spread(backend, raw, source)
    columns = source.wide.columns
    sheet = [name for name in raw.records.columns if name not in columns.values() or name in _shared(source)]
    parts, set_aside, repairs = [], [], []
    for item, column in columns.items():
        form = source.wide.answers_of(item)
        cells = raw.records.select(FILE, LINE, _cell=_cell(raw.records, column))
        told = _meanings(cells.select("_cell").distinct().to_pandas()["_cell"], form, source.format.missing)
        bad = [(cell, code) for cell, (_, _, code) in told.items() if code is not None]
        if bad:
            rows = cells.filter(cells["_cell"].isin([cell for cell, _ in bad])).to_pandas()
            codes = dict(bad)
            set_aside += [
                (row[FILE], row[LINE], codes[row["_cell"]], column, mask(row["_cell"]), row["_cell"])
                for row in rows.to_dict("records")
            ]
        none = {cell: reason for cell, (_, reason, _) in told.items() if reason is not None}
        if none:
            rows = cells.filter(cells["_cell"].isin(list(none))).to_pandas()
            repairs += [
                (row[FILE], row[LINE], NO_ANSWERS[none[row["_cell"]]], column) for row in rows.to_dict("records")
            ]
        known = {cell: found for cell, found in told.items() if found[2] is None}
        if known:
            parts.append(_rows(backend, raw.records, sheet, item, column, known))
    records = ibis.union(*parts) if len(parts) > 1 else parts[0] if parts else _nothing(raw.records, sheet)
    return Raw(
        files=raw.files,
        columns=raw.columns,
        records=records,
        set_aside=set_aside_frame([*raw.set_aside.itertuples(index=False, name=None), *set_aside]),
        repairs=repair_frame([*raw.repairs.itertuples(index=False, name=None), *repairs]),
    )


def _made(origin: MadeOf) -> str:
    """The column with the key that is made for a record, or for a part of it."""
    return SHEET if origin.part is None else f"{SHEET}_{origin.part}"


def _sheet_key(raw: Raw) -> ir.StringValue:
    """A sheet's file, in short, and its line: the same whenever the file is read."""
    short = [(place, sha256(file.name.encode()).hexdigest()[:8]) for place, file in enumerate(raw.files)]
    line = raw.records[LINE].cast("string")
    return (raw.records[FILE].cases(*short, else_="") if short else ibis.literal("")) + "-" + line


def _shared(source: Source) -> set[str]:
    """Columns of items that the sheet's own columns are taken from too."""
    return set(source.delivered_columns.values())


def _rows(
    backend: Backend,
    records: ir.Table,
    sheet: list[str],
    item: str,
    column: str,
    known: dict[str, tuple[str | None, str | None, str | None]],
) -> ir.Table:
    """The rows of one item: the sheets whose cell is known, with what it means."""
    meanings = pd.DataFrame(
        [(cell, answer, reason) for cell, (answer, reason, _) in sorted(known.items())],
        columns=["_cell", ANSWER, NO_ANSWER],
        dtype="string",
    )
    view = ibis.util.gen_name("meanings")
    backend.con.register(view, _arrow(meanings))
    cells = records.mutate(_cell=_cell(records, column))
    joined = cells.inner_join(backend.table(view), "_cell")
    names = [name for name in sheet if name not in (FILE, LINE)]
    return joined.select(*names, FILE, LINE, ANSWER, NO_ANSWER, **{ITEM: ibis.literal(item)})


def _cell(records: ir.Table, column: str) -> ir.StringValue:
    """What stands in a cell; nothing where the delivery has nothing."""
    return records[column].cast("string").strip().fill_null("")


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """A frame of texts as an Arrow table, in which a missing text is missing."""
    return pa.Table.from_pandas(frame, schema=pa.schema([(name, pa.string()) for name in frame]), preserve_index=False)


def _nothing(records: ir.Table, sheet: list[str]) -> ir.Table:
    names = [name for name in sheet if name not in (FILE, LINE)]
    none = ibis.literal(None, "string")
    return records.filter(False).select(*names, FILE, LINE, **{ANSWER: none, NO_ANSWER: none, ITEM: none})


def _meanings(
    cells: pd.Series, form: Answers, missing: tuple[str, ...]
) -> dict[str, tuple[str | None, str | None, str | None]]:
    """What each text of an item's cells means: the answer, why there is none, or the code of what is wrong."""
    reasons = {text: reason for reason in NO_ANSWERS for text in getattr(form, reason)}
    told: dict[str, tuple[str | None, str | None, str | None]] = {}
    for cell in cells:
        if (cell == "" or cell in missing) and cell not in reasons:
            continue
        whole = cell[:-2] if cell.endswith(".0") else cell  # a spreadsheet's or database's number
        if cell in reasons or whole in reasons:
            told[cell] = (None, reasons.get(cell, reasons.get(whole)), None)
        elif cell in form.answers:
            told[cell] = (str(form.answers[cell]), None, None)
        elif _NUMBER.fullmatch(whole) and whole.isascii():
            told[cell] = (str(int(whole)), None, None)
        else:
            told[cell] = (None, None, "E_SEVERAL_ANSWERS" if _several(cell, form) else "E_ANSWER")
    return told


def _several(cell: str, form: Answers) -> bool:
    """Whether a cell holds more than one answer."""
    parts = [part.strip() for part in _SEVERAL.split(cell) if part.strip()]
    return len(parts) > 1 and all(part in form.answers or _NUMBER.fullmatch(part) for part in parts)
