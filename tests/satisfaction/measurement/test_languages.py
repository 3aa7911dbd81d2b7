"""Do items mean the same in both languages of a survey?"""

from __future__ import annotations

from collections.abc import Callable

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.satisfaction.measurement import invariance, sheet_languages
from tests.satisfaction.measurement.answered import cut, latent, survey

LOADINGS = {"price": [0.8, 0.75, 0.7]}
NOBODY = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "value_level": pd.Series(dtype="str")})
SHEETS = pa.schema([("wave", pa.string()), ("customer_id", pa.string()), ("language", pa.string())])


def in_languages(n: int, *, seed: int, shift: float = 0.0):
    """One wave; Chinese sheets are less content, which breaks nothing, and read the second item otherwise or not."""
    parts = [latent(n, LOADINGS, seed=10 * seed), latent(n, LOADINGS, seed=10 * seed + 1, mean=-0.4)]
    parts[1][:, 1] += shift
    sheets = survey(np.vstack([cut(part) for part in parts]), LOADINGS)
    known = sheets.rows[["wave", "customer_id"]].assign(language=np.repeat(["en", "zh"], n))
    return sheets, known


def between_languages(n: int, *, seed: int, shift: float = 0.0) -> pd.Series:
    sheets, known = in_languages(n, seed=seed, shift=shift)
    table = invariance(sheets, NOBODY, languages=known)
    return table[table["grouping"] == "languages"].iloc[0]


def test_a_translation_that_is_read_otherwise_is_named():
    found = between_languages(900, seed=1, shift=0.7)
    assert (found["verdict"], found["items"]) == ("comparable without some items", "price_2")


def test_who_is_less_content_in_one_language_still_reads_alike():
    """The broken twin compares means, and would call the less content language a bad translation."""
    found = [between_languages(900, seed=seed)["verdict"] for seed in range(2, 7)]
    assert found.count("comparable") >= 4
    sheets, known = in_languages(900, seed=2)
    means = pd.DataFrame(sheets.points).groupby(known["language"].to_numpy()).mean()
    assert (means.loc["en"] - means.loc["zh"] > 3).all()  # about three standard errors


def test_few_sheets_in_a_language_cannot_be_tested_and_their_number_is_said():
    sheets, known = in_languages(300, seed=3)
    few = known[(known["language"] == "en") | (known.groupby("language").cumcount() < 40)]
    row = invariance(sheets, NOBODY, languages=few).set_index("grouping").loc["languages"]
    assert (row["verdict"], row["groups"], row["n"]) == ("not testable", 1, 300)
    assert row["reason"] == "fewer than two groups with answers enough"


def test_without_a_language_nothing_is_said_of_languages(table: Callable[..., ir.Table]):
    nothing = table(
        [{"wave": "1", "customer_id": "anna"}], pa.schema([("wave", pa.string()), ("customer_id", pa.string())])
    )
    assert sheet_languages(nothing) is None
    assert sheet_languages(table([{"wave": "1", "customer_id": "anna", "language": None}], SHEETS)) is None
    sheets, _ = in_languages(250, seed=4)
    assert "languages" not in set(invariance(sheets, NOBODY)["grouping"])


def test_languages_are_read_from_the_sheets(table: Callable[..., ir.Table]):
    rows = [
        {"wave": "1", "customer_id": "bela", "language": "zh"},
        {"wave": "1", "customer_id": "anna", "language": "en"},
        {"wave": "2", "customer_id": "anna", "language": None},
    ]
    found = sheet_languages(table(rows, SHEETS))
    assert found.to_dict("list") == {"wave": ["1", "1"], "customer_id": ["anna", "bela"], "language": ["en", "zh"]}
