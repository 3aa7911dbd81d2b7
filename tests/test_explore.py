"""An analyst reads everything and overwrites nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ibis
import pandas as pd
import pytest

from customer_patterns.explore import ExploreError, NoCustomer, NoTable, _bucket, open_study
from customer_patterns.study import project_root
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import WarehouseError, sha256
from tests.notebooks_in_process import PLANTED, writing_into


@pytest.fixture(scope="module")
def data(planted_root, planted_run):
    with writing_into(planted_root):
        return open_study(PLANTED)


@pytest.fixture(scope="module")
def tenth(planted_root, planted_run):
    with writing_into(planted_root):
        return open_study(PLANTED, sample=0.1)


def count(table) -> int:
    return int(table.count().to_pyarrow().as_py())


def test_tables_of_all_stages_are_there_by_name_with_completion(data):
    assert {"order_lines", "days", "rules", "orders", "evidence"} <= set(dir(data))
    assert {"order_lines", "days", "rules", "orders", "evidence"} <= set(dir(data.tables))
    assert data.order_lines.columns == data.tables.order_lines.columns == data["order_lines"].columns
    assert "line_kind" in data.order_lines.columns  # the cleaned one
    assert "delivered_week" in data.collect__order_lines.columns


def test_columns_are_described_by_the_schemas(data):
    columns = data.columns("order_lines")
    assert list(columns["column"]) == list(data.order_lines.columns)
    assert columns.set_index("column").loc["revenue", "meaning"] == "what the retailer receives for the line"
    assert data.columns("collect__order_lines")["column"].tolist() == list(data.collect__order_lines.columns)


def test_pandas_ibis_and_sql_agree(data):
    rows = count(data.orders)
    assert len(data.pandas("orders")) == rows
    assert data.sql("select count(*) as n from orders")["n"].tolist() == [rows]
    joined = data.order_lines.join(data.products, "product_id").group_by("department").aggregate(n=ibis._.count())
    by_sql = data.sql("select department, count(*) as n from order_lines join products using (product_id) group by all")
    assert dict(joined.to_pandas().values) == dict(by_sql.values)


def test_a_table_that_is_not_there_gets_the_nearest_name(data):
    with pytest.raises(NoTable, match="did you mean 'order_lines'"):
        data.order_linse  # noqa: B018
    assert not hasattr(data, "nothing_like_it")


def test_a_sample_keeps_customers_with_all_their_rows(data, tenth):
    kept = set(tenth.pandas("customers")["customer_id"])
    everyone = data.pandas("order_lines")
    assert 5 <= len(kept) <= 40
    assert len(tenth.pandas("order_lines")) == everyone["customer_id"].isin(kept).sum()
    assert count(tenth.products) == count(data.products)
    assert count(tenth.collect__order_lines) < count(data.collect__order_lines)


def test_a_sample_is_the_same_customers_always_and_a_larger_one_holds_a_smaller(data, tenth, planted_root):
    with writing_into(planted_root):
        again, larger = open_study(PLANTED, sample=0.1), open_study(PLANTED, sample=0.3)
    kept = set(tenth.pandas("customers")["customer_id"])
    assert set(again.pandas("customers")["customer_id"]) == kept
    assert kept < set(larger.pandas("customers")["customer_id"]) < set(data.pandas("customers")["customer_id"])
    # by the id alone: this customer's place is the same on every machine
    assert round(_bucket("0000067"), 6) == 0.080125


@pytest.mark.parametrize("share", [0, -0.1, 1.5, 10])
def test_a_sample_that_is_no_share_is_refused(share):
    with pytest.raises(ExploreError, match="is no share"):
        open_study(PLANTED, sample=share)


@pytest.mark.parametrize(
    "query",
    [
        "copy (select 1) to '{there}'",
        "copy order_lines to '{there}' (format parquet)",
        "explain analyze copy (select 1) to '{there}'",
        "create table x as select 1",
        "drop view orders",
        "attach '{there}'",
        "export database '{there}'",
        "insert into orders select * from orders",
        "delete from orders",
        "set enable_external_access = true",
        "reset lock_configuration",
        "install httpfs",
        "load httpfs",
        "select * from '{here}'",
        "select * from read_parquet('{here}')",
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "select 1; select 2",
        "select 1; copy (select 1) to '{there}'",
        "selec 1",
        "",
        "select * from nothing",
    ],
)
def test_sql_that_is_no_query_over_the_tables_is_refused(data, tmp_path, planted_run, query):
    here = planted_run / "clean" / "order_lines.parquet"
    there = tmp_path / "there"
    with pytest.raises(ExploreError):
        data.sql(query.format(here=here, there=there))
    assert not there.exists()


def test_questions_of_every_kind_are_answered(data):
    for query in (
        "with few as (select * from orders limit 3) select count(*) from few",
        "describe orders",
        "summarize rules",
        "from orders select count(*)",
        'pivot rules on action using count(*) group by "table"',
        "explain select 1",
    ):
        assert isinstance(data.sql(query), pd.DataFrame), query


def test_nothing_published_can_be_overwritten_by_any_door_of_the_connection(data, planted_run):
    before = {path: sha256(path) for path in planted_run.rglob("*.parquet")}
    target = planted_run / "clean" / "order_lines.parquet"
    for attempt in (
        lambda: data.orders.to_parquet(target),
        lambda: data.orders.to_csv(target),
        lambda: data._backend.con.execute(f"copy (select 1) to '{target}'"),
        lambda: data._backend.con.execute("set enable_external_access = true"),
        lambda: data._backend.con.execute("set lock_configuration = false"),
        lambda: data._backend.raw_sql(f"attach '{target}.db'"),
    ):
        with pytest.raises(Exception, match=r"disabled by configuration|been locked"):
            attempt()
    assert {path: sha256(path) for path in planted_run.rglob("*.parquet")} == before


def test_a_run_that_is_not_built_names_the_command_that_builds_it(tmp_path, planted_root, planted_run):
    with writing_into(planted_root), pytest.raises(ExploreError) as error:
        open_study(PLANTED, "2017-02-28")
    assert "make reports STUDY=planted-shop AS_OF=2017-02-28" in str(error.value)
    assert "built: " in str(error.value)
    assert "2017-12-31" in str(error.value)


def test_a_damaged_table_is_not_shown(planted_run, tmp_path):
    root = tmp_path / "root"
    shutil.copytree(planted_run, root / "data" / "runs" / PLANTED / "2017-12-31")
    table = root / "data" / "runs" / PLANTED / "2017-12-31" / "clean" / "products.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"?")
    with writing_into(root), pytest.raises(WarehouseError, match="products"):
        open_study(PLANTED)


def test_what_it_shows_of_itself_holds_no_row(data):
    shown = repr(data)
    assert "order_lines: order_id, customer_id" in shown
    assert not set(data.pandas("customers")["customer_id"]) & set(shown.replace(",", " ").split())


def test_the_start_template_runs_from_the_scratch_folder(planted_root, planted_run, tmp_path):
    target = tmp_path / "out.ipynb"
    scratch = project_root() / "notebooks" / "scratch"
    program = (
        "import sys, papermill; papermill.execute_notebook('start.ipynb', sys.argv[1], {'study': 'planted-shop'}, "
        "progress_bar=False, extra_arguments=['--IPKernelApp.log_level=50'])"
    )
    env = {**os.environ, OUTPUT_ROOT: str(planted_root)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)], cwd=scratch, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = [out for cell in json.loads(target.read_text())["cells"] for out in cell.get("outputs", [])]
    assert any("image/svg+xml" in out.get("data", {}) for out in outputs)
    template = json.loads((scratch / "start.ipynb").read_text())
    assert not [out for cell in template["cells"] for out in cell.get("outputs", [])]


def test_git_keeps_the_template_and_ignores_what_lies_beside_it():
    def ignored(path: str) -> bool:
        command = ["git", "check-ignore", "-q", "--no-index", path]
        return subprocess.run(command, cwd=project_root(), check=False).returncode == 0

    if not (Path(project_root()) / ".git").exists():
        pytest.skip("this copy of the project is no git repository")
    assert ignored("notebooks/scratch/mine.ipynb")
    assert not ignored("notebooks/scratch/start.ipynb")


# One pseudonymous customer, and the members of a group


def test_a_view_of_a_customer_holds_their_rows_and_nobody_elses(data):
    who = data.members(value_level="high")["customer_id"].iloc[0]
    view = data.customer(who, last=5)
    orders = data.pandas("orders")
    own = orders[orders["customer_id"] == who].sort_values("ordered_at", ascending=False)
    assert set(view.orders["order_id"]) == set(own["order_id"].head(5))
    scores = {fact.removesuffix(" *"): value for fact, value in view.scores.itertuples(index=False)}
    row = data.pandas("customer_segments").set_index("customer_id").loc[who]
    assert (scores["tier"], scores["orders"]) == (row["tier"], row["orders"])
    held = data.pandas("customer_tags")
    assert set(held.loc[held["customer_id"] == who, "tag"]) <= set(view.tags["tag"])


def test_a_view_holds_no_free_text_and_says_what_is_simulated(data):
    texts = data.pandas("feedback").dropna(subset=["customer_id", "text"])
    view = data.customer(texts["customer_id"].iloc[0])
    assert "feedback" in dir(view)
    assert not {"text", "transcript", "search_term"} & {name for table in view.events.values() for name in table}
    assert texts["text"].iloc[0] not in repr(view)
    assert "simulated data" in repr(view)
    with pytest.raises(AttributeError, match="nothing is known of 'order'; did you mean 'orders'"):
        view.order  # noqa: B018


def test_members_are_those_for_whom_all_holds(data):
    people, lives = data.pandas("customer_segments"), data.pandas("customer_lifecycle")
    mature = set(lives.loc[lives["stage"] == "mature", "customer_id"])
    wanted = set(people.loc[people["value_level"] == "high", "customer_id"]) & mature
    assert set(data.members(value_level="high", stage="mature")["customer_id"]) == wanted
    held = data.pandas("customer_tags")
    assert set(data.members(tag="weekend")["customer_id"]) == set(held.loc[held["tag"] == "weekend", "customer_id"])
    assert len(data.members()) == len(people)


def test_nobody_of_that_name_and_no_such_group_are_refused_with_the_nearest(data):
    with pytest.raises(NoCustomer, match="there is no customer 'nobody'"):
        data.customer("nobody")
    with pytest.raises(NoCustomer, match="did you mean 'Champions'"):
        data.members(tier="Champion")


def test_no_chapter_looks_at_a_single_customer():
    for path in (project_root() / "notebooks").glob("*.ipynb"):
        assert "customer_patterns.explore" not in path.read_text(encoding="utf-8"), path.name
