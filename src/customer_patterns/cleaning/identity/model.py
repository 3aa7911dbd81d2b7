"""How much two records speak for one person: Fellegi and Sunter's model, fitted and scored by splink.

Each field that two records share is evidence: its weight is the logarithm (base 2, so in bits) of how much likelier
this degree of agreement is between two records of one person (*m*) than of two persons (*u*). An agreement on a rare
value weighs more than on a common one. *u* comes from random pairs, *m* from the EM algorithm over pairs that agree on
one field at a time (Fellegi & Sunter 1969, JASA 64; Winkler 2000; splink 5).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from customer_patterns.cleaning.identity.fields import BLOCKS, DIFFERENT, LEARNED_WITHIN, LEVELS, MISSING

#: No degree of agreement is rarer than this within one person: where EM saw none, there may be one yet.
LEAST_M, LEAST_U = 0.002, 1e-6
#: How often one person's records agree wholly in a field that nothing is learned about.
USUAL_M = 0.9
#: Random pairs per record, and at most, from which *u* is counted.
PAIRS_PER_RECORD, MOST_RANDOM_PAIRS = 100, 400_000
#: Of pairs that are less likely one person's nothing more is said than their weight.
LEAST_PROBABILITY = 0.01
#: Values held by more records than this bring nobody together for comparison; another field has to.
LARGEST_BLOCK = 300
#: Fewer pairs that share a key than this teach nothing: then only keys join.
FEWEST_PAIRS = 30
#: With fewer fields that records share, there is no other field within which one could be learned about.
FEWEST_FIELDS = 3
_SEED = 20170101

#: A column of one side, as splink writes it and as a join of two tables does.
_SIDE, _OF_SIDE = re.compile(r'"?(\w+)_([lr])\b"?'), r"\2.\1"
#: Within so many fields is learned: each field is learned about within at least two others.
SESSIONS = 3


@dataclass(frozen=True)
class Scored:
    """Pairs of records with their weights.

    Attributes
    ----------
    pairs
        One row per compared pair, by ``one`` and ``other``: ``weight`` (bits), ``probability``, and per field
        ``bits_<field>`` and, where the probability reaches :data:`LEAST_PROBABILITY`, ``level_<field>`` (0 different,
        1 the weakest agreement and so on up, -1 missing).
    prior
        Weight of any two records before anything is compared, bits.
    fields
        The fields that were compared.
    parameters
        One row per field and degree of agreement: ``field``, ``level`` (its name), ``m``, ``u``.
    """

    pairs: pd.DataFrame
    prior: float
    fields: tuple[str, ...]
    parameters: pd.DataFrame


def score_pairs(
    con: duckdb.DuckDBPyConnection, *, known_pairs: int, by_frequency: bool = True, recall_of_keys: float = 0.8
) -> Scored | None:
    """Fit the model to the table ``records`` and score every pair that shares a value.

    Parameters
    ----------
    con
        Where ``records`` stands, one row per record.
    known_pairs
        Pairs that share a key: from them follows how likely two records are one person's before they are compared.
    by_frequency
        Whether an agreement on a rare value weighs more than on a common one.
    recall_of_keys
        Share of the true pairs that keys are taken to find.

    Returns
    -------
    Scored
        Or ``None`` where there are too few pairs to learn from.
    """
    records = con.execute("SELECT count(*) FROM records").fetchall()[0][0]
    if known_pairs < FEWEST_PAIRS:
        return None
    fields = tuple(field for field in LEVELS if _filled(con, field))
    if len(fields) < FEWEST_FIELDS:
        return None
    _blocks(con, fields)
    prior = min(known_pairs / recall_of_keys / (records * (records - 1) / 2), 0.5)
    with _quietly():
        fitted = _fit(con, fields, prior, by_frequency=by_frequency)
        pairs = _predict(con, fitted)
    parameters = _parameters(fitted)
    return Scored(_with_levels(con, _named(pairs, fields), fields), _bits(prior), fields, parameters)


def _bits(probability: float) -> float:
    from math import log2

    return log2(probability / (1 - probability))


def _filled(con: duckdb.DuckDBPyConnection, field: str) -> bool:
    """Whether at least two records share a value of a field; else it tells nothing."""
    asked = f"SELECT count({field}) > count(DISTINCT {field}) FROM records"
    return bool(con.execute(asked).fetchall()[0][0])


def _blocks(con: duckdb.DuckDBPyConnection, fields: tuple[str, ...]) -> None:
    """Put a column beside each field by which records are brought together, empty where a value is too common."""
    for field in BLOCKS:
        con.execute(f"ALTER TABLE records DROP COLUMN IF EXISTS block_{field}")
        con.execute(f"ALTER TABLE records ADD COLUMN block_{field} BIGINT")
        if field in fields:
            con.execute(f"""
                UPDATE records SET block_{field} = {field} WHERE {field} IN (
                SELECT {field} FROM records GROUP BY 1 HAVING count(*) BETWEEN 2 AND {LARGEST_BLOCK})""")


def _blocked(con: duckdb.DuckDBPyConnection, field: str) -> bool:
    """Whether some records are brought together by a field."""
    return bool(con.execute(f"SELECT count(block_{field}) FROM records").fetchall()[0][0])


def _settings(fields: tuple[str, ...], prior: float, *, by_frequency: bool) -> dict[str, Any]:
    from splink import block_on

    comparisons = []
    for field in fields:
        levels: list[dict[str, Any]] = [
            {
                "sql_condition": f'"{field}_l" IS NULL OR "{field}_r" IS NULL',
                "label_for_charts": MISSING,
                "is_null_level": True,
            }
        ]
        for label, condition, frequency in LEVELS[field]:
            level = {"sql_condition": condition, "label_for_charts": label}
            if frequency and by_frequency:
                level |= {"tf_adjustment_column": frequency, "tf_adjustment_weight": 1.0}
            levels.append(level)
        levels.append({"sql_condition": "ELSE", "label_for_charts": DIFFERENT})
        comparisons.append({"output_column_name": field, "comparison_levels": levels})
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "customer_id",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [
            block_on(f"block_{field}").create_blocking_rule_dict("duckdb") for field in BLOCKS if field in fields
        ],
        "probability_two_random_records_match": prior,
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
        "em_convergence": 0.001,
        "max_iterations": 50,
    }


def _fit(
    con: duckdb.DuckDBPyConnection, fields: tuple[str, ...], prior: float, *, by_frequency: bool
) -> dict[str, Any]:
    """Count *u* among random pairs, learn *m* within several fields, and take the mean of what is learned.

    Each field is learned within by a linker of its own. Where two persons never look alike, EM drives a chance to
    nothing, which splink refuses with the linker half changed: nothing is learned within such a field then.
    """
    from splink import DuckDBAPI, Linker

    records = con.execute("SELECT count(*) FROM records").fetchall()[0][0]
    frame = DuckDBAPI(con).register("records")
    linker = Linker(frame, _settings(fields, prior, by_frequency=by_frequency), log_level=None)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=min(PAIRS_PER_RECORD * records, MOST_RANDOM_PAIRS), seed=_SEED, min_count_per_level=None, num_chunks=1
    )
    model = linker.misc.save_model_to_json()
    learned: dict[tuple[str, str], list[float]] = {}
    for field in [name for name in LEARNED_WITHIN if name in fields and _blocked(con, name)][:SESSIONS]:
        session = Linker(frame, model, validate_settings=False, log_level=None)
        try:
            session.training.estimate_parameters_using_expectation_maximisation(
                # (the field itself is named, so that nothing is learned about it from pairs that agree on it)
                f"l.block_{field} = r.block_{field} AND l.{field} = r.{field}",
                estimate_without_term_frequencies=True,
            )
        except ValueError:
            continue
        for other, level in _levels_of(session.misc.save_model_to_json()):
            if other != field and level.get("m_probability"):
                learned.setdefault((other, level["label_for_charts"]), []).append(level["m_probability"])
    for field, level in _levels_of(model):
        chances = learned.get((field, level["label_for_charts"]))
        level["m_probability"] = sum(chances) / len(chances) if chances else None
    return _within_reason(model)


def _levels_of(model: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The degrees of agreement of a model, each with its field."""
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                yield comparison["output_column_name"], level


