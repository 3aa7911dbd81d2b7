"""Codes that readers gave to texts: counted by hand, kappa against statsmodels and against planted agreement."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa as reference

from customer_patterns.satisfaction.listening import coder_agreement, cohens_kappa, themes, themes_by_segment
from customer_patterns.satisfaction.listening.tables import TABLES

WORDS = ("price", "staff", "freshness")


def coded(rows):
    """Rows of text, coder, code and customer."""
    table = pd.DataFrame(rows, columns=["feedback_id", "coder", "code", "customer_id"])
    return table.assign(kind="theme", writer=table["customer_id"].fillna("text " + table["feedback_id"]))


def readers(texts, right, seed):
    """Two readers who each name a text's true code with a chance, else any other: texts, coders and codes."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, texts)
    rows = []
    for coder in ("anna", "ben"):
        wrong = (truth + rng.integers(1, 3, texts)) % 3
        said = np.where(rng.random(texts) < right, truth, wrong)
        rows += [(f"t{n:04d}", coder, WORDS[code]) for n, code in enumerate(said)]
    return pd.DataFrame(rows, columns=["feedback_id", "coder", "code"]).assign(kind="theme")


def test_kappa_by_hand():
    """Twenty texts, both readers said yes to half of them and agreed on 14: 0.7 against 0.5 by chance."""
    table = pd.DataFrame([[7, 3], [3, 7]], index=["yes", "no"], columns=["yes", "no"])
    observed, chance, kappa = cohens_kappa(table)
    assert (observed, chance) == (0.7, 0.5)
    assert kappa.value == pytest.approx(0.4)


@pytest.mark.parametrize("seed", range(5))
def test_kappa_and_its_error_are_those_of_statsmodels(seed):
    table = np.random.default_rng(seed).integers(0, 30, (4, 4)) + 20 * np.eye(4, dtype=int)
    _, _, kappa = cohens_kappa(pd.DataFrame(table))
    wanted = reference(table)
    assert kappa.value == pytest.approx(wanted.kappa)
    assert (kappa.low, kappa.high) == (pytest.approx(wanted.kappa_low), pytest.approx(wanted.kappa_upp))


def test_a_word_that_only_one_reader_uses_counts_for_both():
    _, _, kappa = cohens_kappa(pd.DataFrame([[5, 5]], index=["a"], columns=["a", "b"]))
    assert kappa.value == 0


def test_where_both_always_say_the_same_word_kappa_is_not_defined():
    assert np.isnan(cohens_kappa(pd.DataFrame([[9]], index=["a"], columns=["a"]))[2].value)


def test_planted_agreement_is_found_and_agreement_alone_would_not_do():
    """Readers right in 80 of 100 texts agree in 66 of 100, by chance in a third: kappa 0.49."""
    expected = (0.8**2 + 2 * 0.1**2 - 1 / 3) / (1 - 1 / 3)
    found = [coder_agreement(readers(400, 0.8, seed)).iloc[0] for seed in range(40)]
    held = np.mean([row["kappa_low"] <= expected <= row["kappa_high"] for row in found])
    assert held >= 0.85
    assert not np.mean([abs(row["observed"] - expected) < 0.05 for row in found]) > 0.05  # the broken twin
    guessing = coder_agreement(readers(400, 1 / 3, 7)).iloc[0]
    assert guessing["verdict"] == "little more than chance"
    assert guessing["kappa_low"] < 0 < guessing["kappa_high"]


def test_all_codes_of_a_text_are_what_a_reader_said_and_few_texts_say_nothing():
    rows = readers(30, 0.9, 1)
    both = pd.concat([rows, rows.assign(code="delivery")])
    assert coder_agreement(both)["n"].tolist() == [30]
    assert coder_agreement(rows[rows["feedback_id"] < "t0019"]).empty
    assert coder_agreement(rows.iloc[:0]).columns.tolist() == TABLES["coder_agreement"].names


def test_a_text_counts_once_whoever_gave_the_code():
    rows = [(f"t{n}", coder, "price", f"c{n:02d}") for n in range(20) for coder in ("anna", "ben")]
    rows += [(f"t{n}", "anna", "staff", f"c{n:02d}") for n in range(12)]
    table = themes(coded(rows)).set_index("code")
    assert table["texts"].to_dict() == {"price": 20, "staff": 12}
    assert table.at["staff", "share_of_texts"] == 0.6
    assert table.at["staff", "share_of_texts_low"] < 0.6 < table.at["staff", "share_of_texts_high"]
    assert list(themes(coded([])).columns) == TABLES["themes"].names


def test_a_code_of_few_writers_is_not_shown():
    rows = [(f"t{n}", "anna", code, f"c{n % 9}") for n in range(40) for code in ("price", "staff")]
    rows += [(f"u{n}", "anna", "price", f"d{n}") for n in range(20)]
    table = themes(coded(rows)).set_index("code")
    assert table.at["staff", "suppressed"] == "too few"
    assert np.isnan(table.at["staff", "share_of_texts"])


def test_themes_by_value_level_count_customers_once():
    rows = [(f"t{n}", "anna", "price", f"c{n:02d}") for n in range(24)]
    rows += [(f"u{n}", "anna", "staff", f"c{n % 6:02d}") for n in range(24)]
    rows += [("x", "anna", "price", None)]
    levels = pd.DataFrame(
        {"customer_id": [f"c{n:02d}" for n in range(24)], "value_level": ["high"] * 12 + ["ordinary"] * 12}
    )
    table = themes_by_segment(coded(rows), levels).set_index(["value_level", "code"])
    assert table["share_of_customers"].to_dict() == {
        ("high", "price"): 1, ("high", "staff"): 0.5, ("ordinary", "price"): 1, ("ordinary", "staff"): 0,
    }  # fmt: skip
    assert table["n"].tolist() == [12] * 4
    assert themes_by_segment(coded(rows), levels.iloc[:0]).empty
