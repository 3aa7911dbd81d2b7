import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter

from customer_patterns.estimates import Count, Estimate
from customer_patterns.reporting import finding, show
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.wording import Chosen, Name, Voice, label, say, sentences, speaking

SHARE = Estimate(0.713, 0.691, 0.733, n=2469, of="customers", unit="share")
VALUE = Estimate(43.2, 41.1, 45.2, n=155_848, of="orders", unit="currency")
LINES = Count(1_469_307, "order lines", n=1_469_307, of="order lines")
DEPARTMENTS = TableSchema(
    name="departments",
    grain="department",
    key=("department",),
    columns=(
        Column("department", "text", "the department"),
        Column("share", "share", "share of orders", label="Share of orders"),
        Column("share_low", "share", "its interval"),
        Column("share_high", "share", "its interval"),
        Column("spend", "money", "spend", label="Spend per {customer}", unit="currency", nullable=True),
        Column("n", "integer", "orders", label="Orders", unit="orders"),
    ),
)
TEMPLATES = {
    "test.share": "{share} of {customers} shop weekly",
    "test.two": "{share} bring {value} on {lines}",
    "test.caption": "Departments until {day}",
}


@pytest.fixture(autouse=True)
def _catalog(monkeypatch):
    for key, text in TEMPLATES.items():
        monkeypatch.setitem(sentences.SENTENCES, key, text)
    with speaking(Voice(currency="USD", customer="household", customers="households")):
        yield


