"""Whole deliveries that go wrong as a whole: rows of the list of bad inputs that no single reader can show."""

from __future__ import annotations

import io
import os

import openpyxl
import pytest

from customer_patterns.sources import DeliveryError
from customer_patterns.sources.files import places
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import HEADER, collected, contract, line, lines, put, study


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


def refusal(source) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        collected(study(source))
    return error.value


def test_23_a_folder_without_a_file_is_no_delivery(root):
    (root / "lines.csv").mkdir()
    error = refusal(contract())
    assert error.code == "E_MISSING"
    assert "lines.csv is not there" in str(error)


def test_23_a_file_that_may_not_be_read_is_refused_with_the_reason(root, monkeypatch):
    path = put(root, "lines.csv", lines(3))

    def denied(_):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(places, "sha256", denied)
    places._digest_of.cache_clear()
    error = refusal(contract())
    assert (error.code, error.file) == ("E_MISSING", path.name)
    assert "Permission denied" in str(error)


def test_38_a_value_too_many_in_every_record_refuses_the_file(root):
    """Nothing says which of the values is the one too many; read by place, every column would be its neighbor's."""
    put(root, "lines.csv", "\n".join([HEADER, *(f"{line(n)},x" for n in range(1, 21))]) + "\n")
    error = refusal(contract())
    assert (error.code, error.line) == ("E_TOO_MANY_FIELDS", 2)
    assert "20 of 20 records" in str(error)


def test_46_another_kind_of_value_after_many_records_sets_that_record_aside(root):
    """Programs that look at the first records only decide on a type there, and stop or change it here."""
    count = 30_000
    text = lines(count) + line(count + 1, pieces="three") + "\n" + line(count + 2) + "\n"
    put(root, "lines.csv", text)
    found = collected(study(contract()))
    assert found.account[["delivered", "kept", "set_aside"]].iloc[0].tolist() == [count + 2, count + 1, 1]
    quarantined = found.accounts.quarantine[["line", "code", "column"]].to_numpy().tolist()
    assert quarantined == [[count + 2, "E_NUMBER", "pieces"]]


def test_56_a_share_in_percent_beside_one_in_parts_is_the_same_share(root):
    book = openpyxl.Workbook()
    for row in (["call", "member", "at", "talk"], ["1", "C1", "2026-01-05", "15%"], ["2", "C1", "2026-01-05", 0.15]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    put(root, "calls.xlsx", content.getvalue())
    columns = {"call_id": "call", "customer_id": "member", "started_at": "at", "talk_share": "talk"}
    found = collected(study(contract("calls.xlsx", table="calls", reader="excel", columns=columns)))
    assert found.tables["calls"].to_pandas()["talk_share"].tolist() == [0.15, 0.15]
