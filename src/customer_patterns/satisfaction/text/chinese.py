"""Chinese words: cut by jieba's dictionary (rjieba, the same in Rust); what it does not know stays in single signs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")

#: Words that carry no theme.
_STOP_WORDS_TEXT = """
的 了 是 我 我们 你 你们 他 她 它 他们 在 有 和 与 及 也 都 就 还 又 很 太 更 最 非常 特别 真 真的 不 没 没有 别
要 会 能 可以 可 吧 吗 呢 啊 哦 呀 啦 嘛 着 过 把 被 给 让 对 跟 向 从 到 去 来 上 下 里 里面 外 中 这 那 这个
那个 这里 那里 这家 那家 这么 那么 什么 怎么 怎样 为什么 谁 哪 哪里 多 少 几 一 一个 一些 一点 一下 一直 一样
一次 两 个 次 些 点 年 月 天 日 周 号 时候 时 现在 以后 以前 之后 之前 后 前 因为 所以 如果 但 但是 不过 可是
然而 虽然 而且 而 或 或者 只 只是 就是 还是 都是 不是 是不是 觉得 感觉 说 看 想 知道 用 买 做 得 地 之 其 其他
自己 大家 人 东西 店 家 店里 已经 正在 将 再 才 刚 刚刚 每 每次 每天 最近 比 比较 像 好像 比如 等 等等 应该 需要
一定 可能 总 总是 经常 有时候 好 差 不错 喜欢 挺 蛮 挺好 很多 许多 好多 不会 不能 不要 有点 有些 块 元 钱 小时
分钟 半 第一 第一次 一家 今天 昨天 明天 话 事 种 位 件 那边 这边 老 新 大 小
"""
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())


def words_of(text: str) -> list[str]:
    """Return the words of a text's Chinese parts, as they stand.

    >>> words_of("收银员态度很差")
    ['收银员', '态度', '很', '差']
    """
    return [word for run in HAN.findall(text) for word in _cut(run)]


def _cut(run: str) -> list[str]:
    return _tokenizer().cut(run, False)


@cache
def _tokenizer() -> Any:
    import rjieba  # (loads a dictionary, which a study without Chinese texts does not need)

    return rjieba


def is_theme(word: str) -> bool:
    """Whether a word may name a theme: two signs or more, and none of the words that every text has."""
    return len(word) > 1 and word not in STOP_WORDS


def joined(words: Iterable[str]) -> str:
    """Words as they are read in a row."""
    return "".join(words)
