"""What is planted into a delivery to see whether any of it comes out: persons, scripts, formulas, a secret."""

from __future__ import annotations

import random

PERSONS = 1_000
#: A key and an address with a password, as a study finds them in the environment.
SECRETS = {
    "CUSTOMER_PATTERNS_KEY": "6b1f0c9d5e7a4832b0c6d4e2f8a17395c3e9b2d0f4a6817c5d3e1b9f07a2c486",
    "SHOP_DATABASE": "postgresql://shop:horse-battery-9417@localhost/shop",
}

_FIRST = (
    "Odalric", "Wenna", "Tibor", "Ysolde", "Perrin", "Quilla", "Baldo", "Sunniva", "Corwin", "Merel", "Jorun", "Fenja",
    "Ludo", "Anselma", "Viggo",
)  # fmt: skip
_LAST = (
    "Brackwater", "Thornquist", "Vandermolen", "Ossifrage", "Pellworm", "Quennell", "Rasmuth", "Tjaden", "Uhlenhorst",
    "Zwartberg",
)  # fmt: skip
_HAN_FIRST, _HAN_LAST = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "嫣瑾璟霁翊玥珩晗昀煜忻琬琰璇"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def persons() -> list[dict[str, str]]:
    """A thousand people who do not exist, half of them Chinese; every value is another one."""
    rng, made = random.Random(9417), []
    for n in range(PERSONS):
        day = f"{1950 + n % 50}{1 + n % 12:02}{1 + n % 28:02}"
        head = f"110105{day}{n:03}"
        check = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, head, strict=True)) % 11]
        chinese = n % 2
        if chinese:
            name = _HAN_FIRST[n // 2 % 16] + _HAN_LAST[n // 32 % 14] + _HAN_LAST[(n // 32 // 14 + n) % 14]
        else:
            name = f"{_FIRST[n // 2 % 15]} {_LAST[n // 30 % 10]}-{_LAST[(n // 300 + n) % 10]}"
        phone = f"+86 138 {n:04} {rng.randrange(10_000):04}" if chinese else f"+1 (212) 555-{n:04}"
        made.append(
            {
                "name": name,
                "phone": phone,
                "mail": f"{rng.choice('abcdefgh')}{n}.planted@mail.example.org",
                "resident": head + check,
                "card": _with_check(f"4539{n:04}{rng.randrange(10**7):07}"),
            }
        )
    return made


def _with_check(digits: str) -> str:
    doubled = [int(d) * (2 - at % 2) for at, d in enumerate(reversed(digits))]
    return digits + str(-sum(v - 9 if v > 9 else v for v in doubled) % 10)


def said(person: dict[str, str], n: int) -> str:
    """What such a person may write."""
    if n % 2:
        return (
            f"我叫{person['name']}，手机{person['phone']}，邮箱{person['mail']}，"
            f"身份证{person['resident']}，卡号{person['card']}。"
        )
    return (
        f"I am {person['name']}, call {person['phone']} or write to {person['mail']}; "
        f"id {person['resident']}, card {person['card']}."
    )


#: Each would set ``window.ran``, open a link or ask a network for something if a page let it.
PAYLOADS = (
    "<script>window.ran=1</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=window.ran=1>",
    "<img src=//evil.example/a.png>",
    "<svg onload=window.ran=1>",
    "<svg><script>window.ran=1</script></svg>",
    "<body onload=window.ran=1>",
    "<iframe src=javascript:window.ran=1></iframe>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<a href=javascript:window.ran=1>x</a>",
    "[x](javascript:window.ran=1)",
    "![x](//evil.example/b.png)",
    "<input autofocus onfocus=window.ran=1>",
    "<details open ontoggle=window.ran=1>",
    "<video><source onerror=window.ran=1></video>",
    "<math><mtext><img src=x onerror=window.ran=1></mtext></math>",
    "<link rel=stylesheet href=//evil.example/c.css>",
    "<style>@import '//evil.example/d.css';</style>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<base href=//evil.example/>",
    "<object data=javascript:window.ran=1></object>",
    "<embed src=//evil.example/e.swf>",
    "<form action=//evil.example/><button>x</button></form>",
    "</title><script>window.ran=1</script>",
    "</style><script>window.ran=1</script>",
    "</textarea><script>window.ran=1</script>",
    '"><script>window.ran=1</script>',
    "'><img src=x onerror=window.ran=1>",
    "{{7*7}}{% raw %}<script>window.ran=1</script>",
    "${window.ran=1}`<script>window.ran=1</script>`",
    "&lt;script&gt;window.ran=1&lt;/script&gt;<script>window.ran=1</script>",
    "<template><script>window.ran=1</script></template><x onclick=window.ran=1>",
)
#: What a spreadsheet would run.
FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1+1", "－1+1",
    "＠SUM(1)", '=HYPERLINK("//evil.example")', "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
#: What matplotlib, a font or a page could change.
LABELS = (
    "$9.9 to $19.9", "$5% off$", r"\alpha", r"a_b^c", "^up^", "_x_", "100 %", "<b>bold</b>", "a & b", "&lt;", "{x}",
    "#1", "~tilde~", "`code`", "'single' \"double\"", "中文标签", "全角（括号）", "Ünïcödé", "naïve café", "a\\nb",
    "→ ← ±", "😀 smile",
)  # fmt: skip
