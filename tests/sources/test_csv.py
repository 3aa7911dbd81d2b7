"""Delimited text as it really comes: each row of the list of bad inputs with its right behavior, at both speeds."""

import random
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from customer_patterns.sources import DeliveryError
from customer_patterns.sources.delimited import lines as delimited_lines
from customer_patterns.sources.delimited import numbered_texts, suspects
from customer_patterns.sources.readers import csv
from tests.sources.deliveries import COLUMNS, HEADER, contract, line, lines, put, read

GOOD = lines(3)
PLAIN = [tuple(line(number).split(",")) for number in (1, 2, 3)]


def deliver(tmp_path, content, **options):
    """Read a delivery in all ways, which must agree, and return what was read."""
    path = put(tmp_path, "lines.csv", content)
    found = read(path, **options)
    assert read(path, careful=True, **options) == found
    assert read(path, block=64, **options) == found
    assert read(path, numbered=True, **options) == found
    assert read(path, block=64, numbered=True, **options) == found
    return found


def refused(tmp_path, content, code, *, line=None, **options):
    """Object unless a delivery is refused in all ways, with this code and place and a remedy."""
    path = put(tmp_path, "lines.csv", content)
    for way in ({}, {"careful": True}, {"numbered": True}):
        with pytest.raises(DeliveryError) as error:
            read(path, **way, **options)
        assert error.value.code == code, str(error.value)
        assert error.value.remedy
        assert "lines.csv" in str(error.value)
        if line is not None:
            assert error.value.line == line
    return str(error.value)


def test_plain_records_are_text_with_the_line_where_they_begin(tmp_path):
    found = deliver(tmp_path, GOOD)
    assert found.records == PLAIN
    assert found.lines == [2, 3, 4]
    assert not found.set_aside
    assert not found.repairs


def test_columns_are_found_by_name_wherever_they_stand_and_others_are_left_out(tmp_path):
    names = [*HEADER.split(","), "note"]
    order = random.Random(7).sample(range(7), 7)
    content = "\n".join(",".join([*text.split(","), "x"][i] for i in order) for text in [HEADER, line(1)])
    content = content.replace(",x", ",note", 1) if names[order[-1]] == "note" else content
    rows = [[*HEADER.split(","), "note"], [*line(1).split(","), "secret"]]
    content = "\n".join(",".join(row[i] for i in order) for row in rows)
    assert deliver(tmp_path, content).records == PLAIN[:1]


# A. Bytes and encoding


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "GB2312"])
def test_chinese_encodings_are_read_where_the_contract_names_them(tmp_path, encoding):
    content = (HEADER + "\n" + line(1, customer="张三") + "\n").encode("gb18030")
    assert deliver(tmp_path, content, encoding=encoding).records[0][1] == "张三"


def test_four_byte_names_are_read_also_where_the_contract_says_gbk(tmp_path):
    content = (HEADER + "\n" + line(1, customer="𠮷野䶮") + "\n").encode("gb18030")
    assert deliver(tmp_path, content, encoding="gbk").records[0][1] == "𠮷野䶮"


def test_a_file_in_an_undeclared_encoding_is_set_aside_line_by_line_and_never_guessed(tmp_path):
    content = GOOD.encode() + (line(4, customer="张三") + "\n").encode("gbk")
    found = deliver(tmp_path, content)
    assert found.records == PLAIN
    assert found.faults == [(5, "E_ENCODING")]


def test_a_header_in_an_undeclared_encoding_refuses_the_file(tmp_path):
    refused(tmp_path, GOOD.replace("receipt", "订单号").encode("gbk"), "E_ENCODING", line=1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["utf-8", "gb18030", "latin-1"])
def test_a_byte_order_mark_wins_over_the_contract(tmp_path, encoding, declared):
    text = GOOD.replace("C1", "张")
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    found = deliver(tmp_path, mark + text.encode(encoding), encoding=declared)
    assert [record[1] for record in found.records] == ["张"] * 3
    assert not found.repairs


def test_lines_in_utf8_amid_another_encoding_are_read_as_such_and_counted(tmp_path):
    content = (HEADER + "\n" + line(1, customer="王小明") + "\n").encode("gbk")
    content += (line(2, customer="很好很好") + "\n").encode("utf-8")
    found = deliver(tmp_path, content, encoding="gbk")
    assert [record[1] for record in found.records] == ["王小明", "很好很好"]
    assert found.repaired == [(3, "R_ENCODING")]


