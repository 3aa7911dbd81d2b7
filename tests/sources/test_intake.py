"""Deliveries taken in: every record is kept, repaired, set aside or replaced, and a new day costs only itself."""

import datetime as dt
import gzip

import pandas as pd
import pytest

from customer_patterns.sources import (
    TABLES,
    DeliveryError,
    collection_figures,
    collection_findings,
    pieces,
    redelivered,
)
from customer_patterns.sources.quarantine import export_quarantine, in_words, read_quarantine
from customer_patterns.study import corrected_folder, intake_folder
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import write_stage
from customer_patterns.wording import Chosen
from tests.sources.deliveries import COLUMNS, HEADER, collected, contract, line, lines, put, study


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


LENIENT = {"worst_share": 1.0}


def rows(found, table="order_lines"):
    """The records of a table, sorted."""
    frame = found.tables[table].to_pandas()
    return frame.sort_values(list(frame.columns), ignore_index=True)


def account(found, source="till"):
    frame = found.account.set_index("source").loc[source]
    return {name: frame[name] for name in ("delivered", "kept", "set_aside", "replaced", "before_window", "repaired")}


def reasons(found):
    return dict(found.accounts.set_aside_reasons[["reason", "records"]].itertuples(index=False))


def written(found, folder):
    """The bytes of every table that the stage writes, in the order in which its notebook has it write them."""
    write_stage(
        folder, found.all, schemas={n: TABLES[n] for n in found.all}, backend=found.backend, manifest={},
        presorted=("order_lines", "promotions"),
    )  # fmt: skip
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def file_of(*records):
    return "\n".join([HEADER, *records]) + "\n"


def test_every_record_is_kept_repaired_or_set_aside_and_money_adds_up(root):
    faulty = [line(3, sold="soon"), line(4, paid="dear"), line(5) + ",x"]
    put(root, "lines.csv", file_of(line(1), line(2, customer="C2 "), *faulty, line(6, sold="2025-12-31")))
    found = collected(study(contract(format=LENIENT)))
    told = account(found)
    assert told == {"delivered": 6, "kept": 2, "set_aside": 3, "replaced": 0, "before_window": 1, "repaired": 1}
    one = found.account.iloc[0]
    assert float(one["revenue_delivered"]) == 2.5 * 4  # two of the faulty have no readable amount
    assert float(one["revenue_set_aside"]) == 2.5
    assert float(one["revenue_kept"]) == 5.0
    assert sum(reasons(found).values()) == 4
    quarantine = found.accounts.quarantine
    assert quarantine["line"].tolist() == [4, 5, 6]
    assert set(quarantine["file"]) == {"lines.csv"}
    assert rows(found)["customer_id"].tolist() == ["C1", "C2"]


def test_examples_in_reasons_are_masked(root):
    put(root, "lines.csv", file_of(line(1), line(2, paid="Anna 0171 5550123")))
    found = collected(study(contract(format=LENIENT)))
    shown = found.accounts.set_aside_reasons.to_string()
    assert "Anna" not in shown
    assert "xxxx 9999 9999999" in shown


def test_a_file_with_too_many_faults_is_refused_with_its_main_reason_and_first_line(root):
    put(root, "lines.csv", file_of(*(line(n) for n in range(90)), *(line(n) + ",x" for n in range(90, 100))))
    with pytest.raises(DeliveryError) as error:
        collected(study(contract()))
    assert (error.value.code, error.value.line) == ("E_TOO_MANY_FIELDS", 92)
    assert "10 of 100 records" in str(error.value)
    assert account(collected(study(contract(format={"worst_share": 0.1}))))["set_aside"] == 10


def test_an_undeclared_encoding_refuses_the_file_and_names_its_line(root):
    put(root, "lines.csv", file_of(*(line(n, customer="张三") for n in range(9))).encode("gbk"))
    with pytest.raises(DeliveryError, match="E_ENCODING") as error:
        collected(study(contract()))
    assert error.value.line == 2
    assert account(collected(study(contract(format={"encoding": "gbk"}))))["kept"] == 9


