"""``python -m customer_patterns.sources.companion``: simulate the companion of a study whose purchases are real."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from customer_patterns.schemas import Refusal
from customer_patterns.sources.companion.delivery import accompany, simulate, surround
from customer_patterns.study import load_study, output_root

FOLDER = "data/raw/{study}-companion"


def main(arguments: list[str] | None = None) -> int:
    """Simulate a companion; return 0, or 2 where it was refused."""
    parser = argparse.ArgumentParser(prog="python -m customer_patterns.sources.companion", description=__doc__)
    parser.add_argument("--study", default="complete-journey", help="whose purchases (default: complete-journey)")
    parser.add_argument("--folder", type=Path, help=f"where the delivery goes (default: {FOLDER} in the project)")
    parser.add_argument("--seed", type=int, help="where chance comes from (default: what the study file says)")
    parser.add_argument("--replace", action="store_true", help="replace a delivery that lies there")
    given = parser.parse_args(arguments)
    try:
        study = load_study(given.study)
        seed = given.seed if given.seed is not None else study.simulator.seed if study.simulator else 20170215
        folder = given.folder or output_root() / FOLDER.format(study=study.name)
        purchases, plan = accompany(study, seed=seed)
        delivery = simulate(folder, purchases, plan=plan, shop=surround(study), replace=given.replace)
    except Refusal as error:
        print(error, file=sys.stderr)
        return 2
    answers, texts = delivery.records["survey_responses"], delivery.records["feedback"]
    print(f"simulated {answers:,} answers, {delivery.records['contacts']:,} contacts and {texts:,} texts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
