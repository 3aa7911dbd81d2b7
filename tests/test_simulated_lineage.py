"""Where only a part of the data is simulated, what rests on that part is known, and nothing else rests on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from customer_patterns.reporting import headlines
from customer_patterns.reporting.findings import read_findings
from customer_patterns.stage import schemas_of, stage_names
from customer_patterns.study import project_root
from customer_patterns.study.file import read_study_file
from customer_patterns.warehouse import FINDINGS, read_manifest
from customer_patterns.wording import Voice, set_voice
from tests.notebooks_in_process import PLANTED, fingerprints, run_pipeline

MIXED, AS_OF = "mixed-shop", "2017-12-31"

#: What is exchanged between rows in each delivery of the simulated part.
ANSWERS = {
    "survey_responses.parquet": ("survey_responses", ["answer"]),
    "contacts.parquet": ("contacts", ["channel", "topic", "first_response_at", "csat"]),
    "feedback.parquet": ("feedback", ["rating", "text"]),
}


def declare_mixed(root: Path) -> Path:
    """Write a study file that calls the planted shop's till and card real and only its survey simulated."""
    study = yaml.safe_load((project_root() / "data" / "studies" / f"{PLANTED}.yaml").read_text(encoding="utf-8"))
    for source in study["sources"].values():
        source["provenance"] = "simulated" if "survey_responses" in source["tables"] else "real"
    del study["simulator"]
    path = root / "data" / "studies" / f"{MIXED}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(study, allow_unicode=True), encoding="utf-8")
    return path


def exchange_answers(root: Path) -> None:
    """Let every simulated answer, contact and text be another customer's."""
    study = read_study_file(root / "data" / "studies" / f"{MIXED}.yaml")
    chance = np.random.default_rng(20171231)
    for table, columns in ANSWERS.values():
        source = next(one for one in study.sources_of(table) if one.provenance == "simulated")
        path = root / source.location
        delivered = pd.read_parquet(path)
        for column in columns:
            origin = str(source.columns[column])
            values = delivered[origin].to_numpy(copy=True)
            delivered[origin] = values[chance.permutation(len(values))]
        delivered.to_parquet(path, index=False)


@pytest.fixture(scope="module")
def runs(
    with_key: None, tmp_path_factory: pytest.TempPathFactory, planted_delivery: Path
) -> Iterator[tuple[Path, Path]]:
    """The mixed study as it is, and with its simulated answers exchanged."""
    before = set_voice(Voice())
    made = []
    for name in ("as-delivered", "exchanged"):
        root = tmp_path_factory.mktemp(name)
        shutil.copytree(planted_delivery, root / "data" / "raw" / PLANTED)
        declare_mixed(root)
        if name == "exchanged":
            exchange_answers(root)
        made.append(run_pipeline(root, as_of=AS_OF, study=MIXED))
    yield made[0], made[1]
    set_voice(before)


def declared(run: Path) -> set[str]:
    """The tables that say they rest on simulated data, as ``stage/table``."""
    return {f"{stage}/{table}" for stage in stage_names() for table in read_manifest(run / stage)["simulated"]}


def test_what_does_not_say_that_it_rests_on_simulated_data_does_not(runs: tuple[Path, Path]) -> None:
    first, second = (
        {name.removesuffix(".parquet"): digest for name, digest in fingerprints(run).items() if FINDINGS not in name}
        for run in runs
    )
    changed = {name for name in first if first[name] != second[name]}
    assert sorted(changed - declared(runs[0])) == []
    assert changed & {name for name in declared(runs[0]) if name.startswith("satisfaction/")}
    assert {"clean/survey_responses", "clean/contacts", "clean/feedback"} <= changed


def test_findings_on_real_data_do_not_change_with_simulated_answers(runs: tuple[Path, Path]) -> None:
    for stage in stage_names():
        first, second = (
            [f.to_json() for f in read_findings(run / stage / FINDINGS) if not f.simulated] for run in runs
        )
        assert json.dumps(first) == json.dumps(second), stage


def test_no_headline_rests_on_simulated_data(runs: tuple[Path, Path]) -> None:
    study = read_study_file(runs[0].parents[3] / "data" / "studies" / f"{MIXED}.yaml")
    found = [f for stage in stage_names() for f in read_findings(runs[0] / stage / FINDINGS)]
    tables = {name.partition("/")[2] for name in declared(runs[0])}
    assert any(f.stage == "satisfaction" and f.simulated for f in found)
    best = headlines([f for f in found if f.stage != "summary"], each=99, study=study, simulated_tables=tables)
    assert best
    assert {f.source.rpartition(".")[2] for f in best}.isdisjoint(tables)
    assert not any(f.simulated for f in best)


def test_every_table_of_answers_names_what_it_reads() -> None:
    """A room that forgets to say what a table is made from would pass as real."""
    for schema in schemas_of("satisfaction").values():
        assert schema.reads, schema.name
