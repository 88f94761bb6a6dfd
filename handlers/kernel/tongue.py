"""In which language does somebody type who has chosen none?"""

from __future__ import annotations

import re
from typing import assert_never

from core.domain.workspaces import Locale
from handlers.kernel.command import Registry
from handlers.kernel.parse import HELP, Routed, SmallTalk, Unknown, route
from handlers.kernel.words import words

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def tongue(line: str, registry: Registry) -> Locale | None:
    """Chinese, where the command's own words are: what follows them may be a name in any language.

    English ones tell nothing: platforms list commands by these, whoever picks them. Where no command is called so, the first word tells.
    """
    typed = words(line.strip())
    match route(line, registry):
        case Routed(command=command, words=following):
            # Help is asked for by a command's words too.
            own = typed if command is registry[HELP] else typed[: len(typed) - len(following)]
        case Unknown():
            own = typed[:1]
        case SmallTalk():
            own = typed
        case unreachable:
            assert_never(unreachable)
    return Locale.ZH if any(_CHINESE.search(word.raw) for word in own) else None
