"""Which face are pictures set in, how wide is a text in it, and which characters can it draw?

Chinese and English stand in one face, Noto Sans SC, from the package pylopdf-fonts-zh-cn or Debian's fonts-noto-cjk. What it
lacks (thin spaces, some signs) is taken from DejaVu Sans, which matplotlib carries; what both lack is drawn as a box, and emoji are left out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib import get_data_path, rcParams
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

DEBIAN_NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
ELLIPSIS = "…"
BOX = "□"
SAMPLE = "晨钟达成偏差环比目标近天截至−0123456789.,:%¥"

# Hinting would move the letters to whole pixels, each size by itself: texts would no longer end where `width` says.
rcParams["text.hinting"] = "none"


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and the family name that picks the right face in it."""

    family: str
    path: Path


def chinese_face() -> Face | None:
    """The first face with Chinese that this machine has."""
    if find_spec("pylopdf_fonts_zh_cn") is not None:
        from pylopdf_fonts_zh_cn import sans_path

        if sans_path().exists():
            return Face("Noto Sans SC", sans_path())
    return Face("Noto Sans CJK SC", DEBIAN_NOTO) if DEBIAN_NOTO.exists() else None


def fallback_face() -> Face:
    """DejaVu Sans, which comes with matplotlib."""
    return Face("DejaVu Sans", Path(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))


def font_problem() -> str | None:
    """What keeps pictures from showing Chinese and how to mend it, in English for `morningbell doctor`; None when all is well."""
    face = chinese_face()
    if face is None:
        return "No Chinese font: pictures would show boxes. Install the package pylopdf-fonts-zh-cn, or Debian's fonts-noto-cjk."
    lacking = "".join(character for character in SAMPLE if not FT2Font(face.path).get_char_index(ord(character)))
    return f"The font {face.path} lacks {lacking}: install it again." if lacking else None


@cache
def faces() -> tuple[Face, ...]:
    """The faces in the order in which a character is looked for; made known to matplotlib once, since it keeps them."""
    chosen = tuple(face for face in (chinese_face(), fallback_face()) if face is not None)
    for face in chosen:
        fontManager.addfont(face.path)
    return chosen


@lru_cache(maxsize=256)
def font(size: float) -> FontProperties:
    """The face at a size in pixels (pictures have 72 dots per inch, so a point is a pixel)."""
    return FontProperties(family=[face.family for face in faces()], size=size)


@cache
def _files() -> tuple[FT2Font, ...]:
    opened = tuple(FT2Font(face.path) for face in faces())
    for file in opened:
        file.set_size(1000, 72)
    return opened


@lru_cache(maxsize=8192)
def _advance(character: str) -> float | None:
    """How far a character moves the pen, in ems; None when no face has it."""
    for file in _files():
        if file.get_char_index(ord(character)):
            return file.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 1000
    return None


def width(text: str, size: float) -> float:
    """Pixels that a drawable text takes at a size. Kerning is left out: it only ever saves a pixel or two."""
    return size * sum(_advance(character) or 0.0 for character in text)


def drawable(text: str) -> str:
    """The text on one line with characters that the faces have."""
    return "".join(character if _advance(character) is not None else _substitute(character) for character in text)


def _substitute(character: str) -> str:
    match unicodedata.category(character)[0]:
        case "Z":
            return " "
        case "C" | "M" | "S":
            return " " if character.isspace() else ""
        case _:
            return BOX


@dataclass(frozen=True, slots=True)
class Words:
    """A text at the size at which it fits."""

    text: str
    size: float

    @property
    def width(self) -> float:
        """In pixels."""
        return width(self.text, self.size)


def fit(text: str, room: float, size: float, smallest: float) -> Words:
    """The text in `room` pixels: at `size` if it fits, else smaller, and at the smallest size cut short with an ellipsis."""
    words = shrink(text, room, size)
    return words if words.size >= smallest else Words(_cut(words.text, room, smallest), smallest)


def shrink(text: str, room: float, size: float) -> Words:
    """The whole text in `room` pixels, however small: a figure is never cut, for half a number is another number."""
    text = drawable(text)
    needed = width(text, size)
    # Half pixels, so that the sizes in use stay few and matplotlib's caches small.
    return Words(text, size if needed <= room else max(1.0, int(2 * size * room / needed) / 2))


def _cut(text: str, room: float, size: float) -> str:
    kept = text
    while kept and width(kept + ELLIPSIS, size) > room:
        kept = kept[:-1].rstrip()
    return kept + ELLIPSIS
