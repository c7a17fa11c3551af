"""What stands within a line of text and is no word of it: icons, line breaks, hidden marks."""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache

from lxml import etree

from crawler.extract.document import text_of

# Longer than a mark, what is hidden may be the rest of a sentence.
MIN_REST = 80
# Fonts of pictures draw what is written by its name ("arrow_forward"), or by one letter.
_NAMED_PICTURES = ("material-icons", "material-symbols")
_PICTURES = frozenset({"icon", "icons", "iconfont", "icon-font", "glyphicon"})
MAX_PICTURE = 2
# Empty elements that a style sheet makes line breaks of.
_BREAKS = frozenset({"br", "linebreak", "line-break"})


class Drawing(Enum):
    """What a class says that an inline element is there for, other than its words."""

    NAMED_PICTURE = auto()
    PICTURE = auto()
    BREAK = auto()


@lru_cache(maxsize=4_096)
def drawing(classes: str) -> Drawing | None:
    """Return what the classes of an inline element say that it draws; most draw nothing."""
    names = classes.split()
    if any(name.startswith(_NAMED_PICTURES) for name in names):
        return Drawing.NAMED_PICTURE
    if not _PICTURES.isdisjoint(names):
        return Drawing.PICTURE
    return None if _BREAKS.isdisjoint(names) else Drawing.BREAK


def is_drawn(element: etree._Element, drawn: Drawing) -> bool:
    """Whether an element says no more than what it draws: an icon's letter or name, or nothing."""
    if drawn is Drawing.NAMED_PICTURE:
        return True
    longest = MAX_PICTURE if drawn is Drawing.PICTURE else 0
    return not len(element) and len((element.text or "").strip()) <= longest


def is_unspoken(element: etree._Element) -> bool:
    """Whether what is hidden in a sentence is no rest of it: a mark, or a formula shown besides."""
    return len(text_of(element)) < MIN_REST or any(
        one.tag == "math" or "katex" in (one.get("class") or "") for one in element.iter()
    )
