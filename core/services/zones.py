"""Which time zone did a person mean?"""

from __future__ import annotations

from zoneinfo import available_timezones

from core.errors import UserError

# Below this likeness (0 to 100) a suggestion would only puzzle.
LIKE_ENOUGH = 70
SUGGESTIONS = 3


def find_zone(typed: str, field: str) -> str:
    """The zone's name as it is kept, whatever the case it was written in. Raises UserError that names the nearest."""
    zones = {_folded(zone): zone for zone in available_timezones()}
    found = zones.get(_folded(typed))
    if found is not None:
        return found
    near = _nearest(typed)
    if near:
        raise UserError("schedule.zone.near", field=field, typed=typed, near=" / ".join(near))
    raise UserError("schedule.error.zone", field=field, typed=typed)


def _nearest(typed: str) -> list[str]:
    """Those whose city, or whole name, looks most like it."""
    from rapidfuzz import fuzz, process

    names = {zone: _folded(zone.rpartition("/")[2]) for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")}
    city = _folded(typed.rpartition("/")[2])
    found = process.extract(city, names, scorer=fuzz.ratio, limit=SUGGESTIONS, score_cutoff=LIKE_ENOUGH)
    return [zone for _, _, zone in found]


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")
