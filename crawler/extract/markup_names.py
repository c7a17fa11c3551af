"""What an element is by what its markup calls it: class, id and role, each name judged once.

Themes write the same names over and over, and several readers ask the same of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from crawler.extract.boilerplate import (
    CAPTION,
    CAPTION_ENDS,
    CONTENT,
    HIDDEN,
    HOVERING,
    NAVIGATION_TAGS,
    RECIPE,
    SUSPECT_TAGS,
    is_certain,
    is_furniture,
    words_of,
)
from crawler.extract.document import text_of
from crawler.extract.embeds import is_post_class

_NEVER_FURNITURE = frozenset({"body", "html", "main", "p", "article"})
# Their id is where a link leads, made of the heading's own words.
_ANCHORS = frozenset({"a", "span", "h1", "h2", "h3", "h4", "h5", "h6"})
_ROLES = frozenset({
    "navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alert", "menu",
    "menubar", "toolbar", "tablist", "button", "form",
})  # fmt: skip


# What a page does not want quoted in search results (Google's robots meta tag specification) is no
# text of its story: who wrote it, what else there is, cookies.
_UNQUOTED = "data-nosnippet"
# What schema.org has of a person within a page: who wrote it, who is quoted.
_PROFILE = "itemtype-person"
# Where sites whose classes are without meaning name the parts of their pages.
_PARTS = ("data-component", "data-module", "data-testid", "data-test", "data-widget")
# The attributes by which furniture is known, beside the class.
_TELLING = frozenset(
    {
        "id",
        "role",
        "hidden",
        "aria-hidden",
        "style",
        "aria-label",
        "itemprop",
        "itemtype",
        _UNQUOTED,
        *_PARTS,
    }
)
# Fewer words of a heading may be those of a list of other stories.
_MIN_ANCHOR = 5
# A label that is longer says a sentence.
_MAX_LABEL = 60
# How a part looks or moves, which says nothing of what is in it.
_LOOKS = re.compile(
    r"(?:^| )(?:cards?|tiles?|carousel|slider|slick|swiper|widgets?|player|embed|tools|actions|"
    r"modal|overlay|lightbox|popup|tooltip|thumbs)(?: |$)"
)
# How an element looks in some state or on some screen is a name with a colon ("hover:shadow-card",
# Tailwind CSS); what is not for paper is none of the text.
_NOT_PRINTED = re.compile(r"print:!?(?:hidden|none|d-none)!?")


class Meaning(NamedTuple):
    """What the names in a class or id say that their element is.

    `furniture` is the first name that says so; `post` is an embedded one, or what stands in for it;
    `recipe` is a card that is no teaser; `hovering` is what a word of the text shows when pointed
    at.
    """

    furniture: str | None = None
    content: bool = False
    caption: bool = False
    post: bool = False
    recipe: bool = False
    hovering: bool = False


NO_MEANING = Meaning()


@lru_cache(maxsize=16_384)
def meaning_of(attribute: str) -> Meaning:
    """Return what all names in a class or id say.

    Each is judged alone: "post" beside "footer" is no "post footer".
    """
    meanings = [said for name in attribute.split() if (said := _meaning_of_name(name)) is not None]
    if len(meanings) < 2:
        return meanings[0] if meanings else NO_MEANING
    names, *others = zip(*meanings, strict=True)
    return Meaning(next(filter(None, names), None), *map(any, others))


@lru_cache(maxsize=16_384)
def _meaning_of_name(name: str) -> Meaning | None:
    if ":" in name and not _NOT_PRINTED.fullmatch(name):
        return None
    words = words_of(name)
    furniture = name if is_furniture(words) else None
    content = CONTENT.search(words) is not None
    caption = words.endswith(CAPTION_ENDS) and CAPTION.search(words) is not None
    post = is_post_class(name)
    recipe = "recipe" in words and RECIPE.search(words) is not None
    may_hover = "over" in words or "tool" in words
    hovering = may_hover and HOVERING.search(words) is not None
    if furniture or content or caption or post or recipe or hovering:
        return Meaning(furniture, content, caption, post, recipe, hovering)
    return None  # most names


def furniture_name(element: etree._Element, said: Meaning) -> str | None:
    """Return what in an element's markup says that it is not the article's text, or None.

    The answer is the class, id, role or tag itself: the theme's word for the region. `said` is
    what its class says.
    """
    tag = element.tag
    if tag in SUSPECT_TAGS or tag in NAVIGATION_TAGS:
        return str(tag)
    if tag in _NEVER_FURNITURE:
        return said.furniture if tag == "p" else None
    told = _TELLING.intersection(element.keys())  # one call for all: most elements have none
    if told and (name := _role(element)):
        return name
    if told and tag not in _ANCHORS and (name := _stated(element, told)):
        return name
    if "-" in tag and (name := part_name(tag)):
        return name
    if said.content or said.recipe:
        return None
    if said.furniture:
        return said.furniture
    identifier = element.get("id") if "id" in told and tag not in _ANCHORS else None
    name = meaning_of(identifier).furniture if identifier else None
    return None if name and _is_anchor(element, name) else name


def _is_anchor(element: etree._Element, name: str) -> bool:
    """Whether an id is made of the words of the element's own heading, for links to lead there."""
    words = words_of(name)
    if words.count(" ") < _MIN_ANCHOR - 1:
        return False
    heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    said = words_of(text_of(heading)) if heading is not None else ""
    return said.count(" ") >= _MIN_ANCHOR - 1 and f" {said} " in f" {words} "


def _stated(element: etree._Element, told: Collection[str]) -> str | None:
    """What an element is by what it states for machines: a part's name, a label, an author."""
    if _UNQUOTED in told:
        return _UNQUOTED
    if element.get("itemprop") == "author" or (
        "itemtype" in told and element.get("itemtype", "").endswith("/Person")
    ):
        return _PROFILE
    for attribute in _PARTS:
        if attribute in told and (name := part_name(element.get(attribute, ""))):
            return name
    label = element.get("aria-label") if "aria-label" in told else None
    return label if label and len(label) <= _MAX_LABEL and is_certain(label) else None


@lru_cache(maxsize=4_096)
def part_name(name: str) -> str | None:
    """Return the name of a part of a page, or of an element of the site's own, if it is furniture.

    A card or a carousel may hold the story.
    """
    words = words_of(name)
    return name if is_furniture(words) and not _LOOKS.search(words) else None


def _role(element: etree._Element) -> str | None:
    """What an element is by other attributes than its names: its role, or hidden."""
    if (role := element.get("role")) in _ROLES:
        return role
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return HIDDEN
    style = element.get("style")
    is_hidden = style and "display" in style and "display:none" in style.replace(" ", "").lower()
    return HIDDEN if is_hidden else None
