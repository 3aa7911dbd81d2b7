"""What reviewers of single products say: by language and mood. ``{thing}`` stands for the product."""

from __future__ import annotations

#: What the products that are reviewed are called in English and in Chinese, by product type.
THINGS: dict[str, dict[str, str]] = {
    "MILK": {"en": "milk", "zh": "牛奶"},
    "YOGURT": {"en": "yogurt", "zh": "酸奶"},
    "CHEESE": {"en": "cheese", "zh": "奶酪"},
    "CEREAL": {"en": "cereal", "zh": "麦片"},
    "SYRUP": {"en": "syrup", "zh": "糖浆"},
    "DRY PASTA": {"en": "pasta", "zh": "意面"},
    "PASTA SAUCE": {"en": "pasta sauce", "zh": "意面酱"},
    "SALSA": {"en": "salsa", "zh": "莎莎酱"},
    "COOKIES": {"en": "cookie box", "zh": "饼干"},
    "CHOCOLATE": {"en": "chocolate", "zh": "巧克力"},
    "JUICE": {"en": "juice", "zh": "果汁"},
    "COFFEE": {"en": "coffee", "zh": "咖啡"},
    "TEA": {"en": "tea", "zh": "茶叶"},
    "SOUP": {"en": "soup", "zh": "汤罐头"},
    "TUNA": {"en": "tuna", "zh": "金枪鱼"},
    "ICE CREAM": {"en": "ice cream", "zh": "冰淇淋"},
    "FROZEN PIZZA": {"en": "frozen pizza", "zh": "冷冻披萨"},
    "SLICED BREAD": {"en": "sliced bread", "zh": "切片面包"},
    "SALAD": {"en": "salad", "zh": "沙拉"},
    "CHICKEN": {"en": "chicken", "zh": "鸡肉"},
    "BACON": {"en": "bacon", "zh": "培根"},
    "LAUNDRY DETERGENT": {"en": "detergent", "zh": "洗衣液"},
    "SHAMPOO": {"en": "shampoo", "zh": "洗发水"},
    "TOOTHPASTE": {"en": "toothpaste", "zh": "牙膏"},
}

SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "good": (
            "the {thing} is excellent",
            "the {thing} is worth every penny",
            "we buy the {thing} again and again",
            "very good quality",
            "a fair price for such {thing}",
            "well packed and nothing was broken",
            "the {thing} has never disappointed us",
            "not a single complaint about the {thing}",
        ),
        "bad": (
            "the {thing} is not worth the money",
            "poor quality",
            "the {thing} was damaged when I opened it",
            "the packaging leaks",
            "I would not buy the {thing} again",
            "there is nothing good about the {thing}",
            "far too expensive for what it is",
            "the {thing} gets worse every month",
        ),
    },
    "zh": {
        "good": (
            "{thing}品质很好",
            "{thing}很值这个价",
            "会一直回购{thing}",
            "{thing}是店里最好的",
            "包装完好，没有破损",
            "价格公道",
            "{thing}从来没有让人失望",
            "非常满意",
        ),
        "bad": (
            "{thing}质量太差",
            "{thing}不值这个价",
            "{thing}打开就是坏的",
            "包装漏了",
            "不会再买{thing}",
            "{thing}越来越差",
            "太贵了",
            "一点都不好",
        ),
    },
    "mixed": {
        "good": (
            "这个{thing} is really good",
            "{thing}品质很好, worth every penny",
            "the quality is excellent，会一直回购",
            "包装完好, nothing was broken",
            "非常满意, will buy it again",
        ),
        "bad": (
            "这个{thing} is so disappointing",
            "质量太差, not worth the money",
            "the packaging leaks，一点都不好",
            "{thing}打开就是坏的, never again",
            "far too expensive，不会再买",
        ),
    },
}
#: Between praise and blame of one text, and between two sentences of one kind.
TURN = {"en": ", but ", "zh": "，但是", "mixed": "，但是 "}
AND = {"en": ". ", "zh": "。", "mixed": "。"}
