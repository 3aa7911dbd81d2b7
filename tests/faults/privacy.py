"""What of a person, a script or a secret comes out of a study into which it was planted: nothing may."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns import charts
from customer_patterns.privacy.search import places
from tests.benchmarks.measured import Measured
from tests.faults.displays import chapter_of
from tests.faults.giveaways import dominance, lists
from tests.faults.planted import FORMULAS, LABELS, PAYLOADS, SECRETS, persons
from tests.faults.spoiling import spoil

if TYPE_CHECKING:
    from tests.faults.__main__ import Root

STUDY, DAY = "spoiled-shop", "2017-12-31"
_KEY_FILE = "CUSTOMER_PATTERNS_KEY_FILE"


def privacy() -> Iterator[Measured]:
    """One build of a spoiled study, and what can be found of what was planted; then keys and vaults that are wrong."""
    from tests.faults.__main__ import Root

    yield _labels()
    yield _displays()
    with tempfile.TemporaryDirectory(prefix="customer-patterns-faults-") as folder:
        root = Root(Path(folder) / "root")
        root.folder.mkdir()
        done = root.command("simulate")
        if done.returncode:
            yield Measured("privacy: the planted shop", done.stderr.strip()[-500:], "–", "simulated", False)
            return
        amount = _spoiled_study(root)
        done = root.command("reports", "--study", STUDY, "--as-of", DAY, **SECRETS)
        if done.returncode:
            yield Measured("privacy: the spoiled study", done.stderr.strip()[-800:], "–", "built", False)
            return
        run = root.folder / "data" / "runs" / STUDY / DAY
        yield from _found(root, done)
        yield from lists(run, root.delivery)
        yield dominance(run, amount)
        yield _scripts(root)
        yield _formulas(root)
        yield from _wrong_keys(root)
        yield _forgotten(root)


def _spoiled_study(root: Root) -> float:
    amount = spoil(root.delivery)

    def change(content: dict) -> None:
        content.pop("simulator")
        content["title"] = "Spoiled <script>window.ran=1</script>"
        content["sources"]["register"]["provenance"] = "real"  # so that a key is needed
        for n, source in enumerate(content["sources"].values()):
            for said in ("owner", "purpose", "legal_basis", "retention"):
                source[said] = f"{source[said]} {PAYLOADS[(n + len(said)) % len(PAYLOADS)]}"
        for change in content["improvements"]:
            change |= {said: f"{change[said]} {PAYLOADS[len(said)]}" for said in ("owner", "action")}
        content["sources"]["site"]["tables"]["order_lines"]["format"]["worst_share"] = 0.6

    root.study(STUDY, change)
    path = sorted(root.delivery.glob("web_orders_*.csv"))[0]
    lines = path.read_bytes().decode("gb18030", "surrogateescape").splitlines()
    head, record = lines[0], next(line for line in lines[1:] if line.count(",") == lines[0].count(","))
    place = head.split(",").index("数量")
    for formula in FORMULAS:  # a quantity that is none: the record is set aside, with the formula in it
        fields = record.split(",")
        fields[place] = f'"{formula}"' if '"' not in formula else '"' + formula.replace('"', '""') + '"'
        lines.append(",".join(fields))
    path.write_bytes(("\n".join(lines) + "\n").encode("gb18030", "surrogateescape"))
    return amount


def _found(root: Root, done: subprocess.CompletedProcess) -> Iterator[Measured]:
    log = root.folder / "data" / "runs" / "build.log"
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    people = persons()
    pages = {one: len(list((root.folder / "reports").glob(f"{STUDY}/*/{one}/*.html"))) for one in ("en", "zh")}
    in_both = min(pages.values()) >= 10
    said = f"pages ({' and '.join(f'{n} in {one}' for one, n in pages.items())})"
    areas = {"data/runs": "tables, notebooks, caches, log", "reports": said, "data/vault": "vault, block list, log"}
    for name, field in (
        ("names", "name"), ("phone numbers", "phone"), ("e-mail addresses", "mail"), ("resident ids", "resident"),
        ("payment cards", "card"),
    ):  # fmt: skip
        values = {person[field] for person in people}
        values |= {re.sub(r"[ ()-]", "", value) for value in values} if field == "phone" else set()
        hits = [f"{area}/{place}" for area in areas for place in places(root.folder / area, values)]
        there = len(places(root.delivery, values))
        shown = f": {', '.join(hits[:3])}" if hits else ""
        yield Measured(
            f"privacy: 1,000 planted {name} in fields and texts",
            f"in {len(hits)} places of {', '.join(areas.values())}{shown}",
            f"in {there} delivered files",
            "0 in pages of both languages, and at least 5 delivered files",
            not hits and there >= 5 and in_both,
        )
    hits = [place for place in places(root.folder, {text for text in SECRETS.values()} | {"horse-battery-9417"})]
    yield Measured(
        "privacy: a key and a password of the environment",
        f"in {len(hits)} files{': ' + ', '.join(hits[:3]) if hits else ''}", "–", "0 files", not hits,
    )  # fmt: skip


def _scripts(root: Root) -> Measured:
    pages = sorted(path for path in (root.folder / "reports").rglob("*.html") if STUDY in str(path))
    return _in_chromium("privacy: 32 scripts in names and texts of a study", pages, least=20)  # ten in each language


def _displays() -> Measured:
    """Every kind of display with scripts in all its names, on one page."""
    page = chapter_of(PAYLOADS)
    with tempfile.TemporaryDirectory(prefix="customer-patterns-faults-") as folder:
        path = Path(folder) / "03-behavior.html"
        path.write_text(page, encoding="utf-8")
        return _in_chromium("privacy: 32 scripts in every kind of display", [path], least=1)


def _in_chromium(name: str, pages: list[Path], *, least: int) -> Measured:
    from tests.reporting.test_pages_in_browser import FLAGS

    ran, links, asked, shown = 0, 0, 0, set()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        for path in pages:
            page = browser.new_context().new_page()
            requests: list[str] = []
            page.route(
                lambda url: not url.startswith(("file:", "data:")),
                lambda route, requests=requests: (requests.append(route.request.url), route.abort()),
            )
            dialogs: list[str] = []
            page.on("dialog", lambda dialog, dialogs=dialogs: (dialogs.append(dialog.message), dialog.dismiss()))
            page.goto(path.as_uri(), wait_until="load")
            page.wait_for_timeout(50)
            ran += bool(page.evaluate("() => window.ran === 1")) + len(dialogs)
            targets = "a, area, form, iframe, object, embed, use"
            links += page.evaluate(
                f"() => [...document.querySelectorAll('{targets}')].filter(e => ['href', 'src', 'action', 'data',"
                " 'xlink:href'].some(n => /javascript:|evil[.]example/.test(e.getAttribute(n) || ''))).length"
            )
            asked += len(requests)
            text = page.content()
            shown |= {payload for payload in PAYLOADS if payload.replace("<", "&lt;").replace(">", "&gt;")[:18] in text}
            page.context.close()
        browser.close()
    measured = (
        f"{ran} ran, {links} links, {asked} requests on {len(pages)} pages; {len(shown)} of 32 stand there as text"
    )
    met = not (ran or links or asked) and len(pages) >= least and len(shown) == len(PAYLOADS)
    return Measured(f"{name}, in Chromium", measured, "–", "0, 0, 0, shown as text", met)


def _labels() -> Measured:
    frame = pd.DataFrame({"label": LABELS, "n": range(10, 10 + len(LABELS))})
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter without a form is one
        try:
            ax = charts.bars(
                frame, x="label", y="n", unit="orders", title="Labels", subtitle="Orders", source="Table labels"
            )
            drawn = {t.get_text().replace("\n", " ") for t in [*ax.get_yticklabels(), *ax.get_xticklabels(), *ax.texts]}
            about = charts.describe(ax).alt
            charts.to_svg(ax)
        except Exception as error:
            return Measured("privacy: 22 chart labels", f"{type(error).__name__}: {error}", "–", "22 unchanged", False)
    same = [label for label in LABELS if label in drawn]
    lost = [label for label in LABELS if label not in drawn]
    measured = (
        f"{len(same)} unchanged{': not ' + ', '.join(map(repr, lost)) if lost else ''}; in words {len(about):,} signs"
    )
    return Measured("privacy: 22 chart labels", measured, "–", "22 unchanged", not lost)


def _formulas(root: Root) -> Measured:
    target = root.folder / "to-correct"
    done = root.command("quarantine", "--study", STUDY, "--as-of", DAY, "--export", str(target), **SECRETS)
    live, seen = 0, 0
    for path in target.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cell in (cell for row in csv.reader(file) for cell in row):
                live += cell[:1] in "=+@\t\r＝＋＠" if cell else 0
                live += cell[:1] in "-－" and not re.fullmatch(r"[-－][\d.,]+", cell) if cell else 0
                seen += any(cell.lstrip("'") == formula for formula in FORMULAS)
    measured = f"{live} live; {seen} formulas stand there as text; exit {done.returncode}"
    return Measured(
        "privacy: 13 formulas in an export", measured, "–", "0 live, all as text", live == 0 and seen >= len(FORMULAS)
    )


def _wrong_keys(root: Root) -> Iterator[Measured]:
    call = ("reports", "--study", STUDY, "--as-of", "2017-03-30")
    folder = root.folder.parent / "keys"
    folder.mkdir(exist_ok=True)
    empty, readable, vault = folder / "empty", folder / "readable", root.folder / "data" / "vault" / f"{STUDY}.vault"
    empty.write_text("\n")
    empty.chmod(0o600)
    readable.write_text("ab" * 32)
    readable.chmod(0o644)
    inside = root.folder / "data" / "key"
    inside.write_text("ab" * 32)
    inside.chmod(0o600)
    nothing = {"CUSTOMER_PATTERNS_KEY": None, "XDG_CONFIG_HOME": str(folder)}
    key = {name: SECRETS[name] for name in ("CUSTOMER_PATTERNS_KEY",)}
    pseudonym = "0" * 6 + "-" + "0" * 24
    look = ("vault", "look-up", pseudonym, "--study", STUDY, "--reason", "a fault")
    yield _refused("a build without a key", root, *call, says="there is no key; make one with", **nothing)
    for name, says, environment in (
        ("no key", "there is no key; make one with", nothing),
        ("an empty key", "is empty; make a key with", {**nothing, _KEY_FILE: str(empty)}),
        ("a key that others can read", "can be read by others", {**nothing, _KEY_FILE: str(readable)}),
        ("a key inside the data", "lies inside", {**nothing, _KEY_FILE: str(inside)}),
        ("another key than before", "vault rotate", {"CUSTOMER_PATTERNS_KEY": "cd" * 32}),
    ):
        yield _refused(name, root, *look, says=says, **environment)
    inside.unlink()
    whole = vault.read_bytes()
    changed = bytearray(whole)
    changed[len(changed) // 2] ^= 1
    vault.write_bytes(bytes(changed))
    yield _refused("a flipped bit in the vault", root, *look, says="its seal is broken", **key)
    vault.write_bytes(whole)
    vault.chmod(0o644)
    yield _refused("a vault that others can read", root, *look, says="can be read by others", **key)
    vault.chmod(0o600)
    yield _refused("a look without a reason", root, *look[:-2], says="say why", **key)
    yield _refused("a pseudonym that nobody has", root, *look, says="there is no such pseudonym", **key)


def _refused(name: str, root: Root, *arguments: str, says: str, **environment: str | None) -> Measured:
    before = root.pages()
    saved = {k: os.environ.pop(k) for k in [k for k, v in environment.items() if v is None] if k in os.environ}
    done = root.command(*arguments, **{k: v for k, v in environment.items() if v is not None})
    os.environ.update(saved)
    sentence = " / ".join(line.strip() for line in done.stderr.splitlines() if line.strip()) or "nothing"
    met = done.returncode == 2 and says in sentence and "Traceback" not in sentence and root.pages() == before
    measured = f"exit {done.returncode}: {sentence[-300:]}"
    return Measured(f"privacy: {name}", measured, "–", f"exit 2, '{says}', same pages", met)


def _forgotten(root: Root) -> Measured:
    person = persons()[7]
    number = "PLA0000007"
    began = time.perf_counter()
    done = root.command("forget", STUDY, number, **SECRETS)
    seconds = time.perf_counter() - began
    left = places(root.folder / "data", {number})
    values = {person[field] for field in ("phone", "mail", "resident", "card")}
    left += places(root.folder / "data", values)
    measured = f"{seconds:.0f} s, exit {done.returncode}, left in {len(left)} places: {done.stderr.strip()[-200:]}"
    met = done.returncode == 0 and not left and seconds < 60
    return Measured("privacy: one person forgotten", measured, "–", "under 60 s, nowhere left", met)
