"""JSON and JSON Lines arrive as they were written; what cannot be taken apart is set aside with its line."""

from __future__ import annotations

import codecs
import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_patterns import warehouse
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.readers import json as reader
from customer_patterns.sources.readers import json_records
from customer_patterns.study.contract import Source

BACKEND = warehouse.connect()


def declare(kind="jsonl", **form):
    return Source(
        source="crm", table="contacts", reader=kind, location="contacts.json", provenance="simulated", owner="nobody",
        party="first", purpose="tests", legal_basis="invented", retention="none", format=form,
        columns={"contact_id": "id", "customer_id": "customer.id", "opened_at": "at"},
    )  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """Write contents as files and read them as one delivery."""

    def run(*contents, source=None, name="contacts.json", **how):
        files = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}-{name}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            files.append(DeliveredFile(path.name, path, "", path.stat().st_size))
        return reader.read(BACKEND, source or declare(), tuple(files), **how)

    return run


def rows(raw, *columns):
    found = raw.records.order_by("_file", "_line").to_pyarrow()
    return [tuple(row.values()) for row in found.select([*columns] or found.column_names).to_pylist()]


def aside(raw):
    return (
        raw.set_aside[["line", "code", "column"]].astype(object).where(raw.set_aside.notna(), None).to_numpy().tolist()
    )


LINES = r"""{"id": "00123", "customer": {"id": 123456789012345678901234567890}, "at": 12.50}
{"id": 1e400, "customer": null, "at": -0.0}

{"at": true, "id": 123, "customer": {"name": "x"}, "tags": [1, 2]}
"""


@pytest.mark.parametrize("kind", ["plain", "gz", "bom", "utf-16", "crlf"])
def test_numbers_keep_their_digits_and_nested_keys_are_called_with_dots(read, kind):
    content = {
        "plain": LINES.encode(),
        "gz": gzip.compress(LINES.encode()),
        "bom": codecs.BOM_UTF8 + LINES.encode(),
        "utf-16": LINES.encode("utf-16"),
        "crlf": LINES.replace("\n", "\r\n").encode(),
    }[kind]
    raw = read(content, name="contacts.jsonl.gz" if kind == "gz" else "contacts.jsonl")
    assert rows(raw, "id", "customer.id", "at", "_line") == [
        ("00123", "123456789012345678901234567890", "12.50", 1),
        ("1e400", None, "-0.0", 2),
        ("123", None, "true", 4),
    ]
    assert raw.repairs[["line", "code"]].to_numpy().tolist() == [[3, "S_BLANK"]]
    assert raw.columns == ("id", "customer.id", "at", "customer", "customer.name", "tags")


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ('{"id": 1, "customer": {"id": 2}, "at"', "E_JSON", None),
        ('{"id": 1} {"id": 2}', "E_JSON", None),
        ("{'id': 1}", "E_JSON", None),
        ('{"id": 1, "at": ' + "[" * 100_000, "E_JSON", None),
        ('{"id": 1, "id": 1, "at": 3}', "E_DUP_KEY", "id"),
        ('{"id": 1, "customer": {"id": 2, "id": 3}}', "E_DUP_KEY", "id"),
        ('{"id": 1, "customer.id": 2, "customer": {"id": 3}}', "E_DUP_KEY", "customer.id"),
        ('{"id": [1]}', "E_LIST", "id"),
        ('{"id": 1, "customer": [{"id": 2}]}', "E_LIST", "customer.id"),
        ('{"id": {"value": 1}}', "E_OBJECT", "id"),
        ('{"id": 1, "customer": "Ann"}', "E_NOT_OBJECT", "customer.id"),
        ('"id"', "E_NOT_OBJECT", None),
        ('{"id": "a\\u0000b"}', "E_NUL", "id"),
        (b'{"id": "\xd6\xd0\xff"}', "E_ENCODING", None),
        ('{"id": "' + "x" * 1_000_001 + '"}', "E_LONG_VALUE", "id"),
    ],
)
def test_a_record_that_cannot_be_taken_apart_is_set_aside_and_stops_no_other(read, line, code, column):
    good = b'{"id": "a", "customer": {"id": "b"}, "at": "c"}'
    bad = line if isinstance(line, bytes) else line.encode()
    raw = read(b"\n".join([good, bad, good]))
    assert aside(raw) == [[2, code, column]]
    assert rows(raw, "id", "_line") == [("a", 1), ("a", 3)]
    assert bad.decode("utf-8", "replace").startswith(raw.set_aside["raw"][0][:20])


