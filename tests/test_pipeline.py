"""``pipeline.yaml`` and the package agree on what a run is and where it goes."""

import re
from datetime import date

import yaml

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.stage import ROOMS, pipeline_tasks, schemas_of, stage_names
from customer_patterns.study import chapters_folder, output_root, project_root, read_env, stage_folder


def filled(text: str) -> str:
    for name, value in {"study": "shop", "as_of": "2017-09-30"}.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def test_products_lie_where_the_package_looks_for_them():
    day = date(2017, 9, 30)
    for task in pipeline_tasks():
        number = re.match(r"notebooks/(\d\d)-", task["source"]).group(1)
        assert output_root() / filled(task["product"]["tables"]) == stage_folder("shop", day, task["name"])
        chapter = chapters_folder("shop", day) / f"{number}-{task['name']}.ipynb"
        assert output_root() / filled(task["product"]["nb"]) == chapter


def test_no_stage_reads_a_later_one():
    names = stage_names()
    for position, task in enumerate(pipeline_tasks()):
        assert set(task.get("upstream") or []) <= set(names[:position])


def test_every_stage_has_its_room_and_its_place_for_settings():
    package = project_root() / "src" / "customer_patterns"
    for name in stage_names():
        assert (package / ROOMS.get(name, name)).is_dir()
    assert set(read_env()["settings"]) == set(stage_names())


def test_the_readme_names_every_stage():
    text = (project_root() / "README.md").read_text(encoding="utf-8")
    assert [name for name in stage_names() if f"`{name}`" not in text] == []


def test_env_yaml_names_a_day_of_its_study():
    env = read_env()
    study = yaml.safe_load((project_root() / "data" / "studies" / f"{env['study']}.yaml").read_text())
    assert study["first_day"] <= env["as_of"] <= study["last_day"]


def test_no_two_stages_write_a_table_of_the_same_name_but_for_the_canonical_ones():
    # who reads both stages would get the later one's table under that name
    written = [name for stage in stage_names() for name in schemas_of(stage) if name not in CANONICAL]
    assert sorted(name for name in set(written) if written.count(name) > 1) == []
