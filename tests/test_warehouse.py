"""A stage's folder is whole or absent, and what is read is what was written."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_patterns import warehouse
from customer_patterns.schemas import Column, SchemaError, TableSchema
from customer_patterns.warehouse import WarehouseError, dictionaries

VISITS = TableSchema(
    name="visits",
    grain="visit",
    key=("visit_id",),
    columns=(
        Column("visit_id", "text", "the key"),
        Column("pages", "integer", "pages seen", minimum=1),
        Column("paid", "money", "what was paid", nullable=True),
    ),
)
FRAME = pd.DataFrame({"visit_id": ["b", "a", "c"], "pages": [2, 1, 3], "paid": [1.5, 2.25, None]})


@pytest.fixture
def backend():
    return warehouse.connect()


def write(folder, backend, frame=FRAME, **more):
    return warehouse.write_stage(
        folder, {"visits": frame}, schemas={"visits": VISITS}, backend=backend, manifest={"stage": "web"}, **more
    )


def test_what_is_written_is_read_again_sorted_by_its_key_with_its_types(tmp_path, backend):
    write(tmp_path / "web", backend)
    table = warehouse.open_tables(warehouse.connect(), tmp_path / "web")["visits"]
    assert table.to_pandas()["visit_id"].tolist() == ["a", "b", "c"]
    assert str(table.schema()["paid"]) == "decimal(18, 2)"


def test_the_manifest_names_each_table_and_nothing_of_the_machine_or_the_moment(tmp_path, backend):
    written = write(tmp_path / "web", backend, findings=lambda digests: [{"key": "web.x", "data": digests["visits"]}])
    assert warehouse.read_manifest(tmp_path / "web") == written
    assert written["tables"]["visits"]["rows"] == 3
    assert written["tables"]["visits"]["columns"] == VISITS.names
    assert written["findings"] == warehouse.sha256(tmp_path / "web" / "findings.json")
    assert str(tmp_path) not in (tmp_path / "web" / "manifest.json").read_text()


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path, backend):
    first = write(tmp_path / "one", backend)
    again = write(tmp_path / "two", warehouse.connect(), FRAME.iloc[::-1])
    assert first == again


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"pages": [0, 1, 2]}, "pages is below 1 in 1 rows"),
        ({"visit_id": ["a", "a", "b"]}, r"the key \(visit_id\) is not unique"),
        ({"visit_id": [None, "a", "b"]}, "visit_id is empty in 1 rows"),
    ],
)
def test_a_table_that_breaks_its_promise_is_refused_and_the_old_folder_stays(tmp_path, backend, change, part):
    before = write(tmp_path / "web", backend)
    with pytest.raises(SchemaError, match=part):
        write(tmp_path / "web", warehouse.connect(), FRAME.assign(**change))
    assert warehouse.verify(tmp_path / "web") == before
    assert write(tmp_path / "web", warehouse.connect()) == before


def test_a_table_without_a_schema_is_refused(tmp_path, backend):
    with pytest.raises(WarehouseError, match="more"):
        warehouse.write_stage(
            tmp_path / "web",
            {"visits": FRAME, "more": FRAME},
            schemas={"visits": VISITS},
            backend=backend,
            manifest={},
        )
    assert not (tmp_path / "web").exists()


def test_a_table_that_is_no_longer_made_disappears(tmp_path, backend):
    folder = tmp_path / "web"
    warehouse.write_stage(
        folder,
        {"visits": FRAME, "old": FRAME},
        schemas={"visits": VISITS, "old": VISITS},
        backend=backend,
        manifest={},
    )
    write(folder, warehouse.connect())
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "visits.parquet"]


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_every_flipped_bit_is_found_before_a_number_is_read(tmp_path, backend, place):
    write(tmp_path / "web", backend)
    path = tmp_path / "web" / "visits.parquet"
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 4
    path.write_bytes(content)
    with pytest.raises(WarehouseError, match="'visits' of stage 'web' is not the one that was written"):
        warehouse.open_tables(warehouse.connect(), tmp_path / "web")


def test_missing_tables_manifests_and_changed_findings_are_named_with_the_remedy(tmp_path, backend):
    folder = tmp_path / "web"
    with pytest.raises(WarehouseError, match="make reports"):
        warehouse.verify(folder)
    write(folder, backend, findings=lambda digests: [])
    (folder / "findings.json").write_text("[1]")
    with pytest.raises(WarehouseError, match="findings of stage 'web'"):
        warehouse.verify(folder)
    (folder / "visits.parquet").unlink()
    with pytest.raises(WarehouseError, match="'visits' of stage 'web' is missing"):
        warehouse.verify(folder)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(WarehouseError, match="damaged"):
        warehouse.verify(folder)


def test_a_swap_killed_between_its_renames_is_undone_and_one_killed_before_leaves_the_old(tmp_path, backend):
    folder = tmp_path / "web"
    before = write(folder, backend)
    folder.rename(tmp_path / ".web.old")
    (tmp_path / ".web.fresh").mkdir()
    warehouse.clear_leftovers(folder)
    assert warehouse.verify(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["web"]


def test_a_swap_killed_after_its_renames_keeps_the_new(tmp_path, backend):
    folder = tmp_path / "web"
    write(tmp_path / ".web.old", warehouse.connect(), FRAME.head(1))
    after = write(folder, backend)
    assert warehouse.verify(folder) == after
    assert [path.name for path in tmp_path.iterdir()] == ["web"]


def test_a_writer_killed_at_any_moment_leaves_a_whole_folder_or_none(tmp_path):
    program = (
        "import sys; from pathlib import Path; from tests.test_warehouse import FRAME, write, warehouse\n"
        "write(Path(sys.argv[1]), warehouse.connect())\n"
        "print('go', flush=True)\n"
        "while True: write(Path(sys.argv[1]), warehouse.connect())"
    )
    folder = tmp_path / "web"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, start_new_session=True
    )
    process.stdout.readline()
    for _ in range(8):
        time.sleep(0.07)
        os.kill(process.pid, signal.SIGSTOP)  # as good as dead: nothing of it runs while we look
        place = folder if folder.exists() else folder.with_name(".web.old")
        if place.exists():
            assert warehouse.verify(place)["tables"]["visits"]["rows"] == 3
        os.kill(process.pid, signal.SIGCONT)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    warehouse.clear_leftovers(folder)
    assert warehouse.verify(folder)["tables"]["visits"]["rows"] == 3


def test_tables_are_there_by_attribute_and_by_item_and_say_which_there_are(tmp_path, backend):
    write(tmp_path / "web", backend)
    tables = warehouse.Tables(warehouse.open_tables(backend, tmp_path / "web"))
    assert tables.visits.columns == tables["visits"].columns
    assert "visits" in dir(tables)
    with pytest.raises(AttributeError, match="there are: visits"):
        tables.orders  # noqa: B018


def test_the_callers_frame_is_left_as_it_was(tmp_path, backend):
    frame = FRAME.copy()
    write(tmp_path / "web", backend, frame)
    pd.testing.assert_frame_equal(frame, FRAME)


# Tables that are written ahead


def test_a_table_written_ahead_is_the_stages_file_byte_for_byte(tmp_path, backend):
    plain = write(tmp_path / "plain", backend)
    backend.con.register("web_visits", FRAME)
    ahead = warehouse.write_ahead(backend, backend.table("web_visits"), VISITS)
    assert ahead.to_pandas()["visit_id"].tolist() == ["a", "b", "c"]
    assert write(tmp_path / "ahead", backend, ahead) == plain
    assert ahead.count().to_pyarrow().as_py() == 3  # still there for questions


def test_what_is_made_of_a_table_written_ahead_is_not_taken_for_it(tmp_path, backend):
    backend.con.register("web_visits", FRAME)
    ahead = warehouse.write_ahead(backend, backend.table("web_visits"), VISITS)
    assert write(tmp_path / "web", backend, ahead.filter(ahead.pages > 1))["tables"]["visits"]["rows"] == 2


def test_a_table_written_ahead_is_held_to_its_promise_too(tmp_path, backend):
    backend.con.register("web_visits", FRAME.assign(visit_id=["a", "b", "a"]))
    ahead = warehouse.write_ahead(backend, backend.table("web_visits"), VISITS)
    with pytest.raises(SchemaError, match=r"the key \(visit_id\) is not unique"):
        write(tmp_path / "web", backend, ahead)


def test_a_file_written_ahead_goes_with_its_database(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    backend = warehouse.connect()
    backend.con.register("web_visits", FRAME)
    ahead = warehouse.write_ahead(backend, backend.table("web_visits"), VISITS)
    assert len(list(tmp_path.glob("*/visits.parquet"))) == 1
    del ahead, backend
    gc.collect()
    assert not list(tmp_path.glob("*/visits.parquet"))


def test_bytes_depend_on_the_rows_and_not_on_where_files_and_filters_cut_them(tmp_path, backend, monkeypatch):
    monkeypatch.setattr(warehouse.in_order, "ROW_GROUP", 5_000)
    written = []
    for name, cuts in (("one", [12_000]), ("many", [7, 4_000, 4_001, 11_000, 12_000])):
        parts = (f"SELECT range AS n FROM range({a}, {b})" for a, b in zip([0, *cuts], cuts, strict=False))
        later = "SELECT range + 50_000 AS n FROM range(3_000)"
        backend.con.execute(f"CREATE VIEW {name} AS {f' UNION ALL {later} UNION ALL '.join(parts)}")
        table = backend.table(name)
        warehouse.write_in_order(backend, table.filter(table.n < 50_000), tmp_path / f"{name}.parquet")
        written.append((tmp_path / f"{name}.parquet").read_bytes())
    assert written[0] == written[1]
    assert pd.read_parquet(tmp_path / "many.parquet")["n"].tolist() == list(range(12_000))


def test_cutting_row_groups_as_they_come_would_be_caught(tmp_path, backend, monkeypatch):
    monkeypatch.setattr(warehouse.InOrder, "write", lambda self, rows: self._pack([rows]))
    with pytest.raises(AssertionError):
        test_bytes_depend_on_the_rows_and_not_on_where_files_and_filters_cut_them(tmp_path, backend, monkeypatch)


TEXTS = ["tea", "tea", None, "bread", "tea", "milk", None, "bread"] * 1_500
EACH_ANOTHER = [f"{number} {'a long text' * 30}" for number in range(12_000)]


def written_texts(path, parts):
    with warehouse.InOrder(path, pa.schema([("product", pa.string()), ("n", pa.int64())])) as writer:
        begin = 0
        for part in parts:
            rows = pa.array(range(begin, begin + len(part)), pa.int64())
            writer.write(pa.Table.from_arrays([part, rows], names=["product", "n"]))
            begin += len(part)
    return path.read_bytes()


@pytest.mark.parametrize("texts", [TEXTS, EACH_ANOTHER, [None] * 12_000, []], ids=["few", "many", "none", "empty"])
def test_texts_are_written_the_same_whether_they_come_numbered_or_not(tmp_path, monkeypatch, texts):
    monkeypatch.setattr(warehouse.in_order, "ROW_GROUP", 5_000)
    known = ["never sold", *sorted({text for text in texts if text is not None}, reverse=True)]
    place = {text: number for number, text in enumerate(known)} | {None: None}
    numbers, known = pa.array([place[text] for text in texts], pa.int16()), pa.array(known)
    plain = [pa.array(part, pa.string()) for part in (texts[:7], texts[7:7_001], texts[7_001:])]
    numbered = [
        pa.array(texts[:4_999], pa.string()).dictionary_encode(),
        pa.DictionaryArray.from_arrays(numbers[4_999:9_000], known),
        pa.array(texts[9_000:], pa.string()),
    ]
    ways = {"plain": plain, "numbered": numbered, "first plain": [plain[0], numbered[0][7:], *numbered[1:]]}
    written = {written_texts(tmp_path / way, parts) for way, parts in ways.items()}
    assert len(written) == 1
    assert pq.read_table(tmp_path / "numbered")["product"].to_pylist() == texts
    assert pq.ParquetFile(tmp_path / "numbered").schema_arrow.field("product").type == pa.string()


def test_texts_numbered_as_the_reader_had_them_would_be_caught(tmp_path, monkeypatch):
    in_int32 = pa.dictionary(pa.int32(), pa.string())
    monkeypatch.setattr(dictionaries, "_as_they_come", lambda column: column.cast(in_int32))
    with pytest.raises(AssertionError):
        test_texts_are_written_the_same_whether_they_come_numbered_or_not(tmp_path, monkeypatch, TEXTS)


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = [f"customer-patterns-{dead.pid}", f"customer-patterns-{dead.pid}-x1y2"]
    kept = [f"customer-patterns-{os.getpid()}-x1y2", f"customer-patterns-{os.getppid()}", "customer-patterns-report"]
    for name in [*names, *kept]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "lines.parquet").touch()
    warehouse.connect()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


@pytest.mark.parametrize(("kind", "texts"), [(np.int8, 128), (np.int16, 32_768), (np.int8, 127), (np.int32, 128)])
def test_a_gap_among_as_many_texts_as_their_numbers_can_tell_stays_a_gap(kind, texts):
    """128 texts have all the numbers that one byte has: none is left for a row without a text."""
    known = pa.array([f"t{place}" for place in range(texts)])
    numbers = pa.array(np.array([3, 0, texts - 1, 3], kind), mask=np.array([False, True, False, False]))
    found = dictionaries.numbered([pa.DictionaryArray.from_arrays(numbers, known)])
    assert found.to_pylist() == ["t3", None, f"t{texts - 1}", "t3"]
    assert found.dictionary.to_pylist() == ["t3", f"t{texts - 1}"]
