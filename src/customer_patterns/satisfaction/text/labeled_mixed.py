"""Sentences in English and Chinese at once, with what they say, as people who live in both write them.

Written and labeled for this project before anything was held to them; signs as in
:mod:`~customer_patterns.satisfaction.text.labeled_en`.
"""

LINES = """
# plain
+ 服务 very good，下次还来。
+ The food is amazing，分量也很足。
+ 店员 so friendly，问什么都 patient。
+ 物流超快 and the packaging was perfect。
+ 这个 coffee 真的 delicious。
+ Great value，性价比很高。
+ 客服 reply 很及时，problem solved。
+ 环境 clean and quiet，适合聚会。
+ Love this place，强烈推荐。
+ The quality is excellent，会一直回购。
+ 床很舒服 and the view is beautiful。
+ 价格公道, staff are helpful。
+ 口感 very fresh，孩子特别喜欢。
+ Checkout was quick，收银员也很热情。
+ 非常满意 with the new layout。
+ 电池 durable，用了一年都没问题。
+ So comfortable，穿着很舒服。
+ 送货很准时, driver was polite。
+ Best noodles in town，味道正宗。
+ 退款很顺利, thank you so much。
- 服务 very bad，再也不来了。
- The food is terrible，又冷又硬。
- 店员 so rude，问什么都不理。
- 物流太慢 and the box was damaged。
- 这个 phone 用了两天就 broken。
- Waste of money，性价比太低。
- 客服 never reply，投诉也没用。
- 环境 dirty and noisy，待不下去。
- Hate this app，老是闪退。
- The quality is poor，穿一次就破了。
- 床很硬 and the room smells awful。
- 价格太贵, staff are unhelpful。
- 鱼 not fresh，有怪味。
- Checkout took forever，排队排了半天。
- 非常失望 with the new layout。
- 屏幕 cracked，质量太差。
- So uncomfortable，又闷又热。
- 送货迟到, driver was impolite。
- Worst noodles ever，难吃死了。
- 退款一直没到, so disappointed。
- 广告 misleading，完全是骗人。
- The meat was rotten，差点吃坏肚子。
- 座位太挤 and the music is too loud。
- Overpriced，味道也一般般，不值。
- 排队 one hour，太离谱了。
# negation
+ 一点都不 expensive，很划算。
+ 味道不错, not too salty。
+ 从来没有 problem，一直很好用。
+ Not a single complaint，都很满意。
+ 不得不说 the service is great。
+ 没有什么 bad smell，房间很干净。
+ Never disappointed，每次都好吃。
- 服务不 good。
- 房间不 clean，毛巾也旧。
- Not 好吃，下次不点了。
- 态度不 friendly 也不 professional。
- I don't think 值这个价。
- 一点都不 fresh，全是蔫的。
- The staff are not 热情 at all。
- 不推荐 this restaurant。
- 系统不 stable，经常死机。
- 没有 discount，也没有 apology。
- Not worth it，不会再买。
- 电池不 durable，半天就没电。
- 快递从来不 on time，很气人。
# contrast
+ 有点贵 but the quality is excellent。
+ 虽然排队久，但是 the food is amazing。
+ The room is small，但是很干净很舒服。
+ 一开始 a bit slow，后来客服处理得很好。
+ 包装一般 but the taste is wonderful。
+ Although it is far，服务真的很好。
+ 位置不好找 but the staff were so kind。
- 味道还可以 but the service is terrible。
- The food is good，但是服务太差。
- 环境 nice，但是又贵又难吃。
- 虽然便宜，but it broke after one day。
- Beautiful store，可是店员爱理不理。
- 物流很快 but the item was defective。
- The price is fair，不过质量太差了。
- 包装漂亮 but inside everything was stale。
- Friendly staff，但是等了一个小时还没上菜。
- 照片好看 but the real thing is ugly。
- 刚开始很好用, but now it crashes every day。
# neutral
= 包裹 arrived on Tuesday。
= 给 my brother 买的。
= 店在 station 旁边。
= 请问有 blue 的吗？
= We stayed 两晚，六月去的。
= 还行 I guess，just okay。
= 一般般, nothing special。
= 颜色是 dark gray 的。
= 明天再去 the other branch 看看。
= 用的是 member card 付款。
"""