def test_a_table_from_two_sources_is_stacked_and_accounted_for_apart(root):
    put(root, "till.csv", lines(3))
    put(root, "web.csv", file_of(line(11, customer="C9"), line(12) + ",x"))
    web = contract("web.csv", source="web", format=LENIENT, columns={**COLUMNS, "store_id": {"constant": "web"}})
    found = collected(study(contract("till.csv"), web))
    assert account(found) == {**account(found, "web"), "delivered": 3, "kept": 3, "set_aside": 0}
    assert account(found, "web")["delivered"] == 2
    assert rows(found)["store_id"].value_counts().to_dict() == {"web": 1}
    assert set(found.inputs) == {"order_lines (till)", "order_lines (web)"}


# A delivery that grows


def days_put(root, *days):
    for day in days:
        bad = [line(day * 100 + 50, sold="?")] if day == 3 else []
        records = [line(day * 100 + n, sold=f"2026-01-{day:02} 12:00:00") for n in range(25)]
        put(root, f"in/lines_{day:02}.csv", file_of(*records, *bad))


def test_an_incremental_load_is_a_full_rebuild_byte_for_byte(root, monkeypatch, tmp_path_factory):
    source = contract("in")
    made = []
    make = pieces._Making.into
    monkeypatch.setattr(pieces._Making, "into", lambda self, to: (made.append(self.file.name), make(self, to))[1])
    days_put(root, 1, 2)
    collected(study(source))
    days_put(root, 1, 2, 3)
    grown = written(collected(study(source)), root / "grown")
    assert made == ["in/lines_01.csv", "in/lines_02.csv", "in/lines_03.csv"]
    fresh = tmp_path_factory.mktemp("fresh")
    monkeypatch.setenv(OUTPUT_ROOT, str(fresh))
    days_put(fresh, 3, 2, 1)
    assert written(collected(study(source)), fresh / "full") == grown


def test_pieces_are_made_anew_where_the_contract_or_the_file_changed_and_old_ones_go(root):
    put(root, "lines.csv", lines(3))
    collected(study(contract()))
    kept = intake_folder("shop") / "till.order_lines"
    first = set(kept.iterdir())
    collected(study(contract(format={"missing": ["", "-"]})))
    second = set(kept.iterdir())
    put(root, "lines.csv", lines(4))
    assert account(collected(study(contract())))["kept"] == 4
    assert len(first) == len(second) == len(set(kept.iterdir())) == 1
    assert first != second


def test_what_comes_after_the_last_day_changes_nothing(root):
    source, day = contract("in"), dt.date(2026, 1, 3)
    days_put(root, 1, 2, 3)
    before = written(collected(study(source), as_of=day), root / "before")
    put(
        root,
        "in/lines_04.csv",
        file_of(*(line(400 + n, sold="2026-01-04 09:00:00") for n in range(30)), "", "R5,short"),
    )
    put(root, "in/lines_05.csv", file_of(*(line(500 + n, sold="2026-01-05 09:00:00") for n in range(30))))
    after = written(collected(study(source), as_of=day), root / "after")
    assert after == before


# The same record again


def test_the_latest_delivery_of_a_record_counts(root):
    put(root, "in/lines_1.csv", file_of(line(1), line(2), line(3)))
    put(root, "in/lines_2.csv", file_of(line(2, paid="9.00"), line(3), line(4)))
    found = collected(study(contract("in", key=["order_id", "product_id"])))
    assert rows(found).set_index("order_id")["revenue"].astype(float).to_dict() == {
        "R1": 2.5,
        "R2": 9.0,
        "R3": 2.5,
        "R4": 2.5,
    }
    assert account(found)["replaced"] == 2
    assert reasons(found) == {
        "the same record was delivered again": 1,
        "a later delivery of the record replaced it": 1,
    }
    assert account(collected(study(contract("in"))))["kept"] == 6  # without a key nothing is the same


def test_a_record_that_is_not_yet_known_replaces_nothing(root):
    put(root, "in/lines_1.csv", file_of(line(1, sold="2026-01-05")))
    put(root, "in/lines_2.csv", file_of(line(1, sold="2026-01-20")))
    source = contract("in", key=["order_id"])
    early = collected(study(source), as_of=dt.date(2026, 1, 10))
    assert rows(early)["ordered_at"].dt.day.tolist() == [5]
    assert rows(collected(study(source)))["ordered_at"].dt.day.tolist() == [20]


