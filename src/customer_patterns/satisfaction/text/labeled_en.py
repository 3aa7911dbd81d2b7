"""English sentences with what they say, written and labeled for this project before the word lists were held to them.

A line is a sentence; its first sign says whether it praises (``+``), blames (``-``) or does neither (``=``: lukewarm,
or as much of one as of the other). Where a sentence turns ("but"), what it comes to counts.
"""

LINES = """
# plain
+ The soup was delicious and the portions are generous.
+ Delivery came a day early and everything was well packed.
+ Our waiter was attentive and really friendly.
+ I love these headphones, the sound is fantastic.
+ The room was clean and the bed comfortable.
+ Fast shipping, great price, thank you!
+ Easy to set up and it works perfectly.
+ The nurse was patient and explained everything.
+ Best pizza in town.
+ Customer service solved my problem within an hour.
+ My kids enjoy the playground every time.
+ Beautiful colors and soft fabric.
+ The app is intuitive and reliable.
+ Highly recommend this hotel to anyone.
+ The staff went above and beyond for us.
+ Very satisfied with the quality.
+ A wonderful evening, we will be back.
+ The checkout was quick and the cashier smiled.
+ Fair prices and a huge variety.
+ The battery is excellent.
- The screen cracked after two days.
- The fish smelled and the rice was cold and sticky.
- Our flight was delayed and the staff were rude.
- The shoes fell apart within a month.
- Terrible service, we waited forever.
- I am very disappointed with this purchase.
- The bathroom was dirty and there was mold on the wall.
- The app crashes every time I open it.
- Overpriced and tasteless.
- They charged me twice and ignored my complaint.
- The parcel arrived damaged and late.
- The manager was arrogant and unhelpful.
- Worst experience of my life.
- A complete waste of money.
- The music is annoying and far too loud.
- The zipper broke the first time I used it.
- Confusing website and hidden fees, what a rip-off.
- The meat was tough and burnt.
- The line is always long and slow.
- I want my money back.
- Poor quality, the color faded after one wash.
- The milk was already sour.
= The package arrived on Tuesday.
= I bought it for my brother.
= The store is next to the station.
= Does this model come in blue?
= We stayed two nights in June.
= They open at nine on weekdays.
# negation
- The food was not good.
- I would not recommend this place.
- The room wasn't clean.
- They don't care about their customers.
- It doesn't work.
- The staff were not friendly at all.
- The instructions are not clear and not helpful.
- I am not happy with this.
- Nobody was helpful.
- It was never comfortable.
- There is nothing good about it.
- The sauce has no flavor.
- The driver wasn't very polite.
- I can't recommend it.
- The coffee is hardly drinkable, hardly warm.
- The help desk was barely useful.
- Not worth the price.
- They never answered my emails.
- The towels were not fresh.
- It isn't reliable.
- The delivery did not arrive on time.
- I won't buy it again, it is not durable.
- Without any courtesy and without a smile.
- This is not what I call excellent service.
- We did not enjoy our stay.
- The new menu isn't impressive.
+ No problems at all.
+ I have no complaints.
+ Not bad at all!
+ It never disappoints.
+ The staff is never rude.
+ I don't regret buying it.
+ There was no waiting and no hassle.
+ The price isn't expensive.
+ You can't go wrong with the lasagna.
+ I couldn't be happier.
+ The noise was not a problem.
+ Nothing to complain about.
+ The seat isn't uncomfortable.
+ They didn't ignore us, they listened.
+ It does not leak and does not rust.
+ I was not disappointed.
# contrast
- The food was good but the service was terrible.
- Nice design, but it broke after a week.
- The location is great, however the rooms are filthy.
- Although the staff was friendly, the food was disgusting.
- It looks beautiful but it is useless.
- I liked it at first, but now I regret the purchase.
- Cheap, but you get junk.
- The waiter was kind, yet everything was cold and bland.
- The view is lovely. But the beds are horrible and the walls are dirty.
- Good idea but poor execution.
- Though the price is fair, the quality is disappointing.
- It used to be excellent, but it has become a mess.
+ A bit expensive, but worth every penny.
+ The delivery was slow, but the product is excellent.
+ Although it was crowded, the service was quick and friendly.
+ The shop is small but the selection is wonderful.
+ It looks cheap, but it works perfectly.
+ Despite the long wait, we loved the food.
+ I was skeptical, but I am really impressed.
+ Though the room was small, it was clean and comfortable.
+ The first one was broken, but they replaced it promptly and were very kind.
+ Parking is difficult, but everything else is great.
+ Not the cheapest, but the best.
+ It is an old building, however the rooms are beautiful.
= The food is good but the portions are small, so it evens out.
= Some dishes are great, others are bad.
= The service is slow and the food is good, I am of two minds.
# degree
+ Absolutely amazing.
+ Extremely helpful team.
+ The cake was so good!
+ Incredibly comfortable chair.
+ Super fast and super friendly.
+ Truly outstanding, far better than expected.
- Absolutely awful.
- Extremely rude receptionist.
- The worst hotel I have ever been to.
- Incredibly slow and utterly useless.
- The soup was way too salty.
- The jacket is too small and too tight.
- Really, really bad.
- It is terribly noisy at night.
- The portion is too small for the price.
- Pretty disappointing overall.
# lukewarm
= It's okay.
= The food was average.
= Nothing special.
= It does the job.
= So-so.
= The quality is acceptable.
= Neither good nor bad.
= It's fine I guess.
= Meh.
= The hotel is decent for one night.
= An ordinary restaurant.
= It is what it is.
= Mediocre at worst, decent at best.
= As expected, no more and no less.
= Could be better, could be worse.
= Alright for the price.
= Just ok.
= Mixed feelings about this one.
# double negation
+ It is not without charm and not unpleasant.
+ I can't say I was unhappy with it.
+ There is nothing I dislike about this phone.
+ There was never a moment when they were not helpful.
+ You will not be disappointed.
+ I have never had a bad meal here.
+ Nobody could say that the staff were unfriendly.
+ It is not impossible to love this place.
- I can't say that I liked it.
- It is not that I wasn't disappointed.
- I do not think it is good.
- I don't believe this is a fair price.
# sarcasm
- Great, another hour on hold. Exactly what I needed.
- Wonderful, the second one broke as well.
- Thanks for nothing.
- Oh perfect, my refund will take only six weeks.
- What a brilliant idea to hide the support number.
- I just love paying for things that never arrive.
- Fantastic service if you enjoy being ignored.
- Congratulations, you made coffee taste like water.
"""
