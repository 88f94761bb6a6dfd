"""Is the published schema of a message the one that the code speaks?"""

from __future__ import annotations

from docs.schema import FILE, written


def test_the_published_schema_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run: python -m docs.schema"
