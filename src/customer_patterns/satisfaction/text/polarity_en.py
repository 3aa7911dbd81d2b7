"""English words of praise and of blame, written for this project; no list of others is copied.

What a customer says of a shop, its goods and its people. Word forms are made plain before they are looked up
(:func:`~customer_patterns.satisfaction.text.english.lemma`), so each word stands here once.
"""

from __future__ import annotations

_STRONGLY_GOOD = """amazing awesome beautiful best brilliant delicious delight delightful excellent exceptional exquisite
fabulous fantastic favorite favourite flawless gem gorgeous heavenly impeccable incredible love magnificent marvelous
outstanding perfect perfection phenomenal remarkable spectacular splendid stellar stunning sublime superb superior
terrific thrilled top tremendous unbeatable wonderful wow yummy spotless unforgettable"""

_GOOD = """accommodating accurate adorable affordable agreeable appreciate appreciative appetizing approachable attentive
attractive bargain beneficial better bright calm careful caring charming cheap cheaper cheapest cheerful clean comfortable comfy
competent considerate content convenient cool cooperative cordial courteous cozy creamy crisp crispy dependable durable
easy effective efficient effortless elegant enjoy enjoyable enjoyment enthusiastic entertaining fair fast favorably fine-tuned
flavorful flavourful flexible fresh freshest friendly friendliness fun generous genuine glad good goodness grateful gracious great
handy happy healthy helpful helpfulness honest honor hospitable hygienic immaculate impress impressive improve improvement inexpensive innovative
inspiring interesting intuitive inviting joy juicy kind kindly kindness knowledgeable likable lively lovely loyal lucky
luxurious modern neat nice nicely nourishing organized patient peaceful pleasant pleasantly pleased pleasing pleasure polite praise
prompt promptly proper punctual quick quickly quicker quiet reasonable reasonably recommend recommendation refreshing relaxing relaxed reliable reliably resolve
respectful responsive responsible reward rewarding roomy safe satisfactory satisfied satisfying satisfy satisfaction seamless secure
sincere skilled skillful smart smile smiling smooth smoothly soft solid sophisticated sparkling spacious speedy
splendidly stable stylish succulent sturdy suitable sunny superbly support supportive sweet swift swiftly tasty tender thank
thankful thanks thorough thoughtful tidy timely trusted trustworthy unique upscale useful valuable variety warm
welcome welcoming well well-made wholesome win worth worthwhile worthy yay gluten-free patience professional professionally professionalism
courtesy comfort bonus blessing save saver saving treat hearty ripe vibrant plentiful"""

_BAD = """absent aggressive annoy annoyance annoyed annoying anger angry arrogant ashamed avoid awkward bad badly bitter bland
blame blurry bored boring bother bothersome broken bruised bug buggy bumpy burn burnt burned careless chaotic chaos clueless clumsy clunky
cockroach complain complaint complicated concern condescending confuse confused confusing confusion contaminated costly crack cracked cramped
crap crappy crash crazy crooked crowded cumbersome damage damaged damp dangerous dated deceive deceptive decline
defect defective defective delay delayed dent dented deplorable difficult dim dingy dirt dirty disagree disagreeable disappear disappoint
disappointed disappointing disappointment discolored discontinue discontinued dishonest dismissive disorganized disrespectful dissatisfied dissatisfaction dried-out dry dull dump
empty error excuse expensive expire expired exhausted exhausting fail failure fake fault faulty fed-up filthy flaky
flaw flawed flimsy flop forget forgot foul freeze frozen-over frustrate frustrated frustrating frustration fuss garbage germ glitch
glitchy gloomy greasy grim gross grouchy grumpy hair harsh hard-to-find hassle headache hesitant hostile hurt ignorant
ignore impatient impersonal impolite impossible inaccurate inadequate inattentive incompetent incomplete inconsiderate inconsistent
inconvenience inconvenient incorrect indifferent inedible inefficient inferior inflexible insane insect insecure insincere insult insulting
irritate irritated irritating jam junk lack lacking laggy lame lazy leak leaky leaking lie limp lose loss lost loud lousy lukewarm
mediocre mess messy mice miserable mislead misleading misplace miss missing mistake moldy mold mouldy mould mushy musty
naughty negligent neglect nervous nightmare noise noisy nuisance obnoxious obsolete odor offend offended offensive oily
old outdated overcharge overcharged overcooked overcrowded overflowing overloaded overpriced overrated overwhelmed pain painful
pathetic penalty pest poor poorly pothole pricey problem problematic queue quit refuse refusal regret reject ridiculous
rip-off ripoff roach rot rotten rough rubbery rude rudely rudeness ruin rundown run-down rust rusty sad sadly scam scratch scratched screwed shabby
shame shoddy short-staffed shortage sick sketchy skimpy slippery sloppy slow slower slowly sluggish smell smelly smell snippy snobbish
soggy sold-out sore sorry sour spill spoil spoiled spoilt stain stained stale sticky stingy stink stinky stolen strange stress stressful
stuck stuffy stupid subpar suck suffer surly suspicious tacky tarnish tasteless tedious tepid terribly thief threadbare threat tired
tiresome torn tough trash trouble tricky ugly unable unacceptable unanswered unappetizing unavailable uncomfortable uncooked undercooked understaffed
underwhelming undrinkable uneven unfair unfortunate unfortunately unfriendly unhappy unhealthy unhelpful uninspired uninterested unkempt
unknowledgeable unnecessary unpleasant unprofessional unreasonable unreliable unresponsive unripe unsafe unsatisfactory
unsatisfied unsatisfying unsanitary unstable unsuitable unusable unwelcome unwelcoming unwilling upset useless wait waste wasteful
watery weak weird wilted wobbly worn worry worried worse worsen wrong wrongly yell outrage overpay flicker
broke deaf blurred misspell shrink hideous fraudulent cheat"""