def test_a_short_text_that_both_encodings_allow_is_read_in_the_declared_one(tmp_path):
    content = (HEADER + "\n" + line(1, customer="模") + "\n").encode("gbk")  # its two bytes are UTF-8 for ģ
    found = deliver(tmp_path, content, encoding="gb18030")
    assert found.records[0][1] == "模"
    assert not found.repairs


def test_latin_letters_are_read_where_the_contract_names_them_and_nothing_falls_back(tmp_path):
    content = (HEADER + "\n" + line(1, customer="Müller") + "\n").encode("latin-1")
    assert deliver(tmp_path, content, encoding="latin-1").records[0][1] == "Müller"
    assert deliver(tmp_path, content).faults == [(2, "E_ENCODING")]


@pytest.mark.parametrize(("wrong", "right"), [("MÃ¼ller", "Müller"), ("donâ€™t", "don’t"), ("寰堝ソ", "很好")])
def test_letters_decoded_wrongly_before_the_delivery_are_put_right_and_counted(tmp_path, wrong, right):
    found = deliver(tmp_path, "\n".join([HEADER, line(1), line(2, customer=wrong)]))
    assert [record[1] for record in found.records] == ["C1", right]
    assert found.repairs == [(3, "R_MOJIBAKE", "customer")]


@pytest.mark.parametrize("name", ["Müller", "SÃO PAULO", "Ångström", "Łódź", "很好", "臺北", "한국"])
def test_right_letters_are_left_alone(tmp_path, name):
    found = deliver(tmp_path, "\n".join([HEADER, line(1, customer=name)]))
    assert found.records[0][1] == name
    assert not found.repairs


def test_a_sign_for_lost_letters_is_kept_and_counted(tmp_path):
    found = deliver(tmp_path, "\n".join([HEADER, line(1, customer="M\ufffdller")]))
    assert found.records[0][1] == "M\ufffdller"
    assert found.repaired == [(2, "R_LOST_LETTERS")]


def test_a_record_with_zero_bytes_is_set_aside(tmp_path):
    found = deliver(tmp_path, "\n".join([HEADER, line(1), line(2, customer="C\0"), line(3)]))
    assert found.lines == [2, 4]
    assert found.faults == [(3, "E_NUL")]


@pytest.mark.parametrize("end", ["\x1a", "\n\x1a", "\r\n\x1a\r\n"])
def test_an_end_of_file_sign_is_no_record(tmp_path, end):
    found = deliver(tmp_path, GOOD.rstrip("\n") + end)
    assert found.records == PLAIN
    assert [code for _, code in found.repaired] == ["S_CTRL_Z"]


@pytest.mark.parametrize("content", ["", "\n", "\n\n\r\n", "\ufeff", " \n"])
def test_a_file_without_a_header_is_refused_as_empty(tmp_path, content):
    refused(tmp_path, content, "E_EMPTY")


def test_a_header_only_is_a_delivery_of_no_record(tmp_path):
    assert deliver(tmp_path, HEADER + "\n").records == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<!DOCTYPE html><html><body>Service unavailable</body></html>", "page"),
        ('{"error": "not found"}', "JSON"),
        ("[]", "JSON"),
        (b"PK\x03\x04 and so on", "workbook"),
        (b"\x1f\x8b\x08 and so on", "gzip"),
        (b"PAR1 and so on", "parquet"),
        (b"\xd0\xcf\x11\xe0 and so on", "old"),
    ],
)
def test_another_format_under_the_name_of_csv_is_refused(tmp_path, content, says):
    assert says in refused(tmp_path, content, "E_NOT_CSV")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_value_larger_than_any_value_is_refused(tmp_path, quote):
    refused(tmp_path, HEADER + "\n" + line(1, customer=f"{quote}{'x' * 3_000_000}{quote}"), "E_FIELD_TOO_BIG", line=2)


def test_more_columns_than_any_delivery_has_are_refused(tmp_path):
    refused(tmp_path, HEADER + "".join(f",c{i}" for i in range(10_000)) + "\n", "E_TOO_MANY_COLUMNS", line=1)


# B. Structure


