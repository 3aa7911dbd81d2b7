"""Records of forgotten customers leave files of every kind; all others stay as they were delivered."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from customer_patterns.privacy.redaction import CannotRedact, Redaction, Written
from customer_patterns.privacy.search import places

OUT = Redaction({"card_no", "客户号"}, lambda value: value.strip() == "007")
ROWS = [["001", "milk"], ["007", "eggs"], ["0070", "bread"], ["007", "tea"]]
KEPT = [["001", "milk"], ["0070", "bread"]]


def test_delimited_files_keep_every_other_byte():
    text = '"card_no";what\r\n001;"a ""quoted""\r\n007;line"\r\n 007 ;eggs\r\n0070;bread\r\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        after, gone = OUT.of_content(text.encode(encoding), "x.csv", Written(encoding, ";"))
        assert gone == 1
        assert after.decode(encoding) == text.replace(" 007 ;eggs\r\n", "")


def test_bytes_that_are_no_text_stay():
    content = "客户号,品\n007,蛋\n001,".encode("gb18030") + b"\xff\xfe\x80\n"
    after, gone = OUT.of_content(content, "x.csv", Written("gb18030", ","))
    assert (after, gone) == ("客户号,品\n001,".encode("gb18030") + b"\xff\xfe\x80\n", 1)


def test_objects_leave_lists_wherever_they_are():
    records = [{"card_no": card, "what": what} for card, what in ROWS]
    nested = {"data": {"items": records}, "note": [1, "007"], "more": [{"lines": records, "card_no": "001"}]}
    after, gone = OUT.of_content(json.dumps(nested).encode(), "x.json")
    kept = [{"card_no": card, "what": what} for card, what in KEPT]
    wanted = {"data": {"items": kept}, "note": [1, "007"], "more": [{"lines": kept, "card_no": "001"}]}
    assert (json.loads(after), gone) == (wanted, 4)
    lines = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    assert OUT.of_content(lines, "x.jsonl") == (b"".join(json.dumps(r).encode() + b"\n" for r in kept), 2)


def test_tables_workbooks_and_archives():
    table = pa.table({"card_no": [r[0] for r in ROWS], "what": [r[1] for r in ROWS]})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    after, gone = OUT.of_content(sink.getvalue(), "x.parquet")
    assert (pq.read_table(io.BytesIO(after)).to_pylist(), gone) == ([{"card_no": c, "what": w} for c, w in KEPT], 2)
    book, sink = Workbook(), io.BytesIO()
    for row in (["card_no", "what"], *ROWS):
        book.active.append(row)
    book.save(sink)
    after, gone = OUT.of_content(sink.getvalue(), "x.xlsx")
    assert [list(r) for r in load_workbook(io.BytesIO(after)).active.iter_rows(values_only=True)][1:] == KEPT
    text, sink = b"card_no,what\n" + b"".join(f"{c},{w}\n".encode() for c, w in ROWS), io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("in/a.csv.gz", gzip.compress(text))
        archive.writestr("readme.md", "007")
    after, gone = OUT.of_content(sink.getvalue(), "x.zip")
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert gzip.decompress(archive.read("in/a.csv.gz")) == b"card_no,what\n001,milk\n0070,bread\n"
        assert archive.read("readme.md") == b"007"
    assert gone == 2


@given(st.lists(st.tuples(st.sampled_from(["001", "007", "0070"]), st.text("ab\"\n,; '", max_size=6)), max_size=12))
def test_what_stays_is_what_was_delivered_whatever_stands_in_it(rows):
    import csv

    def written(these):
        sink = io.StringIO(newline="")
        csv.writer(sink).writerows([("card_no", "said"), *these])
        return sink.getvalue().encode()

    after, gone = OUT.of_content(written(rows), "x.csv", Written("utf-8", ","))
    assert after == written([row for row in rows if row[0] != "007"])
    assert gone == sum(row[0] == "007" for row in rows)


def test_a_file_without_them_is_not_written_again(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[{"card_no": "001", "share": NaN}]')
    before = path.stat().st_mtime_ns
    assert OUT.of_file(path) == 0
    assert path.stat().st_mtime_ns == before


def test_names_go_from_what_others_wrote():
    out = Redaction({"card_no"}, lambda value: value == "007", frozenset({"Ann Lee"}))
    text = "card_no,said\n001,I know Ann Lee\n002,I do not\n"
    assert out.of_content(text.encode(), "x.csv") == (text.replace("Ann Lee", "[forgotten]").encode(), 1)
    said = [{"card_no": "001", "said": "I know Ann Lee"}, {"card_no": "002", "said": "I do not"}]
    after, gone = out.of_content(json.dumps(said).encode(), "x.json")
    assert (json.loads(after)[0]["said"], gone) == ("I know [forgotten]", 1)
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(said), sink)
    after, gone = out.of_content(sink.getvalue(), "x.parquet")
    assert (pq.read_table(io.BytesIO(after))["said"].to_pylist(), gone) == (["I know [forgotten]", "I do not"], 1)


def test_a_file_of_another_kind_is_named(tmp_path):
    path = tmp_path / "cards.accdb"
    path.write_bytes(b"007")
    with pytest.raises(CannotRedact, match=r"cards\.accdb.*by hand"):
        OUT.of_file(path)


def test_the_search_finds_a_value_in_every_kind_of_file(tmp_path):
    (tmp_path / "plain.txt").write_text("x 0012345 y")
    (tmp_path / "wide.txt").write_bytes("0012345".encode("utf-16"))
    (tmp_path / "han.txt").write_bytes("王小明".encode("gb18030"))
    (tmp_path / "packed.gz").write_bytes(gzip.compress(gzip.compress(b"0012345")))
    pq.write_table(
        pa.table({"a": ["b"] * 500 + ["0012345"], "n": range(501)}), tmp_path / "t.parquet", compression="zstd"
    )
    book = Workbook()
    book.active.append(["0012345"])
    book.save(tmp_path / "b.xlsx")
    (tmp_path / "not.txt").write_text("90012345 0012345a 1.0012345 abc0012345")
    found = places(tmp_path, ["0012345", "王小明"])
    assert {place.partition("!")[0] for place in found} == {
        "plain.txt", "wide.txt", "han.txt", "packed.gz", "t.parquet", "b.xlsx",
    }  # fmt: skip


def test_a_broken_twin_that_looks_at_plain_bytes_only_misses_packed_ones(tmp_path):
    (tmp_path / "packed.gz").write_bytes(gzip.compress(b"0012345"))
    twin = [path for path in tmp_path.iterdir() if b"0012345" in path.read_bytes()]
    assert not twin
    assert places(tmp_path, ["0012345"]) == ["packed.gz"]
