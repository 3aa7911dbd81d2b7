"""The open questions of an answer sheet: what people wrote beside their ratings, each question a text of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from customer_patterns.sources.draft.guessing import Looks
from customer_patterns.sources.draft.mapped import Mapped
from customer_patterns.sources.draft.seen import Seen

#: How a question is worded that is answered in one's own words.
_ASKS = re.compile(
    r"[?？]\s*$|comment|suggest|improve|opinion|\bwhy\b|reason|tell us|anything else|feedback"
    r"|建议|意见|原因|为什么|什么|如何|怎样|评论|留言|其他|哪些方面"
    r"|anregung|kommentar|anmerkung|verbesser|warum|grund|lob|kritik|sugerenc|coment|suggestion|pourquoi",
    re.IGNORECASE,
)
#: What someone wrote is longer than a word or two, and differs from sheet to sheet even where nobody asked a question.
_LONG, _LONGER, _MANY = 6, 16, 30
#: So many sheets with an answer at least.
_GIVEN = 3


def open_questions(sheet: Mapped, seen: Seen, looked: Mapping[str, Looks], beside: tuple[str, ...]) -> list[Mapped]:
    """Find the columns of an answer sheet in which people wrote: each is feedback of its own.

    Parameters
    ----------
    sheet
        What was found of the ratings.
    seen
        The file.
    looked
        What each of its columns looks like.
    beside
        Delivered columns that describe whoever answered.

    Returns
    -------
    list of Mapped
        One table ``feedback`` per question, in the order of the columns: who wrote, and when, as the sheet says it.
    """
    used = {*sheet.columns.values(), *(rating.column for rating in sheet.items.values()), *beside}
    asked = [name for name in seen.columns if name not in used and _is_written(name, looked[name])]
    moment = "answered_at"
    return [
        Mapped(
            "feedback",
            {
                **({"customer_id": sheet.columns["customer_id"]} if "customer_id" in sheet.columns else {}),
                **({"written_at": sheet.columns[moment]} if moment in sheet.columns else {}),
                "text": name,
            },
            {"channel": "survey", "source_type": "comment"},
            frozenset({"text"}),
            made={"feedback_id": f"text-{place}"} | ({} if "customer_id" in sheet.columns else {"customer_id": None}),
            undated=None if moment in sheet.columns else "written_at",
        )
        for place, name in enumerate(asked, 1)
    ]


def _is_written(name: str, found: Looks) -> bool:
    if found.given < _GIVEN or found.numbers is not None or found.dates is not None:
        return False
    if _ASKS.search(name):
        return found.length >= _LONG
    return found.length >= _LONGER and found.different > _MANY
