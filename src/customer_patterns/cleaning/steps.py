"""All cleaning rules, in their order: duplicates, whose a record is, what a record can be, what others say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from customer_patterns.cleaning import (
    account_rules,
    answer_rules,
    consent_rules,
    description_rules,
    event_rules,
    ledger_rules,
    message_rules,
    range_rules,
    rules,
    sales_rules,
    scale_rules,
    sheet_rules,
    standards,
)
from customer_patterns.cleaning.identity.visitors import known_in_the_visit
from customer_patterns.cleaning.numbered import NumberedLines
from customer_patterns.cleaning.once import LinesBy
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.people import tables_of_people
from customer_patterns.cleaning.row_rules import RowRule

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Step = rules.Rule | RowRule

#: Tables that describe something: two descriptions of one thing cannot both be used.
DESCRIPTIONS = ("customers", "customer_traits", "identities", "regions", "products", "campaigns", "survey_items")


def steps(
    *,
    backend: Backend | None = None,
    options: Options | None = None,
    time_zone: str = "UTC",
    fuel_types: str = "",
    gift_card_types: str = "",
    numbered: NumberedLines | None = None,
) -> list[Step]:
    """Return all rules, in the order in which they are applied.

    Parameters
    ----------
    backend
        The DuckDB of the tables; a list that is only read needs none.
    options
        What is known about the study beside its tables.
    time_zone
        The study's.
    fuel_types, gift_card_types
        SQL ``LIKE`` patterns of the product types that are fuel and gift cards; empty where there are none.
    numbered
        The order lines by number, where they are.
    """
    options = options or Options()
    bought, sold = LinesBy("customer_id", numbered), LinesBy("product_id", numbered)
    return [
        *_what_is_a_sale(options),
        *_whose_records(options),
        *_descriptions(backend, options, bought, sold, fuel_types=fuel_types, gift_card_types=gift_card_types),
        *_running_accounts(backend),
        *_mailings(backend, bought),
        *_visits(backend, options, time_zone),
        *_answers(backend),
        *_voices(backend),
        # After all rules that rest on purchases alone, so that each group of rules follows from row to row:
        range_rules.unknown_parents("customers", "region_id", "regions", "region not described: kept"),
        # (of what is left: a record that was dropped makes nobody a customer)
        *description_rules.customers_seen_elsewhere(options.simulated),
        *sales_rules.reversal_rules(),
    ]


def _what_is_a_sale(options: Options) -> list[Step]:
    """Order lines: those that are none of a customer's purchases are set apart before lines are added up."""
    alike = rules.Alike("order_lines", *rules.LINE_KEY)
    tests, staff, guests = account_rules.account_rules("order_lines", options)
    return [
        rules.exact_duplicates("order_lines", among=alike),
        *account_rules.merged_rules("order_lines", options),
        *consent_rules.consent_rules("order_lines", options),
        sales_rules.other_currencies(options),
        tests,
        staff,
        sales_rules.cancelled_by_status(options),
        sales_rules.cancelled_by_number(options),
        sales_rules.adjustments(),
        sales_rules.returns(),
        guests,
        rules.same_product_twice(among=alike),
        sales_rules.nothing_sold(),
        sales_rules.free_items(),
        sales_rules.amounts_apart(),
        sales_rules.discounts_below_zero(),
    ]


def _whose_records(options: Options) -> list[Step]:
    """All other records of customers: doubles, former numbers, accounts that are no customers."""
    found: list[Step] = []
    for table in tables_of_people():
        if table == "order_lines":
            continue
        found += [rules.exact_duplicates(table), *account_rules.merged_rules(table, options)]
        found += consent_rules.consent_rules(table, options)
        if table in DESCRIPTIONS:
            found.append(range_rules.contradicting_keys(table))
        found += account_rules.account_rules(table, options)
    for table in (*DESCRIPTIONS, "order_channels"):
        if table not in tables_of_people():
            found += [rules.exact_duplicates(table), range_rules.contradicting_keys(table)]
    return found


def _descriptions(
    backend: Backend | None,
    options: Options,
    bought: LinesBy,
    sold: LinesBy,
    *,
    fuel_types: str,
    gift_card_types: str,
) -> list[Step]:
    return [
        standards.spellings("order_lines", backend),
        standards.spellings("products", backend),
        range_rules.out_of_range("products"),
        description_rules.unknown_levels("products"),
        description_rules.undescribed_products(sold),
        description_rules.lines_without_description(sold),
        description_rules.own_department(sold, "fuel", "FUEL", fuel_types),
        description_rules.own_department(sold, "gift_card", "GIFT CARDS", gift_card_types),
        sales_rules.too_many_units(options),
        sales_rules.before_registration(),
        standards.spellings("regions", backend),
        standards.spellings("customer_traits", backend),
        standards.spellings("order_channels", backend),
        range_rules.out_of_range("regions"),
        range_rules.unknown_parents("customer_traits", "region_id", "regions", "region not described: kept"),
        standards.spellings("customers", backend),
        description_rules.unknown_levels("customers"),
        description_rules.undescribed_customers(bought),
        account_rules.shared_numbers(bought),
        *standards.identity_rules(backend, phone_region=options.phone_region),
    ]


