"""What does a JSON value from outside hold, when it may hold anything? The part asked for where it has the right shape, else nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Body = Mapping[str, object]
NONE: Body = {}


def part(data: object, *path: str) -> Body:
    """The object at the path, an empty one where there is none."""
    found = data
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else NONE


def word(data: object, *path: str) -> str:
    """The string at the path, an empty one where there is none."""
    found = part(data, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def number(data: object, *path: str) -> int:
    """The whole number at the path, 0 where there is none."""
    found = part(data, *path[:-1]).get(path[-1])
    return found if isinstance(found, int) else 0


def parts(data: object, *path: str) -> Sequence[Body]:
    """The objects in the list at the path."""
    found = part(data, *path[:-1]).get(path[-1])
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
