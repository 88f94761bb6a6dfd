"""In which language does somebody type who has chosen none?"""

from __future__ import annotations

import re

from core.domain.workspaces import Locale

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A command is its family's word and its own; what follows may be a name in any language.
COMMAND = 2


def tongue(line: str) -> Locale | None:
    """Chinese, where the command's words are. English ones tell nothing: platforms list commands by these, whoever picks them."""
    return Locale.ZH if any(map(_CHINESE.search, line.split(maxsplit=COMMAND)[:COMMAND])) else None
