"""Markdown, block by block."""

from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.wording.prose import in_language, messages_of

NOTEBOOK = """# What sells

**Question.** What sells
best?

## Where?

- in `stores`
- by *mail*, which
  takes longer

> A note.

```python
say("nothing")
```
"""


def test_headings_paragraphs_items_and_notes_are_messages_and_code_is_none():
    assert list(messages_of(NOTEBOOK)) == [
        "What sells", "**Question.** What sells best?", "Where?",
        "in `stores`", "by *mail*, which takes longer", "A note.",
    ]  # fmt: skip


def test_a_translated_cell_keeps_its_shape():
    chinese = {
        "What sells": "什么好卖", "**Question.** What sells best?": "**问题**：什么最好卖？", "Where?": "在哪里？",
        "in `stores`": "在 `stores`", "by *mail*, which takes longer": "邮购，较慢", "A note.": "附注。",
    }  # fmt: skip
    assert in_language(NOTEBOOK, chinese.__getitem__).split("\n") == [
        "# 什么好卖", "", "**问题**：什么最好卖？", "", "## 在哪里？", "", "- 在 `stores`", "- 邮购，较慢", "",
        "> 附注。", "", "```python", 'say("nothing")', "```", "",
    ]  # fmt: skip


@given(st.lists(st.sampled_from(["", "# A", "text", "- item", "  more", "> note", "```", "1. one", "***"])))
def test_no_word_is_lost(lines: list[str]):
    source = "\n".join(lines)
    assert " ".join(in_language(source, str).split()) == " ".join(source.split())
