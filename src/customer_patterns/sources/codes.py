"""Every reason for which a record is repaired or set aside, a line is passed over, or a whole file refused.

A code is what a program asks for; its words are what a reader sees. The words are levels of columns, so that they are
said in every language of a report. Whoever finds another reason adds it here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Fate = Literal["repaired", "set aside", "replaced", "passed over", "refused"]


@dataclass(frozen=True)
class Code:
    """One reason.

    Attributes
    ----------
    name
        ``E_…`` for records set aside and files refused, ``R_…`` for records repaired, ``D_…`` for records of which
        another delivery of the same record is kept, ``S_…`` for lines that hold no record.
    fate
        What becomes of the record, the line or the file.
    words
        The reason in words.
    remedy
        What the sender or the analyst can do.
    """

    name: str
    fate: Fate
    words: str
    remedy: str = ""


CODES: dict[str, Code] = {}


def declare(*codes: Code) -> None:
    """Add reasons; a name is declared once."""
    for code in codes:
        if code.name in CODES:
            raise ValueError(f"code {code.name} is declared twice")
        CODES[code.name] = code


def words(fates: Iterable[Fate]) -> tuple[str, ...]:
    """Return the words of all reasons with these fates, each once, in the order of their declaration."""
    wanted = set(fates)
    return tuple(dict.fromkeys(code.words for code in CODES.values() if code.fate in wanted))


# Bytes and files
declare(
    Code("E_MISSING", "refused", "the file is not there or may not be read", "put it there, or correct 'location'"),
    Code("E_CHECKSUM", "refused", "the file is not the one that was sent", "ask for the file again"),
    Code("E_EMPTY", "refused", "the file is empty", "ask for the file again"),
    Code("E_NOT_CSV", "refused", "the file is no delimited text", "ask for an export as delimited text"),
    Code("E_GZIP", "refused", "the compressed file is damaged or is not compressed", "ask for the file again"),
    Code("E_ZIP", "refused", "the archive is damaged, protected or lacks the file", "ask for the file again"),
    Code("E_PARQUET", "refused", "the parquet file is damaged", "ask for the file again"),
    Code("E_TOO_BIG", "refused", "the file would unpack to more than may be read", "ask for smaller files"),
    Code("E_FIELD_TOO_BIG", "refused", "a value is longer than may be read", "see whether a quote is never closed"),
    Code("E_TOO_MANY_COLUMNS", "refused", "the file has more columns than may be read", "ask for the columns needed"),
    Code("E_ENCODING", "set aside", "the letters are not in the declared encoding", "declare the right 'encoding'"),
    Code("E_NUL", "set aside", "zero bytes stand in the record", "ask for the record again"),
    Code("R_ENCODING", "repaired", "the record was in another encoding than the file and was read in that"),
    Code("R_MOJIBAKE", "repaired", "letters that were decoded wrongly before the delivery were put right"),
    Code("R_LOST_LETTERS", "repaired", "a sign for lost letters stands in the record and was kept"),
    Code("S_CTRL_Z", "passed over", "an end-of-file sign at the end of a line"),
)

# Structure of delimited text
declare(
    Code("E_DUP_HEADER", "refused", "two columns have the same name", "ask for a header with different names"),
    Code("E_DELIMITER", "refused", "the columns are separated by another sign", "declare the right 'delimiter'"),
    Code("E_SCHEMA", "refused", "a column is missing", "correct the column's name in the study file"),
    Code("E_STRICT", "refused", "a column is not in the contract", "map the column, or do not be strict"),
    Code("E_QUOTE", "refused", "a quote is not closed, or text follows a closing quote", "declare 'quote' or 'escape'"),
    Code("E_TOO_MANY_FIELDS", "set aside", "the record has more values than columns", "correct the record"),
    Code("E_TOO_FEW_FIELDS", "set aside", "the record has fewer values than columns", "correct the record"),
    Code("E_FOOTER", "set aside", "a total, not a record"),
    Code("R_TRAILING_DELIMITER", "repaired", "a separator without a value stands at the end of every record"),
    Code("S_BLANK", "passed over", "an empty line"),
    Code("S_HEADER_AGAIN", "passed over", "the header again, amid the records"),
)

# Values of any kind
declare(
    Code("E_MISSING_VALUE", "set aside", "a value that every record must have is missing", "ask for the value"),
    Code("E_TYPE", "set aside", "a value is not of its column's kind", "correct the value, or declare its format"),
)

# Moments after the record was handed over
declare(
    Code("E_AHEAD", "set aside", "it happened after it was handed over", "correct the date, or 'loaded_at'"),
    Code("R_AHEAD", "repaired", "a clock that went ahead was put back to when the record was handed over"),
)

# The same record delivered more than once
declare(
    Code("D_REPEATED", "replaced", "the same record was delivered again"),
    Code("D_REPLACED", "replaced", "a later delivery of the record replaced it"),
    Code("D_CORRECTED", "replaced", "a corrected record was delivered in its place"),
)

# JSON, workbooks, databases and services
declare(
    Code("E_NOT_JSON", "refused", "the file is no JSON", "ask for the file again, or correct 'reader'"),
    Code("E_RECORDS", "refused", "there is no list of records where the contract says", "correct 'records'"),
    Code("E_JSON", "set aside", "the record is no JSON", "correct the record"),
    Code("E_DUP_KEY", "set aside", "a key stands twice in the record", "keep one of the two"),
    Code("E_NOT_OBJECT", "set aside", "a single value stands where an object belongs", "correct the record"),
    Code("E_OBJECT", "set aside", "an object stands where a single value belongs", "name a key within the object"),
    Code("E_LIST", "set aside", "a list stands where a single value belongs", "declare 'each' or 'join'"),
    Code("E_NO_LIST", "set aside", "a single value stands where a list belongs", "correct the record, or 'each'"),
    Code("E_LIST_SEPARATOR", "refused", "the values of a list are separated by another sign", "declare 'separator'"),
    Code("S_EMPTY_LIST", "passed over", "a record whose list is empty"),
    Code("S_EMPTY_VALUE", "passed over", "an empty value in a list"),
    Code("E_LONG_VALUE", "set aside", "a value is longer than may be read", "correct the record"),
    Code("R_SURROGATE", "repaired", "half a letter stands in the record and became the sign for lost letters"),
    Code("E_NOT_EXCEL", "refused", "the file is no workbook in the format xlsx", "save it as xlsx"),
    Code("E_PASSWORD", "refused", "the workbook is protected by a password", "ask for it without a password"),
    Code("E_SHEET", "refused", "it is not clear which sheet is meant", "name the sheet in 'format'"),
    Code("E_CELL_ERROR", "set aside", "a cell shows an error", "correct the cell"),
    Code("E_FORMULA", "set aside", "a formula without its result", "open the workbook, compute it, save it"),
    Code("E_MERGED", "set aside", "a cell is merged with the one above", "unmerge, or declare 'fill_merged'"),
    Code("E_DIGITS_LOST", "set aside", "a number of more digits than a workbook can hold", "ask for it as text"),
    Code("E_CELL_DATE", "set aside", "a cell that is a date holds a number that is no date", "correct the cell"),
    Code("E_TEXT_TO_DATE", "set aside", "a spreadsheet made a date of a text", "ask for the column as text"),
    Code("S_STRAY", "passed over", "a value beside the table"),
    Code("R_FILLED_MERGED", "repaired", "the value of a merged cell stands for all its cells"),
    Code("R_ZERO_FORMAT", "repaired", "leading zeros that the cell's format shows were written out"),
    Code("R_DATES_1904", "repaired", "a day counted from the year 1904 was counted from 1900"),
    Code("E_CONNECTION", "refused", "the database or service cannot be reached", "check address, name and password"),
    Code("E_DATABASE_TABLE", "refused", "the table cannot be read", "correct 'location', or ask for the right to read"),
    Code("E_DATABASE_VALUE", "set aside", "the database holds a value that is none of its column's kind"),
    Code("E_SERVICE", "refused", "the service did not deliver", "try again later; what arrived is kept"),
    Code("E_TOKEN", "refused", "the service does not accept the token", "ask for a token that may read"),
    Code("E_ADDRESS", "refused", "the address may not be read", "give an address that begins with https"),
    Code("E_SEVERAL_ANSWERS", "set aside", "several answers stand in one cell", "ask for a column per answer"),
    Code("E_ANSWER", "set aside", "an answer is not in the contract", "list its words in 'answers'"),
    Code("R_NOT_ASKED", "repaired", "the item was not asked: no answer"),
    Code("R_DONT_KNOW", "repaired", "the customer did not know: no answer"),
    Code("R_REFUSED", "repaired", "the customer would not say or passed the item over: no answer"),
    Code("S_TOTAL", "passed over", "the service says that it has another number of records"),
    Code("E_INCOMPLETE", "refused", "fewer records arrived than the service says it has", "fetch again"),
)

# Values of one kind, see sources/values
declare(
    Code("E_PERSONAL", "refused", "values that are about persons stand in a column for others", "leave the column out"),
    Code("E_DRIFT", "refused", "the amounts of a file are a hundred times those of the others", "declare 'scale'"),
    Code("E_DATE_PATTERN", "refused", "a format of dates cannot be used", "correct 'dates' in the study file"),
    Code("E_ID_DAMAGED", "set aside", "a key has letters that were lost or cannot be seen", "correct the key"),
    Code("E_ID_SCIENTIFIC", "set aside", "a spreadsheet has rounded a key", "export the key as text"),
    Code("E_ID_PRECISION", "set aside", "a key was stored as a number that is not exact", "export the key as text"),
    Code("E_ID_POINT_ZERO", "set aside", "a key ends like a decimal and is also there without", "export keys as text"),
    Code("E_NUMBER", "set aside", "a value is no number", "correct the value"),
    Code("E_SEPARATOR", "set aside", "a sign within a number is not in the contract", "declare 'decimal', 'thousands'"),
    Code("E_CURRENCY", "set aside", "money in another currency", "list the sign in 'symbols', or deliver it apart"),
    Code("E_NOT_FINITE", "set aside", "a number is infinite or none", "correct the value"),
    Code("E_SCIENTIFIC", "set aside", "a spreadsheet has rounded an amount", "export the amount in full"),
    Code("E_OVERFLOW", "set aside", "a number is larger than any amount or count can be", "correct the value"),
    Code("E_NOT_INTEGER", "set aside", "a count has decimals", "correct the value, or declare 'scale'"),
    Code("E_SHARE", "set aside", "a share is less than nothing or more than all", "declare 'scale'"),
    Code("E_BOOLEAN", "set aside", "a value is neither yes nor no", "list the words in 'values'"),
    Code("E_DATE_FORMAT", "set aside", "a date is in no format of the contract", "declare 'dates'"),
    Code("E_DATE_AMBIGUOUS", "set aside", "two formats of the contract read a date differently", "declare one of them"),
    Code("E_TWO_DIGIT_YEAR", "set aside", "a year has two digits", "declare 'pivot_year'"),
    Code("E_IMPOSSIBLE_DAY", "set aside", "a day that is in no calendar", "correct the day"),
    Code("E_IMPOSSIBLE_TIME", "set aside", "a time that no clock shows", "correct the time"),
    Code("E_IMPLAUSIBLE", "set aside", "a time was counted in another unit, or from another day", "correct 'dates'"),
    Code("E_DST_GAP", "set aside", "a local time that the clocks skipped", "declare 'time_zone' or 'nonexistent'"),
    Code("E_DST_OVERLAP", "set aside", "a local time that the clocks showed twice", "declare 'ambiguous'"),
    Code("E_VALUE", "set aside", "a word is not in the contract's list", "add it to 'values'"),
    Code("E_LEVEL", "set aside", "a word is none that its column may have", "list it in 'values'"),
    Code("E_TEXT", "set aside", "a value is no text", "correct the value"),
    Code("R_SPACES", "repaired", "spaces or unseen signs around a value were taken away"),
    Code("R_INVISIBLE", "repaired", "unseen signs within a key were taken out"),
    Code("R_WIDTH", "repaired", "letters or digits in another form were written plainly"),
    Code("R_POINT_ZERO", "repaired", "keys that were delivered as decimals became keys again"),
    Code("R_DIGITS", "repaired", "digits of another script were written plainly"),
    Code("R_MINUS", "repaired", "a minus in another form or behind the number was read as one"),
    Code("R_PARENTHESES", "repaired", "parentheses around a number were read as a minus"),
    Code("R_ROUNDED", "repaired", "a number was rounded to what its column keeps, half away from zero"),
    Code("R_MIDNIGHT", "repaired", "midnight at the end of a day became the start of the next"),
    Code("R_SENTINEL", "repaired", "a date that stands for unknown was read as missing"),
    Code("R_TIME_DROPPED", "repaired", "a time of day was left out where a day is kept"),
    Code("R_DST_GAP", "repaired", "a local time that the clocks skipped was moved on"),
    Code("R_DST_OVERLAP", "repaired", "of a local time shown twice one was taken, as the contract says"),
    Code("R_CONTROL", "repaired", "control signs were taken out of a text"),
    Code("R_BOM", "repaired", "a byte-order mark was taken out of a text"),
    Code("R_VALUE_KEPT", "repaired", "a word that is not in the contract's list was kept as it is"),
    Code("R_VALUE_UNKNOWN", "repaired", "a word that is not in the contract's list was read as unknown"),
)

# Corrected records
declare(
    Code("E_CORRECTION", "refused", "a corrected record does not name the record it corrects", "export them anew"),
)
