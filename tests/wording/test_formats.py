import math
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from customer_patterns.estimates import Count, Estimate
from customer_patterns.wording import Chosen, Voice, formats, interval, period, show_value, speaking

THIN = "\u202f"
HOUSEHOLDS = Voice(currency="USD", customer="household", customers="households")


@pytest.fixture(autouse=True)
def _household_study():
    with speaking(HOUSEHOLDS):
        yield


def estimate(value, low, high, unit="share"):
    return Estimate(value, low, high, n=2469, of="customers", unit=unit)


@pytest.mark.parametrize(
    ("figure", "text", "span"),
    [
        (estimate(0.713, 0.691, 0.733), f"71{THIN}%", f"69–73{THIN}%"),
        (estimate(0.124, 0.111, 0.138), f"12{THIN}%", f"11–14{THIN}%"),
        (estimate(0.0032, 0.0011, 0.0061), f"0.32{THIN}%", f"0.11–0.61{THIN}%"),
        (estimate(43.2, 41.1, 45.2, "currency"), "$43", "$41–45"),
        (estimate(5.4, 5.1, 5.8, "currency"), "$5.40", "$5.10–5.80"),
        (estimate(1_234_567, 1_100_000, 1_300_000, "currency"), "$1.2 million", "$1.1–1.3 million"),
        (estimate(2.7, 2.51, 2.88, "days"), "2.7 days", "2.5–2.9 days"),
        (estimate(1.41, 1.3, 1.52, "ratio"), "1.4", "1.3–1.5"),
        (estimate(1.2e9, 1.1e9, 1.3e9, "orders"), "1.2 billion orders", "1.1–1.3 billion orders"),
    ],
)
def test_an_estimate_reads_in_two_significant_digits(figure, text, span):
    assert show_value(figure) == text
    assert interval(figure) == span


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (estimate(0.986, 0.97, 0.993), f"98.6{THIN}%"),
        (estimate(0.9996, 0.999, 0.9999), f"99.960{THIN}%"),
        (estimate(1.0, 0.999, 1.0), f"100{THIN}%"),
        (estimate(0.0, 0.0, 0.001), f"0{THIN}%"),
    ],
)
def test_a_share_is_called_all_or_nothing_only_if_it_is(figure, text):
    assert show_value(figure) == text


def test_a_narrow_interval_gets_the_digits_that_tell_its_ends_from_the_figure():
    narrow = estimate(0.713, 0.706, 0.721)
    assert (show_value(narrow), interval(narrow)) == (f"71{THIN}%", f"70.6–72.1{THIN}%")


def test_a_figure_is_not_rounded_out_of_its_interval():
    very_narrow = estimate(0.713, 0.7125, 0.714)
    assert (show_value(very_narrow), interval(very_narrow)) == (f"71.3{THIN}%", f"71.25–71.40{THIN}%")
    orders = estimate(12_345, 12_100, 12_600, "orders")
    assert (show_value(orders), interval(orders)) == ("12,300 orders", "12,100–12,600 orders")


def test_an_end_beside_no_difference_is_not_rounded_onto_it():
    assert interval(estimate(1.4, 0.96, 1.9, "ratio")) == "0.96–1.90"
    assert interval(estimate(2.0, -0.04, 4.0, "percentage points")) == "−0.04 to 4.00 percentage points"


def test_an_interval_below_zero_is_joined_by_a_word_not_by_a_dash():
    assert interval(estimate(-0.012, -0.03, 0.004)) == f"−3.0 to 0.4{THIN}%"
    assert interval(estimate(-4.0, -8.12, 2.0, "currency")) == "−$8.12 to $2.00"
    assert show_value(estimate(-43.2, -50, -40, "currency")) == "−$43"


@pytest.mark.parametrize(
    ("count", "text", "rounded"),
    [
        (Count(1_469_307, "order lines", 1_469_307, "order lines"), "1,469,307 order lines", "1.5 million order lines"),
        (Count(2469, "customers", 2469, "customers"), "2,469 households", "2,500 households"),
        (Count(1, "households", 1, "households"), "1 household", "1 household"),
        (Count(Decimal("364012.37"), "currency", 9, "orders"), "$364,012", "$360,000"),
        (Count(4_593_341.25, "currency", 9, "orders"), "$4.6 million", "$4.6 million"),
        (Count(12.5, "currency", 9, "orders"), "$12.50", "$13"),
        (Count(0.08, "share", 9, "order lines"), f"8{THIN}%", f"8{THIN}%"),
        (Count(0, "rows", 0, "rows"), "0 rows", "0 rows"),
    ],
)
def test_a_count_is_exact_unless_it_is_asked_to_be_round(count, text, rounded):
    assert show_value(count) == text
    assert show_value(count, rounded=True) == rounded


