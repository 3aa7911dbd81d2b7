"""The whole default study from deliveries to pages, in a root of its own: time and memory, and where they go."""

from __future__ import annotations

import itertools
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study import LANGUAGES, open_run, project_root
from customer_patterns.study.places import OUTPUT_ROOT
from tests.benchmarks import scale
from tests.benchmarks.measured import Measured, write_table

#: Wall time and memory that the default study may take in all languages, and the share of it that may be overhead.
SECONDS, BYTES, OVERHEAD = 120, 3_000_000_000, 1 / 3

#: What is read in once for all kernels.
READ_IN = ["from customer_patterns.reruns.warm import LIBRARIES, read_in", "read_in(LIBRARIES)"]


@dataclass
class Watched:
    """A finished command: seconds, CPU seconds, exit code, and the memory of it and its children, moment by moment."""

    seconds: float
    cpu_seconds: float
    code: int
    said: str
    memory: list[tuple[float, int]] = field(default_factory=list)

    def peak(self, start: float = 0, end: float = float("inf")) -> int:
        """The largest sum of resident memory between two moments, in bytes; 0 where it was not seen."""
        return max((size for moment, size in self.memory if start <= moment <= end), default=0)


def watch(command: list[str], root: Path) -> Watched:
    """Run a command with everything it writes below ``root``, and watch it and its children."""
    env = {**os.environ, OUTPUT_ROOT: str(root)}
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=project_root(), env=env, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        memory: list[tuple[float, int]] = []
        ended = threading.Event()
        sampler = threading.Thread(target=_sample, args=(process.pid, memory, ended))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        ended.set()
        sampler.join()
        said.seek(0)
        if not memory:  # no /proc on this system: the largest single process
            memory.append((time.time(), usage.ru_maxrss * (1 if platform.system() == "Darwin" else 1024)))
        code = os.waitstatus_to_exitcode(status)
        return Watched(seconds, usage.ru_utime + usage.ru_stime, code, said.read(), memory)


def _sample(root: int, memory: list[tuple[float, int]], ended: threading.Event) -> None:
    """Add up the resident memory of a process and all below it, ten times a second, until it has ended."""
    page = os.sysconf("SC_PAGE_SIZE")
    known: dict[str, bool] = {}
    while not ended.wait(0.1):
        size = 0
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if entry.name not in known:
                    known[entry.name] = _is_below(int(entry.name), root)
                if known[entry.name]:
                    size += int((entry / "statm").read_text().split()[1]) * page
            except (OSError, IndexError, ValueError):
                continue
        if size:
            memory.append((time.time(), size))


def _is_below(process: int, root: int) -> bool:
    """Whether a process is ``root`` or was started by it or by one that it started."""
    while process > 1 and process != root:
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return process == root


@dataclass(frozen=True)
class Chapter:
    """When an executed notebook began and ended, and when its first cell began."""

    start: float
    first_cell: float
    end: float


def read_chapter(path: Path) -> Chapter:
    """Read the times that papermill writes into an executed notebook."""
    content = json.loads(path.read_text(encoding="utf-8"))
    times = content["metadata"]["papermill"]
    cells = [cell["metadata"]["papermill"] for cell in content["cells"] if cell["cell_type"] == "code"]
    return Chapter(_moment(times["start_time"]), _moment(cells[0]["start_time"]), _moment(times["end_time"]))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def measure() -> Iterator[Measured]:
    """Build the default study from scratch and again, then ten million lines, and yield what was measured."""
    lines = []
    for line in itertools.chain(_measure(), scale.measure()):
        lines.append(line)
        yield line
    write_table(Path(__file__).with_name("README.md"), "backbone", lines)


def _measure() -> Iterator[Measured]:
    run = open_run()
    reports = [sys.executable, "-m", "customer_patterns", "reports"]
    with tempfile.TemporaryDirectory(prefix="customer-patterns-bench-") as folder:
        root = Path(folder)
        built = watch(reports, root)
        if built.code:
            yield Measured(
                "default build", f"failed: {built.said.strip().splitlines()[-1]}", aim="exit code 0", met=False
            )
            return
        again = watch(reports, root)
        chapters = root / "data" / "runs" / run.study.name / run.as_of.isoformat() / "chapters"
        times = {stage: read_chapter(chapters / notebook_path(stage).name) for stage in stage_names()}
        pages = _render(root)
    languages = " and ".join(LANGUAGES)
    yield Measured(
        f"default build in {languages}, wall time",
        f"{built.seconds:.0f} s",
        f"{built.cpu_seconds:.0f} s of CPU",
        f"at most {SECONDS} s",
        built.seconds <= SECONDS,
    )
    yield Measured(
        f"default build in {languages}, peak memory",
        _size(built.peak()),
        "all its processes together",
        f"at most {_size(BYTES)}",
        built.peak() <= BYTES,
    )
    for stage, chapter in times.items():
        seconds = chapter.end - chapter.start
        yield Measured(f"{stage}, wall time", f"{seconds:.1f} s", f"{seconds / built.seconds:.0%} of the build")
        yield Measured(f"{stage}, peak memory", _size(built.peak(chapter.start, chapter.end)), "with the builder")
    bare = _imports(READ_IN)
    ours = bare + sum(_imports(_import_lines(stage), after=READ_IN) for stage in times)
    kernels = sum(chapter.first_cell - chapter.start for chapter in times.values())
    yield _share("imports, all kernels", ours, built.seconds, f"{bare:.1f} s for the libraries, which are read in once")
    yield _share("kernel starts", kernels, built.seconds, f"{len(times)} kernels")
    yield _share("rendering and publishing", pages, built.seconds, "imports included")
    overhead = ours + kernels + pages
    yield Measured(
        "imports, kernel starts, rendering and publishing",
        f"{overhead:.1f} s, {overhead / built.seconds:.0%} of the wall time",
        f"{built.seconds:.0f} s of wall time",
        f"at most {OVERHEAD:.0%} of the wall time",
        overhead <= OVERHEAD * built.seconds,
    )
    ploomber = _imports(["import ploomber"])
    yield Measured("second build, nothing to do", f"{again.seconds:.1f} s", f"{ploomber:.1f} s to import Ploomber")


def _share(name: str, seconds: float, whole: float, reference: str) -> Measured:
    return Measured(name, f"{seconds:.1f} s, {seconds / whole:.0%} of the build", reference)


def _size(size: float) -> str:
    return f"{size / 1e9:.2f} GB"


def _import_lines(stage: str) -> list[str]:
    """The import statements of a stage's notebook."""
    cells = json.loads(notebook_path(stage).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return [line for line in text.splitlines() if line.startswith(("import ", "from "))]


def _imports(lines: list[str], *, after: Iterable[str] = ()) -> float:
    """Seconds that import statements take in a Python that has done nothing but what comes before."""
    program = [*after, "import time", "start = time.perf_counter()", *lines, "print(time.perf_counter() - start)"]
    call = [sys.executable, "-W", "ignore", "-c", "\n".join(program)]
    return min(float(subprocess.run(call, capture_output=True, text=True, check=True).stdout) for _ in range(2))


def _render(root: Path) -> float:
    """Seconds that rendering and publishing a finished run take in a fresh Python."""
    program = (
        "import time\n"
        "from customer_patterns.study import open_run\n"
        "run, start = open_run(), time.perf_counter()\n"
        "from customer_patterns.reruns.rerun import publish_pages\n"
        "publish_pages(run)\n"
        "print(time.perf_counter() - start)\n"
    )
    env = {**os.environ, OUTPUT_ROOT: str(root)}
    call = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(call, cwd=project_root(), env=env, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])
