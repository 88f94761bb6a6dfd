"""What did a payload look like before? Golden ones stand in `golden/`; with MORNINGBELL_REDRAW=1 the tests draw them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

from core.domain.workspaces import Locale

GOLDEN = Path(__file__).parent / "golden"
REDRAW = "MORNINGBELL_REDRAW"


def written(payload: object) -> str:
    """The payload as its golden file has it."""
    return json.dumps(payload, ensure_ascii=False, indent=1) + "\n"


def kept(platform: str, name: str, locale: Locale, now: str) -> str:
    """The golden payload of that name; `now` becomes it first where golden payloads are to be drawn anew."""
    path = GOLDEN / platform / f"{name}.{locale.value}.json"
    if os.environ.get(REDRAW):
        path.write_text(now, encoding="utf-8")
    return path.read_text(encoding="utf-8")
