"""The table that the stage ``laboratory`` writes."""

from __future__ import annotations

from customer_patterns.laboratory.trials import TRIALS
from customer_patterns.schemas import Column, TableSchema, estimate_columns
from customer_patterns.schemas.lineage import PLANTED

MET, MISSED = "reaches its aim", "misses its aim"
#: The score was taken with code that has changed since; or never.
OUTDATED, NOT_SCORED = "scored with other code", "not scored yet"
REJECTED, ACCEPTED = "rejected", "not rejected"


def _texts(name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(getattr(trial, name) for trial in TRIALS))


METHOD_SCORES = TableSchema(
    name="method_scores",
    grain="trial of a method on a planted truth",
    key=("trial",),
    reads=(PLANTED,),
    meaning="How well each method recovers what was planted, beside an aim, a twin that is broken on purpose, and "
    "what was changed after a score had been seen.",
    columns=(
        Column("trial", "text", "what was tried", label="Trial", levels=_texts("name")),
        Column("room", "text", "the chapter whose method it is", label="Chapter", levels=_texts("room")),
        Column("setting", "text", "what was planted", label="Planted", levels=_texts("setting")),
        Column("measure", "text", "what is counted", label="Counted", levels=_texts("measure")),
        *estimate_columns("score", "share", "the method's score", "Score"),
        Column("n", "integer", "replicates", label="Replicates", unit="replicates", nullable=True, minimum=0),
        Column("aim_from", "share", "the score must be at least this", label="Aim from", minimum=0, maximum=1),
        Column("aim_to", "share", "the score must be at most this", label="Aim to", minimum=0, maximum=1),
        Column("verdict", "text", "what became of the aim", "Verdict", levels=(MET, MISSED, OUTDATED, NOT_SCORED)),
        Column("twin", "text", "what the broken twin does wrong", label="Broken twin", levels=_texts("twin")),
        Column(
            "revised",
            "text",
            "what was changed after a score on held-out seeds had been seen; empty: nothing",
            "Changed later",
            nullable=True,
            levels=tuple(filter(None, _texts("revised"))),
        ),
        *estimate_columns("twin_score", "share", "the twin's score", "Its score"),
        Column(
            "twin_verdict",
            "text",
            "whether the twin misses the aim",
            "Twin",
            nullable=True,
            levels=(REJECTED, ACCEPTED),
        ),
    ),
)

#: For the chapter only: how many trials of each chapter's methods reach their aim.
BY_ROOM = TableSchema(
    name="scores_by_chapter",
    grain="chapter",
    key=("room",),
    reads=(PLANTED,),
    meaning="How many trials of each chapter's methods reach their aim, and how many broken twins miss it.",
    columns=(
        Column("room", "text", "the chapter whose methods they are", label="Chapter", levels=_texts("room")),
        Column("trials", "integer", "trials that were scored", label="Trials", unit="trials", minimum=0),
        Column("met", "integer", "trials that reach their aim", label="Reach their aim", unit="trials", minimum=0),
        Column("rejected", "integer", "broken twins that miss it", label="Twins rejected", unit="trials", minimum=0),
    ),
)

TABLES: dict[str, TableSchema] = {METHOD_SCORES.name: METHOD_SCORES}
