"""Kernels that need not begin with importing: one process reads the libraries in, and each kernel is a copy of it.

A notebook's kernel spends two to three seconds on reading in the database, the tables, the charts; ten notebooks make
half a minute of it. Here a process of its own reads them in once, while the build makes ready, and becomes by ``fork``
whatever kernel is asked for. This package's own code is read in too, and handed on as long as it is what lies on disk
(:mod:`~customer_patterns.reruns.own_code`), so that a stage's fingerprint of the code is that of the code that ran.

Where there is no ``fork`` worth trusting (anything but Linux), or the process cannot be had, kernels start as always.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from customer_patterns.reruns import own_code
from customer_patterns.reruns.loops import LOOPS

#: What every notebook's kernel reads in, the package's own modules left out.
LIBRARIES = (
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "pyarrow.dataset",
    "pyarrow.csv",
    "duckdb",
    "ibis",
    "ibis.backends.duckdb",
    "ibis.backends.duckdb.converter",
    "ibis.formats.pandas",
    "ibis.expr.types.groupby",
    "scipy.special",
    "scipy.stats",
    "pydantic",
    "pydantic.main",
    "yaml",
    "babel.support",
    "babel.dates",
    "babel.numbers",
    "babel.messages.pofile",
    "IPython",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "ftfy",
    "phonenumbers",
    "holidays",
    "threadpoolctl",
)

#: What some kernels read in: done where nobody waits for a kernel.
RARE = ("sklearn.cluster", "sklearn.mixture", "statsmodels.api", "numba")

#: What of this package's own code is read in.
OWN = own_code.MODULES

_STARTS = "from customer_patterns.reruns.warm import serve; serve({})"
_MODULE = "ipykernel_launcher"


class Copied:
    """A kernel that was forked from the warm process, as jupyter_client knows processes."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, argv: list[str]) -> None:
        """Name the process."""
        self.pid, self.args, self.returncode = pid, argv, None

    def poll(self) -> int | None:
        """Return nothing while it lives, then a code; how it ended only the warm process knows."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            time.sleep(0.02)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Warm:
    """The process that has read everything in, as the build sees it; it begins when it is first needed."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, if it has not been: it reads in while we go on."""
        with self._asking:
            self._begin()

    def _begin(self) -> None:
        if self._process is not None or sys.platform != "linux":
            return
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _STARTS.format(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._answers = self._line.makefile("r", encoding="utf-8")

    def kernel(self, argv: list[str], env: dict[str, str], cwd: str | None) -> Copied | None:
        """Fork a kernel; None where this cannot be had."""
        if argv[0] != sys.executable or _MODULE not in argv:
            return None
        asked = {"argv": argv[argv.index(_MODULE) :], "env": env, "cwd": cwd}
        with self._asking:
            self._begin()
            if self._process is None:
                return None
            try:
                self._line.sendall((json.dumps(asked) + "\n").encode())
                pid = self._answers.readline()
            except OSError:
                return None
        return Copied(int(pid), argv) if pid.strip() else None

    def end(self) -> None:
        """Let it go. Its kernels have ended; what still lives ends with it."""
        if self._process is None:
            return
        self._answers.close()
        self._line.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextlib.contextmanager
def warm_kernels() -> Iterator[Warm]:
    """Let the kernels that papermill starts in this process be copies of one that has read the libraries in.

    Yields
    ------
    Warm
        Begins with the first kernel, or as soon as it is told to.
    """
    warm = Warm()
    try:
        with _asked_first(warm):
            yield warm
    finally:
        warm.end()


@contextlib.contextmanager
def _asked_first(warm: Warm) -> Iterator[None]:
    """Let jupyter_client ask the warm process before it starts a kernel as always."""
    from jupyter_client.provisioning import local_provisioner

    always = local_provisioner.launch_kernel

    def launch_kernel(cmd: list[str], **options: Any) -> Any:
        plain = not (options.get("stdout") or options.get("stderr") or options.get("independent"))
        copied = warm.kernel(cmd, dict(options.get("env") or os.environ), options.get("cwd")) if plain else None
        return copied or always(cmd, **options)

    local_provisioner.launch_kernel = launch_kernel
    try:
        yield
    finally:
        local_provisioner.launch_kernel = always


# In the warm process


def serve(number: int) -> None:
    """Read the libraries in, then become a kernel whenever one is asked for; end when nobody can ask any more.

    Parameters
    ----------
    number
        The open socket on which is asked: one request a line, each answered with the number of a process.

    It never returns.
    """
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as ipykernel would set it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever stops the build ends us by leaving
    read_in(LIBRARIES)
    before = own_code.read_own_code(OWN)
    gc.collect()
    gc.freeze()  # what was read in is never looked through again for what can be thrown away
    signal.signal(signal.SIGCHLD, _bury)
    later = [partial(read_in, [name]) for name in RARE] + list(LOOPS if OWN else ())
    with socket.socket(fileno=number) as line, line.makefile("rb") as asked:
        served = 0
        while True:
            # its first kernels are asked for at once; what few need is read in while those are at work
            if later and served >= 2 and not select.select([line], [], [], 0.0)[0]:
                with contextlib.suppress(Exception):  # whoever needs it hears of it
                    later.pop(0)()
                continue
            request = asked.readline()
            if not request:
                os._exit(0)
            content = json.loads(request)
            served += 1
            if own_code.state_of_files() != before:  # a kernel that starts as always reads it anew
                line.sendall(b"\n")
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that there are threads: none of them is at work
                child = os.fork()
            if not child:
                _become(line, **content)


def read_in(names: Iterable[str]) -> None:
    """Import what is installed of these modules."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _bury(*_: Any) -> None:
    """Take note of kernels that have ended, so that none stays as a ghost."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(line: socket.socket, *, argv: list[str], env: dict[str, str], cwd: str | None) -> None:
    """Be a kernel, in a session of its own, from here to the end of this process."""
    _leave_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    line.sendall(f"{os.getpid()}\n".encode())
    line.close()
    os.environ.clear()
    os.environ.update(env)
    if cwd:
        os.chdir(cwd)
    sys.argv = argv
    try:
        runpy.run_module(_MODULE, run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # temporary folders go
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # without taking apart what the warm process has built


def _leave_with_parent() -> None:
    """End this process when the warm one ends. (ipykernel would look for the build, which is no parent of a copy.)"""
    parent_death_signal = 1
    ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)
