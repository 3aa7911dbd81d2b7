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
    "behavior.audit_groups_table": "What tenths and cohorts bring: {customers}, orders of each, value of an order",
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
    "behavior.fuel_table": "Value of stops for fuel alone",
    # when
    "behavior.no_hours": "No hour can be named: purchases came without a time of day, or from too few",
    "behavior.hours_title": "{busiest_hour} is the busiest hour, with {busiest_hour_share} of orders",
    "behavior.hours_title_otherwise": "Orders by the hour of the day",
    "behavior.hours_subtitle": "Share of orders by the hour in which they were paid, local time; {everyone}",
    "behavior.weekdays_title": "A {busiest_day} sees {busiest_day_index} times the orders of an average day",
    "behavior.weekdays_title_otherwise": "Orders by the day of the week",
    "behavior.weekdays_subtitle": "Orders per such day by orders per day; {everyone}",
    "behavior.even_day": "Average day",
    # channels
    "behavior.channels_table": "Which channels {customers} use, and what these bring",
    "behavior.no_channel": "Through which channel orders came is not known",
    # the year
    "behavior.weeks_title": "The week of {best_week} brought most: {best_week_revenue} per {customer}",
    "behavior.weeks_title_otherwise": "Revenue from week to week",
    "behavior.weeks_subtitle": "Revenue per {customer} and week, those who stayed away included; {everyone}",
    "behavior.annual_unknown": (
        "Whether the year has seasons cannot be said: that needs {years_needed}, and the study holds {years}. "
        "A high week of one year may be a season, a trend or chance."
    ),
    "behavior.annual_table": "Revenue per day by month, compared with all days",
    "behavior.holidays_table": "Revenue on public holidays and in the days before, compared with usual weeks",
    "behavior.no_country": "The study file names no country, so no public holidays are marked",
    # who came when
    "behavior.retention_title": (
        "{stayed_share} of those first seen in {stayed_from:month} ordered in {stayed_until:month}"
    ),
    "behavior.retention_title_otherwise": "Who of each cohort ordered again",
    "behavior.retention_subtitle": "Share of each cohort with an order so many months later; {everyone}",
    "behavior.retention_unknown": "No later month has been seen to its end, so nothing is said about who stays",
    "behavior.months_later": "Months later",
    "behavior.cohorts_table": "Which cohorts may be new",
    # what changed
    "behavior.audit_title": (
        "New or returning {customers} add {came_share} to revenue, lost or pausing ones take {left_share}"
    ),
    "behavior.audit_title_otherwise": "What revenue gained and lost from one period to the next",
    "behavior.audit_subtitle": (
        "Change of revenue from a period to the one from {later_from} on, as a share of the earlier; {audited}"
    ),
    "behavior.audit_subtitle_otherwise": "Change of revenue from one period to the next, as a share of the earlier",
    "behavior.audit_even": "No change",
    "behavior.audit_table": "Revenue of both periods as {customers}, times orders of each, times value of an order",
    # groups
    "behavior.selection_title": (
        "{customers} with demographics spend {described_spend} a month, the others {others_spend}"
    ),
    "behavior.selection_title_otherwise": "{customers} with demographics and without",
    "behavior.selection_table": "Whom we know, and whom we do not",
    "behavior.no_selection": "Nobody is described, so no groups are compared",
    "behavior.groups_subtitle": "Mean revenue per {customer} and month, small groups drawn toward the others; {everyone}",
    "behavior.no_groups": "Nothing that describes {customers} was delivered, or too few are described, to compare groups",
    "behavior.groups_table": "Spend a month by group, small ones drawn toward the others; fewer than {min_group}: blank",
    "behavior.area_table": "Spend a month by type of area; groups of fewer than {min_group} are blank",
    "behavior.no_area": "In which type of area {customers} live is not known",
    "behavior.profile_table": "What is known of {customers}: how much is missing, center and spread",
    # what sells
    "behavior.departments_title": "{top_department} brings {top_department_share} of the revenue of goods",
    "behavior.departments_title_otherwise": "What brings the revenue of goods",
    "behavior.departments_subtitle": "Share of the revenue of goods by department; {everyone}",
    "behavior.categories_table": "The categories that bring most, and how many {customers} buy them",
    "behavior.products_table": "The products that most {customers} buy",
    # market
    "behavior.market_title": "Brand {odd_brand} is bought {odd_ratio} times as often per buyer as its size lets expect",
    "behavior.market_title_otherwise": "How many buy each brand, and how often",
    "behavior.market_subtitle": (
        "{market_category}: purchases per buyer by share of {customers} who buy the brand; {everyone}"
    ),
    "behavior.market_subtitle_otherwise": "Purchases per buyer by share of {customers} who buy the brand",
    "behavior.market_line": "Expected without niches",
    "behavior.market_penetration": "Share of {customers} who buy the brand",
    "behavior.market_frequency": "Purchases per buyer",
    "behavior.market_table": "Brands beside what their size lets expect (NBD-Dirichlet)",
    "behavior.duplication_title": (
        "{also_share} of buyers of brand {buyers_of} also buy {also_buy}; by size alone it would be {also_by_size}"
    ),
    "behavior.duplication_title_otherwise": "Which brands share their buyers",
    "behavior.duplication_subtitle": (
        "Share of a brand's buyers who also buy another; in {pairs_alike:bare} of {pairs_of_brands} as sizes let expect"
    ),
    "behavior.duplication_subtitle_otherwise": "Share of a brand's buyers who also buy another",
    "behavior.no_market": "In no category enough brands compete to compare how they are bought",
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
    "behavior.fact_pages_each": "Page views in one visit, on average",
    "behavior.fact_seconds_each": "Time on site of one visit, on average",
    "behavior.fact_single_share": "Visits of a single event (bounces)",
    "behavior.fact_unknown_visits_share": "Visits by visitors who are not known",
    "behavior.fact_unknown_share": "Visitors who are not known",
    "behavior.fact_suspected_events": "Events of suspected programs, left out",
    "behavior.devices_table": "Visits by device: how many pages they see, how long they last, how many hold one event only",
    # visits without an order
    "behavior.without_title": "{unordered_share} of visits hold no order",
    "behavior.without_title_otherwise": "Visits that hold no order",
    "behavior.without_subtitle": "Share of visits without an order by the hour in which they begin, local time; {visits}",
    "behavior.hour_of_day": "Hour of the day",
    "behavior.without_all": "All visits",
    "behavior.frequent": (
        "Of {frequent_visitors} with {visits_needed} or more in the last {frequent_days}, {frequent_without} ordered "
        "nothing in that time; the table {listed} lists them, for whoever may see single {customers}"
    ),
    "behavior.no_frequent": "Too few {customers} visited often in the last days to say how many ordered nothing",
    # journeys
    "behavior.next_title": "What stands out: {step_from} → {step_to}, {step_share} of times",
    "behavior.next_title_otherwise": "What comes next after each touch",
    "behavior.next_subtitle": (
        "Share of touches (rows) by what came next within {journey_pause} (columns); blank: too few; {touches_seen}"
    ),
    "behavior.next_subtitle_otherwise": "Share of touches (rows) by what came next within {journey_pause} (columns)",
    "behavior.paths_table": "The most frequent paths, each to an order or else to a pause of more than {journey_pause}",
    "behavior.few_touches": "There is but one kind of touch, or too few {customers} have any, so no journey can be drawn",
    "behavior.fact_journeys": "Journeys",
    "behavior.fact_journeys_left_out": "Left out: begun too close to the last day, or perhaps before the first",
    "behavior.fact_journeys_since": "Counted from",
    "behavior.fact_ordered_share": "Journeys that end in an order",
    "behavior.fact_prepared_share": "Of these, journeys with another touch before the order",
    "behavior.fact_touches_each": "Touches in one journey, on average",
    # from first seen to revenue
    "behavior.life_title": "Of those first seen in {life_month:month}, {activated_share} soon order, {retained_share} again",
    "behavior.life_title_otherwise": "How far newcomers come",
    "behavior.life_subtitle": (
        "Share of those first seen in a month; an order within {activation}, the rest within {retention_time}; {life_people}"
    ),
    "behavior.life_subtitle_otherwise": (
        "Share of those first seen in a month; an order within {activation}, the rest within {retention_time}"
    ),
    "behavior.no_life": "No cohort has been seen for long enough, or all are too small, to say how far newcomers come",
    # e-mails
    "behavior.mail_title": "{mail_opened} of messages that arrived were opened, {mail_clicked} clicked",
    "behavior.mail_title_otherwise": "How many messages were opened",
    "behavior.mail_subtitle": "Share opened within {reaction}, of those that arrived, by campaign; {mails_arrived}",
    "behavior.mail_subtitle_otherwise": "Share opened within {reaction}, of those that arrived, by campaign",
    "behavior.mail_table": "What became of the messages of each campaign; those that came back are in no other share",
    "behavior.few_mails": "Too few {customers} were sent messages to say what became of them",
    # loyalty points
    "behavior.loyalty_title": "Members spend {member_spend} a month, other {customers} {other_spend}: as observed",
    "behavior.loyalty_title_otherwise": "What members of each tier spend, as observed",
    "behavior.loyalty_subtitle": "Mean revenue per {customer} and month since the first order, by tier; {loyalty_people}",
    "behavior.loyalty_subtitle_otherwise": "Mean revenue per {customer} and month since the first order, by tier",
    "behavior.loyalty_table": "Members of each tier and others: spend, orders, and who is in the tenth that spends most",
    "behavior.few_members": "Too few members to say how they earn and spend points",
    "behavior.fact_members": "Members",
    "behavior.fact_points_each": "Points earned by a member in a month, on average",
    "behavior.fact_points_spent_share": "Points spent by points earned",
    "behavior.fact_spenders_share": "Members who ever spent points",
    "behavior.fact_tier_moved_share": "Members whose tier changed",
    "behavior.fact_overdrawn": "Members whose points ever summed to less than none",
    # work of the service
    "behavior.service_title": "The service has {service_rate} per {per_orders}, most often about this: {top_topic}",
    "behavior.service_title_otherwise": "How many contacts the service has",
    "behavior.service_subtitle": "Contacts per {per_orders} and week, of known {customers}; {service_contacts}",
    "behavior.service_subtitle_otherwise": "Contacts per {per_orders} and week, of known {customers}",
    "behavior.service_table": "What {customers} turn to the service about, and how long it stays open",
    "behavior.few_contact_weeks": "Too few {customers} turned to the service in a week for a line from week to week",
    "behavior.few_contacts": "Too few {customers} turned to the service to say how much work that is",
    # where sales are lost
    "behavior.loss_title": "Most value is lost in the stage of {loss_stage}: {loss_share} of all that is lost",
    "behavior.loss_title_otherwise": "Where the value of possible sales is lost",
    "behavior.loss_subtitle": "Value of opportunities lost, by the stage they were in; {opportunities_lost}",
    "behavior.loss_subtitle_otherwise": "Value of opportunities lost, by the stage they were in",
    "behavior.loss_table": "How long opportunities stay in each stage, and what is lost there",
    # usage
    "behavior.usage_title": "{kept_share} of users still use it {kept_months} after their first use",
    "behavior.usage_title_otherwise": "Who still uses it later",
    "behavior.usage_subtitle": "Share of users with a use in the month so many months after the first; {users}",
    "behavior.usage_subtitle_otherwise": "Share of users with a use in the month so many months after the first",
    "behavior.months_of_use": "Months since the first use",
    "behavior.contracts_table": "How many contracts are not cancelled within {kept_for}",
    "behavior.few_contracts": "Too few {customers} have contracts to say how long they keep them",
    "behavior.no_referrals": "No referrals were delivered, so nothing is said of who recommends",
    "behavior.few_users": "Too few {customers} use it, or not for long enough, to say how",
    "behavior.fact_users": "Users",
    "behavior.fact_days_in_use": "Days in use, of one user in a month",
    "behavior.fact_uses_each": "Uses on a day in use, on average",
    "behavior.fact_usual_share": "Share of months with a use, of all that users were seen through",
    # words in tables
    "behavior.word_all_paths": "all other paths",
    "behavior.word_all_campaigns": "all campaigns",
    "behavior.word_no_campaign": "no campaign",
    "behavior.word_all_members": "all members",
    "behavior.word_no_member": "not a member",
    "behavior.word_no_tier": "no tier",
    "behavior.word_all_plans": "all plans",
    "behavior.word_no_plan": "no plan",
    "behavior.word_all_topics": "all topics",
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
    "behavior.journeys": (
        "{ordered_share} of journeys end in an order, and {prepared_share} of these hold another touch before it; the "
        "other journeys end in a pause of more than {journey_pause}"
    ),
    "behavior.mail": (
        "Of {mails_arrived} that arrived {mail_opened} were opened, {mail_clicked} clicked and {mail_replied} answered"
    ),
    "behavior.loyalty": "Members spend {points_spent_share} of the points they earn, and {tier_moved_share} of them changed tier",
    "behavior.service_load": (
        "The service has {service_rate} per {per_orders}; the most frequent topic is {top_topic}, with {top_topic_share} "
        "of them"
    ),
    "behavior.losses": (
        "Of the value of lost opportunities most is lost in the stage of {loss_stage}: {loss_value}, {loss_share} of it"
    ),
    "behavior.usage": "A user uses it on {days_in_use} a month; {kept_share} still do {kept_months} after the first use",
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
    "behavior.audit_more": (
        "Revenue from {later_from} on is {revenue_more} above that of the period before: new or returning {customers} add "
        "{came_share}, lost or pausing ones take {left_share}, the rest is that of those who stayed"
    ),
    "behavior.audit_less": (
        "Revenue from {later_from} on is {revenue_less} below that of the period before: new or returning {customers} add "
        "{came_share}, lost or pausing ones take {left_share}, the rest is that of those who stayed"
    ),
    "behavior.audit_alike": (
        "Revenue from {later_from} on is not clearly above or below that of the period before; its change is "
        "{revenue_alike}, to which new or returning {customers} add {came_share} and from which lost or pausing ones take "
        "{left_share}"
    ),
    "behavior.market": (
        "Of {brands_compared} of {market_category}, {unlike_brands} have more or fewer buyers than their size lets "
        "expect; brand {odd_brand} is bought {odd_ratio} times as often per buyer"
    ),
    "behavior.holiday": "Revenue on {holiday} is {holiday_index} times that of usual such weekdays",
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
