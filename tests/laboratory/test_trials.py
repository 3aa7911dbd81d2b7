"""A trial judges as it says, its twin misses the aim, and a score knows the code it was taken with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import binomtest

from customer_patterns.laboratory import barred, beside_twins, by_errors, by_room, coverages, method_scores, stored
from customer_patterns.laboratory.__main__ import main
from customer_patterns.laboratory.figures import Figures
from customer_patterns.laboratory.tables import METHOD_SCORES, MISSED, NOT_SCORED, OUTDATED
from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial, score
from customer_patterns.laboratory.trials import TRIALS
from customer_patterns.study import project_root
from customer_patterns.wording.catalog import SENTENCES


def test_shares_add_up_over_seeds_and_have_wilson_intervals() -> None:
    found = score([Tally(18, 20), Tally(19, 20)])
    assert found.n == 40
    assert found.shown.value == pytest.approx(37 / 40)
    by_scipy = binomtest(37, 40).proportion_ci(0.99, method="wilson")
    assert found.judged[1:] == pytest.approx((by_scipy.low, by_scipy.high))


def test_errors_have_the_interval_of_student() -> None:
    found = score([Error(0.01), Error(0.02), Error(0.03)])
    # mean 0.02, standard error 0.01 / sqrt 3, t(2) at 97.5 % is 4.303
    assert found.shown == pytest.approx((0.02, 0.0, 0.02 + 4.3027 * 0.01 / 3**0.5), abs=1e-5)


def test_nothing_is_scored_from_nothing() -> None:
    with pytest.raises(ValueError, match="no replicates"):
        score([Tally(0, 0)])
    with pytest.raises(ValueError, match="two seeds"):
        score([Error(0.1)])


@pytest.mark.parametrize(
    ("aim", "hits", "met"),
    [
        (Aim(0.93, 0.97, by_interval=True), 1880, True),  # 94 %
        (Aim(0.93, 0.97, by_interval=True), 1850, True),  # 92.5 %, and not clearly below 93
        (Aim(0.93, 0.97, by_interval=True), 1780, False),  # 89 %
        (Aim(0.93, 0.97, by_interval=True), 1999, False),  # too wide is wrong as well
        (Aim(0.95, 1.0), 1880, False),
        (Aim(0.94, 1.0), 1880, True),
    ],
)
def test_an_aim_is_met_by_the_score_or_by_its_interval(aim: Aim, hits: int, met: bool) -> None:
    assert aim.met(score([Tally(hits, 2000)])) is met


def test_every_trial_is_whole_and_its_seeds_are_nobody_elses() -> None:
    names = [trial.name for trial in TRIALS]
    assert len(set(names)) == len(names)
    sources = [
        path.read_text(encoding="utf-8")
        for path in (project_root() / "tests").rglob("*.py")
        if "laboratory" not in path.parts
    ]
    for trial in TRIALS:
        assert 0 <= trial.aim.low < trial.aim.high <= 1
        assert all(key in SENTENCES for key in trial.feeds)
        assert min(trial.seeds) > 900_000  # tests and development use small ones, and dates of 2017
        assert not any(str(min(trial.seeds)) in text for text in sources)


QUICK = [trial for trial in TRIALS if trial.name in ("a small share", "a dimension without effect")]


@pytest.mark.parametrize("trial", QUICK, ids=lambda trial: trial.name)
def test_the_twin_misses_the_aim_that_the_method_reaches(trial: Trial) -> None:
    seeds = list(trial.seeds)[:3]
    assert trial.aim.met(score([trial.run(seed) for seed in seeds]))
    assert not trial.aim.met(score([trial.broken(seed) for seed in seeds]))


def test_a_trial_gives_the_same_score_again() -> None:
    for trial in QUICK:
        seed = trial.seeds[0]
        assert trial.run(seed) == trial.run(seed)


# What is stored


@pytest.fixture
def taken() -> dict:
    trial = QUICK[0]
    return {trial.name: stored.entry(trial, score([trial.run(1)]), score([trial.broken(1)]))}


def test_a_score_is_outdated_once_the_code_is_another(taken: dict) -> None:
    name = QUICK[0].name
    rows = method_scores(taken).set_index("trial")["verdict"]
    assert rows.drop(name).eq(NOT_SCORED).all()
    assert rows[name] not in (NOT_SCORED, OUTDATED)
    taken[name]["code"] = "another"
    assert method_scores(taken).set_index("trial").at[name, "verdict"] == OUTDATED


def test_comments_and_docstrings_are_no_code(tmp_path: Path) -> None:
    plain, told, other = (tmp_path / f"{name}.py" for name in ("plain", "told", "other"))
    plain.write_text("def f(x):\n    return x + 1\n", encoding="utf-8")
    told.write_text('"""A module."""\n\n\ndef f(x):\n    """Add one."""\n    return x + 1  # one\n', encoding="utf-8")
    other.write_text("def f(x):\n    return x + 2\n", encoding="utf-8")
    meanings = [stored._meaning(path.read_text(encoding="utf-8")) for path in (plain, told, other)]
    assert meanings[0] == meanings[1] != meanings[2]


def test_what_a_failing_method_says_enters_no_headline(taken: dict) -> None:
    assert barred(method_scores(taken)) == frozenset()
    taken[QUICK[0].name]["met"] = False
    assert barred(method_scores(taken)) == frozenset(QUICK[0].feeds)
    assert MISSED in set(method_scores(taken)["verdict"])


def test_the_committed_scores_are_those_of_trials_that_exist() -> None:
    known = {trial.name: trial for trial in TRIALS}
    for name, entry in json.loads(stored.SCORES.read_text(encoding="utf-8")).items():
        assert name in known
        assert entry["twin_rejected"], f"the broken twin of '{name}' reaches the aim: the trial proves nothing"


def test_scores_stand_beside_their_twins_and_are_counted(taken: dict) -> None:
    scores = method_scores(taken)
    assert beside_twins(scores)["side"].tolist() == ["the method", "its broken twin"]
    figures = Figures("2017-01-01", "2017-12-31")
    figures.read(method_scores=scores)
    assert figures["tried"].value == 1
    assert figures["unscored"].value == len(TRIALS) - 1
    assert list(scores.columns) == METHOD_SCORES.names


def test_trials_are_counted_by_chapter_and_intervals_picked_by_their_aim() -> None:
    scores = pd.DataFrame(
        {
            "trial": ["a mean", "a share", "false alarms", "never run"],
            "room": ["estimates", "estimates", "patterns", "outlook"],
            "score": [0.95, 0.90, 0.02, None],
            "aim_from": [0.93, 0.93, 0.0, 0.93],
            "aim_to": [0.97, 0.97, 0.05, 0.97],
            "verdict": ["reaches its aim", "misses its aim", "reaches its aim", "not scored yet"],
            "twin_verdict": ["rejected", "rejected", "not rejected", None],
        }
    )
    assert by_room(scores).to_numpy().tolist() == [["estimates", 2, 1, 2], ["patterns", 1, 1, 0]]
    assert coverages(scores)["trial"].tolist() == ["a mean", "a share"]


def test_who_is_who_is_told_by_rate_of_errors_as_shares_that_are_right() -> None:
    scores = pd.DataFrame(
        {
            "trial": ["wrong joins at usual errors", "pairs missed at four times the usual errors", "a mean"],
            "score": [0.01, 0.10, 0.5],
            "score_low": [0.0, 0.05, 0.4],
            "score_high": [0.03, 0.15, 0.6],
            "n": [5, 5, 9],
        }
    )
    table = by_errors(scores).round(10)
    assert table["errors"].tolist() == [1.0, 4.0]
    assert table[["share", "share_low", "share_high"]].to_numpy().tolist() == [[0.99, 0.97, 1.0], [0.9, 0.85, 0.95]]
    assert table["side"].tolist() == ["one person's, of the joined", "joined, of one person's"]
    assert by_errors(scores.tail(1)).empty


def test_the_command_stores_what_it_ran_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    from customer_patterns.laboratory import __main__ as command

    few = replace(QUICK[0], seeds=range(3))
    monkeypatch.setattr(command, "TRIALS", (few,))
    monkeypatch.setattr(command, "write_scores", lambda entries: stored.write_scores(entries, tmp_path / "scores.json"))
    assert main(["--only", "small"]) == 0
    assert "| met" in capsys.readouterr().out
    assert set(json.loads((tmp_path / "scores.json").read_text())) == {few.name}
    assert main(["--only", "smalls"]) == 2
    assert "there is no 'smalls'" in capsys.readouterr().err
