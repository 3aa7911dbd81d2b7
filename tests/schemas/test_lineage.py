"""What rests on a simulated delivery is found, however many tables lie between."""

from __future__ import annotations

from customer_patterns.schemas import TableSchema, resting_on


def table(name: str, *reads: str) -> TableSchema:
    return TableSchema(name, grain="row", key=(), columns=(), reads=reads)


def schemas(*tables: TableSchema) -> dict[str, TableSchema]:
    return {item.name: item for item in tables}


def test_a_table_made_from_a_simulated_one_rests_on_it_and_so_does_what_is_made_from_that():
    known = schemas(table("scores_by_tier", "scores", "tiers"), table("scores", "answers"), table("tiers", "orders"))
    assert resting_on(["answers"], known) == {"answers", "scores", "scores_by_tier"}


def test_nothing_simulated_leaves_every_table_real():
    assert resting_on([], schemas(table("scores", "answers"))) == frozenset()


def test_tables_that_read_each_other_do_not_go_on_for_ever():
    assert resting_on(["b"], schemas(table("a", "b"), table("b", "a"))) == {"a", "b"}


def test_a_table_that_reads_nothing_rests_on_nothing():
    assert "calendar" not in resting_on(["answers"], schemas(table("calendar")))
