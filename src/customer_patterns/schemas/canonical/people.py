"""Who the customers are: what identifies and describes them, where they live, whom they brought, what they allow."""

from __future__ import annotations

from customer_patterns.schemas.canonical.parts import day, direct, id_of, level, moment, some_id
from customer_patterns.schemas.table import Column, TableSchema

#: Whose an account is. Only customers are analyzed.
ACCOUNT_TYPES = ("customer", "guest", "test", "staff")
#: What a customer may allow or refuse.
PURPOSES = ("analysis", "marketing", "tracking")

IDENTITIES = TableSchema(
    name="identities",
    grain="customer",
    key=("customer_id",),
    meaning="What identifies a customer as a person. Kept apart, so that no analysis meets it. Undated: as delivered.",
    columns=(
        id_of("customer_id", "the customer's key"),
        direct("name", "the person's name"),
        direct("phone", "telephone number"),
        direct("email", "e-mail address"),
        direct("address", "postal address"),
        direct("social_handle", "name in a social network"),
        direct("birthday", "day of birth, year first"),
        direct("postcode", "postal code"),
        direct("card", "number of a loyalty card"),
        some_id("visitor_id", "the browser or app in which this customer registered"),
        level("system", "the system that keeps this record", "System"),
        day("known_since", "since when the system has known the customer", nullable=True),
    ),
)

CUSTOMERS = TableSchema(
    name="customers",
    grain="customer",
    key=("customer_id",),
    meaning="Who the customers are, as far as someone described them. Undated but for the registration: as delivered.",
    columns=(
        id_of("customer_id", "the customer's key"),
        level("age_group", "age bracket of the head of the household", "Age"),
        level("income_group", "yearly household income bracket", "Income"),
        level("home_ownership", "owner or renter, as known or as probable", "Home"),
        level("marital_status", "married or unmarried", "Marital status"),
        level("household_size", "persons in the household", "Household size"),
        level("household_composition", "adults and children in the household", "Household"),
        level("children", "children in the household", "Children"),
        level("gender", "as the customer gave it", "Gender"),
        level("occupation", "group of occupations", "Occupation"),
        level("education", "highest degree", "Education"),
        level("debt_group", "bracket of what the household owes", "Debt"),
        level("lifestyle", "way of living, the sender's own groups", "Lifestyle"),
        level("city", "where the customer lives", "City"),
        level("country", "where the customer lives", "Country"),
        some_id("region_id", "the region where the customer lives"),
        level("account_type", "whose the account is", "Account", levels=ACCOUNT_TYPES),
        day("registered_on", "on which day the customer registered, local", nullable=True),
    ),
)

REGIONS = TableSchema(
    name="regions",
    grain="region",
    key=("region_id",),
    meaning="What is known about the regions where customers live. Undated: as delivered.",
    columns=(
        id_of("region_id", "the region's key"),
        level("region_name", "the region's name", "Region"),
        level("area_type", "town, suburb, country …", "Area"),
        level("country", "in which country", "Country"),
        Column("population", "integer", "people living there", unit="persons", nullable=True, minimum=0),
        Column("median_income", "number", "median income of a household", unit="currency", nullable=True, minimum=0),
    ),
)

REFERRALS = TableSchema(
    name="referrals",
    grain="customer who was brought by another",
    key=(),
    meaning="Who brought whom.",
    columns=(
        id_of("referrer_id", "the customer who recommended"),
        id_of("referred_id", "the customer who came"),
        moment("referred_at", "when"),
    ),
)

CONSENTS = TableSchema(
    name="consents",
    grain="decision of a customer about a purpose",
    key=(),
    meaning="What customers allowed and refused; the latest decision about a purpose counts.",
    columns=(
        id_of("customer_id", "who decided"),
        Column("purpose", "text", "about which use of the data", levels=PURPOSES),
        Column("granted", "boolean", "whether it is allowed"),
        moment("decided_at", "when"),
    ),
)
