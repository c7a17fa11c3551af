"""What stands within a line of text and is no word of it: icons, line breaks, hidden marks."""

from __future__ import annotations

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


def is_drawn(element: etree._Element, classes: str) -> bool:
    """Whether what an inline element says is only there to draw an icon."""
    kind = _kind(classes)
    if kind == "picture":
        return not len(element) and len((element.text or "").strip()) <= MAX_PICTURE
    return kind == "named picture"


def is_break(element: etree._Element, classes: str) -> bool:
    """Whether an inline element ends a line: empty, and named so."""
    return _kind(classes) == "break" and not element.text and not len(element)


@lru_cache(maxsize=4_096)
def _kind(classes: str) -> str:
    names = classes.split()
    if any(name.startswith(_NAMED_PICTURES) for name in names):
        return "named picture"
    if not _PICTURES.isdisjoint(names):
        return "picture"
    return "" if _BREAKS.isdisjoint(names) else "break"


def is_unspoken(element: etree._Element) -> bool:
    """Whether what is hidden in a sentence is no rest of it: a mark, or a formula shown besides."""
    return len(text_of(element)) < MIN_REST or any(
        one.tag == "math" or "katex" in (one.get("class") or "") for one in element.iter()
    )
