"""What a clause is about: the dimensions that customers of shops, hotels and services speak of, by words that name them.

Declared, not found: so the same theme is counted in English and Chinese, in each study and each year. A study adds
themes of its own with the words that name them. What no word names is counted as such; what else comes up is for
:mod:`~customer_patterns.satisfaction.text.topics` to find.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from customer_patterns.satisfaction.text.chinese import HAN
from customer_patterns.satisfaction.text.english import lemma, words_of
from customer_patterns.satisfaction.text.normalize import normalize

#: Themes in the order of the tables; a comma separates words or phrases, in English and in Chinese.
ASPECTS: dict[str, str] = {
    "product quality": """
        quality, fresh, freshness, stale, moldy, mold, mouldy, rotten, rot, spoiled, spoil, sour, smell off, smelled off, ripe, unripe,
        taste, tasty, tasteless, flavor, flavour, delicious, yummy, bland, texture, juicy, tough, tender, dry, burnt, overcooked, undercooked,
        raw, soggy, crisp, crispy, thawed, past date, past its date, past it date, long date, expiry, best before, defective, defect, broke, broken, crack, cracked,
        durable, durability, sturdy, flimsy, fell apart, fall apart, material, fabric, workmanship, fade, faded, worn, watery, wilted, salty, sweet, ripeness,
        throw away, into the trash, in the trash, went bad, last all week, lasted all week, battery, sound quality, picture quality, smell, smelled, hard as a rock, trim,
        质量, 品质, 新鲜, 不新鲜, 发霉, 霉, 烂, 腐烂, 坏的, 坏了, 坏东西, 变质, 过期, 保质期, 日期, 味道, 口感, 口味, 好吃, 难吃, 好喝, 难喝, 美味, 鲜嫩, 入味, 太咸, 太甜, 太硬, 咬不动,
        又干又柴, 柴, 蔫, 化过冻, 破了, 破的, 破损, 裂, 开胶, 掉色, 褪色, 起球, 做工, 面料, 材质, 材料, 耐用, 结实, 次品, 劣质, 瑕疵, 正品, 假货, 怪味, 异味, 封口, 现做, 很甜, 个个都好,
        音质, 画质, 电池, 屏幕, 效果, 印刷, 纸张, 内容, 扔掉, 咸, 食材, 分量, 大牌""",
    "price": """
        price, pricing, priced, pricey, overpriced, expensive, cheap, cheaper, cheapest, inexpensive, affordable, cost, bargain,
        value for money, good value, great value, lot for your money, worth the money, worth every penny, money, overcharge, overcharged, charge, charged twice, discount,
        markdown, deal, weekly deal, sale price, sale item, on sale, fee, rip off, ripoff, rip-off, receipt, pay for, spend, two-for-one, paid,
        价格, 价钱, 价位, 标价, 原价, 特价, 降价, 涨价, 又涨, 涨了, 贵, 便宜, 实惠, 划算, 合算, 省钱, 性价比, 优惠活动, 打折, 折扣, 买一送一, 物美价廉, 多收, 多付, 收费, 小票, 一半的钱, 奢侈品, 省下, 花了, 值这个价, 公道""",
    "service attitude": """
        staff, service, cashier, waiter, waitress, employee, clerk, manager, receptionist, server, host, nurse, doctor, driver, bagger, assistant,
        friendly, unfriendly, rude, rudeness, polite, impolite, courteous, courtesy, kind, attitude, helpful, unhelpful, patient, impatient, attentive, hospitable,
        smile, respectful, disrespectful, arrogant, professional, unprofessional, ignore, apologize, apologized, apology, apologise, eye roll, greet, greeted, hello,
        carried my bags, customer service, argued, treated me, treat me, not even a sorry, snippy, told to look,
        服务, 店员, 服务员, 服务台, 员工, 收银员, 客服, 店长, 经理, 老板, 老板娘, 前台, 师傅, 司机, 护士, 医生, 小伙子, 大姐, 阿姨, 态度, 热情, 友好, 亲切, 耐心, 礼貌, 冷漠, 冷淡, 粗鲁, 恶劣, 不耐烦, 敷衍, 傲慢,
        爱搭不理, 爱理不理, 没人理, 道歉, 脸色, 白眼, 微笑, 打招呼, 贴心, 周到, 头都不抬, 很凶, 吵了半天, 推来推去, 挂断""",
    "response speed": """
        wait, waited, waiting, queue, line, in line, long line, checkout, self-checkout, slow, slowly, fast, quick, quickly, prompt, promptly, hold, on hold, answer, answered, reply, replied, response,
        respond, minute, forever, right away, register, call back, called back, pickup, speed, speedy, took a week, instantly, immediately, hotline, no refund, refund was back, e-mail, email, phone, chat, delay, delayed, hour,
        排队, 排了, 长队, 队伍, 等了, 等待, 久等, 半天, 结账, 收银台, 回复, 秒回, 答复, 没人回, 没人接, 马上有人, 很快, 速度, 太慢, 很慢, 慢, 及时, 效率, 电话, 回电, 邮件, 自助机, 取货, 到账, 退款还没, 分钟就, 死机, 处理""",
    "shipping": """
        delivery, deliver, delivered, shipping, ship, shipped, courier, parcel, package, arrive, arrived, packaging, packed, carrier, tracking,
        快递, 物流, 送货, 发货, 到货, 配送, 包裹, 包装, 快件, 运费, 派送, 送到, 外卖""",
    "store experience": """
        clean, dirty, filthy, spotless, hygiene, aisle, layout, parking, restroom, bathroom, toilet, cart, store smell, music, loud, noise, noisy, quiet,
        location, atmosphere, ambience, ambiance, decor, decoration, room, bed, seat, seating, table, lights, light, bright, sign, floor, crowded, entrance, wheelchair, stroller, view, playground, cafe corner, relaxing, freezing,
        find everything, easy to find, moved everything, comfortable,
        环境, 干净, 卫生, 整洁, 脏, 明亮, 过道, 布局, 停车, 洗手间, 厕所, 卫生间, 购物车, 音乐, 安静, 嘈杂, 太吵, 隔音, 位置, 氛围, 装修, 房间, 床, 座位, 座椅, 灯, 指示牌, 地板, 拥挤, 门口, 轮椅, 婴儿车, 休息区, 景色, 好找, 找不到,
        换了位置, 冷得受不了, 人少, 逛着, 舒适, 宽敞, 交通, 放松, 店里有股""",
    "assortment": """
        selection, choice, variety, assortment, range, in stock, out of stock, stock, sold out, carry the, carry, shelf, shelves, brand, stopped selling, no longer sell, gluten-free, vegetarian, vegan,
        organic choice, international, local product, small pack, giant pack, same three kinds, everything on my list, allergies, allergy, advertised, finish my list, menu,
        品种, 种类, 选择, 齐全, 丰富, 断货, 缺货, 卖完, 卖光, 没货, 有货, 货架, 上架, 不卖了, 牌子, 品牌, 款式, 进口, 本地的产品, 小包装, 大包装, 无麸质, 素食, 过敏, 买齐, 菜单, 菜品, 那三种, 少得可怜""",
    "loyalty offers": """
        coupon, voucher, loyalty, loyalty card, card, point, points, fuel point, reward, mailing, promo code, promotion code, code, member, membership, offer had ended,
        优惠券, 券, 积分, 会员卡, 会员, 卡刷, 纸券, 宣传单, 促销码, 返利, 三个码""",
    "website": """
        app, website, site, online, login, log in, logs me out, log out, password, web page, browser, crash, update, interface, software,
        网站, 网页, 应用, 软件, 登录, 闪退, 卡顿, 小程序, 系统, 界面, 页面, 更新, 密码""",
    "after-sales": """
        return, returned, refund, exchange, warranty, repair, repaired, replacement, replace, replaced, money back, took back, complaint, after-sales,
        退货, 换货, 退换, 退款, 退钱, 退了, 保修, 维修, 修理, 售后, 投诉, 赔偿, 换了新的, 把钱退""",
}

#: Phrases that hold a word of a theme and do not speak of it.
_NOTHING = """room for improvement, quick note, store brand, see you, 自有品牌, 写评价, 评价, 服务台, 不舒服, 大家"""

#: How many words a phrase has at most.
_LONGEST = 4


@dataclass(frozen=True)
class Aspects:
    """Themes by the words that name them.

    Parameters
    ----------
    words
        What names each theme, in any language: words or phrases.
    """

    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The themes, in their order."""
        return tuple(self.words)

    def of(self, clause: str) -> tuple[str, ...]:
        """Return the themes that a clause names.

        Parameters
        ----------
        clause
            Normalized.

        Returns
        -------
        tuple of str
            The theme, or the two themes, that most of its words name, in their order; none where none do.

        Examples
        --------
        >>> declared_aspects().of("the cashier was rude")
        ('service attitude',)
        >>> declared_aspects({"pets": ["dog", "小狗"]}).of("我的小狗很喜欢")
        ('pets',)
        """
        known = self._read
        if clause not in known:
            known[clause] = self._of(clause)
        return known[clause]

    def _of(self, clause: str) -> tuple[str, ...]:
        hits: dict[str, int] = {}
        for word in self._found(clause):
            for theme in self._themes[word]:
                hits[theme] = hits.get(theme, 0) + len(word.split()) * (2 if word in self._own else 1)
        if not hits:
            return ()
        most = max(hits.values())
        first = [theme for theme in self.words if hits.get(theme) == most]
        return tuple(first[:2])

    @cached_property
    def _read(self) -> dict[str, tuple[str, ...]]:
        """What was found in clauses so far: short ones come again and again."""
        return {}

    @cached_property
    def _own(self) -> frozenset[str]:
        """Words of themes that the study declares: they win."""
        return frozenset(_key(word) for theme, words in self.words.items() if theme not in ASPECTS for word in words)

    @cached_property
    def _themes(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for theme, words in self.words.items():
            for key in dict.fromkeys(map(_key, words)):
                if key:
                    found[key] = (*found.get(key, ()), theme)
        for word in _listed(_NOTHING):
            found.setdefault(_key(word), ())
        return found

    @cached_property
    def _longest_han(self) -> int:
        return max((len(word) for word in self._themes if HAN.match(word)), default=0)

    def _found(self, clause: str) -> list[str]:
        found = []
        if any("a" <= sign <= "z" for sign in clause):
            plain = [lemma(word) for word in words_of(clause)]
            place = 0
            while place < len(plain):
                for length in range(min(_LONGEST, len(plain) - place), 0, -1):
                    phrase = " ".join(plain[place : place + length])
                    if phrase in self._themes:
                        found.append(phrase)
                        place += length - 1
                        break
                place += 1
        if not clause.isascii():
            place = 0
            while place < len(clause):
                for end in range(min(len(clause), place + self._longest_han), place, -1):
                    if clause[place:end] in self._themes:
                        found.append(clause[place:end])
                        place = end - 1
                        break
                place += 1
        return found


def declared_aspects(more: Mapping[str, Sequence[str]] | None = None) -> Aspects:
    """Return the themes that are looked for: ours, and those that a study adds.

    Parameters
    ----------
    more
        Further themes, each with the words that name it; a name that stands among ours takes its place.

    Raises
    ------
    ValueError
        A theme without a word, or with one that is only a sign.
    """
    words = {name: _listed(text) for name, text in ASPECTS.items()}
    for name, listed in (more or {}).items():
        if not listed or isinstance(listed, str) or not all(len(_key(word)) > 1 for word in listed):
            raise ValueError(f"theme '{name}' needs a list of words, each of two signs or more")
        words[name] = tuple(listed)
    return Aspects(words)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"\s*,\s*", " ".join(text.split())))


@lru_cache(maxsize=100_000)
def _key(word: str) -> str:
    """A word or phrase as clauses hold it."""
    plain = normalize(word)
    return plain if HAN.search(plain) else " ".join(lemma(part) for part in words_of(plain))
