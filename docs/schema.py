"""`python -m docs.schema` writes the JSON Schema of a message; a test holds it against the code."""

from __future__ import annotations

import json
from pathlib import Path

from core.messages.codec import schema

FILE = Path(__file__).with_name("message.schema.json")


def written() -> str:
    """The file's content as it should be."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