_STRONGLY_BAD = """abysmal appalling atrocious awful catastrophe catastrophic crook despicable disaster disastrous disgrace
disgraceful disgust disgusted disgusting dreadful eww furious hate hated hell hellish horrendous horrible horribly horrid horrific horrified
joke nasty nauseating outrageous pathetic poison poisoned poisoning rancid repulsive revolting robbery scammer shameful
terrible thieves unbearable unforgivable vile vomit worst worthless inexcusable"""

#: Said and read, but neither praise nor blame.
_LUKEWARM = """acceptable adequate alright average decent fair-ish fine meh moderate okay ok ordinary passable
so-so standard tolerable typical usual"""

_PHRASES = {
    2: """can't_go_wrong cannot_go_wrong blown_away second_to_none hard_to_beat top_notch five_stars keep_it_up well_done
    no_problem_at_all highly_recommend made_my_day exceeded_my_expectations above_and_beyond spot_on hats_off
    can't_fault worth_every_penny nothing_but_praise couldn't_be_happier could_not_be_happier couldn't_be_better
    couldn't_ask_for_more can't_get_enough must_have to_die_for out_of_this_world never_disappoint never_fail thumb_up
    thumbs_up""",
    1: """no_problem no_problems no_complaint no_complaints no_issue no_issues no_hassle no_fuss no_wait no_trouble
    can't_complain cannot_complain couldn't_complain can_not_complain nothing_to_complain will_be_back be_back_soon
    come_again come_back go_back be_back coming_back going_back will_return would_return great_value good_value value_for_money
    right_away on_time in_no_time never_sold_out money_back_guarantee up_to_date plenty_of a_lot_of_choice pay_off
    worth_it as_promised as_described as_good_as like_new how_i_like no_wait free_of no_line no_queue without_a_hitch
    without_any_problem without_any_problems without_problem without_problems without_fuss exactly_what say_hello says_hello
    not_a_problem not_an_issue wide_enough big_enough ahead_of_schedule saves_us nothing_wrong not_disappointed
    glad_i have_everything has_everything no_flaw no_fault not_regret hard_to_find_fault hard_to_fault hard_not_to_like hard_not_to_love
    difficult_to_fault nothing_to_criticize nothing_to_fault no_longer_a_problem problem_solved not_a_single_complaint
    not_one_complaint can_only_recommend""",
    0: """not_great_not_terrible nothing_special nothing_to_write_home_about so_so neither_here_nor_there
    neither_good_nor_bad not_bad_not_great not_good_not_bad neither_great_nor_terrible middle_of_the_road good_and_bad it_is_what_it_is it's_what_it_is
    could_be_better_could_be_worse could_be_worse average_at_best fair_enough as_expected more_or_less old_school
    fair_to_middling as_usual not_too_bad sort_of_ok does_the_job does_its_job gets_the_job_done just_ok just_okay just_fine hit_or_miss
    hit_and_miss a_mixed_bag mixed_bag mixed_feelings not_sure some_good_some_bad like_any_other nothing_exciting nothing_unusual i_have_seen_better
    seen_worse seen_better room_for_improvement good_morning good_luck good_enough for_the_most_part happy_holidays happy_birthday as_well well_as
    old_town wait_and_see kind_of sort_of hot_dog cool_whip sour_cream sweet_potato bitter_chocolate
    dry_goods a_good_deal_of a_good_half cold_cuts freeze_dried frozen_food sick_leave pretty_much well_over how_well
    looking_for looks_like looks_as look_like feel_like feels_like would_like i'd_like like_this like_that like_a like_the miss_the_bus""",
    -1: """sold_out out_of_stock out_of_order run_out ran_out fell_apart fall_apart falls_apart went_down gone_downhill go_downhill went_downhill
    waste_of_money waste_of_time not_worth no_longer not_again money_back not_the_first_time never_again past_its_date
    out_of_date back_to_the_store better_elsewhere used_to_be_good used_to_be_better used_to_be_great used_to_be expect_better expected_better
    expected_more let_down lets_down could_be_better could_have_been_better should_be_better needs_improvement need_to_improve could_use_improvement
    no_one_came nobody_came no_answer no_reply no_response got_no_answer never_answered not_answered no_help hung_up hang_up
    on_hold in_line stood_in_line waited_forever wait_forever takes_forever took_forever too_long too_much too_many too_few too_small too_big too_salty
    too_sweet too_hot too_cold too_loud too_late too_far too_short too_spicy too_thin too_tight too_heavy too_slow too_high too_low
    too_crowded too_dark smaller_and_smaller get_smaller gets_smaller went_up goes_up gone_up more_expensive half_empty
    half_of_it_was falling_apart eye_roll look_for_it_myself not_even no_refund still_waiting nobody_care nobody_cared no_one_cared could_care_less
    couldn't_care_less didn't_care doesn't_care don't_care charged_twice double_charged dropped_the_ball turn_off gave_up
    give_up giving_up stop_working stopped_working didn't_work doesn't_work does_not_work did_not_work don't_work not_work won't_work
    steer_clear stay_away look_elsewhere go_elsewhere somewhere_else last_time_i never_showed never_arrived never_came
    wouldn't_recommend no_apology not_even_a_sorry no_way no_taste no_flavor nothing_works cut_corners hard_as_a_rock""",
    -2: """rip_off ripped_off never_again_in_my_life stay_far_away could_not_be_worse couldn't_be_worse
    hit_rock_bottom food_poisoning worst_ever made_me_sick zero_stars one_star total_waste daylight_robbery
    thumb_down thumbs_down""",
}