@pytest.mark.parametrize(("sign", "says"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_another_delimiter_than_declared_is_refused_and_named(tmp_path, sign, says):
    assert says in refused(tmp_path, GOOD.replace(",", sign), "E_DELIMITER", line=1)
    assert deliver(tmp_path, GOOD.replace(",", sign), delimiter=sign).records == PLAIN


def test_a_decimal_comma_in_a_semicolon_file_stays_one_value(tmp_path):
    text = GOOD.replace(",", ";").replace("2.50", "2,50")
    assert {record[-1] for record in deliver(tmp_path, text, delimiter=";").records} == {"2,50"}


def test_records_are_counted_and_not_lines(tmp_path):
    found = deliver(tmp_path, "\n".join([HEADER, line(1, customer='"two\nlines, one ""value"""'), line(2)]))
    assert [record[1] for record in found.records] == ['two\nlines, one "value"', "C1"]
    assert found.lines == [2, 4]


@pytest.mark.parametrize(
    ("bad", "at"), [('"never closed', 3), ('"closed" and more', 3), ('"first\nsecond" and more', 4)]
)
def test_a_quote_after_which_nobody_knows_where_records_begin_refuses_the_file(tmp_path, bad, at):
    text = "\n".join([HEADER, line(1), line(2, customer=bad), line(3)])
    refused(tmp_path, text, "E_QUOTE", line=at)


def test_a_quote_within_a_value_is_a_sign_like_any_other(tmp_path):
    found = deliver(tmp_path, "\n".join([HEADER, line(1, product='5" screen'), line(2, product='7"'), line(3)]))
    assert [record[2] for record in found.records] == ['5" screen', '7"', "P1"]


def test_backslashes_escape_only_where_the_contract_says_so(tmp_path):
    text = "\n".join([HEADER, line(1, customer=r'"the \"best\", really"'), line(2)])
    refused(tmp_path, text, "E_QUOTE", line=2)
    found = deliver(tmp_path, text, escape="\\")
    assert found.records[0][1] == 'the "best", really'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_ends_a_line(tmp_path, end):
    assert deliver(tmp_path, GOOD.replace("\n", end)).records == PLAIN


def test_mixed_line_ends_are_read(tmp_path):
    found = deliver(tmp_path, HEADER + "\r\n" + line(1) + "\r" + line(2) + "\n" + line(3))
    assert found.records == PLAIN
    assert found.lines == [2, 3, 4]


@pytest.mark.parametrize("twin", ["paid", " PAID ", "ｐａｉｄ", "paid\u200b"])
def test_two_columns_of_one_name_are_refused(tmp_path, twin):
    refused(tmp_path, f"{HEADER},{twin}\n", "E_DUP_HEADER", line=1)


def test_names_differ_neither_by_capitals_nor_by_spaces(tmp_path):
    assert deliver(tmp_path, GOOD.replace("receipt,customer", " Receipt ,CUSTOMER")).records == PLAIN


def test_a_missing_column_is_refused_with_the_name_most_like_it(tmp_path):
    said = refused(tmp_path, GOOD.replace("customer", "custmer"), "E_SCHEMA", line=1)
    assert "no column 'customer' for customer_id; did you mean 'custmer'?" in said
    assert "it has: receipt, custmer, product" in said


def test_an_unknown_column_refuses_a_strict_contract_only(tmp_path):
    text = "\n".join([HEADER + ",age", line(1) + ",33"])
    assert deliver(tmp_path, text).records == PLAIN[:1]
    assert "age" in refused(tmp_path, text, "E_STRICT", line=1, strict=True)


@pytest.mark.parametrize(("more", "code"), [(",", "E_TOO_MANY_FIELDS"), (",x,y", "E_TOO_MANY_FIELDS")])
def test_a_record_with_too_many_values_is_set_aside(tmp_path, more, code):
    found = deliver(tmp_path, "\n".join([HEADER, line(1), line(2) + more, line(3)]))
    assert found.lines == [2, 4]
    assert found.faults == [(3, code)]
    assert found.set_aside[0][4] == line(2) + more


def test_a_record_with_too_few_values_is_set_aside(tmp_path):
    found = deliver(tmp_path, "\n".join([HEADER, "R0,C1", line(1), "R9"]))
    assert found.faults == [(2, "E_TOO_FEW_FIELDS"), (4, "E_TOO_FEW_FIELDS")]


def test_a_separator_at_the_end_of_every_record_is_no_value(tmp_path):
    text = "\n".join([HEADER, *(line(number) + "," for number in (1, 2, 3))])
    found = deliver(tmp_path, text)
    assert found.records == PLAIN
    assert found.repaired == [(0, "R_TRAILING_DELIMITER")]


def test_a_value_behind_the_last_column_of_some_records_sets_them_aside(tmp_path):
    text = "\n".join([HEADER, *(line(number) + "," for number in range(1, 1_200)), line(0) + ",x"])
    found = deliver(tmp_path, text)
    assert found.faults == [(1_201, "E_TOO_MANY_FIELDS")]
    assert len(found.records) == 1_199


def test_a_file_without_header_is_refused_and_shows_no_value(tmp_path):
    said = refused(tmp_path, GOOD.removeprefix(HEADER + "\n").replace("C1", "Anna Berg"), "E_SCHEMA", line=1)
    assert "Anna" not in said
    assert "does the file begin with a header?" in said


def test_lines_before_the_header_are_skipped_where_the_contract_counts_them(tmp_path):
    text = "Export of the till\n\nas of today\n" + GOOD
    refused(tmp_path, text, "E_SCHEMA", line=1)
    found = deliver(tmp_path, text, skip_rows=3)
    assert found.records == PLAIN
    assert found.lines == [5, 6, 7]


@pytest.mark.parametrize("total", ["Total,,,,3,7.50", "Total", "合计;7.50", "  Total: 3 records"])
def test_a_total_is_no_record(tmp_path, total):
    found = deliver(tmp_path, GOOD + total + "\n", footer="^ *(Total|合计)")
    assert found.records == PLAIN
    assert found.faults == [(5, "E_FOOTER")]


def test_the_header_amid_records_of_files_put_together_is_passed_over(tmp_path):
    found = deliver(tmp_path, GOOD + lines(2, first=4))
    assert [record[0] for record in found.records] == ["R1", "R2", "R3", "R4", "R5"]
    assert found.repaired == [(5, "S_HEADER_AGAIN")]


def test_empty_lines_are_passed_over_and_counted(tmp_path):
    found = deliver(tmp_path, "\n" + GOOD.replace("\nR2", "\n\n   \nR2") + "\n\n")
    assert found.records == PLAIN
    assert found.repaired == [(1, "S_BLANK"), (4, "S_BLANK"), (5, "S_BLANK"), (8, "S_BLANK"), (9, "S_BLANK")]


# Both ways are one


PIECES = st.sampled_from(
    ["", "a", "R1", ",", '"', '""', '"a"', "\n", "\r\n", "\r", "\0", "\x1a", "\ufffd", "Ã¼", "很", "寰堝ソ", " ", ";",
     "\\", "a,b,c", '"x\ny",b,c\n', "a,b,c\n", "1,2,3\n", "\n\n", "id,name,paid\n", "Total,,\n", "1,2,3,\n"]
)  # fmt: skip
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\x1a\ufffd"), max_size=6)
SMALL = {"customer_id": "id", "age_group": "name", "income_group": "paid"}


def outcome(path, **options):
    """What was read, or the code and line of the refusal."""
    try:
        return read(path, **options)
    except DeliveryError as error:
        return error.code, error.line


@settings(max_examples=250, deadline=None)
@given(
    pieces=st.lists(PIECES, max_size=30),
    encoding=st.sampled_from(["utf-8", "gb18030", "latin-1"]),
    form=st.sampled_from([{}, {"escape": "\\"}, {"quote": None}, {"footer": "^Total"}]),
    block=st.sampled_from([5, 17, 100]),
)
def test_the_fast_way_reads_what_the_careful_way_reads(tmp_path_factory, pieces, encoding, form, block):
    path = tmp_path_factory.mktemp("delivery") / "small.csv"
    path.write_bytes(b"id,name,paid\n" + "".join(pieces).encode(encoding, "replace"))
    source = contract("small.csv", table="customers", columns=SMALL, format={**form, "encoding": encoding})
    careful = outcome(path, source=source, careful=True)
    assert outcome(path, source=source) == careful
    assert outcome(path, source=source, numbered=True) == careful
    if not (isinstance(careful, tuple) and len(careful) == 4 and (0, "R_TRAILING_DELIMITER") in careful.repaired):
        path.write_bytes(path.read_bytes().replace(b"paid\n", b"paid\n0,0,0\n", 1))  # which tells on the first line
        right = outcome(path, source=source, careful=True)
        assert outcome(path, source=source, block=block) == right
        assert outcome(path, source=source, block=block, numbered=True) == right


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\x1a\ufffd"), max_size=6), min_size=3, max_size=3
        ),
        max_size=20,
    )
)
def test_what_a_careful_sender_writes_is_what_is_read(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("delivery") / "small.csv"
    quoted = [",".join('"' + value.replace('"', '""') + '"' for value in record) for record in values]
    path.write_bytes("\n".join(["id,name,paid", *quoted, ""]).encode())
    found = read(path, source=contract("small.csv", table="customers", columns=SMALL))
    put_right = {(at, column) for at, code, column in found.repairs if code == "R_MOJIBAKE"}
    for at, record, sent in zip(found.lines, found.records, values, strict=True):
        for column, value, given_value in zip(("id", "name", "paid"), record, sent, strict=True):
            assert value == given_value or (at, column) in put_right


def test_a_fast_way_that_takes_every_quote_for_regular_is_caught(tmp_path, monkeypatch):
    path = put(tmp_path, "lines.csv", "\n".join([HEADER, line(1, product='5" screen'), line(2, product='7"'), line(3)]))
    right = outcome(path)
    monkeypatch.setattr(suspects.Suspects, "quotes_are_regular", lambda self: True)
    assert outcome(path) != right
    assert outcome(path, careful=True) == right


#: Texts that are one, that differ in one byte or in length only, or that fill a word of eight bytes to the end.
NUMBERED = st.text(st.sampled_from("a0é订🛒"), max_size=9) | st.sampled_from(
    ["abcdefgh", "abcdefg", "abcdefghi", "abcdefgh0", "0" * 16, "0" * 17, "0" * 24, "x" * 3_000]
)


@settings(max_examples=150, deadline=None)
@given(blocks=st.lists(st.lists(NUMBERED, max_size=40), min_size=1, max_size=4))
def test_each_text_of_a_lot_has_one_number_in_the_order_in_which_it_comes(blocks):
    column, found = numbered_texts.Numbering(), []
    for texts in blocks:
        found += column.of_array(pa.array(texts, pa.string())).tolist()
    every = [text for texts in blocks for text in texts]
    assert column.texts().to_pylist() == list(dict.fromkeys(every))
    assert [column.texts()[number].as_py() for number in found] == every


def test_more_texts_than_there_was_room_for_are_numbered_alike():
    column = numbered_texts.Numbering()
    texts = pa.array([f"{number * 7919 % 60_000:x}-a rather long one" for number in range(90_000)])
    assert pa.DictionaryArray.from_arrays(column.of_array(texts), column.texts()).cast(pa.string()).equals(texts)
    assert len(column.texts()) == 60_000


def test_numbers_that_rest_on_the_first_bytes_alone_are_caught(tmp_path, monkeypatch):
    path = put(tmp_path, "lines.csv", "\n".join([HEADER, *(line(n, customer=f"12345678{n}") for n in range(1, 5))]))
    right = outcome(path)
    of = numbered_texts.Numbering.of
    first = lambda self, signs, words, begins, lengths: of(self, signs, words, begins, np.minimum(lengths, 8))  # noqa: E731
    assert outcome(path, numbered=True) == right
    monkeypatch.setattr(numbered_texts.Numbering, "of", first)
    assert outcome(path, numbered=True) != right


LINES = st.lists(st.sampled_from([b"", b"a", b"1,one", b"12345678", b"x" * 40, b"\x8a\x0b\x09", b"\r"]), max_size=20)


@settings(max_examples=200, deadline=None)
@given(texts=LINES, end=st.sampled_from([b"", b"\n"]))
@example(texts=[b"12345678"] * 9, end=b"\n")
@example(texts=[b""] * 30, end=b"")
def test_lines_are_found_alike_by_both_ways(texts, end):
    data = b"\n".join(texts) + end
    for found, right in zip(numbered_texts.line_table(data), delimited_lines.line_table(data), strict=True):
        assert found.tolist() == right.tolist()


def test_line_ends_looked_for_eight_bytes_at_a_time_only_are_caught(monkeypatch):
    loops = numbered_texts._loops()
    whole = loops.line_ends
    monkeypatch.setattr(loops, "line_ends", lambda words, signs, ends: whole(words, signs[: 8 * len(words)], ends))
    with pytest.raises(AssertionError):
        test_lines_are_found_alike_by_both_ways()


@pytest.mark.parametrize("numbered", [False, True])
def test_large_files_are_handed_on_in_lots_that_hold_every_record_once(tmp_path, numbered):
    path = put(tmp_path, "lines.csv", lines(5_000))
    source = contract()
    file = csv.DeliveredFile("lines.csv", path, "", 0)
    found = list(csv.lots(source, file, lot=20_000, block=8_192, numbered=numbered))
    assert len(found) > 3
    numbers = [value for lot in found for value in lot.table["receipt"].to_pylist()]
    assert numbers == [f"R{number}" for number in range(1, 5_001)]
    assert [value for lot in found for value in lot.table["_line"].to_pylist()] == list(range(2, 5_002))
    assert set(COLUMNS.values()) <= set(found[0].columns)
    assert re.fullmatch("R[0-9]+", numbers[0])
