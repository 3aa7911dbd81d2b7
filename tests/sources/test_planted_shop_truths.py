"""Each planted effect is in the records, as large as planted, and an effect of zero is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from customer_patterns.schemas import Refusal
from customer_patterns.sources.planted_shop import Plan, draw_orders, plan_shop
from customer_patterns.sources.planted_shop import people as others
from customer_patterns.sources.planted_shop.calls import AGENTS, PITCH_PER_STAR, draw_calls
from customer_patterns.sources.planted_shop.clientele import Block, Clientele
from customer_patterns.sources.planted_shop.events import CARTS, CHECKOUTS, VIEWS, draw_events
from customer_patterns.sources.planted_shop.identities import DISAGREEMENTS, SYSTEMS, draw_identities
from customer_patterns.sources.planted_shop.ledger import BEGINS, draw_ledger
from customer_patterns.sources.planted_shop.listening import SPEEDERS, draw_listening, draw_sheets, listening_truth
from customer_patterns.sources.planted_shop.messages import BOUNCED, CLICKED, OPENED, draw_messages
from customer_patterns.sources.planted_shop.review_phrases import THINGS
from customer_patterns.sources.planted_shop.reviews import draw_reviews, reviewed_products
from customer_patterns.sources.planted_shop.subscriptions import (
    PLANS,
    REFERRALS,
    WARNING_DAYS,
    WARNING_SHARE,
    draw_subscriptions,
)
from customer_patterns.sources.planted_shop.trials import draw_trials, plan_trials
from customer_patterns.sources.planted_shop.visits import delivered_days, weeks_of
from customer_patterns.sources.planted_shop.web_export import BROKEN, GUEST, export, fates
from customer_patterns.sources.planted_shop.web_orders import (
    COMPLEMENTS,
    EXPANSION,
    SEQUENCES,
    draw_web_customers,
    draw_web_orders,
    plan_web_prices,
)

#: A deviation this many standard errors away from what was planted is no chance.
FAR = 4.5
PLAN = Plan(customers=2500, seed=11, web_share=0.6, web_orders_per_week=0.5, trial_effect=3.0, web_lift=3.0)


@dataclass(frozen=True)
class Estimate:
    """What a naive oracle finds."""

    value: float
    error: float

    def is_near(self, planted: float, slack: float = 0.0) -> bool:
        return abs(self.value - planted) <= FAR * self.error + slack


def share(yes: np.ndarray | pd.Series) -> Estimate:
    """A share and its standard error."""
    p, n = float(np.mean(yes)), len(yes)
    return Estimate(p, float(np.sqrt(max(p * (1 - p), 1 / n) / n)))


def difference(one: Estimate, two: Estimate) -> Estimate:
    return Estimate(one.value - two.value, float(np.hypot(one.error, two.error)))


def mean(values: np.ndarray | pd.Series) -> Estimate:
    return Estimate(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values))))


def most_likely(loss: Callable[[float], float], low: float, high: float) -> Estimate:
    """The parameter at which a negative log likelihood is least, with its error from the curvature."""
    at = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded").x
    step = 0.02
    curvature = (loss(at + step) - 2 * loss(at) + loss(at - step)) / step**2
    return Estimate(float(at), float(1 / np.sqrt(curvature)))


def draw_web(plan: Plan) -> SimpleNamespace:
    """Everything that hangs on the web shop of one block of customers."""
    truth = plan_shop(plan=plan)
    clientele = Clientele.of(truth)
    trials = plan_trials(clientele)
    block = Block(clientele, 0, plan.customers, None)
    made, treated = draw_trials(block, trials)
    cuts = plan_web_prices(truth)
    people = draw_web_customers(block)
    web = draw_web_orders(block, people, trials[1], treated[:, 1], cuts)
    kinds = truth.products["product_type"].to_numpy(dtype=object)
    lines = web.lines.assign(kind=kinds[web.lines["product"]], day=web.orders["day"].to_numpy()[web.lines["order"]])
    return SimpleNamespace(**locals())


@pytest.fixture(scope="module")
def web() -> SimpleNamespace:
    return draw_web(PLAN)


# Experiments


def effect_on_outcome(experiments: pd.DataFrame, key: str) -> Estimate:
    own = experiments[(experiments["experiment_id"] == key) & experiments["outcome"].notna()]
    arms = {arm: mean(rows) for arm, rows in own.groupby("arm")["outcome"]}
    return difference(arms["treated"], arms["control"])


def test_the_experiment_moves_its_own_outcome_as_planted_and_the_other_one_does_not(web: SimpleNamespace) -> None:
    table = web.made.tables["experiments"]
    found = effect_on_outcome(table, "E01")
    assert found.is_near(web.trials[0].effect)
    assert found.value > FAR * found.error
    assert effect_on_outcome(table, "E03").is_near(0.0)
    by_lot = table.assign(arm=np.random.default_rng(0).permutation(table["arm"]))  # twin: arms mixed up
    assert not effect_on_outcome(by_lot, "E01").is_near(web.trials[0].effect)


def rate_ratio(web: SimpleNamespace, place: int, begins: int, days: int) -> Estimate:
    """Log ratio of the rates of web orders by arm, orders that continue a sequence left out."""
    trial_row = web.people.row[web.block.start[web.people.row] < begins]
    orders = web.web.orders.query("follows < 0 and @begins <= day < @begins + @days")
    counts = orders.groupby("row").size().reindex(trial_row, fill_value=0)
    steady = (web.block.end[trial_row] >= begins + days) & (web.block.start[trial_row] < begins)
    arm = web.treated[trial_row, place]
    ones, zeros = (counts[steady & side] for side in (arm, ~arm))
    log = np.log(ones.mean()) - np.log(zeros.mean())
    error = np.hypot(*(values.std() / values.mean() / np.sqrt(len(values)) for values in (ones, zeros)))
    return Estimate(float(log), float(error))


def test_the_experiment_moves_purchases_as_planted_from_its_day_on_and_not_before(web: SimpleNamespace) -> None:
    trial = web.trials[1]
    begins = (trial.assigned_on - web.truth.first_day).days
    found = rate_ratio(web, 1, begins, trial.acts_for)
    assert found.is_near(np.log(trial.rate_ratio))
    assert found.value > 2 * found.error
    assert rate_ratio(web, 1, begins - 120, 120).is_near(0.0)
    third = web.trials[2]
    assert rate_ratio(web, 2, (third.assigned_on - web.truth.first_day).days, 110).is_near(0.0)


def test_an_effect_of_zero_is_planted_as_zero() -> None:
    none = plan_trials(Clientele.of(plan_shop(plan=Plan(customers=300, trial_effect=0, web_lift=0))))
    assert [trial.effect for trial in none] == [0.0, None, 0.0]
    assert [trial.rate_ratio for trial in none] == [1.0, 1.0, 1.0]


def test_effects_lie_on_a_grid_of_what_the_design_detects() -> None:
    plans = [Plan(customers=3000, trial_effect=size) for size in (0.5, 1.0, 2.0)]
    effects = [plan_trials(Clientele.of(plan_shop(plan=plan)))[0].effect for plan in plans]
    assert effects[1] / effects[0] == pytest.approx(2)
    assert effects[2] / effects[0] == pytest.approx(4)


# Prices, substitutes, complements, sequences


def price_exponent(web: SimpleNamespace) -> Estimate:
    """Fit the brands' shares within a type by a conditional logit; average tastes stand for the households'."""
    goods = web.cuts.shape[1]
    kinds = web.truth.products["product_type"].to_numpy(dtype=object)[:goods]
    share_of = web.truth.products["popularity"].to_numpy()[:goods]
    first = web.web.orders["follows"].to_numpy()[web.lines["order"]] < 0
    lines = web.lines[first & (web.lines["product"] < goods)].iloc[:30_000]
    week = weeks_of(lines["day"].to_numpy(), web.truth.first_day) - 1
    member = kinds[lines["product"].to_numpy()][:, None] == kinds[None, :]
    log_price = np.log1p(-web.cuts[week])
    chosen = log_price[np.arange(len(lines)), lines["product"]]

    def loss(exponent: float) -> float:
        weight = share_of * np.exp(-exponent * log_price) * member
        return float(exponent * chosen.sum() + np.log(weight.sum(axis=1)).sum())

    return most_likely(loss, -2.0, 6.0)


def test_brands_of_a_type_are_substitutes_by_the_planted_exponent(web: SimpleNamespace) -> None:
    found = price_exponent(web)
    # Households differ in their taste for brands, which pulls the average exponent a little to zero.
    assert found.is_near(PLAN.price_exponent, slack=0.10)
    assert found.value > 10 * found.error


def test_where_no_response_to_prices_is_planted_none_is_found() -> None:
    assert price_exponent(draw_web(Plan(customers=1200, seed=3, web_share=0.6, price_exponent=0.0))).is_near(0.0)


def test_a_type_grows_with_its_prices_only_as_far_as_planted(web: SimpleNamespace) -> None:
    goods = web.cuts.shape[1]
    names, kind = np.unique(web.truth.products["product_type"].to_numpy(dtype=str)[:goods], return_inverse=True)
    popularity = web.truth.products["popularity"].to_numpy()[:goods]
    member = np.eye(len(names))[kind]
    usual = popularity @ member
    inclusive = np.log((popularity * (1 - web.cuts) ** -PLAN.price_exponent) @ member / usual)
    first = web.web.orders["follows"].to_numpy()[web.lines["order"]] < 0
    lines = web.lines[first]
    week = weeks_of(lines["day"].to_numpy(), web.truth.first_day) - 1
    counts = np.zeros_like(inclusive)
    np.add.at(counts, (week, kind[lines["product"]]), 1)
    taken_along = [second for _, second, chance in COMPLEMENTS if chance > 0]
    free = ~np.isin(names, taken_along)
    total = counts.sum(axis=1, keepdims=True)

    def loss(expansion: float) -> float:
        weight = total * usual * np.exp(expansion * inclusive)
        weight = weight[:, free] / (usual * np.exp(expansion * inclusive)).sum(axis=1, keepdims=True)
        return float(-(counts[:, free] * np.log(weight / weight.sum(axis=0))).sum())

    found = most_likely(loss, -1.0, 2.0)
    assert found.is_near(EXPANSION, slack=0.05)
    assert not found.is_near(1.0)  # twin: no substitution within types, every type as one product


def held_with(web: SimpleNamespace, first: str, second: str) -> Estimate:
    """How much likelier orders with the first hold the second than orders with soup, which goes with neither."""
    first_choices = web.web.orders["follows"].to_numpy()[web.lines["order"]] < 0
    lines = web.lines[first_choices]
    orders = {name: set(lines.loc[lines["kind"] == name, "order"]) for name in (first, second, "SOUP")}
    holding = share([one in orders[second] for one in sorted(orders[first])])
    return difference(holding, share([one in orders[second] for one in sorted(orders["SOUP"])]))


@pytest.mark.parametrize(("first", "second", "chance"), COMPLEMENTS)
def test_complements_come_along_as_planted(web: SimpleNamespace, first: str, second: str, chance: float) -> None:
    found = held_with(web, first, second)
    assert found.is_near(chance, slack=0.04)
    assert (found.value > FAR * found.error) == (chance > 0)


def follows(web: SimpleNamespace, first: str, second: str, least: int, further: float) -> Estimate:
    """Share of orders with the first after which an order with the second comes in time, less the same before it."""
    rows = web.web.orders["row"].to_numpy()[web.lines["order"]]
    lines = web.lines.assign(row=rows)
    seconds = lines[lines["kind"] == second].groupby("row")["day"].apply(np.unique)
    reach = least + round(4 * further)
    days = delivered_days(web.truth)
    firsts = lines[(lines["kind"] == first) & lines["day"].between(reach, days - reach - 1)]
    firsts = firsts[(web.web.orders["follows"].to_numpy()[firsts["order"]] < 0)].drop_duplicates("order")
    firsts = firsts[web.block.end[firsts["row"]] > firsts["day"] + reach]
    score = []
    for row, day in zip(firsts["row"], firsts["day"], strict=True):
        gaps = seconds.get(row, np.empty(0)) - day
        after, before = ((gaps >= least) & (gaps <= reach)).any(), ((gaps <= -least) & (gaps >= -reach)).any()
        score.append(float(after) - float(before))
    return mean(np.array(score))


@pytest.mark.parametrize(("first", "second", "chance", "least", "further"), SEQUENCES)
def test_sequences_continue_as_planted(
    web: SimpleNamespace, first: str, second: str, chance: float, least: int, further: float
) -> None:
    found = follows(web, first, second, least, further)
    # Some would have bought the second anyway: what is added is a little less than the planted chance.
    assert found.is_near(chance, slack=0.25 * chance)
    assert (found.value > FAR * found.error) == (chance > 0)
    backwards = follows(web, second, first, least, further)
    assert backwards.value < FAR * backwards.error or chance == 0


def test_web_customers_defect_in_part_as_planted(web: SimpleNamespace) -> None:
    days = delivered_days(web.truth)
    who = np.flatnonzero(web.people.partial_from < days)
    counts = web.web.orders.query("follows < 0")
    before = after = before_days = after_days = 0
    for place in who:
        row, since = web.people.row[place], web.people.partial_from[place]
        own = counts.loc[counts["row"] == row, "day"]
        before, after = before + (own < since).sum(), after + (own >= since).sum()
        before_days, after_days = before_days + since - web.block.start[row], after_days + days - since
    found = Estimate(np.log(after / after_days) - np.log(before / before_days), np.sqrt(1 / after + 1 / before))
    assert len(who) > 50
    assert found.is_near(np.log(PLAN.partial_kept), slack=0.25)  # the experiment acts later, on half of them


# The tills under other settings


def test_partial_defectors_shop_less_from_their_day_on() -> None:
    plan = Plan(customers=500, seed=2, partial_defectors=0.5, partial_kept=0.25)
    truth = plan_shop(plan=plan)
    lines = draw_orders(truth).lines
    orders = pd.DataFrame({"order": lines.order, "row": lines.customer, "day": lines.day}).drop_duplicates("order")
    people = truth.customers
    chosen = people["partial_on"].notna().to_numpy()
    assert 0.2 < chosen.mean() < 0.5
    since = np.array([(day - truth.first_day).days if pd.notna(day) else 10_000 for day in people["partial_on"]])
    own = orders[chosen[orders["row"]]]
    expected = people["orders_per_week"].to_numpy() / 7 * np.clip(delivered_days(truth) - since, 0, None)
    found = (own["day"] >= since[own["row"]]).sum() / expected[chosen].sum()
    assert found == pytest.approx(plan.partial_kept, abs=0.05)


def test_who_does_not_defect_comes_when_they_would_have_come_anyway() -> None:
    none, some = (plan_shop(plan=Plan(customers=60, seed=4, partial_defectors=value)) for value in (0.0, 0.5))
    assert none.customers["partial_on"].isna().all()
    loyal = np.flatnonzero(some.customers["partial_on"].isna())
    moments = []
    for truth in (none, some):
        lines = draw_orders(truth).lines
        own = np.isin(lines.customer, loyal)
        moments.append(set(zip(lines.customer[own].tolist(), lines.sold_at[own].tolist(), strict=True)))
    assert moments[0] == moments[1]
    assert 10 < len(loyal) < 60


def test_types_of_shopper_stand_as_far_apart_as_said() -> None:
    spread = {}
    for separation in ("easy", "medium", "hard"):
        types = plan_shop(plan=Plan(customers=2, separation=separation)).types
        spread[separation] = np.std(np.log([shopper.orders_per_week for shopper in types]))
        assert all(shopper.hours().sum() == pytest.approx(1) for shopper in types)
    assert spread["medium"] == pytest.approx(0.6 * spread["easy"], rel=1e-4)
    assert spread["hard"] == pytest.approx(0.3 * spread["easy"], rel=1e-4)


def test_pairs_can_be_planted_weaker_or_not_at_all() -> None:
    none, half = (plan_shop(plan=Plan(customers=2, pair_strength=value)).pairs["odds_ratio"] for value in (0.0, 0.5))
    usual = plan_shop(customers=2).pairs["odds_ratio"]
    assert (none == 1).all()
    assert np.allclose(np.log(half), 0.5 * np.log(usual))


@pytest.mark.parametrize(
    "wrong",
    [{"customers": 0}, {"seed": -1}, {"separation": "none"}, {"web_share": 1.5}, {"identity_errors": -1.0}],
)
def test_an_impossible_plan_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        Plan(**wrong)


# People, consents, identities


def test_schooling_goes_with_income_and_gender_with_nothing(web: SimpleNamespace) -> None:
    known = pd.concat([web.truth.customers, others.describe(web.truth)], axis="columns")
    degree = known["education"].map({name: place for place, name in enumerate(others.EDUCATION)})
    by_income = degree.groupby(known["income_group"]).mean()
    assert by_income["125-149K"] - by_income["Under 15K"] > 1
    rate = np.log(known["orders_per_week"])
    women, men = (mean(rate[known["gender"] == gender]) for gender in ("female", "male"))
    assert difference(women, men).is_near(0.0)
    names_type = share(known["lifestyle"] == known["shopper_type"])
    assert names_type.value > others.LIFESTYLE_RIGHT
    areas = known.groupby("region_id")["orders_per_week"].agg(["mean", "std", "size"])
    spread = (areas["mean"] - rate.pipe(np.exp).mean()) / (areas["std"] / np.sqrt(areas["size"]))
    assert spread.abs().max() < FAR


def test_consents_and_letters_agree_but_for_the_planted_ones(web: SimpleNamespace) -> None:
    consents = others.draw_consents(web.block).tables["consents"]
    first = consents.drop_duplicates(["customer_id", "purpose"])
    for purpose, planted in others.PURPOSES.items():
        assert share(first.loc[first["purpose"] == purpose, "granted"]).is_near(planted)
    made = draw_messages(web.block, consents)
    letters = made.tables["messages"]
    decided = pd.concat([consents, made.tables["consents"]]).query("purpose == 'marketing'")
    decided = decided.sort_values("decided_at", kind="stable")
    both = pd.merge_asof(
        letters.sort_values("sent_at"), decided, left_on="sent_at", right_on="decided_at", by="customer_id"
    )
    assert (~both["granted"].astype(bool)).sum() == made.counts["sent against a withdrawal"] == 2


def test_letters_are_opened_and_clicked_at_the_planted_rates(web: SimpleNamespace) -> None:
    consents = others.draw_consents(web.block).tables["consents"]
    letters = draw_messages(web.block, consents).tables["messages"]
    arrived = letters[letters["delivered_at"].notna()]
    assert share(letters["bounced_at"].notna()).is_near(BOUNCED)
    subject = arrived["campaign_id"].str[-1]
    opened = {one: share(arrived.loc[subject == one, "opened_at"].notna()) for one in "AB"}
    found = difference(opened["B"], opened["A"])
    assert found.is_near(OPENED["B"] - OPENED["A"])
    assert found.value > FAR * found.error
    seen = arrived[arrived["opened_at"].notna()]
    clicks = {one: share(seen.loc[seen["campaign_id"].str[-1] == one, "clicked_at"].notna()) for one in "AB"}
    assert difference(clicks["B"], clicks["A"]).is_near(CLICKED["B"] - CLICKED["A"])


def test_records_of_one_person_disagree_as_often_as_planted(web: SimpleNamespace) -> None:
    made = draw_identities(web.block)
    records, known = made.tables["identities"], made.truths["identities"]
    assert records["customer_id"].is_unique
    assert (records["customer_id"].to_numpy() == known["record_id"].to_numpy()).all()
    for system in SYSTEMS:
        own = known[known["system"] == system.name]
        assert share(np.arange(len(web.block)) < len(own)).is_near(system.share)
        for kind in ("no telephone", "old postal address"):
            found = share(own["disagreements"].str.contains(kind))
            assert found.is_near(system.error_rate * DISAGREEMENTS[kind])
    card, call = (records[records["system"] == name] for name in ("card", "call center"))
    both = card.merge(known, left_on="customer_id", right_on="record_id").merge(
        call.merge(known, left_on="customer_id", right_on="record_id"), on="person", suffixes=("", "_call")
    )
    untouched = (both["disagreements"] == "") & (both["disagreements_call"] == "")
    same = both["name"] == both["name_call"]
    assert same[untouched].all()
    assert not same.all()


def test_without_errors_the_records_of_a_person_agree() -> None:
    truth = plan_shop(plan=Plan(customers=300, identity_errors=0.0))
    made = draw_identities(Block(Clientele.of(truth), 0, 300, None))
    joined = made.tables["identities"].merge(made.truths["identities"], left_on="customer_id", right_on="record_id")
    assert (made.truths["identities"]["disagreements"] == "").all()
    assert (joined.groupby("person")[["name", "phone", "address"]].nunique() == 1).all(axis=None)  # noqa: PD101


# Passes, points, calls, texts


def test_passes_are_cancelled_used_and_recommended_as_planted(web: SimpleNamespace) -> None:
    made = draw_subscriptions(web.block)
    known, days = made.truths["contracts"], delivered_days(web.truth)
    day = {
        name: np.array([(one - web.truth.first_day).days for one in known[name]])
        for name in ("starts_on", "cancelled_on")
    }
    stop = np.minimum(day["cancelled_on"], days)
    lived = stop - day["starts_on"]
    used = made.tables["usage"].merge(known[["customer_id", "plan"]], on="customer_id")
    for plan, (_, risk, uses) in PLANS.items():
        own = (known["plan"] == plan).to_numpy()
        ends = known["seen"].to_numpy()[own].sum()
        rate = ends / lived[own].sum()
        found = Estimate(1 - np.exp(-30 * rate), 30 * np.sqrt(ends) / lived[own].sum())
        assert found.is_near(risk, slack=0.003)
        warned = np.clip(stop - np.maximum(day["cancelled_on"] - WARNING_DAYS, day["starts_on"]), 0, None)[own].sum()
        expected = uses / 7 * (lived[own].sum() - (1 - WARNING_SHARE) * warned)
        assert abs((used["plan"] == plan).sum() - expected) < FAR * np.sqrt(expected)
        brought = made.tables["referrals"]["referrer_id"].isin(known.loc[own, "customer_id"]).sum()
        expected = REFERRALS[plan] / 365 * lived[own].sum()
        assert abs(brought - expected) < FAR * np.sqrt(expected)
    assert (known["cancelled_on"] > known["starts_on"]).all()


def test_use_slackens_before_a_cancellation_and_not_otherwise(web: SimpleNamespace) -> None:
    made = draw_subscriptions(web.block)
    ended = made.tables["contracts"].query("cancelled_on.notna()")
    used = made.tables["usage"].merge(ended, on="customer_id")
    ago = (
        used["cancelled_on"]
        - used["used_at"].dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize()
    ).dt.days
    long = (used["cancelled_on"] - used["starts_on"]).dt.days >= 4 * WARNING_DAYS
    counts = [((ago > a) & (ago <= b) & long).sum() for a, b in ((0, 28), (28, 56), (56, 84))]
    assert counts[0] / counts[1] == pytest.approx(WARNING_SHARE, abs=FAR * WARNING_SHARE * np.sqrt(2 / counts[0]))
    assert counts[1] / counts[2] == pytest.approx(1, abs=FAR * np.sqrt(2 / counts[1]))


def test_points_add_up_but_for_the_planted_balances() -> None:
    truth = plan_shop(customers=300, seed=5)
    drawn = draw_orders(truth)
    made = draw_ledger(Block(Clientele.of(truth), 0, 300, drawn))
    ledger = made.tables["loyalty_ledger"]
    total = ledger.groupby("customer_id")["points"].cumsum()
    assert set(ledger.loc[total != ledger["balance"], "entry_id"]) == set(made.truths["ledger"]["entry_id"])
    assert (total >= 0).all()
    assert made.counts["balances that do not add up"] >= 2
    paid = drawn.order_lines.to_pandas().groupby("order_id")["revenue"].sum()
    earned = ledger[ledger["kind"] == "earn"]
    assert (earned["points"].to_numpy() == paid[earned["order_id"]].astype(int).to_numpy()).all()
    assert (earned["booked_at"].dt.date >= BEGINS).all()


def test_agents_talk_as_planted_and_silence_goes_with_nothing(web: SimpleNamespace) -> None:
    rng = np.random.default_rng(3)
    size = 6000
    contacts = pd.DataFrame(
        {
            "contact_id": [f"K{number:05d}" for number in range(size)],
            "customer_id": "0000001",
            "channel": "phone",
            "topic": "staff",
            "first_response_at": pd.Timestamp("2017-05-01T12:00:00"),
            "agent_id": np.array(list(AGENTS), dtype=object)[rng.integers(0, len(AGENTS), size)],
            "csat": pd.array(rng.integers(1, 6, size), dtype="Int64"),
        }
    )
    calls = draw_calls(web.truth, contacts).tables["calls"]
    plain = calls["agent_id"].isin([agent for agent, effect in AGENTS.items() if effect == (0.0, 0.0)])
    for agent, (talk, duration) in AGENTS.items():
        own = calls["agent_id"] == agent
        for values, planted in (
            (calls["talk_share"], talk),
            (np.log(calls["duration_seconds"]), duration),
            (calls["silence_share"], 0.0),
        ):
            assert difference(mean(values[own]), mean(values[plain])).is_near(planted)
    stars = contacts["csat"].astype(float).to_numpy()
    slope, residual, *_ = np.polyfit(stars, calls["pitch_variation"], 1, full=True)
    error = np.sqrt(residual[0] / size / size / stars.var())
    assert Estimate(slope[0], error).is_near(PITCH_PER_STAR)


def test_two_coders_agree_by_the_expected_kappa() -> None:
    truth = plan_shop(plan=Plan(customers=8000, coder_agreement=0.8))
    made = draw_listening(truth)
    wide = made.tables["feedback_codes"].pivot(index="feedback_id", columns="coder", values="code").dropna()  # noqa: PD010
    one, two = wide["coder 1"], wide["coder 2"]
    agreed = share(one == two)
    by_chance = (one.value_counts(normalize=True) * two.value_counts(normalize=True)).sum()
    kappa = Estimate((agreed.value - by_chance) / (1 - by_chance), agreed.error / (1 - by_chance))
    planted = listening_truth(truth)
    assert agreed.is_near(planted["expected_agreement"])
    assert kappa.is_near(planted["expected_kappa"])
    assert not kappa.is_near(planted["expected_agreement"])  # twin: agreement taken for kappa
    right = wide.join(made.truths["feedback_codes"].set_index("feedback_id"))
    assert share(right["coder 1"] == right["code"]).is_near(0.8)


def test_reviews_have_the_stars_that_were_planted_and_the_texts_that_go_with_them() -> None:
    shop = plan_shop(plan=Plan(customers=5000))
    made = draw_reviews(shop)
    reviews, known = made.tables["product_reviews"], made.truths["product_reviews"]
    products = reviewed_products(shop.products).set_index("product_id")
    assert len(products) == len(THINGS)
    stars = known.groupby("product_id")["stars"].agg(["mean", "sem"])
    plain = products.index[products["effect"] == 0]
    middle = stars.loc[plain, "mean"].mean()
    assert stars.loc[plain, "mean"].between(middle - 0.15, middle + 0.15).all()
    for product, row in products[products["effect"] != 0].iterrows():
        apart = stars.at[product, "mean"] - middle  # stars end at one and at five, so less is seen than was planted
        assert 0.6 * abs(row["effect"]) < apart * np.sign(row["effect"]) <= abs(row["effect"])
    assert share(reviews["rating"].isna()).is_near(0.10)
    given = reviews["rating"].notna()
    assert (reviews.loc[given, "rating"] == known.loc[given, "stars"]).all()
    assert not reviews.duplicated(["author_key", "product_id"]).any()
    assert reviews.groupby("author_key")["customer_id"].nunique(dropna=False).max() == 1
    assert not reviews["text"].str.contains("{", regex=False).any()
    han = reviews["text"].str.contains("[\u4e00-\u9fff]")
    assert (han == (known["language"] != "en")).all()
    assert (known["side"] == np.sign(known["stars"] - 3)).all()


def test_answer_sheets_are_clicked_through_as_counted(web: SimpleNamespace) -> None:
    moments = pd.Timestamp("2017-02-20") + pd.to_timedelta(np.arange(4000), unit="s")
    answers = pd.DataFrame(
        {"wave": "w", "customer_id": [f"{one // 2:05d}" for one in range(4000)], "answered_at": moments}
    )
    made = draw_sheets(web.truth, answers, pd.Series({f"{one:05d}": "en" for one in range(1000)}))
    sheets, known = made.tables["survey_sheets"], made.truths["sheets"]["clicked_through"].to_numpy()
    assert len(sheets) == 2000
    assert share(known).is_near(SPEEDERS)
    assert (sheets["duration_seconds"][known] <= 45).all()
    assert (sheets["duration_seconds"][~known] >= 90).all()
    assert sheets["language"].notna().sum() == 1000


# Visits


@pytest.fixture(scope="module")
def visits(web: SimpleNamespace) -> SimpleNamespace:
    tracked = np.arange(len(web.block)) % 4 != 0
    made = draw_events(web.block, web.people, web.web, tracked)
    return SimpleNamespace(
        events=made.tables["events"], visitors=made.truths["visitors"], counts=made.counts, tracked=tracked
    )


def test_visits_without_a_purchase_go_on_as_planted(visits: SimpleNamespace) -> None:
    persons = visits.visitors.query("kind != 'bot'")["visitor_id"]
    own = visits.events[visits.events["visitor_id"].isin(persons)]
    steps = own.groupby("session_id")["event_type"].agg(set)
    rest = steps[~steps.apply(lambda kinds: "purchase" in kinds)]
    viewed = rest[rest.apply(lambda kinds: "product_view" in kinds)]
    carted = viewed[viewed.apply(lambda kinds: "add_to_cart" in kinds)]
    assert share(rest.index.isin(viewed.index)).is_near(VIEWS)
    assert share(viewed.index.isin(carted.index)).is_near(CARTS)
    assert share(carted.apply(lambda kinds: "checkout" in kinds)).is_near(CHECKOUTS)


def test_each_tracked_order_has_one_purchase_and_nobody_else_is_seen(
    web: SimpleNamespace, visits: SimpleNamespace
) -> None:
    bought = visits.events.drop_duplicates("event_id").query("event_type == 'purchase'")
    begins = (web.plan.tracked_from - web.truth.first_day).days
    orders = web.web.orders
    expected = orders[(orders["day"] >= begins) & visits.tracked[orders["row"]]]
    assert sorted(bought["order_id"]) == sorted(expected["order_id"])
    moments = bought.set_index("order_id")["occurred_at"]
    assert (moments[expected["order_id"]].to_numpy() == expected["ordered_at"].to_numpy()).all()
    seen = set(visits.events["customer_id"].dropna())
    assert seen <= set(web.block.ids[visits.tracked])


def test_visitors_say_who_they_are_late_and_bots_never(visits: SimpleNamespace) -> None:
    kinds = visits.visitors.set_index("visitor_id")
    assert kinds.index.is_unique
    events = visits.events.assign(kind=kinds["kind"].reindex(visits.events["visitor_id"]).to_numpy())
    assert events.loc[events["kind"] != "customer", "customer_id"].isna().all()
    known = events[events["customer_id"].notna()]
    assert (kinds.loc[known["visitor_id"], "customer_id"].to_numpy() == known["customer_id"].to_numpy()).all()
    later = events[(events["kind"] == "customer") & events["customer_id"].isna()]
    assert later["visitor_id"].isin(known["visitor_id"]).any()  # strangers at first, known later
    assert visits.events.duplicated().sum() == visits.counts["events delivered twice"] >= 2
    pause = events[events["kind"] == "bot"].sort_values(["visitor_id", "occurred_at"]).groupby("visitor_id")
    assert pause["occurred_at"].diff().dt.total_seconds().max() < 2
    assert visits.counts["bots"] == len(pause)


# The web shop's export


def test_the_export_holds_each_kind_of_record_as_often_as_counted() -> None:
    web = draw_web(Plan(customers=400, seed=8))
    lines, counts, special = export(web.block, web.web)
    assert set(counts) - {"all"} == set(fates())
    assert min(counts.values()) >= 2
    rows = [line.split(",") for line in lines["line"]]
    whole = [row for row in rows if len(row) == 12]
    assert sum(row[1] == GUEST for row in whole) == counts["guest"] == (special["kind"] == "guest").sum()
    assert sum(row[0].startswith("R") for row in whole) == counts["return"]
    assert sum(row[9] == "EUR" for row in whole) == counts["other currency"]
    assert sum(row[10] == "已取消" and row[0].startswith("W") for row in whole) == counts["cancelled"]
    assert sum(row[0].startswith("订单号") for row in rows) == counts["header again"]
    assert sum(row == [""] for row in rows) == counts["empty line"]
    no_record = [kind for kind, (fate, _, _) in BROKEN.items() if fate == "passed over"]
    assert counts["all"] == len(lines) - sum(counts[kind] for kind in no_record)
    returned = {(row[11], row[2]): -int(row[4]) for row in whole if row[0].startswith("R")}
    sold = {(row[0], row[2]): int(row[4]) for row in whole if row[0].startswith("W")}
    assert all(sold[key] >= units for key, units in returned.items())


def test_without_bad_records_the_export_is_the_orders() -> None:
    clean = draw_web(Plan(customers=400, seed=9, bad_records=0.0))
    lines, counts, special = export(clean.block, clean.web)
    assert len(lines) == len(clean.web.lines) == counts["all"]
    assert special.empty
    money = sum(round(float(line.split(",")[5]) * 100) for line in lines["line"])
    assert money == clean.web.lines["revenue"].sum()