def _within_reason(model: dict[str, Any]) -> dict[str, Any]:
    """Give every degree of agreement a chance, seen or not: a weight without bound would overrule all other fields."""
    for comparison in model["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        if not any(level.get("m_probability") for level in levels):  # EM never came to this field
            weaker = (1 - USUAL_M) / (len(levels) - 1)
            for level in levels:
                level["m_probability"] = USUAL_M if level is levels[0] else weaker
        for name in ("m_probability", "u_probability"):
            least = LEAST_M if name == "m_probability" else LEAST_U
            shares = [max(level.get(name) or 0.0, least) for level in levels]
            for level, share in zip(levels, shares, strict=True):
                level[name] = share / sum(shares)
    return model


def _predict(con: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> pd.DataFrame:
    from splink import DuckDBAPI, Linker

    linker = Linker(DuckDBAPI(con).register("records"), model, log_level=None)
    return linker.inference.predict(warning_mode="never").as_pandas_dataframe()


def _named(pairs: pd.DataFrame, fields: tuple[str, ...]) -> pd.DataFrame:
    ahead = pairs["customer_id_l"] < pairs["customer_id_r"]
    columns = {
        "one": pairs["customer_id_l"].where(ahead, pairs["customer_id_r"]),
        "other": pairs["customer_id_r"].where(ahead, pairs["customer_id_l"]),
        "weight": pairs["match_weight"],
        "probability": pairs["match_probability"],
    }
    for field in fields:
        frequency = f"mw_tf_adj_{field}"
        columns[f"bits_{field}"] = pairs[f"mw_{field}"] + pairs.get(frequency, 0.0)
    return pd.DataFrame(columns).sort_values(["one", "other"], ignore_index=True)


def _with_levels(con: duckdb.DuckDBPyConnection, pairs: pd.DataFrame, fields: tuple[str, ...]) -> pd.DataFrame:
    """Say how far the likelier pairs agree in each field."""
    likelier = pairs.loc[pairs["probability"] >= LEAST_PROBABILITY, ["one", "other"]]
    con.register("likelier_pairs", likelier)
    cases = []
    for field in fields:
        levels = LEVELS[field]
        whens = [
            f"WHEN {_SIDE.sub(_OF_SIDE, condition)} THEN {len(levels) - place}"
            for place, (_, condition, _) in enumerate(levels)
        ]
        missing = f"WHEN l.{field} IS NULL OR r.{field} IS NULL THEN -1"
        cases.append(f"CASE {missing} {' '.join(whens)} ELSE 0 END AS level_{field}")
    found = con.execute(f"""
        SELECT one, other, {", ".join(cases)} FROM likelier_pairs
        JOIN records l ON l.customer_id = one JOIN records r ON r.customer_id = other""").df()
    con.unregister("likelier_pairs")
    return pairs.merge(found, on=["one", "other"], how="left")


def _parameters(model: dict[str, Any]) -> pd.DataFrame:
    rows = [
        (field, level["label_for_charts"], level["m_probability"], level["u_probability"])
        for field, level in _levels_of(model)
    ]
    return pd.DataFrame(rows, columns=["field", "level", "m", "u"])


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep splink's account of its work out of the chapter."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
