"""What may come in place of what a platform sent? The same with something changed, or anything at all under the platform's own names."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

# 2 000 requests in the test command; `FUZZ_EXAMPLES=50000` for more.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2000"))
STRANGE: tuple[object, ...] = (None, 7, -1.5, "x", "", "\ud800", [], {}, [[]], [None], {"id": 3}, {"type": []}, True)
LATIN = "".join(chr(code) for code in range(32, 256))


@dataclass(frozen=True)
class Spoiler:
    """`requests` are a platform's own, as JSON values; `words` are what it says in them, beside which names of more can stand."""

    requests: Sequence[Any]
    words: Sequence[str]
    more: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> list[str]:
        """What the platform calls things."""
        return sorted({name for request in self.requests for name in re.findall(r'"([a-z_]+)":', json.dumps(request))} | self.more)

    def junk(self, random: Random, depth: int = 3) -> object:
        """JSON with the platform's own names in it, and anything under them."""
        if depth == 0 or random.random() < 0.2:
            return random.choice((*STRANGE, *self.words))
        if random.random() < 0.2:
            return [self.junk(random, depth - 1) for _ in range(random.randrange(3))]
        return {random.choice(self.names): self.junk(random, depth - 1) for _ in range(random.randrange(8))}

    def changed(self, random: Random) -> object:
        """One of the platform's own requests with something else at some place."""
        whole = json.loads(json.dumps(random.choice(self.requests)))
        place: Any = whole
        while True:
            key = random.choice(sorted(place)) if isinstance(place, dict) else 0
            inner = place[key]
            if not isinstance(inner, dict | list) or not inner or random.random() < 0.4:
                place[key] = self.junk(random, 2)
                return whole
            place = inner


def spoilt_bytes(random: Random, body: bytes) -> bytes:
    """The body with some bytes taken out and others put there."""
    place = random.randrange(len(body))
    return body[:place] + random.randbytes(random.randrange(6)) + body[place + random.randrange(6) :]


def spoilt_header(random: Random, headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """One of the headers' names, and the headers with another value there, or without it."""
    name = random.choice(sorted(headers))
    rest = {other: value for other, value in headers.items() if other != name}
    anything = "".join(random.choices(LATIN, k=random.randrange(70)))
    value = random.choice((anything, headers[name] + anything, headers[name][1:], None))
    return name, rest if value is None else {**rest, name: value}