def test_half_a_letter_is_repaired_and_a_whole_one_kept(read):
    raw = read(r'{"id": "a\ud83d", "customer": {"id": "\ud83d\ude00"}, "at": "\udc00\\ud800"}')
    assert rows(raw, "id", "customer.id", "at") == [("a\ufffd", "😀", "\ufffd\\ud800")]
    assert raw.repairs[["line", "code", "column"]].to_numpy().tolist() == [
        [1, "R_SURROGATE", "id"],
        [1, "R_SURROGATE", "at"],
    ]


def test_other_encodings_are_read_as_declared_and_lines_in_utf8_among_them_counted(read):
    lines = ['{"id": "数据", "at": 1}'.encode("gb18030"), '{"id": "客户", "at": 1}'.encode()]
    raw = read(b"\n".join(lines), source=declare(encoding="gbk"))
    assert rows(raw, "id") == [("数据",), ("客户",)]
    assert raw.repairs[["line", "code"]].to_numpy().tolist() == [[2, "R_ENCODING"]]


DOCUMENT = """{"meta": {"pages": 1, "rows": []},
 "data": {"items": [
   {"id": 1,
    "customer": {"id": "a"}, "at": "x"},
   {"id": 2, "customer": {"id": "b"}, "at": "y"}, 7,
   {"id": 3, "id": 3}
 ]}, "rest": "end"}
"""


@pytest.mark.parametrize("chunk", [1, 2, 7, 64, 1_000_000])
def test_the_records_of_a_document_are_found_at_their_path_with_their_lines(read, monkeypatch, chunk):
    monkeypatch.setattr(json_records, "CHUNK", chunk)
    raw = read(DOCUMENT, source=declare("json", records="data.items"))
    assert rows(raw, "id", "customer.id", "at", "_line") == [("1", "a", "x", 3), ("2", "b", "y", 5)]
    assert aside(raw) == [[5, "E_NOT_OBJECT", None], [6, "E_DUP_KEY", "id"]]


@pytest.mark.parametrize(
    ("content", "kind", "code", "says"),
    [
        ("", "jsonl", "E_EMPTY", "nothing is in it"),
        (" \n\n", "jsonl", "E_EMPTY", "nothing is in it"),
        ("", "json", "E_EMPTY", "nothing is in it"),
        ('[{"id": 1}]', "jsonl", "E_NOT_JSON", "line 1.*write 'reader: json'"),
        ('{\n"id": 1}', "jsonl", "E_NOT_JSON", "write 'reader: json'"),
        ("<html>\n<body>", "jsonl", "E_NOT_JSON", "a page or XML"),
        ("<html>", "json", "E_NOT_JSON", "line 1.*no JSON"),
        ('{"data": {"items": [{"id": 1},\n{"id": 2}\n', "json", "E_NOT_JSON", "line 3.*breaks off"),
        ('{"data": {"items": [{"id": 1}\n\n{"id": 2}]}}', "json", "E_NOT_JSON", r"line 3.*',' or '\]' belongs here"),
        ('{"data": {"items": []}} x', "json", "E_NOT_JSON", "behind the document's end"),
        ('{"data": {"items": []}, "data": {}}', "json", "E_NOT_JSON", "'data' stands twice"),
        ('{"data": {"itmes": [{"id": 1}]}}', "json", "E_RECORDS", "no 'data.items'.*lists are at: data.itmes"),
        ('{"data": {"items": {"a": 1}}}', "json", "E_RECORDS", "no list at 'data.items'.*no list is there"),
        (
            '{"data": {"items": [{"idd": 1, "at": 2}]}}',
            "json",
            "E_SCHEMA",
            "'id': no record has it; did you mean 'idd'",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_line_code_and_remedy(read, content, kind, code, says):
    with pytest.raises(DeliveryError, match=f"(?s){says}") as refusal:
        read(content, source=declare(kind, **({"records": "data.items"} if kind == "json" else {})))
    assert refusal.value.code == code
    assert refusal.value.remedy
    assert "0-contacts.json" in str(refusal.value)


def test_a_record_longer_than_allowed_is_refused(read, monkeypatch):
    monkeypatch.setattr(json_records, "RECORD_LIMIT", 1000)
    monkeypatch.setattr(json_records, "CHUNK", 100)
    for kind, content in (("jsonl", '{"id": "%s"}'), ("json", '[{"id": "%s"}]')):
        with pytest.raises(DeliveryError, match="more than 1,000 signs"):
            read(content % ("x" * 2000), source=declare(kind))


def test_files_count_in_their_order_and_an_empty_list_is_no_fault(read):
    raw = read('[{"id": 1, "at": 2}]', "[]", '[\n{"id": 3, "at": 4}]', source=declare("json"))
    assert rows(raw, "id", "_file", "_line") == [("1", 0, 1), ("3", 2, 2)]


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
NUMBER = st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False))
VALUE = st.one_of(st.none(), st.booleans(), NUMBER, TEXT)
RECORD = st.fixed_dictionaries(
    {"id": TEXT, "at": VALUE, "customer": st.one_of(st.none(), st.fixed_dictionaries({"id": VALUE}))}
)


def as_text(value):
    return value if value is None or isinstance(value, str) else json.dumps(value)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORD, min_size=1, max_size=12), ascii=st.booleans(), indent=st.sampled_from([None, 1]))