def departments(rows=3, **columns):
    shares = np.linspace(0.5, 0.02, rows)
    frame = {
        "department": [f"SHELF {chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(rows)],
        "share": shares,
        "share_low": shares - 0.01,
        "share_high": shares + 0.01,
        "spend": np.arange(rows) * 10.0,
        "n": np.arange(rows) + 1000,
    }
    return pd.DataFrame({**frame, **columns})


class Reader(HTMLParser):
    """What a browser would make of the HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_data(self, data):
        self.text += data


# Findings


def test_findings_show_grade_interval_n_and_source():
    shown = show.findings([finding("test.share", grade="association", source="rhythm", figure="days", share=SHARE)])
    assert repr(shown) == (
        "1. 71\u202f% of households shop weekly\n"
        "   Association · 95\u202f% interval 69–73\u202f% · 2,469 households · table rhythm"
    )
    reader = Reader(shown.html)
    assert ("li", "id", "f-test.share") in reader.attributes
    assert ("a", "href", "#days") in reader.attributes
    assert "69–73\u202f%" in reader.text


def test_each_of_several_figures_names_its_own_interval():
    found = finding("test.two", grade="description", source="rhythm", share=SHARE, value=VALUE, lines=LINES)
    plain = repr(show.findings([found]))
    assert "95\u202f% interval of 71\u202f%: 69–73\u202f%" in plain
    assert "95\u202f% interval of $43: $41–45" in plain
    assert "counted in full · 2,469 households · 155,848 orders · table" in plain


def test_stored_findings_show_as_those_that_were_made():
    found = [finding("test.two", grade="description", source="rhythm", value=VALUE, share=SHARE, lines=LINES)]
    assert show.findings([f.to_json() for f in found]).html == show.findings(found).html


def test_a_summary_links_to_the_chapters_of_its_findings():
    found = finding("test.share", grade="description", source="rhythm", figure="days", share=SHARE)
    reader = Reader(show.findings([found], pages={"test": "03-test.html"}).html)
    assert ("a", "href", "03-test.html#days") in reader.attributes


def test_a_simulated_finding_says_so():
    found = finding("test.share", grade="description", source="rhythm", simulated=True, share=SHARE)
    assert "Simulated data" in repr(show.findings([found]))
    assert '<span class="simulated">Simulated data</span>' in show.findings([found]).html


def test_the_same_finding_is_not_listed_twice():
    found = finding("test.share", grade="description", source="rhythm", share=SHARE)
    with pytest.raises(ValueError, match="listed twice"):
        show.findings([found, found])


# Tables


def test_a_table_reads_as_text():
    shown = show.table(departments(), schema=DEPARTMENTS, caption="Departments by share of orders")
    assert repr(shown) == (
        "Departments by share of orders\n"
        "Department  Share of orders (%)  Spend per household ($)  Orders\n"
        "----------  -------------------  -----------------------  ------\n"
        "Shelf AA       50.0 (49.0–51.0)                        0   1,000\n"
        "Shelf AB       26.0 (25.0–27.0)                       10   1,001\n"
        "Shelf AC        2.0 (1.0–3.0)                         20   1,002"
    )


def test_a_figures_interval_stands_beneath_it_and_heads_have_scope_and_unit():
    html = show.table(departments(), schema=DEPARTMENTS, caption="Departments").html
    assert '<td class="num est">50.0<br><small class="ci">49.0–51.0</small></td>' in html
    assert '<th scope="col" class="num">Share of orders <span class="unit">(%)</span></th>' in html
    assert '<th scope="row">Shelf AA</th>' in html
    assert "<figcaption>Departments</figcaption>" in html
    assert "share_low" not in html
    assert "style=" not in html


def test_rows_beyond_the_twelfth_are_folded_and_none_is_lost():
    shown = show.table(departments(40), schema=DEPARTMENTS, caption="Departments")
    before, after = shown.html.split("<details")
    assert before.count("<tr>") == 1 + 12
    assert after.count("<tr>") == 1 + 28
    assert "<summary>28 rows more</summary>" in after
    assert len(repr(shown).splitlines()) == 3 + 40


def test_rows_of_different_measures_have_each_its_own_unit_and_decimals():
    schema = TableSchema(
        name="measures",
        grain="measure",
        key=("measure",),
        columns=(
            Column("measure", "text", "what is measured"),
            Column("unit", "text", "its unit", label="Unit", nullable=True),
            Column("figure", "number", "the figure", label="Figure"),
            Column("figure_low", "number", "its interval"),
            Column("figure_high", "number", "its interval"),
            Column("n", "integer", "households", label="Households"),
        ),
    )
    figures = [("revenue", "currency", 2_268_739.4), ("basket", "currency", 29.13), ("seen again", "share", 0.423)]
    figures += [("visits", "visits", 4.92), ("shape", None, 0.5)]
    frame = pd.DataFrame(figures, columns=["measure", "unit", "figure"]).assign(n=1000)
    frame["figure_low"], frame["figure_high"] = frame["figure"] * 0.9, frame["figure"] * 1.1
    text = str(show.table(frame, schema=schema, caption="Measures"))
    rows = [re.sub(r" {2,}", " | ", line) for line in text.splitlines()[3:]]
    assert rows[0].startswith("revenue | $ | 2,268,739 (2,041,865–2,495,613)")
    assert rows[1].startswith("basket | $ | 29.13 (26.22–32.04)")
    assert rows[2].startswith("seen again | % | 42.3 (38.1–46.5)")
    assert rows[3].startswith("visits | visits | 4.92")
    assert rows[4].startswith("shape | – | 0.50")


def test_a_gap_is_a_dash():
    frame = departments(spend=[1.5, np.nan, 3.0], department=["A", None, "C"])
    shown = show.table(frame, schema=DEPARTMENTS, caption="Departments")
    assert '<td class="num">–</td>' in shown.html
    assert '<th scope="row">–</th>' in shown.html
    assert "nan" not in repr(shown).lower()


def test_a_figure_whose_interval_is_missing_in_one_row_is_not_shown_there():
    frame = departments(share_low=[0.4, np.nan, 0.01])
    html = show.table(frame, schema=DEPARTMENTS, caption="Departments").html
    assert "26.0" not in html
    frame = departments(n=pd.array([1000, None, 1002], dtype="Int64"))
    assert "26.0" not in show.table(frame, schema=DEPARTMENTS, caption="Departments").html


@pytest.mark.parametrize("lost", ["share_low", "share_high", "n"])
def test_an_estimate_without_its_interval_or_its_n_is_refused(lost):
    with pytest.raises(ValueError, match=f"share is an estimate and cannot be shown without {lost}"):
        show.table(departments().drop(columns=lost), schema=DEPARTMENTS, caption="Departments")
    kept = [c for c in ("department", "share") if c != lost]
    with pytest.raises(ValueError, match="cannot be shown without"):
        show.table(departments().drop(columns=lost), schema=DEPARTMENTS, columns=kept, caption="Departments")


def test_an_estimate_stripped_of_both_ends_is_known_by_its_schema():
    bare = departments()[["department", "share", "n"]]
    with pytest.raises(ValueError, match="without share_low, share_high"):
        show.table(bare, schema=DEPARTMENTS, caption="Departments")


def test_an_estimate_without_any_interval_is_a_dash_in_every_row():
    """As where all customers are alike: no chapter fails for it, and no figure is shown without its interval."""
    text = show.table(departments(share_low=np.nan), schema=DEPARTMENTS, caption="Departments").plain
    assert [line.split()[2] for line in text.splitlines()[3:6]] == ["–"] * 3
    assert text.splitlines()[6].startswith("Where a whole column is blank, no interval can be given")
    assert "no interval can be given" not in show.table(departments(), schema=DEPARTMENTS, caption="Departments").plain


def test_an_interval_that_does_not_hold_its_figure_is_refused():
    with pytest.raises(ValueError, match="does not hold the value"):
        show.table(departments(share_low=0.9, share_high=0.95), schema=DEPARTMENTS, caption="Departments")


def test_the_n_stays_when_columns_are_chosen():
    shown = show.table(departments(), schema=DEPARTMENTS, columns=["department", "share"], caption="Departments")
    assert "Orders" in repr(shown)
    assert "Spend" not in repr(shown)


def test_columns_can_be_given_heads():
    shown = show.table(departments(), columns={"department": "Aisle", "n": "Visits"}, caption="Aisles")
    assert repr(shown).splitlines()[1].split() == ["Aisle", "Visits"]


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no column spent; it has department"):
        show.table(departments(), columns=["department", "spent"], caption="Departments")


def test_bars_are_drawn_from_zero_to_the_largest():
    html = show.table(departments(), schema=DEPARTMENTS, caption="Departments", bar="share").html
    assert re.findall(r'<rect width="([\d.]+)"', html) == ["100.0", "52.0", "4.0"]
    with pytest.raises(ValueError, match="below zero"):
        show.table(departments(spend=[-1.0, 2.0, 3.0]), schema=DEPARTMENTS, caption="Departments", bar="spend")
    with pytest.raises(ValueError, match="does not show"):
        show.table(departments(), schema=DEPARTMENTS, caption="Departments", bar="sales")


def test_customers_are_called_what_the_study_calls_them():
    schema = TableSchema("t", "group", ("n",), (Column("n", "integer", "n", label="Customers", unit="customers"),))
    assert repr(show.table(pd.DataFrame({"n": [5]}), schema=schema, caption="T")).splitlines()[1] == "Households"


def test_more_digits_can_be_asked_for():
    shown = show.table(departments(), schema=DEPARTMENTS, caption="Departments", digits=5)
    assert "50.000 (49.000–51.000)" in repr(shown)


def test_a_caption_gets_its_digits_from_values():
    with pytest.raises(ValueError, match="a caption holds a typed digit"):
        show.table(departments(), schema=DEPARTMENTS, caption="Departments in 2017")
    shown = show.table(departments(), schema=DEPARTMENTS, caption=say("test.caption", day=date(2017, 9, 30)))
    assert repr(shown).startswith("Departments until 30 Sep 2017\n")


@pytest.mark.parametrize("key", ["customer_id", "order_id"])
def test_rows_about_persons_are_refused(key):
    with pytest.raises(ValueError, match=f"single persons are not shown: {key}"):
        show.table(departments(**{key: ["1", "2", "3"]}), caption="Departments")


def test_a_column_declared_personal_is_refused():
    people = TableSchema("people", "person", ("phone",), (Column("phone", "text", "a phone", personal=True),))
    with pytest.raises(ValueError, match="phone"):
        show.table(pd.DataFrame({"phone": ["555"]}), schema=people, caption="People")


def test_what_was_not_aggregated_is_refused():
    with pytest.raises(ValueError, match="501 rows are too many"):
        show.table(departments(501), schema=DEPARTMENTS, caption="Departments")


def test_an_empty_table_shows_its_heads():
    shown = show.table(departments().head(0), schema=DEPARTMENTS, caption="Departments")
    assert len(repr(shown).splitlines()) == 3
    assert "<td" not in shown.html


def test_days_truths_hours_and_weekdays_are_written_for_people():
    schema = TableSchema(
        "times",
        "hour",
        ("hour",),
        (
            Column("hour", "integer", "the hour", unit="hour of day"),
            Column("weekday", "integer", "the day", unit="weekday"),
            Column("first", "date", "first order"),
            Column("open", "boolean", "whether open"),
        ),
    )
    frame = pd.DataFrame({"hour": [17], "weekday": [6], "first": pd.to_datetime(["2017-09-30"]), "open": [True]})
    assert repr(show.table(frame, schema=schema, caption="Times")).splitlines()[-1].split("  ") == [
        "5 p.m.",
        "Saturday",
        "30 Sep 2017",
        "yes",
    ]


def test_the_callers_table_is_left_as_it_was():
    frame = departments()
    show.table(frame, schema=DEPARTMENTS, caption="Departments", bar="share")
    pd.testing.assert_frame_equal(frame, departments())


def test_a_simulated_table_says_so():
    assert "Departments [Simulated data]" in repr(show.table(departments(), caption="Departments", simulated=True))
    with speaking(simulated=True):
        assert '<span class="simulated">' in show.table(departments(), caption="Departments").html


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</td></table><iframe src=javascript:alert(1)>",
    "[a](javascript:alert(1))",
    "' onmouseover='alert(1)",
    "<!-- <b>",
    "&lt;script&gt;",
    "${7*7}{{7*7}}",
    "$5% off$",
    "=cmd|' /C calc'!A0",
    "</details></figure><style>*{display:none}</style>",
]
TAGS = {
    "figure",
    "figcaption",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
    "small",
    "br",
    "details",
    "summary",
}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_script_in_a_label_stays_text(payload):
    frame = departments(department=[payload, payload.upper(), "C"])
    reader = Reader(show.table(frame, schema=DEPARTMENTS, caption="Departments").html)
    assert set(reader.tags) <= TAGS
    assert {name for _, name, _ in reader.attributes} <= {"class", "scope", "aria-label"}
    assert payload in reader.text


@given(st.text(max_size=300))
def test_any_label_stays_text(text):
    with speaking(Voice(currency="USD")):
        html = show.table(departments(department=[text, "B", "C"]), caption="Departments").html
        reader = Reader(html)
        assert set(reader.tags) <= TAGS
        assert label(text) in reader.text
        facts = Reader(show.facts({"who": Name(text)}).html)
        assert set(facts.tags) == {"dl", "dt", "dd"}


def test_a_column_name_from_data_stays_text():
    reader = Reader(show.table(pd.DataFrame({"<script>": ["x"]}), caption="A < B").html)
    assert set(reader.tags) <= TAGS


# Facts, sentences, charts


def test_facts_are_listed():
    shown = show.facts(
        {
            "Study": "Complete <Journey>",
            "Until": date(2017, 12, 31),
            "Weekly": SHARE,
            "Lines": LINES,
            "Window": Chosen(28, "days"),
            "Tested": None,
        }
    )
    assert repr(shown) == (
        "Study   Complete <Journey>\n"
        "Until   31 Dec 2017\n"
        "Weekly  71\u202f% (69–73\u202f%), 2,469 households\n"
        "Lines   1,469,307 order lines\n"
        "Window  28 days\n"
        "Tested  –"
    )
    assert "<dd>Complete &lt;Journey&gt;</dd>" in shown.html


def test_a_bare_number_is_no_fact():
    with pytest.raises(TypeError, match="'Lines' is int 7"):
        show.facts({"Lines": 7})


def test_a_sentence_can_stand_alone():
    shown = show.said("test.share", share=SHARE)
    assert repr(shown) == "71\u202f% of households shop weekly."
    assert shown.html == '<p class="said">71\u202f% of households shop weekly.</p>'


def test_a_display_is_a_bundle_of_text_and_html():
    formatter = DisplayFormatter()
    formatter.active_types = formatter.format_types
    data, _ = formatter.format(show.said("test.share", share=SHARE))
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == "71\u202f% of households shop weekly."


def test_a_chart_is_shown_as_text_and_as_described_svg():
    from customer_patterns import charts

    days = pd.DataFrame({"day": ["Saturday", "Sunday"], "orders": [3, 5]})
    words = {"title": "Sunday leads", "subtitle": "orders by weekday", "source": "weekdays", "alt": "Bars"}
    ax = charts.bars(days, x="day", y="orders", anchor="days", **words)
    formatter = DisplayFormatter()
    formatter.active_types = formatter.format_types
    show.register(SimpleNamespace(display_formatter=formatter))
    data, metadata = formatter.format(ax)
    assert data["text/plain"] == "Figure: Sunday leads | orders by weekday | Bars"
    assert data["image/svg+xml"] == charts.to_svg(ax)
    about = metadata["image/svg+xml"]
    assert {name: about[name] for name in (*words, "anchor", "simulated")} == {
        **words, "anchor": "days", "simulated": False
    }  # fmt: skip
    assert about["language"] == "en"
    assert "no translation into 'zh' of label 'Sunday leads'" in about["faults"]["zh"]  # typed, not said


def test_a_chart_that_is_not_ours_is_shown_as_ever():
    from matplotlib.figure import Figure

    formatter = DisplayFormatter()
    formatter.active_types = formatter.format_types
    show.register(SimpleNamespace(display_formatter=formatter))
    data, _ = formatter.format(Figure().subplots())
    assert set(data) == {"text/plain"}
    assert not data["text/plain"].startswith("Figure:")


def test_registering_does_not_import_matplotlib():
    code = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "from customer_patterns.reporting import show\n"
        "show.register(InteractiveShell.instance())\n"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_outside_of_a_notebook_registering_does_nothing():
    show.register()
