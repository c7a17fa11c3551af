"""Elements whose end a page forgot: what comes after them is in them, as a parser sees it."""

from __future__ import annotations

from itertools import islice

from lxml import etree

from crawler.extract.document import text_of

# A caption or a link is of no more paragraphs, of no less text each.
MOST_PARAGRAPHS = 3
MIN_PARAGRAPH = 80

# Of short lines before them no more are looked at: figures may stand in each other, 200 deep.
LOOKED_AT = 30


def holds_page(navigation: etree._Element) -> bool:
    """Whether the page's main part is in its navigation."""
    return next(navigation.iter("main", "article"), None) is not None


def is_ended(link: etree._Element) -> bool:
    """Whether a link has its end; most have nothing in them, and are not looked through."""
    return len(link) <= MOST_PARAGRAPHS or not holds_story(link)


def holds_story(element: etree._Element) -> bool:
    """Whether a picture or a link goes on over more than belongs to one."""
    paragraphs = islice(element.iter("p"), LOOKED_AT)
    prose = (p for p in paragraphs if len(text_of(p)) >= MIN_PARAGRAPH)
    return len(list(islice(prose, MOST_PARAGRAPHS + 1))) > MOST_PARAGRAPHS
