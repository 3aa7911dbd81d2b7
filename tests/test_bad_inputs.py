"""Every row of the list of bad inputs is covered by tests that exist, or said to be open; none is forgotten."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.bad_inputs import LAST, OPEN, ROWS

HERE = Path(__file__).parent


@cache
def functions(file: str) -> frozenset[str]:
    """The tests in a file, and no others: a function that is skipped always covers nothing."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not any("skip" in ast.unparse(decorator) for decorator in node.decorator_list)
    )


def missing(tests: tuple[str, ...]) -> list[str]:
    """The named tests that there are not."""
    gone = []
    for test in tests:
        file, _, name = test.partition("::")
        if not (HERE / file).is_file() or name not in functions(file):
            gone.append(test)
    return gone


@pytest.mark.parametrize("number", ROWS)
def test_each_row_names_tests_that_there_are(number: int) -> None:
    assert ROWS[number].tests
    assert missing(ROWS[number].tests) == []


def test_every_row_is_covered_or_said_to_be_open() -> None:
    assert sorted([*ROWS, *OPEN]) == list(range(1, LAST + 1))


def test_rows_of_values_stand_among_the_cases_of_their_tests() -> None:
    """The long tables of values name their rows themselves."""
    file = "sources/values/test_bad_inputs.py"
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    numbers = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is int}
    named = [number for number, row in ROWS.items() if any(test.startswith(file) for test in row.tests)]
    assert [number for number in named if number not in numbers] == []


def test_a_test_that_is_gone_or_skipped_would_be_noticed() -> None:
    assert missing(("test_bad_inputs.py::test_that_nobody_wrote", "no_such_file.py::test_x")) == [
        "test_bad_inputs.py::test_that_nobody_wrote",
        "no_such_file.py::test_x",
    ]