def test_a_chosen_number_reads_as_it_was_chosen():
    assert show_value(Chosen(28, "days")) == "28 days"
    assert show_value(Chosen(0.015, "share")) == f"1.5{THIN}%"
    assert show_value(Chosen(1, "weeks")) == "1 week"


def test_the_noun_can_be_left_out():
    assert show_value(Count(2469, "customers", 2469, "customers"), bare=True) == "2,469"


@pytest.mark.parametrize(
    ("currency", "text"),
    [("EUR", "€1,240"), ("GBP", "£1,240"), ("CNY", "¥1,240"), ("JPY", "¥1,240"), ("CHF", "CHF\u00a01,240")],
)
def test_an_amount_has_its_currencys_sign_or_code(currency, text):
    assert show_value(Count(1240, "currency", 3, "orders"), currency=currency) == text


def test_a_currency_without_cents_gets_none():
    assert show_value(Count(12.5, "currency", 3, "orders"), currency="JPY") == "¥13"


def test_an_amount_without_a_currency_is_refused():
    with speaking(Voice()), pytest.raises(ValueError, match="needs its currency"):
        show_value(Count(5, "currency", 1, "orders"))


def test_dates_and_periods():
    assert formats.day(date(2017, 9, 30)) == "30 Sep 2017"
    assert formats.month(date(2017, 9, 30)) == "Sep 2017"
    assert period(date(2017, 1, 1), date(2017, 9, 30)) == "1 Jan to 30 Sep 2017"
    assert period(date(2016, 12, 31), date(2017, 1, 1)) == "31 Dec 2016 to 1 Jan 2017"
    with pytest.raises(ValueError, match="cannot end"):
        period(date(2017, 2, 1), date(2017, 1, 1))


def test_hours_weekdays_and_durations():
    assert [formats.hour_of_day(h) for h in (0, 9, 12, 17)] == ["midnight", "9 a.m.", "noon", "5 p.m."]
    assert [formats.weekday(d) for d in (1, 7)] == ["Monday", "Sunday"]
    lengths = [timedelta(seconds=45), timedelta(minutes=1), timedelta(hours=25), timedelta(days=2, hours=17)]
    assert [formats.duration(x) for x in lengths] == ["45 seconds", "1 minute", "1 day", "2.7 days"]
    with pytest.raises(ValueError, match="0 to 23"):
        formats.hour_of_day(24)


def test_chinese_figures():
    with speaking(language="zh", currency="CNY", customers="户家庭"):
        assert formats.day(date(2017, 9, 30)) == "2017年9月30日"
        assert show_value(estimate(0.713, 0.691, 0.733)) == "71%"
        assert show_value(estimate(1_234_567, 1_100_000, 1_300_000, "currency")) == "¥120\u202f万"
        assert show_value(Count(2469, "customers", 2469, "customers")) == "2,469\u202f户家庭"


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_never_written(value):
    with pytest.raises(ValueError, match="finite"):
        show_value(Count(value, "rows", 1, "rows"))


# What must hold for every figure


def printed(text):
    """The number that a reader takes from a text such as "−$1.2 million"."""
    match = re.search(r"(−?)[^\d−]*([\d,]+(?:\.\d+)?)( million| billion)?", text)
    number = Decimal(match[2].replace(",", "")) * {None: 1, " million": 10**6, " billion": 10**9}[match[3]]
    return -number if match[1] else number


def exact(number, unit):
    return Decimal(repr(number)) * (100 if unit == "share" else 1)


@st.composite
def estimates(draw):
    unit = draw(st.sampled_from(["share", "currency", "ratio", "days"]))
    top = 1.0 if unit == "share" else 1e10
    numbers = st.floats(0 if unit == "share" else -top, top, allow_subnormal=False)
    near = draw(numbers)
    if draw(st.booleans()):
        spread = abs(near) * draw(st.sampled_from([1e-9, 1e-4, 1e-3, 0.01, 0.1]))
        ends = [max(near - spread, 0.0) if unit == "share" else near - spread, near, min(near + spread, top)]
    else:
        ends = [near, draw(numbers), draw(numbers)]
    low, value, high = sorted(ends)
    return estimate(value, low, high, unit)


