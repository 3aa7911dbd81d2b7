"""The manifest of what is planted: which file of ``truth/`` holds which truth, and what a method should estimate."""

from __future__ import annotations

#: By file in ``truth/``: what it holds, and the estimand that a finding is held against.
MANIFEST: dict[str, tuple[str, str]] = {
    "truth.json": (
        "the shop: types of shopper, hours, basket factors, response to promotions, flaws in the tills' records",
        "rates and factors as named there; a mailing's effect on purchases is zero",
    ),
    "customers.parquet": (
        "each customer: type of shopper (the segment), own rate, first day, day of leaving (full defection), day from "
        "which less is bought (partial defection), household",
        "membership of a type; days of defection; no difference by home ownership",
    ),
    "products.parquet": ("the assortment with shelf prices and popularity", "shares by household's taste"),
    "pairs.parquet": (
        "pairs of product types with their odds ratio within household and basket size; 1 is a control",
        "odds ratio given household and size; lift as planted; a superset of a pair is no rule of its own",
    ),
    "promotions.parquet": (
        "promotions drawn by lot for product, store and week, with the response of the odds",
        "price exponent and factors of mailer and display in truth.json",
    ),
    "special_lines.parquet": ("each line of the tills that is no ordinary purchase", "counts by kind"),
    "time_traps.parquet": ("orders at moments where a wrong clock shows", "local day of each"),
    "answers.json": (
        "the satisfaction model: weights, halo, non-response by behavior and by contentment, flaws; an item that is "
        "read otherwise in one wave, one that is in one language",
        "estimands over all customers, the silent ones included",
    ),
    "contentment.parquet": ("how content each invited customer is, who answers, in which language", "see answers.json"),
    "texts.parquet": ("what each feedback text is about", "topics praised and blamed"),
    "additions.json": (
        "everything below: settings, counts, rates, effects, and the web shop's special records with their fate",
        "named beside each",
    ),
    "web_customers.parquet": (
        "who orders on the web, at which rate, and from which day on less",
        "rate while active; partial defection",
    ),
    "web_prices.parquet": ("web price of every product and week, by lot", "elasticities by the formulas of additions"),
    "web_special_lines.parquet": ("each readable record of the web shop that is no ordinary sale", "counts by kind"),
    "sequences.parquet": (
        "which product type follows which, with which chance and gap; 0 is a control",
        "share of orders with the first that are followed by the second because of it",
    ),
    "complements.parquet": ("which type is taken along with which; 0 is a control", "added chance given the first"),
    "identities.parquet": (
        "whose each record is, in what it disagrees and what misleads in it; who lives with the person before",
        "precision and recall over pairs of records",
    ),
    "consents.parquet": ("what each customer allows at the end, by purpose", "the last decision before a moment"),
    "contracts.parquet": (
        "risk and true day of cancellation of each pass, also where it lies behind the delivery",
        "risk per 30 days by plan; use before a cancellation",
    ),
    "ledger.parquet": ("entries whose balance does not add up", "these and no others"),
    "visitors.parquet": (
        "whose each visitor is: a customer's, a stranger's, a bot's; whether an account was opened there",
        "precision and recall; who opened an account is known without ever logging in",
    ),
    "visits.parquet": ("what each visit was for and how far it went", "shares in additions.json"),
    "product_reviews.parquet": (
        "of each product review its stars, those kept back too, its language, and whether its text praises or blames",
        "which products lie below or above all others, as in additions.json; praise and blame per text",
    ),
    "feedback_codes.parquet": ("the true code of each coded text", "expected kappa in additions.json"),
    "sheets.parquet": ("which answer sheets were clicked through", "precision and recall"),
}


def readme(files: list[str]) -> str:
    """Return the manifest as a page for the files that lie there.

    Parameters
    ----------
    files
        Names of the files in ``truth/``.
    """
    rows = []
    for name in sorted(files):
        holds, estimand = MANIFEST.get(name, ("", ""))
        rows.append(f"| `{name}` | {holds} | {estimand} |")
    head = [
        "# What is planted",
        "",
        "Everything here is simulated and describes no real person. No study reads this folder.",
        "",
        "| file | what it holds | what a method should find |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])
