"""Signs that praise or blame without a word."""

from __future__ import annotations

_GOOD = "😀😃😄😁😆😊🙂😉😍🥰😘😋😎🤩😇🤗👍👏🙌💪❤♥💕💖💗💯🌹🌟⭐✨🎉🔥☺👌🥳😻💐🏆"
_BAD = "😡😠🤬👎💔😤😞😒🙄🤢🤮😢😭😩😫😖😣😟😔😕🙁☹💩😱😑🤦👿😾"
#: What each sign says.
EMOJI: dict[str, float] = {**dict.fromkeys(_GOOD, 1.0), **dict.fromkeys(_BAD, -1.0), **dict.fromkeys("😐🤷🤔", 0.0)}
