"""JupyterLab, driven in a browser: a notebook of the project opens and all its cells run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from customer_patterns.study import project_root
from customer_patterns.study.places import OUTPUT_ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

TOKEN = "only-in-this-test"

pytestmark = pytest.mark.browser


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ask(address: str, path: str) -> tuple[int, bytes]:
    request = urllib.request.Request(f"{address}{path}", headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.read()


def appears(file: Path, page: Page, *, seconds: float) -> bool:
    """Whether a file appears in time, while the browser goes on."""
    deadline = time.monotonic() + seconds
    while not file.is_file() and time.monotonic() < deadline:
        page.wait_for_timeout(300)
    return file.is_file()


@pytest.fixture(scope="module")
def browser_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI"):
        pytest.fail("chromium is missing; .ci/run installs it")
    if found is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, planted_root: Path) -> Iterator[tuple[str, Path]]:
    """JupyterLab on a copy of the notebooks, set to the planted shop: its address and the copy."""
    project = tmp_path_factory.mktemp("lab")
    shutil.copytree(project_root() / "notebooks", project / "notebooks")
    for name in ("pipeline.yaml", "env.yaml"):
        shutil.copy(project_root() / name, project)
    shutil.copytree(project_root() / "data" / "studies", project / "data" / "studies")
    shutil.copytree(planted_root / "data" / "raw", project / "data" / "raw")
    env_file = project / "env.yaml"
    method_settings = env_file.read_text().partition("settings:")[2]
    env_file.write_text(f"study: planted-shop\nas_of: 2017-03-31\nlanguage: en\nsettings:{method_settings}")
    port = free_port()
    home = tmp_path_factory.mktemp("home")
    env = {
        **os.environ,
        OUTPUT_ROOT: str(project),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    settings = home / "config" / "lab" / "user-settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # All cells are to be seen, not only those that a screen would show.
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    options = {
        "ServerApp.root_dir": project,
        "ServerApp.port": port,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": TOKEN,
        "ServerApp.allow_root": True,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    log = home / "log"
    with log.open("w") as said:
        server = subprocess.Popen(command, cwd=project, env=env, stdout=said, stderr=said)
        address = f"http://127.0.0.1:{port}"
        try:
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline and server.poll() is None:
                with contextlib.suppress(OSError):
                    ask(address, "/api/status")
                    break
                time.sleep(0.3)
            else:
                pytest.fail(f"JupyterLab did not start: {log.read_text()[-2000:]}")
            yield address, project
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


def test_the_files_of_the_project_are_listed(lab):
    address, _ = lab
    status, body = ask(address, "/api/contents/notebooks")
    assert status == 200
    assert "01-collect.ipynb" in {entry["name"] for entry in json.loads(body)["content"]}
    assert ask(address, "/api/contents/notebooks/01-collect.ipynb?content=1")[0] == 200


def test_a_notebook_opens_and_all_its_cells_run(lab, browser_path):
    from playwright.sync_api import sync_playwright

    address, project = lab
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{address}/lab/tree/notebooks/01-collect.ipynb?token={TOKEN}&reset", wait_until="domcontentloaded")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
        page.locator(".jp-NotebookPanel .jp-Cell").first.click()
        manifest = project / "data" / "runs" / "planted-shop" / "2017-03-31" / "collect" / "manifest.json"
        # Lab calls a kernel idle before it has read what it is, and then forgets cells that it was told to run.
        for _ in range(4):
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.locator("[data-command='runmenu:run-all']").click()
            if appears(manifest, page, seconds=40):
                break
        page.get_by_text("Stage collect wrote").last.wait_for(timeout=60_000)
        page.locator("section.findings").last.scroll_into_view_if_needed()
        findings = page.locator("section.findings li").count()
        charts = page.locator(".jp-OutputArea-output[data-mime-type='image/svg+xml']").count()
        errors = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").count()
        browser.close()
    assert json.loads(manifest.read_text())["study"] == "planted-shop"
    assert findings >= 2
    assert charts >= 1
    assert errors == 0