@given(estimates())
@example(estimate(0.9999999, 0.99999, 1.0))
@example(estimate(999_999, 990_000, 1_010_000, "currency"))
@example(estimate(9.996, 9.99, 10.2, "currency"))
def test_the_printed_ends_hold_the_printed_figure(figure):
    with speaking(HOUSEHOLDS):
        value, low, high = (
            printed(t) for t in (show_value(figure), *(formats.end(figure, e) for e in ("low", "high")))
        )
    assert low <= value <= high


@given(estimates())
def test_rounding_never_crosses_the_interval(figure):
    """Unless the interval is narrower than the digits that are spent on it."""
    low, value, high = (exact(x, figure.unit) for x in (figure.low, figure.value, figure.high))
    assume(all(end == value or abs(end - value) > max(abs(value), 1) / 1000 for end in (low, high)))
    with speaking(HOUSEHOLDS):
        shown = printed(show_value(figure))
        ends = [printed(formats.end(figure, which)) for which in ("low", "high")]
    assert low == value or low < shown
    assert high == value or shown < high
    assert (ends[0] < shown) == (low < value) or low == value
    assert (shown < ends[1]) == (value < high) or high == value


@given(estimates())
def test_an_interval_prints_the_ends_that_its_parts_print(figure):
    with speaking(HOUSEHOLDS):
        span, low, high = interval(figure), formats.end(figure, "low"), formats.end(figure, "high")

    def digits(text):
        return re.findall(r"\d[\d,.]*", text)

    assert digits(span) == digits(low) + digits(high)


@given(st.lists(estimates().filter(lambda e: e.unit == "share"), min_size=1, max_size=6))
def test_in_a_column_the_printed_ends_hold_the_printed_figure(figures):
    decimals = formats.column_decimals([(e.value, e.low, e.high) for e in figures], "share")
    for e in figures:
        value, low, high = (Decimal(formats.cell(x, "share", decimals).strip("<>")) for x in (e.value, e.low, e.high))
        step = Decimal(1).scaleb(-decimals)
        assert low - step <= value <= high + step
        ends = [Decimal(part) for part in formats.cell_span(e.low, e.high, "share", decimals).split("–")]
        assert ends[0] <= ends[1]


def test_a_column_shares_its_decimals():
    rows = [(0.713, 0.70, 0.73), (0.024, 0.020, 0.028)]
    assert formats.column_decimals(rows, "share") == 1
    assert [formats.cell(row[0], "share", 1) for row in rows] == ["71.3", "2.4"]
    assert formats.column_decimals([(12.0, 12.0, 12.0), (1240.0, 1240.0, 1240.0)], "orders") == 0


def test_a_share_in_a_table_says_when_it_is_almost_nothing_or_almost_all():
    assert [formats.cell(x, "share", 1) for x in (0.0, 0.0002, 0.9998, 1.0)] == ["0.0", "<0.1", ">99.9", "100.0"]


def test_a_median_of_whole_days_has_no_decimals():
    assert show_value(Estimate(8.0, 7.0, 8.0, n=161, of="customers", unit="days")) == "8 days"
    assert interval(Estimate(8.0, 7.0, 8.0, n=161, of="customers", unit="days")) == "7–8 days"


def test_a_mean_of_days_keeps_its_two_digits():
    assert show_value(Estimate(8.0, 7.5, 8.5, n=161, of="customers", unit="days")) == "8.0 days"


def test_a_column_of_whole_medians_has_no_decimals_and_one_of_means_has():
    assert formats.column_decimals([(81.0, 77.0, 85.0), (27.0, 25.0, 29.0)], "orders") == 0
    assert formats.column_decimals([(10.2, 9.9, 10.6), (5.0, 5.0, 6.0)], "products") == 1


def test_a_small_probability_is_not_printed_as_none():
    assert [formats.cell(p, "probability", 2) for p in (0.0001, 0.03, 0.9999, 1.0)] == [
        "<0.01",
        "0.03",
        ">0.99",
        "1.00",
    ]
    assert formats.unit_sign("probability") == ""
