"""``python -m customer_patterns``: build, rerun, simulate, and keep what is generated up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, 1 where it failed, 2 where it was refused, 75 where it has to wait."""
    given = _parser().parse_args(arguments)
    try:
        from customer_patterns.reruns import FAILED, REFUSED, WAITING, BuildFailed, StageFailed, Waiting
        from customer_patterns.schemas import Refusal
    except ModuleNotFoundError as error:
        return _missing(error)
    try:
        return given.command(given)
    except Waiting as error:
        return _say(error, WAITING)
    except Refusal as error:
        return _say(error, REFUSED)
    except StageFailed as error:
        return _say(error, REFUSED if error.refused else FAILED)
    except BuildFailed as error:
        return _say(error, FAILED)
    except ModuleNotFoundError as error:
        return _missing(error)
    except KeyboardInterrupt:
        return _say("stopped; what was published is as it was", 130)


def _say(message: object, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def _missing(error: ModuleNotFoundError) -> int:
    return _say(f"the Python package '{error.name}' is not installed; run 'make setup'", 2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m customer_patterns", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, what: str, function: object) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=what, description=what, allow_abbrev=False)
        sub.set_defaults(command=function)
        return sub

    for name, what, function in (
        ("reports", "build a study and its pages", _reports),
        ("rerun", "build what is stale, as a scheduler does: status file, exit code, history", _rerun),
    ):
        sub = command(name, what, function)
        sub.add_argument("--study", help="a file in data/studies; default: what env.yaml says")
        sub.add_argument("--as-of", help="the last day that counts, YYYY-MM-DD; default: the study's last day")
        sub.add_argument("--language", help="in which the pages open, en or zh; default: what env.yaml says")
        if name == "rerun":
            sub.add_argument(
                "-p", "--parameter", action="append", default=[], metavar="STAGE.NAME=VALUE", help="a method setting"
            )

    sub = command("simulate", "simulate the deliveries of a study that names a simulator", _simulate)
    sub.add_argument(
        "study", nargs="?", default="planted-shop", help="a study with a simulator (default: planted-shop)"
    )
    sub.add_argument("--customers", type=int, help="how many customers; default: what the study file says")
    sub.add_argument("--seed", type=int, help="where chance comes from; default: what the study file says")
    sub.add_argument("--replace", action="store_true", help="replace a delivery that lies there")
    sub.add_argument("--folder", type=Path, help="where the delivery goes; default: where the study looks for it")

    sub = command("draft", "look at delivered files and write a study file for you to check", _draft)
    sub.add_argument("files", nargs="+", type=Path, help="the delivered files, of one or several kinds")
    sub.add_argument("--study", help="the study's name; default: that of the first file")
    sub.add_argument("--replace", action="store_true", help="replace a study file that lies there")

    sub = command("trace", "say what a sentence rests on: values, rows, tables, code, deliveries", _trace)
    sub.add_argument("key", help="the sentence's key, e.g. behavior.rhythm")
    sub.add_argument("--study", help="a file in data/studies; default: what env.yaml says")
    sub.add_argument("--as-of", help="the last day that counts, YYYY-MM-DD; default: the study's last day")
    sub.add_argument("--language", help="of the sentence; default: what env.yaml says")

    sub = command("quarantine", "say which records were set aside, and write them out to be corrected", _quarantine)
    sub.add_argument("--study", help="a file in data/studies; default: what env.yaml says")
    sub.add_argument("--as-of", help="the last day that counts, YYYY-MM-DD; default: the study's last day")
    sub.add_argument("--export", type=Path, metavar="FOLDER", help="write them as CSV files into this folder")

    sub = command("forget", "take customers out of everything, for good", _forget)
    sub.add_argument("study", help="a file in data/studies")
    sub.add_argument("ids", nargs="+", metavar="ID", help="a customer's number, as in the tables")

    sub = command("vault", "make a key, look one pseudonym up, change the key", _vault)
    sub.add_argument("action", choices=("make-key", "look-up", "rotate"), help="what to do")
    sub.add_argument("pseudonym", nargs="?", help="of look-up: the pseudonym")
    sub.add_argument("--study", help="of look-up: a file in data/studies; default: what env.yaml says")
    sub.add_argument("--reason", default="", help="of look-up: why; it is written down beside your access")
    sub.add_argument("--file", type=Path, help="where the new key goes; default of make-key: your own folder")

    command("store-outputs", "run the notebooks on the default study and store their text outputs", _store_outputs)
    sub = command("messages", "collect every text that a reader sees, for translation", _messages)
    sub.add_argument("domain", nargs="*", help="a stage, or page; default: all")
    command("dictionary", "write the data dictionary into data/README.md", _dictionary)

    sub = command("new-stage", "make a new stage: notebook, room, pipeline entry, sentences, test", _new_stage)
    sub.add_argument("name", help="the stage's name, e.g. loyalty")
    sub.add_argument("--number", type=int, required=True, help="its place in the reading order, e.g. 11")
    sub.add_argument("--upstream", nargs="+", required=True, metavar="STAGE", help="the stages it reads")
    return parser


def _reports(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.build import build_reports

    built = build_reports(given.study, given.as_of, given.language)
    print(f"Open {_shown(built.index)} (built in {built.seconds:.0f} s)")
    return 0


def _rerun(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.rerun import rerun

    outcome = rerun(given.study, given.as_of, given.language, given.parameter)
    status = outcome.status
    ending = f": {status.reason}" if status.reason else ""
    print(f"{status.state}{ending} ({outcome.seconds:.0f} s)", file=sys.stderr if outcome.code else sys.stdout)
    return outcome.code


def _simulate(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.prepare import make_delivery, simulated_folder
    from customer_patterns.study import RunError, load_study

    study = load_study(given.study)
    if study.simulator is None:
        raise RunError(f"study '{study.name}' is not simulated: its study file names no simulator")
    folder = given.folder or simulated_folder(study)
    records = make_delivery(study, folder, customers=given.customers, seed=given.seed, replace=given.replace)
    print(f"Simulated {sum(records.values()):,} records in {len(records)} tables in {_shown(folder)}")
    return 0


def _draft(given: argparse.Namespace) -> int:
    from customer_patterns.sources.draft import draft_study

    draft = draft_study(given.files, name=given.study, replace_old=given.replace)
    for folder in sorted({path.parent for path in draft.copied}):
        print(f"Copied {_listed(path.name for path in draft.copied if path.parent == folder)} to {_shown(folder)}")
    for table, files in draft.tables.items():
        print(f"{table}: {_listed(files)}")
    print(f"Wrote {_shown(draft.path)}. Look at every line marked guess or answer; to be answered before a run:")
    for question in draft.questions:
        print(f"  {question}")
    if draft.needs_key:
        print("The files say who people are, which is locked away under a key. Make one, once for all studies:")
        print("  .venv/bin/python -m customer_patterns vault make-key")
    print(f"Then: make reports STUDY={draft.path.stem}")
    return 0


def _listed(names: Iterable[str]) -> str:
    """Name some files, of many the first and the last one."""
    every = sorted(names)
    return ", ".join(every) if len(every) <= 4 else f"{every[0]} … {every[-1]} ({len(every)} files)"


def _trace(given: argparse.Namespace) -> int:
    from customer_patterns.reporting.languages import study_voice
    from customer_patterns.reporting.trace import trace
    from customer_patterns.sources import delivered_files
    from customer_patterns.study import open_run, run_folder
    from customer_patterns.wording import speaking

    run = open_run(given.study, given.as_of, given.language)
    with speaking(study_voice(run.study, run.language)):
        folder = run_folder(run.study.name, run.as_of)
        print(trace(folder, given.key, delivered=delivered_files(run.study)), end="")
    return 0


def _quarantine(given: argparse.Namespace) -> int:
    from customer_patterns.sources.quarantine import export_quarantine, in_words, read_quarantine
    from customer_patterns.study import corrected_folder, open_run, stage_folder

    run = open_run(given.study, given.as_of)
    quarantine = read_quarantine(stage_folder(run.study.name, run.as_of, "collect"))
    print(in_words(quarantine), end="")
    if given.export is not None:
        for path in export_quarantine(quarantine, run.study, given.export):
            print(f"Wrote {_shown(path)}: correct it, and put it into {_shown(corrected_folder(run.study.name))}")
    return 0


def _forget(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.forget import forget

    done = forget(given.study, given.ids)
    print(f"Forgotten: {done.customers} numbers; {sum(done.records.values()):,} records in {len(done.records)} files")
    for name, records in sorted(done.records.items()):
        print(f"  {name}: {records:,}")
    print(f"  vault: {done.vault:,} values; runs removed: {', '.join(done.runs) or 'none'}")
    for name in done.elsewhere:
        print(f"  {name} cannot be rewritten from here: its records are kept out when it is read")
    print(f"Nothing is left below data/ and reports/. Then: make reports STUDY={given.study}")
    return 0


def _vault(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.vaults import look_up, new_key, rotate

    if given.action == "make-key":
        key, path = new_key(given.file)
        print(f"Made key {key.id} in {path}. Keep a copy where nobody else reads: without it the vault stays shut")
    elif given.action == "rotate":
        key, path, changed = rotate(given.file)
        print(f"Now locked with key {key.id} in {path}: {', '.join(changed) or 'no vault yet'}")
        print(f"Set CUSTOMER_PATTERNS_KEY_FILE={path}, run 'make reports', then destroy the old key")
    else:
        for domain, value in look_up(given.study, given.pseudonym or "", why=given.reason).items():
            print(f"{domain}: {value}")
    return 0


def _store_outputs(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.store_outputs import store_outputs

    for path in store_outputs():
        print(f"Stored {_shown(path)}")
    return 0


def _dictionary(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.dictionary import write_dictionary

    print(f"Wrote {_shown(write_dictionary())}")
    return 0


def _messages(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.messages import update_messages

    for domain in update_messages(given.domain):
        print(domain)
    return 0


def _new_stage(given: argparse.Namespace) -> int:
    from customer_patterns.reruns.new_stage import new_stage

    for path in new_stage(given.name, number=given.number, upstream=given.upstream):
        print(f"Wrote {_shown(path)}")
    print("Its pages are published once its words are translated: python -m customer_patterns messages")
    return 0


def _shown(path: Path) -> str:
    """A path as a reader would type it."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


if __name__ == "__main__":
    sys.exit(main())
