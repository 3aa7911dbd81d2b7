"""What is said on the telephone in English: turns by topic and mood, to be composed into transcripts.

Nobody is named, and nothing is quoted: all of it was written for this project.
"""

SPEAKERS = {"agent": "Agent", "customer": "Customer"}
GREETINGS = (
    "Good morning, customer service, what can I do for you?",
    "Thank you for calling, how can I help?",
    "Hello, you have reached the service desk, what is it about?",
    "Service line, good day, what can I do?",
)
REASONS: dict[str, tuple[str, ...]] = {
    "product quality": (
        "The salad I bought yesterday was already brown inside.",
        "The milk was sour two days before its date.",
        "I bought chicken and it smells strange.",
        "The bread had mold on the bottom.",
        "Half of the strawberries were soft and wet.",
        "The frozen fish had thawed before I got it home.",
    ),
    "price and receipt": (
        "I was charged twice for the same thing.",
        "The shelf said one price and the register another.",
        "The discount is not on my receipt.",
        "There is a line on my receipt that I do not recognize.",
        "The special offer was not taken off at the register.",
    ),
    "coupons and card": (
        "My coupon was not accepted at the checkout.",
        "My points from last week are not on the card.",
        "The app shows a coupon that the register does not know.",
        "I lost my card and want to keep my points.",
        "The coupon in the mail had run out when it arrived.",
    ),
    "availability": (
        "What was in the mailer was gone on the first day.",
        "You have not had my coffee for three weeks.",
        "The diapers are always out in our size.",
        "Will you get the oat milk again?",
        "The website says in stock and the shelf is empty.",
    ),
    "staff": (
        "The person at the counter just walked away.",
        "I asked for help and nobody came.",
        "Someone at the checkout was rude to my mother.",
        "I want to say that the team at the bakery was very kind.",
    ),
    "store": (
        "The carts outside are all wet and rusty.",
        "The parking lot is dark in the evening.",
        "The freezer aisle was full of boxes, I could not get through.",
        "The restroom was closed again.",
    ),
    "other": (
        "Are you open on the holiday?",
        "I think I left my umbrella at your store.",
        "Do you take back empty bottles?",
        "Can I order a cake for Saturday?",
    ),
}
QUESTIONS = (
    "I see. When did that happen?",
    "Do you have the receipt at hand?",
    "In which store was that?",
    "Let me look that up for you.",
    "May I have the last digits of your card?",
    "One moment please, I am opening your account.",
)
DETAILS = (
    "It was yesterday in the evening.",
    "I have the receipt in front of me.",
    "At the store by the station.",
    "On Saturday, around noon.",
    "I do not have it anymore.",
    "It is in the app, I can read it to you.",
)
MOODS: dict[str, tuple[str, ...]] = {
    "good": (
        "It is not a big thing, I just wanted to let you know.",
        "You have always been helpful.",
        "Usually everything is fine at your store.",
        "I am sure we can sort that out.",
    ),
    "even": (
        "I would like to know what can be done.",
        "That should not happen, I think.",
        "So what happens now?",
        "I hope that this can be solved.",
    ),
    "bad": (
        "This is the third time, I am really fed up.",
        "I have been waiting on the line forever.",
        "Nobody seems to care.",
        "I am thinking about shopping somewhere else.",
        "That is simply not acceptable.",
    ),
}
LONG_TALK = (
    "Let me explain how this works with us, because there are several rules that apply here.",
    "As I said, our system notes that overnight, and in the morning it goes to the branch.",
    "You also have to know that the branch decides about that, and the branch has its own list.",
    "And besides, there is a new offer that I would like to tell you about while we are talking.",
)
SOLVED = (
    "I have put the amount back on your card.",
    "I have booked that for you, it is done.",
    "You can pick up a new one at the service desk.",
    "I have noted it, and the branch will see to it today.",
)
NOT_SOLVED = (
    "I am afraid I cannot do that from here.",
    "You would have to go to the branch with the receipt.",
    "I will pass it on, someone will get back to you.",
    "There is nothing in the system, I am sorry.",
)
THANKS = (
    "Thank you, that was quick.",
    "Great, thanks for your help.",
    "All right, thank you.",
)
NO_THANKS = (
    "Well, then I know.",
    "That does not help me.",
    "All right. Goodbye.",
)
CALL_BACK = "You can reach me at 555-#."
GOODBYES = ("Thank you for calling, goodbye.", "Have a nice day.", "Goodbye.")
