"""A customer of the planted shop is forgotten: nothing of them is left in any byte, and they do not come back."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
import zipfile
from datetime import date

import pyarrow.parquet as pq
import pytest

from customer_patterns.privacy.search import places
from customer_patterns.reruns.forget import forget
from customer_patterns.reruns.prepare import simulate_if_absent
from customer_patterns.schemas import Refusal
from customer_patterns.sources import TABLES, collect_study, delivered_files
from customer_patterns.sources.persons import vault_of
from customer_patterns.study import load_study, stage_folder, vault_path
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import connect, write_stage

DAY = date(2017, 12, 31)
NUMBER = "0000056"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OUTPUT_ROOT, str(folder))
        simulate_if_absent(load_study("planted-shop"))
        yield folder


def collected(folder):
    study, backend = load_study("planted-shop"), connect()
    found = collect_study(study, as_of=DAY, thin_day_share=0.5, backend=backend)
    schemas = {name: TABLES[name] for name in found.all}
    kept = ("order_lines", "promotions")
    write_stage(folder, found.all, schemas=schemas, backend=backend, manifest={}, presorted=kept)
    return found


def who_is_who(root):
    """The register that identity resolution leaves behind, as it would be without a fault."""
    truth = pq.read_table(root / "data" / "raw" / "planted-shop" / "truth" / "identities.parquet").to_pylist()
    folder = root / "data" / "identity" / "planted-shop"
    folder.mkdir(parents=True)
    with (folder / "register.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("record_id", "profile_id"), *((row["record_id"], row["person"]) for row in truth)])
    return {row["record_id"] for row in truth if row["person"] == NUMBER}


def register(root):
    with zipfile.ZipFile(root / "data" / "raw" / "planted-shop" / "identities.zip") as archive:
        for member in archive.namelist():
            yield from csv.DictReader(io.StringIO(archive.read(member).decode("utf-8-sig")))


def test_nothing_is_left_of_a_forgotten_customer_and_nobody_else_is_missing(root, tmp_path):
    study = load_study("planted-shop")
    before = collected(stage_folder(study.name, DAY, "collect"))
    lines = before.tables["order_lines"]
    hers = lines.filter(lines.customer_id == NUMBER).count().to_pyarrow().as_py()
    everybodys = lines.count().to_pyarrow().as_py()
    assert hers > 0
    numbers = who_is_who(root)
    assert len(numbers) > 1, "she is in several systems"
    named = ("full_name", "telephone", "mail_address")
    others = {row[name] for row in register(root) if row["record_no"] not in numbers for name in named}
    own = {row[name] for row in register(root) if row["record_no"] in numbers for name in named} - others - {""}
    assert own
    sought = [*numbers, *own]
    assert places(root / "data" / "raw", sought)
    assert places(root / "data" / "runs", own) == [], "neither pieces of files nor tables hold an identifier"
    assert places(root / "data" / "vault", own) == []
    copy = tmp_path / "delivered before"
    shutil.copytree(root / "data" / "raw" / "planted-shop", copy)

    began = time.perf_counter()
    done = forget(study.name, [NUMBER])
    assert time.perf_counter() - began < 60

    assert places(root / "data", sought) == []
    assert done.vault > 0
    assert done.customers >= len(numbers)
    assert own.isdisjoint(vault_of(study).open(why="a test").get("email", {}).values())
    assert not list((root / "data" / "runs" / study.name).glob("*/collect"))
    said = json.loads((root / "data" / "raw" / study.name / "DELIVERY.json").read_text())["files"]
    now = {name.removeprefix("data/raw/planted-shop/"): digest for name, digest in delivered_files(study).items()}
    assert set(now.values()) & set(said.values())

    after = collected(stage_folder(study.name, DAY, "collect")).tables["order_lines"]
    assert after.count().to_pyarrow().as_py() == everybodys - hers
    assert after.filter(after.customer_id == NUMBER).count().to_pyarrow().as_py() == 0

    # the sender hands everything over again
    shutil.rmtree(root / "data" / "raw" / study.name)
    shutil.copytree(copy, root / "data" / "raw" / study.name)
    folder = stage_folder(study.name, DAY, "collect")
    again = collected(folder)
    assert again.tables["order_lines"].count().to_pyarrow().as_py() == everybodys - hers
    written = {path.name: pq.read_table(path) for path in folder.glob("*.parquet")}
    assert len(written) > 20
    assert places(folder, sought) == []


def test_a_number_that_nobody_has_is_refused_and_nothing_changes(root):
    before = {
        path: path.read_bytes() for path in (root / "data").rglob("*") if path.is_file() and path.suffix != ".log"
    }
    for wrong in ("7777777", " "):
        with pytest.raises(Refusal, match=r"nobody in study|identifies nobody"):
            forget("planted-shop", [wrong])
    after = {path: path.read_bytes() for path in (root / "data").rglob("*") if path.is_file() and path.suffix != ".log"}
    assert after.keys() == before.keys()
    changed = [path.name for path in before if before[path] != after[path] and "blocked" not in path.name]
    assert changed == []


def test_the_vault_lies_apart_and_is_locked(root):
    path = vault_path("planted-shop")
    assert path.is_file()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.name == "vault"
