"""The data dictionary says what the schemas say, today."""

from __future__ import annotations

import pytest

from customer_patterns.reruns import dictionary
from customer_patterns.reruns.dictionary import (
    BEGIN,
    END,
    DictionaryError,
    dictionary_path,
    with_dictionary,
)
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.stage import schemas_of, stage_names


def test_the_dictionary_in_the_repository_is_up_to_date():
    page = dictionary_path().read_text(encoding="utf-8")
    assert with_dictionary(page) == page, "run 'make dictionary'"


def test_every_column_of_every_stage_is_described():
    text = dictionary.dictionary()
    for stage in stage_names():
        assert f"### Tables of `{stage}`" in text
        for schema in schemas_of(stage).values():
            assert f"#### `{schema.name}`" in text
            for column in schema.columns:
                assert column.meaning, f"{stage}.{schema.name}.{column.name} has no meaning"


def test_a_table_is_written_with_grain_key_units_and_ranges(monkeypatch):
    schema = TableSchema(
        "visits",
        "visit",
        ("visit_id",),
        (
            Column("visit_id", "text", "the key"),
            Column("share", "share", "part | whole", unit="share", nullable=True, minimum=0, maximum=1),
            Column("kind", "text", "which", levels=("a", "b")),
            Column("days", "integer", "how long", unit="days", minimum=0),
        ),
        "Who came.",
    )
    monkeypatch.setattr(dictionary, "stage_names", lambda: ["web"])
    monkeypatch.setattr(dictionary, "schemas_of", lambda stage: {"visits": schema})
    assert dictionary.dictionary().splitlines() == [
        "### Tables of `web`",
        "",
        "#### `visits`",
        "",
        "One row per visit; key `visit_id`. Who came.",
        "",
        "| column | kind | unit | range | meaning |",
        "|---|---|---|---|---|",
        "| `visit_id` | text |  |  | the key |",
        "| `share` | share, may be missing | share | 0 to 1 | part &#124; whole |",
        "| `kind` | text |  | a, b | which |",
        "| `days` | integer | days | 0 or more | how long |",
    ]


def test_the_rest_of_the_page_stays_as_it_is():
    page = f"# Mine\n\n{BEGIN}\nlast year\n{END}\n\nAfter."
    changed = with_dictionary(page)
    assert changed.startswith(f"# Mine\n\n{BEGIN}\n")
    assert changed.endswith(f"{END}\n\nAfter.")
    assert "last year" not in changed
    assert with_dictionary(changed) == changed


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_page_without_its_marks_is_refused(page):
    with pytest.raises(DictionaryError, match="once each"):
        with_dictionary(page)