def test_when_a_record_was_handed_over_decides_what_is_known_and_what_is_later(root):
    header = HEADER + ",exported"
    put(root, "in/a.csv", "\n".join([header, line(1, paid="9.00") + ",2026-01-20", line(2) + ",2026-01-06"]))
    put(root, "in/b.csv", "\n".join([header, line(1) + ",2026-01-06T10:00:00"]))
    source = contract("in", key=["order_id"], loaded_at={"column": "exported"})
    assert float(rows(collected(study(source)))["revenue"][0]) == 9.0
    early = collected(study(source), as_of=dt.date(2026, 1, 10))
    assert rows(early)["revenue"].astype(float).tolist() == [2.5, 2.5]
    assert account(early)["delivered"] == 2


def test_keeping_the_first_delivery_instead_of_the_latest_is_caught(root, monkeypatch):
    put(root, "in/lines_1.csv", file_of(line(1)))
    put(root, "in/lines_2.csv", file_of(line(1, paid="9.00")))
    source = contract("in", key=["order_id"])
    right = rows(collected(study(source)))
    monkeypatch.setattr(redelivered, "LATEST_FIRST", redelivered.LATEST_FIRST.replace("DESC", "ASC"))
    assert not rows(collected(study(source))).equals(right)


# Quarantine and back


def quarantined(root, found):
    """Write the stage where the command looks for it, and read the quarantine."""
    folder = root / "stage"
    write_stage(folder, found.all, schemas={n: TABLES[n] for n in found.all}, backend=found.backend, manifest={})
    return read_quarantine(folder)


def test_a_corrected_record_takes_the_place_of_the_one_it_names(root):
    put(root, "lines.csv", file_of(line(1), line(2, sold="soon", customer="=C2", paid="-3.00"), "R3,short"))
    of = study(contract(format=LENIENT))
    found = collected(of)
    quarantine = quarantined(root, found)
    assert "E_DATE_FORMAT" in in_words(quarantine)
    assert "soon" not in in_words(quarantine)
    (path,) = export_quarantine(quarantine, of, root / "out")
    text = path.read_text(encoding="utf-8-sig")
    assert ",'=C2," in text  # no formula for a spreadsheet
    assert ",-3.00," in text  # a number stays one
    with pytest.raises(ValueError, match="lies there already"):
        export_quarantine(quarantine, of, root / "out")
    kept = [text.splitlines()[0], text.splitlines()[1].replace(",soon,", ",2026-01-07,")]
    put(corrected_folder("shop"), "till.order_lines.csv", "\n".join(kept))
    again = collected(of)
    assert account(again) == {
        "delivered": 4, "kept": 2, "set_aside": 1, "replaced": 1, "before_window": 0, "repaired": 0,
    }  # fmt: skip
    assert rows(again)["customer_id"].tolist() == ["C1", "=C2"]
    assert reasons(again)["a corrected record was delivered in its place"] == 1
    assert again.inputs != found.inputs


def test_a_corrected_record_must_name_one_that_was_delivered(root):
    put(root, "lines.csv", lines(3))
    columns = f"_of_file,_of_line,{HEADER}"
    put(corrected_folder("shop"), "till.order_lines.csv", f"{columns}\nother.csv,2,{line(1)}\n")
    with pytest.raises(DeliveryError, match="E_CORRECTION"):
        collected(study(contract()))


def test_nothing_in_quarantine_is_said_so(root):
    put(root, "lines.csv", lines(3))
    assert in_words(quarantined(root, collected(study(contract())))) == "No record is in quarantine\n"


# Studies without purchases


def test_a_study_of_feedback_only_counts_its_days_by_records(root):
    put(root, "notes.csv", "id,at,said\n1,2026-01-05,good\n2,2026-01-05,bad\n3,2026-01-06,fine\n")
    columns = {"feedback_id": "id", "written_at": "at", "text": "said"}
    found = collected(study(contract("notes.csv", table="feedback", columns=columns)))
    days = found.record_days.set_index("day")
    assert days["records"].sum() == 3
    assert days.at[pd.Timestamp("2026-01-05"), "records"] == 2
    assert found.days.empty


