"""Sentences of the behavior chapter.

A title ``<key>`` has a twin ``<key>_otherwise`` for data that do not suffice for its figures.
"""

SENTENCES: dict[str, str] = {
    "behavior.weekly_shoppers": "{share} of {customers} shop at least once a week",
    # how often
    "behavior.rhythm_title": "{weekly_share} of {customers} mostly come back within {weekly_gap}",
    "behavior.rhythm_title_otherwise": "How often {customers} come back",
    "behavior.rhythm_subtitle": "Share of {customers} by their own median gap between shopping days; {everyone}",
    "behavior.rhythm_table": "What frequent and rare shoppers bring",
    "behavior.return_title": "After {returned_share} of shopping days the next comes within {weekly_gap}",
    "behavior.return_title_otherwise": "How soon the next shopping day comes",
    "behavior.return_subtitle": "Share of shopping days followed by another within so many days; {everyone}",
    "behavior.no_return": "Too few {customers} were seen on a second shopping day to say when they come back",
    "behavior.return_days": "Days since the shopping day",
    # who brings the revenue
    "behavior.deciles_title": "The tenth of {customers} who spend most bring {top_tenth_share} of revenue",
    "behavior.deciles_title_otherwise": "What each tenth of the {customers} brings",
    "behavior.deciles_subtitle": "Share of revenue by tenths of {customers}, from those who spend most on; {everyone}",
    "behavior.tenths": "Tenths of {customers}",
    # baskets
    "behavior.baskets_title": "The median basket is worth {basket_median}, the mean one {basket_mean}",
    "behavior.baskets_title_otherwise": "What baskets are worth",
    "behavior.baskets_subtitle": (
        "Share of baskets by the value of their goods; {baskets}, those of {last_class} or more not drawn"
    ),
    "behavior.baskets_subtitle_otherwise": "Share of baskets by the value of their goods",
    "behavior.baskets_median": "Median {basket_median}",
    "behavior.baskets_median_otherwise": "Median",
    "behavior.baskets_table": "Value and size of baskets of goods",
    "behavior.no_fuel": "Too few {customers} came for fuel alone to say anything of it",
    "behavior.fuel_table": "Value of stops for fuel alone",
    # when
    "behavior.hours_title": "{busiest_hour} is the busiest hour, with {busiest_hour_share} of orders",
    "behavior.hours_title_otherwise": "Orders by the hour of the day",
    "behavior.hours_subtitle": "Share of orders by the hour in which they were paid, local time; {everyone}",
    "behavior.weekdays_title": "A {busiest_day} sees {busiest_day_index} times the orders of an average day",
    "behavior.weekdays_title_otherwise": "Orders by the day of the week",
    "behavior.weekdays_subtitle": "Orders per such day by orders per day; {everyone}",
    "behavior.even_day": "Average day",
    "behavior.week_hours_title": "The fullest hour of the week is {fullest_day}, {fullest_hour}",
    "behavior.week_hours_title_otherwise": "Orders by the hour of the week",
    "behavior.week_hours_subtitle": "Share of orders by weekday and local hour; {everyone}",
    # the year
    "behavior.weeks_title": "The week of {best_week} brought most: {best_week_revenue} per {customer}",
    "behavior.weeks_title_otherwise": "Revenue from week to week",
    "behavior.weeks_subtitle": "Revenue per {customer} and week, those who stayed away included; {everyone}",
    "behavior.annual_unknown": (
        "Whether the year has seasons cannot be said: that needs {years_needed}, and the study holds {years}. "
        "A high week of one year may be a season, a trend or chance."
    ),
    "behavior.annual_table": "Revenue per day by month, compared with all days",
    # who came when
    "behavior.cohorts_title": (
        "{first_month_share} of {customers} were first seen in {first_month:month}, when the study began"
    ),
    "behavior.cohorts_title_otherwise": "When {customers} were first seen",
    "behavior.cohorts_subtitle": "Share of {customers} by the month of their first order in the study; {everyone}",
    "behavior.retention_title": (
        "{stayed_share} of those first seen in {stayed_from:month} ordered in {stayed_until:month}"
    ),
    "behavior.retention_title_otherwise": "Who of each cohort ordered again",
    "behavior.retention_subtitle": "Share of each cohort with an order so many months later; {everyone}",
    "behavior.retention_unknown": "No later month has been seen to its end, so nothing is said about who stays",
    "behavior.months_later": "Months later",
    "behavior.cohorts_table": "Which cohorts may be new",
    # groups
    "behavior.selection_title": (
        "{customers} with demographics spend {described_spend} a month, the others {others_spend}"
    ),
    "behavior.selection_title_otherwise": "{customers} with demographics and without",
    "behavior.selection_table": "Whom we know, and whom we do not",
    "behavior.no_selection": "Nobody is described, so no groups are compared",
    "behavior.groups_subtitle": "Mean revenue per {customer} and month by what is known about them; {everyone}",
    "behavior.groups_table": "Spend a month by group; groups of fewer than {min_group} are blank",
    # what sells
    "behavior.departments_title": "{top_department} brings {top_department_share} of the revenue of goods",
    "behavior.departments_title_otherwise": "What brings the revenue of goods",
    "behavior.departments_subtitle": "Share of the revenue of goods by department; {everyone}",
    "behavior.categories_table": "The categories that bring most, and how many {customers} buy them",
    # visits
    "behavior.fact_visitors": "Visitors",
    "behavior.fact_visits": "Visits",
    "behavior.fact_visits_each": "Visits of one visitor, on average",
    "behavior.fact_visit_days_each": "Days with a visit, on average",
    "behavior.fact_events_each": "Events in one visit, on average",
    "behavior.fact_came_again_share": "Visitors seen on a second day",
    "behavior.few_visitors": "Too few visitors for this figure: what so few do is not shown",
    "behavior.event_kinds_title": "{top_event} is what most visitors do: {top_event_reach} of them",
    "behavior.event_kinds_title_otherwise": "How many visitors do what",
    "behavior.event_kinds_subtitle": "Share of visitors who ever did it; {visitors}",
    "behavior.event_kinds_subtitle_otherwise": "Share of visitors who ever did it",
    "behavior.visit_hours_title": "Most visits begin in the hour of {visit_hour}: {visit_hour_share} of them",
    "behavior.visit_hours_title_otherwise": "Visits by the hour of the day",
    "behavior.visit_hours_subtitle": "Share of visits by the hour in which they begin, local time; {visits}",
    "behavior.visit_weekdays_title": "A {visit_day} sees {visit_day_index} times the visits of an average day",
    "behavior.visit_weekdays_title_otherwise": "Visits by the day of the week",
    "behavior.visit_weekdays_subtitle": "Visits per such day by visits per day; {visits}",
    "behavior.devices_title": "{top_device_share} of visits are made on this device: {top_device}",
    "behavior.devices_title_otherwise": "Visits by device",
    "behavior.devices_subtitle": "Share of visits by device; {visits}",
    # possible sales
    "behavior.conversion_title": "Of the opportunities that were decided, {won_share} were won",
    "behavior.conversion_title_otherwise": "How many opportunities move on from each stage",
    "behavior.conversion_subtitle": "Share that moved on, of those that left the stage; {opportunities}",
    "behavior.conversion_subtitle_otherwise": "Share that moved on, of those that left the stage",
    "behavior.conversion_table": "How far opportunities come, and how many still wait",
    "behavior.few_opportunities": "Too few {customers} have opportunities to say how far these come",
    # findings
    "behavior.visits": (
        "{visitors} made {visits_each} each on average, and {came_again_share} of them were seen on a second day"
    ),
    "behavior.visit_clock": "Most visits begin in the hour of {visit_hour}: {visit_hour_share} of them",
    "behavior.event_kinds": "{top_event} is what most visitors do: {top_event_reach} of them",
    "behavior.conversion": (
        "Of the opportunities that were decided, {won_share} were won; fewest move on from the stage of {narrow_stage}, "
        "{narrow_share} of those that leave it"
    ),
    "behavior.rhythm": (
        "{weekly_share} of {customers} mostly come back within {weekly_gap}, "
        "and they bring {weekly_revenue_share} of revenue"
    ),
    "behavior.only_once": "{only_once_share} of {customers} shopped on one day at most, and none mostly come back within {weekly_gap}",
    "behavior.concentration": "The tenth of {customers} who spend most bring {top_tenth_share} of revenue",
    "behavior.basket": "The median basket is worth {basket_median}, the mean one {basket_mean}",
    "behavior.clock": (
        "{busiest_hour} is the busiest hour, with {busiest_hour_share} of orders; "
        "a {busiest_day} sees {busiest_day_index} times the orders of an average day"
    ),
    "behavior.truncated": (
        "{first_month_share} of {customers} are first seen in {first_month:month}, when the study begins: "
        "they are taken to have shopped before, not to be new"
    ),
    "behavior.selected": (
        "{customers} with demographics have a median of {described_orders}, the others of {others_orders}: "
        "what is said about age or income holds for the described alone"
    ),
}
