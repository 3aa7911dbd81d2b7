"""All that a planted shop delivers beside its tills, its cards and its voices: one part after the other, by block."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from customer_patterns.sources.planted_shop.calls import calls_truth, draw_calls
from customer_patterns.sources.planted_shop.clientele import Block, Clientele, Made
from customer_patterns.sources.planted_shop.columns import ADDED_COLUMNS
from customer_patterns.sources.planted_shop.events import draw_events, events_truth
from customer_patterns.sources.planted_shop.forms import Form, form_of
from customer_patterns.sources.planted_shop.identities import DISAGREEMENTS, SYSTEMS
from customer_patterns.sources.planted_shop.judged import PAIRS, judged_pairs
from customer_patterns.sources.planted_shop.ledger import draw_ledger
from customer_patterns.sources.planted_shop.likenesses import MISLEADING, draw_likenesses
from customer_patterns.sources.planted_shop.listening import draw_listening, draw_sheets, listening_truth
from customer_patterns.sources.planted_shop.manifest import readme
from customer_patterns.sources.planted_shop.messages import draw_messages, messages_truth
from customer_patterns.sources.planted_shop.orders import Drawn
from customer_patterns.sources.planted_shop.people import consents_at_the_end, draw_consents, regions
from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.registrations import NAMED, with_browsers
from customer_patterns.sources.planted_shop.reviews import draw_reviews, reviews_truth
from customer_patterns.sources.planted_shop.subscriptions import (
    FEATURES,
    HOLDERS,
    PLANS,
    PLUS_SHARE,
    REFERRALS,
    WARNING_DAYS,
    WARNING_SHARE,
    draw_subscriptions,
)
from customer_patterns.sources.planted_shop.trials import draw_trials, plan_trials, trials_truth
from customer_patterns.sources.planted_shop.web_export import export, fates
from customer_patterns.sources.planted_shop.web_orders import (
    WebOrders,
    draw_web_customers,
    draw_web_orders,
    plan_web_prices,
    web_customer_table,
    web_price_table,
    web_truth,
)
from customer_patterns.warehouse import to_json


class Additions:
    """The files beside tills, cards and voices, growing block by block.

    Parameters
    ----------
    folder
        Where the delivery is written; what is true goes into ``truth/`` in it.
    truth
        The plan.
    """

    def __init__(self, folder: Path, truth: Truth) -> None:
        self._folder, self._truth = folder, truth
        self._clientele = Clientele.of(truth)
        self._trials = plan_trials(self._clientele)
        self._cuts = plan_web_prices(truth)
        self._forms: dict[str, Form] = {}
        self._known: dict[str, _Growing] = {}
        self._counts: Counter[str] = Counter()
        self._web: Counter[str] = Counter()
        self._judged: list[pd.DataFrame] = []
        self._closed = False
        self._sums: dict[str, pd.DataFrame] = {}
        self.records: dict[str, int] = {}

    def add_block(self, drawn: Drawn, first: int, stop: int) -> None:
        """Draw and write everything about some customers."""
        block = Block(self._clientele, first, stop, drawn)
        consents = draw_consents(block)
        messages = draw_messages(block, consents.tables["consents"])
        decided = pd.concat([consents.tables["consents"], messages.tables.pop("consents")], ignore_index=True)
        decided = decided.sort_values(["customer_id", "purpose", "decided_at"], ignore_index=True)
        final = consents_at_the_end(decided)
        trials, treated = draw_trials(block, self._trials)
        people = draw_web_customers(block)
        web = draw_web_orders(block, people, self._trials[1], treated[:, 1], self._cuts)
        allows = final[(final["purpose"] == "tracking") & final["granted"]]["customer_id"]
        tracked = np.isin(block.ids.astype(str), allows.to_numpy().astype(str))
        visits = draw_events(block, people, web, tracked)
        likenesses, visits = with_browsers(block, draw_likenesses(block), visits, tracked)
        self._judged.append(judged_pairs(block, likenesses))
        for made in (
            Made({"consents": decided}, {"consents": final}, {}),
            messages,
            trials,
            likenesses,
            draw_subscriptions(block),
            visits,
            draw_ledger(block),
            Made({}, {"web_customers": web_customer_table(block, people)}, {}),
        ):
            self._write(made)
        self._write_web_orders(block, web)
        self._add_up("sequences", web.sequences, ["orders", "followed"])
        self._add_up("complements", web.complements, ["orders", "taken_along"])

    def _write_web_orders(self, block: Block, web: WebOrders) -> None:
        lines, counts, special = export(block, web)
        self._write(Made({"web_orders": lines}, {"web_special_lines": special}, {}))
        self._web.update(counts)

    def add_voices(self, voices: dict[str, pd.DataFrame], languages: pd.Series) -> None:
        """Draw and write what goes with the voices, and what is drawn once for the whole shop.

        ``languages`` says by customer in which language answer sheets are filled in.
        """
        self._write(Made({"regions": regions(self._truth)}, {}, {}))
        self._write(draw_calls(self._truth, voices["contacts"]))
        self._write(draw_sheets(self._truth, voices["survey_responses"], languages))
        listening = draw_listening(self._truth)
        listening.tables["listening"] = listening.tables.pop("feedback")
        self._write(listening)
        self._write(draw_reviews(self._truth))

    def finish(self) -> dict[str, int]:
        """Close the files, write the rest of the truth; return the records per delivered table."""
        self.close()
        pd.concat(self._judged, ignore_index=True).to_csv(
            self._folder / "labeled.csv", index=False, lineterminator="\n"
        )
        truth = self._folder / "truth"
        prices = web_price_table(self._truth, self._cuts)
        pq.write_table(_arrow(prices), truth / "web_prices.parquet", compression="zstd")
        for name, table in self._sums.items():
            pq.write_table(_arrow(table), truth / f"{name}.parquet", compression="zstd")
        (truth / "additions.json").write_text(to_json(self._content()), encoding="utf-8")
        names = [path.name for path in truth.iterdir()]
        (truth / "README.md").write_text(readme(names), encoding="utf-8")
        return self.records

    def close(self) -> None:
        """Close what is open; after an error too."""
        if not self._closed:
            self._closed = True
            for form in [*self._forms.values(), *self._known.values()]:
                form.close()

    def _write(self, made: Made) -> None:
        for name, table in made.tables.items():
            if name not in self._forms:
                self._forms[name] = form_of(name, self._folder)
            self._forms[name].add(table, ADDED_COLUMNS.get(name, {}))
            self.records[name] = self.records.get(name, 0) + len(table)
        for name, table in made.truths.items():
            if name not in self._known:
                self._known[name] = _Growing(self._folder / "truth" / f"{name}.parquet")
            self._known[name].add(table)
        self._counts.update(made.counts)

    def _add_up(self, name: str, table: pd.DataFrame, counts: list[str]) -> None:
        if name in self._sums:
            self._sums[name][counts] += table[counts]
        else:
            self._sums[name] = table.copy()

    def _content(self) -> dict[str, Any]:
        return {
            "provenance": "simulated",
            "plan": {name: _plain(value) for name, value in vars(self._truth.plan).items()},
            "counts": dict(sorted(self._counts.items())),
            "experiments": trials_truth(self._trials),
            "web": web_truth(self._truth),
            "web_records": {kind: {"records": self._web[kind], **fate} for kind, fate in fates().items()}
            | {"all": self._web["all"]},
            "identities": {
                "systems": {one.name: {"share": one.share, "error_rate": one.error_rate} for one in SYSTEMS},
                "disagreements": DISAGREEMENTS,
                "misleading": MISLEADING,
                "web_accounts_that_name_a_browser": NAMED,
                "judged_pairs_of_a_block": PAIRS,
                "estimand": "precision and recall over pairs of records; truth/identities.parquet says whose",
            },
            "subscriptions": {
                "holders": HOLDERS,
                "plus_share": PLUS_SHARE,
                "plans": {
                    name: {"fee_cents": fee, "risk_per_30_days": risk, "uses_per_week": uses}
                    for name, (fee, risk, uses) in PLANS.items()
                },
                "features": FEATURES,
                "warning": {"days": WARNING_DAYS, "share_of_usual_use": WARNING_SHARE},
                "referrals_per_year": REFERRALS,
                "estimand": "risk of cancellation per 30 days of contract; uses per week of contract",
            },
            "messages": messages_truth(),
            "calls": calls_truth(),
            "codes": listening_truth(self._truth),
            "reviews": reviews_truth(),
            "events": events_truth(),
        }


class _Growing:
    """A table of what is true that grows block by block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pd.DataFrame) -> None:
        arrow = _arrow(table)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, arrow.schema, compression="zstd")
        self._writer.write_table(arrow.cast(self._writer.schema))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _arrow(table: pd.DataFrame) -> pa.Table:
    """A frame as a table; a column without any value is a date where its name ends so, else text."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    for place, part in enumerate(arrow.schema):
        if pa.types.is_null(part.type):
            kind = pa.date32() if part.name.endswith("_on") else pa.string()
            arrow = arrow.set_column(place, part.name, arrow[place].cast(kind))
    return arrow.replace_schema_metadata(None)


def _plain(value: object) -> object:
    return value if isinstance(value, (int, float, str, bool)) or value is None else str(value)
