"""A notebook's prose, block by block: what is one message to a translator, and how blocks are put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from customer_patterns.wording.messages import translated
from customer_patterns.wording.voice import current_voice

#: The context of the messages of notebooks.
NOTEBOOK = "notebook"

_FENCE = re.compile(r"\s*(```|~~~)")
#: What stands before a block's text: number signs of a heading, the mark of a list item, of a quote.
_OPENING = re.compile(r"(?P<indent>\s*)(?P<mark>#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?)?(?P<text>.*)")


@dataclass
class Block:
    """One block of Markdown: what stands before its text, and the text, its lines joined. Code has no text."""

    opening: str
    text: str
    code: str = ""

    @property
    def markdown(self) -> str:
        """The block as it is written."""
        return self.code or self.opening + self.text


def blocks(source: str) -> list[Block]:
    """Part Markdown into headings, paragraphs, list items and quotes; fenced code and blank lines are kept as they are.

    Examples
    --------
    >>> [block.text for block in blocks("# Title\\n\\nA paragraph\\nof two lines.\\n\\n- an item")]
    ['Title', '', 'A paragraph of two lines.', '', 'an item']
    """
    found: list[Block] = []
    fenced = open_block = False
    for line in source.split("\n"):
        fence = bool(_FENCE.match(line))
        if fenced or fence:
            found.append(Block("", "", code=line))
            fenced, open_block = fenced ^ fence, False
            continue
        match = _OPENING.fullmatch(line)
        mark, text = match["mark"] or "", match["text"].rstrip()
        if open_block and text and not mark:  # goes on with the block before
            found[-1].text += f" {text}"
            continue
        found.append(Block(match["indent"] + mark if text else line, text))
        open_block = bool(text) and not mark.startswith("#")
    return found


#: What a paragraph may end with; a closing quote or bracket may follow.
_ENDS = tuple(".!?…。！？：:")
#: The full stop of each language.
_FULL_STOPS = {"zh": "。"}


def paragraph(text: str) -> str:
    """End a sentence as a paragraph ends: with the full stop of the language of the run, unless it has an end.

    Findings, titles and captions stand without one.

    Examples
    --------
    >>> paragraph("Nobody is described, so no groups are compared"), paragraph("Why?")
    ('Nobody is described, so no groups are compared.', 'Why?')
    """
    stop = _FULL_STOPS.get(current_voice().language, ".")
    return text if not text or text.rstrip("”»\"'’)）」").endswith(_ENDS) else text + stop


def messages_of(source: str) -> Iterator[str]:
    """Give the messages of a cell of Markdown."""
    return (block.text for block in blocks(source) if is_message(block.text))


def is_message(text: str) -> bool:
    """Whether a block says something in words."""
    return any(c.isalpha() for c in re.sub(r"`[^`]*`", "", text))


def in_language(source: str, translate: Callable[[str], str] | None = None) -> str:
    """Return a cell of Markdown in the language of the run.

    Raises
    ------
    Untranslated
        For the first block without a translation.
    """
    say = translate or (lambda text: translated(text, context=NOTEBOOK))
    parts = blocks(source)
    for block in parts:
        if is_message(block.text):
            block.text = say(block.text)
    return "\n".join(block.markdown for block in parts)
