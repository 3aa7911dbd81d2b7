"""``python -m customer_patterns.laboratory [--only WORD]``: run the trials and store their scores."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from customer_patterns.laboratory.stored import entry, write_scores
from customer_patterns.laboratory.trial import Score, Trial, score
from customer_patterns.laboratory.trials import TRIALS
from customer_patterns.study import nearest

_HEAD = ("name", "measured", "reference", "aim", "met")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all trials, or those of a room or whose name holds a word; one line for each as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m customer_patterns.laboratory")
    rooms = sorted({trial.room for trial in TRIALS})
    parser.add_argument("--only", help=f"a word of a trial's name, or one of: {', '.join(rooms)}")
    only = parser.parse_args(arguments).only
    chosen = [trial for trial in TRIALS if only is None or only == trial.room or only in trial.name]
    if not chosen:
        known = ", ".join([*rooms, *(trial.name for trial in TRIALS)])
        print(f"there is no '{only}' in the laboratory{nearest(only, rooms)} (known: {known})", file=sys.stderr)
        return 2
    print(" | ".join(_HEAD), flush=True)
    for trial in chosen:
        ours = score([trial.run(seed) for seed in trial.seeds])
        twin = score([trial.broken(seed) for seed in trial.seeds])
        write_scores({trial.name: entry(trial, ours, twin)})
        print(_line(trial, ours, twin), flush=True)
    return 0


def _line(trial: Trial, ours: Score, twin: Score) -> str:
    rejected = not trial.aim.met(twin)
    return " | ".join(
        (
            f"{trial.room}: {trial.name}",
            f"{ours.shown.value:.3f} ({ours.shown.low:.3f} to {ours.shown.high:.3f}, {ours.n:,} replicates)",
            f"twin {twin.shown.value:.3f}: {'rejected' if rejected else 'NOT rejected'}",
            f"{trial.aim.low:g} to {trial.aim.high:g}",
            "met" if trial.aim.met(ours) and rejected else "short",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
