"""A kernel copied from the warm process is a kernel: it computes, fails, is stopped and leaves like any other."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from customer_patterns.reruns import own_code
from customer_patterns.reruns import warm as warm_module
from customer_patterns.reruns.warm import Copied, Warm, warm_kernels

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are copied on Linux only")

TELLS = (
    "import os, sys\n"
    "print(os.getppid(), 'seaborn' in sys.modules, 'customer_patterns.stage' in sys.modules,"
    " os.environ.get('SHOP'), os.getcwd(), os.environ['MPLBACKEND'])"
)


@pytest.fixture(autouse=True)
def few_libraries(monkeypatch):
    """The warm process reads in a tenth of what it would; what it says of itself is the same."""
    program = warm_module._STARTS.replace(
        "; serve",
        "; from customer_patterns.reruns import warm; "
        "warm.LIBRARIES = ('ipykernel.kernelapp', 'seaborn'); warm.RARE = (); warm.OWN = (); serve",
    )
    monkeypatch.setattr(warm_module, "_STARTS", program)


def execute(folder, *sources: str) -> list[str]:
    """Run a notebook of these cells; return what each printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "in.ipynb")
    papermill.execute_notebook(folder / "in.ipynb", folder / "out.ipynb", progress_bar=False, cwd=str(folder))
    done = nbformat.read(folder / "out.ipynb", as_version=4)
    return ["".join(output.get("text", "") for output in cell.outputs).strip() for cell in done.cells]


def test_a_kernel_is_a_copy_that_has_the_libraries(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP", "Corner")
    with warm_kernels() as warm:
        (told,) = execute(tmp_path, TELLS)
        parent = str(warm._process.pid)
    backend = "module://matplotlib_inline.backend_inline"
    assert told.split() == [parent, "True", "False", "Corner", str(tmp_path), backend]


def with_own_code(monkeypatch, folder, *modules: str) -> None:
    """The warm process reads in modules of ours, and takes a folder for the place where they lie."""
    said = f"import pathlib; warm.own_code.FOLDER = pathlib.Path({str(folder)!r}); warm.OWN = {modules}"
    monkeypatch.setattr(warm_module, "_STARTS", warm_module._STARTS.replace("warm.OWN = ()", said))


@pytest.fixture
def room(tmp_path):
    """A file of code in a folder of its own."""
    (tmp_path / "code").mkdir()
    room = tmp_path / "code" / "room.py"
    room.write_text("orders = 1")
    return room


def test_a_kernel_brings_our_own_code_along(tmp_path, monkeypatch, room):
    with_own_code(monkeypatch, room.parent, "stage")
    with warm_kernels() as warm:
        (told,) = execute(tmp_path, TELLS)
        assert told.split()[:3] == [str(warm._process.pid), "True", "True"]


def test_code_that_was_edited_meanwhile_is_read_anew(tmp_path, monkeypatch, room):
    """The twin: a warm process that does not look would hand on what no longer lies on disk."""
    with_own_code(monkeypatch, room.parent, "stage")
    with warm_kernels() as warm:
        execute(tmp_path, TELLS)  # it has read everything in
        room.write_text("orders = 22")
        (told,) = execute(tmp_path, TELLS)
        assert told.split()[:3] == [str(os.getpid()), "False", "False"]
        assert warm._process.poll() is None  # it goes on, for whoever gives it the code back that it knows


def test_code_that_cannot_be_read_in_is_left_to_the_kernels(tmp_path, monkeypatch, room):
    with_own_code(monkeypatch, room.parent, "stage", "no_such_room")
    with warm_kernels() as warm:
        (told,) = execute(tmp_path, TELLS)
        assert told.split()[0] == str(warm._process.pid)


def test_a_file_that_was_written_to_is_another(tmp_path, monkeypatch, room):
    monkeypatch.setattr(own_code, "FOLDER", room.parent)
    before = own_code.state_of_files()
    assert list(before) == [str(room)]
    assert own_code.state_of_files() == before
    os.utime(room, ns=(1, 1))
    assert own_code.state_of_files() != before
    (room.parent / "__pycache__").mkdir()
    (room.parent / "__pycache__" / "room.pyc").write_text("")
    assert list(own_code.state_of_files()) == [str(room)]


def test_what_python_keeps_beside_the_files_changes_nothing(tmp_path, monkeypatch, room):
    monkeypatch.setattr(own_code, "FOLDER", tmp_path)  # so that the room lies in a folder of its own
    os.utime(room.parent, ns=(1, 1))
    before = own_code.state_of_files()
    (room.parent / "__pycache__").mkdir()
    (room.parent / "__pycache__" / "room.pyc").write_text("")
    assert own_code.state_of_files() == before


def test_kernels_know_nothing_of_each_other(tmp_path):
    with warm_kernels():
        execute(tmp_path, "import seaborn; seaborn.orders = 3; orders = 3")
        (told,) = execute(tmp_path, "import seaborn; print(hasattr(seaborn, 'orders'), 'orders' in globals())")
    assert told == "False False"


def test_a_notebook_that_fails_fails_as_always(tmp_path):
    with warm_kernels(), pytest.raises(PapermillExecutionError, match="no orders"):
        execute(tmp_path, "raise ValueError('no orders')")


def test_without_the_warm_process_kernels_start_as_always(tmp_path):
    with warm_kernels() as warm:
        warm.begin()
        warm._process.kill()
        warm._process.wait()
        (told,) = execute(tmp_path, TELLS)
    assert told.split()[:2] == [str(os.getpid()), "False"]


def test_afterwards_kernels_start_as_always(tmp_path):
    with warm_kernels():
        pass
    (told,) = execute(tmp_path, TELLS)
    assert told.split()[0] == str(os.getpid())


def test_nothing_begins_that_nobody_needs():
    with warm_kernels() as warm:
        assert warm._process is None


def test_a_kernel_leaves_when_the_warm_process_does(tmp_path):
    warm = Warm()
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", str(tmp_path / "kernel.json")]
    kernel = warm.kernel(argv, dict(os.environ), None)
    assert isinstance(kernel, Copied)
    assert kernel.poll() is None
    assert os.getsid(kernel.pid) == kernel.pid  # stopping it stops nobody else
    warm.end()
    assert warm._process.returncode == 0
    try:
        kernel.wait(timeout=20)
    finally:
        kernel.kill()
    assert kernel.poll() == 0


def test_a_kernel_can_be_stopped(tmp_path):
    warm = Warm()
    # a file of its own: a kernel that leaves removes the file it was given, and as root even /dev/null
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", str(tmp_path / "kernel.json")]
    try:
        kernel = warm.kernel(argv, dict(os.environ), None)
        with pytest.raises(subprocess.TimeoutExpired):
            kernel.wait(timeout=0.05)
        kernel.kill()
        kernel.wait(timeout=20)
        time.sleep(0.1)
        assert kernel.poll() == 0
        kernel.terminate()  # nobody is there any more
    finally:
        warm.end()


def test_another_program_than_a_kernel_is_not_copied():
    assert Warm().kernel([sys.executable, "-c", "pass"], {}, None) is None
    assert Warm().kernel(["/usr/bin/python", "-m", "ipykernel_launcher"], {}, None) is None