def _values() -> dict[str, float]:
    words = {_LUKEWARM: 0.0, _GOOD: 1.0, _BAD: -1.0, _STRONGLY_GOOD: 2.0, _STRONGLY_BAD: -2.0}
    return {word: value for text, value in words.items() for word in text.split()}


#: Each word, and from -2 (strong blame) to 2 (strong praise) what it says; 0 is lukewarm.
POLARITY: dict[str, float] = _values()
#: Several words that say something else than their parts, by their first word; longest first.
PHRASES: dict[str, tuple[tuple[tuple[str, ...], float], ...]] = {}
for _value, _listed in _PHRASES.items():
    for _phrase in _listed.split():
        _words = tuple(_phrase.split("_"))
        PHRASES[_words[0]] = (*PHRASES.get(_words[0], ()), (_words, float(_value)))
PHRASES = {first: tuple(sorted(found, key=lambda item: (-len(item[0]), item))) for first, found in PHRASES.items()}

#: What turns the words after it round, and how far behind it a word may stand.
NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "n't",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "won't",
        "wouldn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "couldn't",
        "shouldn't",
        "haven't",
        "hasn't",
        "hadn't",
        "ain't",
        "neither",
        "nor",
        "without",
        "hardly",
        "barely",
        "scarcely",
        "rarely",
        "seldom",
        "nobody",
        "none",
        "nothing",
        "nowhere",
        "lack",
        "lacking",
        "lacks",
        "dont",
        "doesnt",
        "didnt",
        "wont",
        "isnt",
        "wasnt",
        "cant",
        "couldnt",
        "far-from",
        "anything-but",
    ]
)
NEGATED_WORDS = 4
#: What makes the next word stronger or weaker.
DEGREES: dict[str, float] = {
    **dict.fromkeys(
        [
            "absolutely",
            "completely",
            "extremely",
            "totally",
            "utterly",
            "incredibly",
            "insanely",
            "awfully",
            "terribly",
            "unbelievably",
            "ridiculously",
            "exceptionally",
            "super",
            "so",
        ],
        1.6,
    ),
    **dict.fromkeys(
        [
            "very",
            "really",
            "truly",
            "highly",
            "quite",
            "pretty",
            "especially",
            "particularly",
            "always",
            "far",
            "much",
            "way",
        ],
        1.3,
    ),
    **dict.fromkeys(
        [
            "slightly",
            "somewhat",
            "little",
            "bit",
            "fairly",
            "rather",
            "kinda",
            "sorta",
            "partly",
            "mildly",
            "sometimes",
        ],
        0.6,
    ),
}
#: What follows counts more than what stood before …
BUT = frozenset(["but", "however", "yet", "nevertheless", "nonetheless", "though"])
#: … and what follows here counts less than the other clause.
ALTHOUGH = frozenset(["although", "though", "while", "despite", "even-though", "whereas", "albeit"])
