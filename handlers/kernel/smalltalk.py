"""Is somebody only being kind? Greetings and thanks are no commands, however near one they look."""

from __future__ import annotations

from core.domain.typed import plain

_GREETINGS = (
    *("hello", "hello there", "hi", "hi there", "hey", "good morning", "good afternoon", "good evening", "test", "bye", "goodbye"),
    *("你好", "您好", "你好啊", "大家好", "嗨", "哈喽", "早", "早安", "早上好", "上午好", "下午好", "晚上好", "在吗", "在么", "测试", "再见"),
)
_THANKS = (
    *("thanks", "thank you", "thanks a lot", "thx", "cheers", "ok", "okay", "great", "nice"),
    *("谢谢", "谢谢你", "多谢", "感谢", "辛苦了", "好", "好的", "收到", "知道了"),
)
_SAID = frozenset((*_GREETINGS, *_THANKS))
_POLITE = frozenset(("please", "pls", "thanks", "thx", "thank", "you", "谢谢", "多谢", "请", "谢谢你"))
_MARKS = " .,!?~…，、！～；;"


def is_small_talk(line: str) -> bool:
    """Whether nothing is said but a greeting, thanks, or a question mark; nothing at all is a greeting too."""
    said = plain(line).strip(_MARKS).casefold()
    return not said or said in _SAID


def is_polite(word: str) -> bool:
    """Whether the word is a courtesy, which changes nothing of what is asked."""
    return plain(word).strip(_MARKS).casefold() in _POLITE