@pytest.mark.parametrize(
    ("content", "says"), [(HEADER + "\n", "has no rows"), (lines(2, sold="2026-01-31"), "no purchase")]
)
def test_a_study_in_which_nothing_happened_is_refused(root, content, says):
    put(root, "lines.csv", content)
    with pytest.raises(DeliveryError, match=says):
        collected(study(contract()), as_of=dt.date(2026, 1, 10))


def test_half_a_day_is_thin(root):
    records = [line(d * 100 + n, sold=f"2026-01-{d:02}") for d in range(1, 29) for n in range(2 if d == 14 else 20)]
    put(root, "lines.csv.gz", gzip.compress(file_of(*records).encode()))
    found = collected(study(contract("lines.csv.gz")), as_of=dt.date(2026, 1, 28))
    assert found.days.loc[found.days["thin"], "day"].dt.day.tolist() == [14]


def test_a_quiet_day_of_a_small_shop_is_no_thin_one(root):
    """Of about two orders a day some days have none by chance: nothing is said of them. Of twenty none has."""

    def thin(usual):
        records = [line(d * 100 + n, sold=f"2026-01-{d:02}") for d in range(1, 29) if d != 14 for n in range(usual)]
        put(root, "lines.csv", file_of(*records))
        return collected(study(contract()), as_of=dt.date(2026, 1, 28)).days["thin"].sum()

    assert [thin(usual) for usual in (1, 2, 6, 7, 20)] == [0, 0, 0, 1, 1]


def test_columns_that_nobody_asked_for_are_named_and_not_read(root):
    put(root, "lines.csv", f"{HEADER},birthday\n{line(1)},1980-02-03\n")
    found = collected(study(contract()))
    assert found.accounts.left_out["column"].tolist() == ["birthday"]


def test_the_main_reason_is_one_of_records_set_aside_and_not_of_repeated_ones(root):
    records = [*(line(n) for n in range(1, 6)), *(line(n) for n in range(1, 6)), line(8, sold="soon")]
    put(root, "lines.csv", file_of(*records))
    found = collected(study(contract(key=("order_id", "product_id"), format=LENIENT)))
    figures = collection_figures(found)
    said = {
        key: about
        for key, about in collection_findings(
            figures, found, study=study(contract()), covered="days", by_orders=True, setting=Chosen(0.5, "share")
        )
    }
    assert "is in no format" in said["collect.some_set_aside"]["reason"].text


def test_a_column_that_another_table_of_the_same_export_reads_was_not_left_out(root):
    put(root, "lines.csv", f"{HEADER},name,birthday\n{line(1)},milk,1980-02-03\n")
    products = contract(table="products", columns={"product_id": "product", "product_type": "name"})
    found = collected(study(contract(), products))
    assert found.accounts.left_out[["table", "column"]].to_numpy().tolist() == [["order_lines", "birthday"]]


def test_files_and_columns_of_later_days_are_counted_and_named_nowhere(root):
    for day in (5, 6):
        put(root, f"lines_2026010{day}.csv", lines(3, sold=f"2026-01-0{day}"))
    before = collected(study(contract("lines_*.csv")), as_of=dt.date(2026, 1, 6))
    put(root, "lines_20260107.csv", f"{HEADER},birthday\n{line(9, sold='2026-01-07')},1980-02-03\n")
    put(root, "lines_20260108.csv", file_of(line(10, sold="2026-01-08"), line(11, sold="2026-01-08") + ",x"))
    sources = contract("lines_*.csv", format=LENIENT), contract("lines_*.csv", loaded_at={"file": "lines_%Y%m%d"})
    for source in sources:
        found = collected(study(source), as_of=dt.date(2026, 1, 6))
        assert found.account.equals(before.account)
        assert (found.account["files"].iloc[0], len(found.accounts.left_out)) == (2, 0)
    later = collected(study(sources[0]), as_of=dt.date(2026, 1, 8))
    assert (later.account["files"].iloc[0], later.accounts.left_out["column"].tolist()) == (4, ["birthday"])


def test_a_file_without_a_record_is_a_delivered_file(root):
    put(root, "lines_1.csv", lines(3))
    put(root, "lines_2.csv", HEADER + "\n")
    assert collected(study(contract("lines_*.csv"))).account["files"].iloc[0] == 2