def _running_accounts(backend: Backend | None) -> list[Step]:
    return [
        answer_rules.latest_version("contracts", key="contract_id", latest="starts_on"),
        ledger_rules.contract_ends_first(),
        ledger_rules.contract_never_started(),
        range_rules.out_of_range("contracts"),
        standards.spellings("contracts", backend),
        standards.spellings("usage", backend),
        answer_rules.latest_version("loyalty_ledger", key="entry_id", latest="booked_at"),
        ledger_rules.wrong_sign(),
        ledger_rules.balance_does_not_follow(),
        ledger_rules.balance_below_zero(),
        standards.spellings("loyalty_ledger", backend),
        ledger_rules.referred_oneself(),
        answer_rules.one_per_key(
            "brought by several customers: the first kept",
            "referrals",
            ["referred_id"],
            lambda rows: [rows.referred_at.asc()],
        ),
        ledger_rules.referred_in_a_circle(),
        range_rules.out_of_range("opportunities"),
        answer_rules.one_per_key(
            "one stage entered twice at one moment: the larger amount kept",
            "opportunities",
            ["opportunity_id", "stage", "entered_at"],
            lambda rows: [rows.amount.desc(nulls_first=False)] if "amount" in rows.columns else [],
        ),
        answer_rules.one_per_key(
            "assigned more than once in an experiment: the first assignment kept",
            "experiments",
            ["experiment_id", "customer_id"],
            lambda rows: [rows.assigned_at.asc()],
        ),
        standards.spellings("experiments", backend),
        answer_rules.one_per_key(
            "an earlier decision about a purpose: the latest kept, of two at once the refusal",
            "consents",
            ["customer_id", "purpose"],
            lambda rows: [rows.decided_at.desc(), rows.granted.asc()],
        ),
    ]


def _mailings(backend: Backend | None, bought: LinesBy) -> list[Step]:
    return [
        standards.spellings("campaigns", backend),
        rules.exact_duplicates("coupons"),
        description_rules.orphan_redemptions(bought),
        answer_rules.latest_version("messages", key="message_id", latest="sent_at"),
        message_rules.clocks_apart(),
        message_rules.before_sent(),
        message_rules.opened_though_bounced(),
        message_rules.clicked_unopened(),
        standards.spellings("messages", backend),
    ]


def _visits(backend: Backend | None, options: Options, time_zone: str) -> list[Step]:
    return [
        event_rules.same_event_twice(),
        range_rules.out_of_range("events"),
        event_rules.nobodys_events(),
        event_rules.machines_by_name(),
        event_rules.machines_by_rate(),
        event_rules.machines_by_minute(options.most_views_a_minute),
        event_rules.machines_by_night(time_zone),
        event_rules.recognized_visitors(options),
        known_in_the_visit(),
        standards.spellings("events", backend),
        range_rules.unknown_parents("events", "product_id", "products", "product not described: kept as unknown"),
    ]


def _answers(backend: Backend | None) -> list[Step]:
    return [
        answer_rules.invited_twice(),
        standards.spellings("survey_invitations", backend),
        answer_rules.unknown_items(),
        *scale_rules.scale_rules(),
        answer_rules.answers_off_the_scale(),
        answer_rules.answered_twice(),
        answer_rules.answered_uninvited(),
        sheet_rules.straight_lining(),
        sheet_rules.copied_sheets(),
        answer_rules.one_per_key(
            "two sheets by one customer in a wave: the first handed in kept",
            "survey_sheets",
            ["wave", "customer_id"],
            lambda rows: [rows.submitted_at.asc()],
        ),
        range_rules.out_of_range("survey_sheets"),
        sheet_rules.speeders(),
        sheet_rules.sheets_without_answers(),
        standards.spellings("survey_sheets", backend),
    ]


def _voices(backend: Backend | None) -> list[Step]:
    return [
        answer_rules.latest_version("contacts", key="contact_id", latest="rated_at"),
        answer_rules.answered_before_opened(),
        answer_rules.stars_off_the_scale("contacts", "csat"),
        standards.spellings("contacts", backend),
        answer_rules.levels_filled("contacts", ("channel", "topic")),
        answer_rules.latest_version("calls", key="call_id", latest="started_at"),
        range_rules.out_of_range("calls"),
        standards.languages("calls", backend),
        range_rules.unknown_parents("calls", "contact_id", "contacts", "contact not delivered: kept"),
        answer_rules.latest_version("feedback", key="feedback_id", latest="written_at"),
        answer_rules.empty_texts(),
        answer_rules.stars_off_the_scale("feedback", "rating"),
        range_rules.out_of_range("feedback"),
        standards.spellings("feedback", backend),
        standards.languages("feedback", backend),
        answer_rules.levels_filled("feedback", ("channel", "language")),
        standards.spellings("feedback_codes", backend),  # first: two spellings of one code are one code
        rules.exact_duplicates("feedback_codes"),
        answer_rules.one_per_key(
            "one code given twice to a text by one reader: the first kept",
            "feedback_codes",
            ["feedback_id", "coder", "code"],
            lambda rows: [rows.coded_at.asc(nulls_first=False)] if "coded_at" in rows.columns else [],
        ),
        range_rules.unknown_parents("feedback_codes", "feedback_id", "feedback", "text not delivered: kept"),
    ]