def test_what_json_writes_is_read_as_the_same_text_both_ways(read, records, ascii, indent):
    told = [(as_text(r["id"]), as_text((r["customer"] or {}).get("id")), as_text(r["at"])) for r in records]
    lines = "\n".join(json.dumps(record, ensure_ascii=ascii) for record in records)
    document = json.dumps({"data": {"items": records}, "n": 1}, ensure_ascii=ascii, indent=indent)
    for raw in (read(lines), read(document, source=declare("json", records="data.items"))):
        assert rows(raw, "id", "customer.id", "at") == told
        assert raw.set_aside.empty


FLAT = st.dictionaries(
    st.sampled_from(["id", "at", "ID", "x", "customer", "customer.id", "é"]),
    st.one_of(VALUE, st.just("\\ud800"), st.just("a\0b"), st.lists(st.integers(), max_size=1), st.just({"id": 1})),
    max_size=5,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(FLAT, min_size=1, max_size=20), ascii=st.booleans(), nested=st.booleans())
def test_the_short_way_and_the_careful_way_read_the_same(read, records, ascii, nested):
    lines = "\n".join(json.dumps(record, ensure_ascii=ascii).replace("\\\\ud800", "\\ud800") for record in records)
    lines = '{"id": "a", "at": 1, "customer": null}\n' + lines
    source = declare() if nested else declare().model_copy(update={"columns": {"contact_id": "id", "opened_at": "at"}})
    short, careful = (read(lines, source=source, careful=careful) for careful in (False, True))
    assert rows(short) == rows(careful)
    assert short.columns == careful.columns
    assert short.set_aside.equals(careful.set_aside)
    assert short.repairs.equals(careful.repairs)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_done_to_a_file_each_line_is_kept_set_aside_or_refused_in_words(read, data):
    good = LINES.encode()
    at = data.draw(st.integers(0, len(good)))
    how = data.draw(st.sampled_from(["cut", "flip", "insert", "drop"]))
    byte = bytes([data.draw(st.integers(0, 255))])
    bad = {
        "cut": good[:at], "flip": good[:at] + byte + good[at + 1 :], "insert": good[:at] + byte + good[at:],
        "drop": good[:at] + good[at + 1 :],
    }[how]  # fmt: skip
    try:
        raw, refused = read(bad), None
    except DeliveryError as refusal:
        raw, refused = None, refusal
    if refused is not None:
        assert refused.code
        assert refused.remedy
        return
    lines = [line for line in bad.split(b"\n") if line.strip()]
    assert len(rows(raw, "id")) + len(raw.set_aside) == len(lines)


def test_the_broken_twin_that_reads_numbers_as_numbers_is_found_out(read):
    """What pandas.read_json does with ids of many digits, zeros in front, and a key that stands twice."""
    import io

    import pandas as pd

    lines = '{"id": 9007199254740993, "at": 1}\n{"id": null, "at": 1}\n'
    ours = rows(read(lines), "id")
    theirs = [(str(int(value)),) for value in pd.read_json(io.StringIO(lines), lines=True)["id"].dropna()]
    assert ours == [("9007199254740993",), (None,)]
    assert theirs != ours[:1]
