"""What becomes of one record that was taken apart sign by sign: its values, or why it is none."""

from __future__ import annotations

from customer_patterns.sources.delimited.layout import LONGEST_FIELD, Layout, Taken, Unusable
from customer_patterns.sources.delimited.lines import Block
from customer_patterns.sources.delimited.suspects import CTRL_Z
from customer_patterns.sources.files import mojibake
from customer_patterns.sources.raw import LONGEST_RAW


def judge_record(
    taken: Taken, block: Block, layout: Layout, begin: int, fields: list[bytes], after: int
) -> list[str] | None:
    """Say what becomes of a record: its values, or ``None`` and an entry in ``set_aside`` or ``repairs``.

    Parameters
    ----------
    taken
        What is taken of the block, where it is put down.
    block, layout
        The block, and how records lie.
    begin, after
        The record's first line in the block, from 0, and the line after its last.
    fields
        Its fields.
    """
    line = block.first_line + begin
    raw = block.data[int(block.starts[begin]) : int(block.ends[after - 1])]
    spanned = range(begin, after)

    def aside(code: str, detail: str | None = None) -> None:
        taken.set_aside.append((line, code, None, detail, raw[: 4 * LONGEST_RAW].decode("utf-8", "replace")))

    if any(len(value) > LONGEST_FIELD for value in fields):
        raise Unusable("E_FIELD_TOO_BIG", line, f"a value has more than {LONGEST_FIELD:,} bytes")
    if raw.endswith(CTRL_Z):  # files put together may have one in their midst
        taken.repairs.append((line, "S_CTRL_Z", None))
        fields[-1] = fields[-1].rstrip(CTRL_Z)
        if not raw.strip(CTRL_Z):
            return None
    if not raw or (layout.width > 1 and len(fields) == 1 and not raw.strip(b" ")):
        taken.repairs.append((line, "S_BLANK", None))
        return None
    if b"\0" in raw:
        return aside("E_NUL")
    if not block.undecoded_lines.isdisjoint(spanned):
        return aside("E_ENCODING")
    if raw in layout.header_texts:
        taken.repairs.append((line, "S_HEADER_AGAIN", None))
        return None
    texts = [value.decode("utf-8") for value in fields]
    if (
        layout.footer is not None
        and layout.key_place is not None
        and layout.footer.search(texts[layout.key_place] if layout.key_place < len(texts) else "")
    ):
        return aside("E_FOOTER")
    if len(fields) < layout.width:
        return aside("E_TOO_FEW_FIELDS", f"{len(fields)} < {layout.width}")
    if len(fields) > layout.width or (layout.trailing and fields[-1]):
        return aside("E_TOO_MANY_FIELDS", f"{len(fields)} > {len(layout.header)}")
    if not block.lines_in_utf8.isdisjoint(spanned):
        taken.repairs.append((line, "R_ENCODING", None))
    for name, place in layout.wanted:
        right = texts[place] if texts[place].isascii() else mojibake.put_right(texts[place])
        if right != texts[place]:
            taken.repairs.append((line, "R_MOJIBAKE", name))
            texts[place] = right
        elif "\ufffd" in right:
            taken.repairs.append((line, "R_LOST_LETTERS", name))
    return texts
