"""A page's title: the story's headline, and what the site sets behind or before it.

The site's name and its sections are known by what else the page calls itself, by the separator
before them, and by what the page shows of its title without them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from lxml import etree

from crawler.extract.document import collapse
from crawler.extract.scripts import WIDE, is_wide, wide_characters
from crawler.extract.site_names import is_site_name, joined
from crawler.extract.survey import fold

# Chinese, Japanese and Korean, with the marks that end a sentence or a quotation in them.
_ENDED = rf"\u3001-\u303f{WIDE}\uff01-\uff1f”’…"
# An underscore, or a dash without room, separates in scripts that need no room between words.
TITLE_SEPARATOR = re.compile(
    rf"\s+[|•·»«–—-]\s+|\s*[|｜ǀㅣ¦]\s*|(?<=[{_ENDED}])\s?(?:_+|--+|——)\s?(?=\S)"
)
# Between a headline and the site's own name, a separator needs no room around it.
_TIGHT_SEPARATOR = re.compile(r"\s*(?:[|｜ǀㅣ¦•·»«–—_]|-+)\s*")
_CUT = re.compile(r"\s*[|｜ǀㅣ¦•·»«–—_-]|\s")
# A hyphen joins no words in scripts without spaces: what stands behind the last is a section.
_SECTION_WITHOUT_ROOM = re.compile(rf"(?<=\S)-[{WIDE}]{{1,6}}$")
# How media, offices and firms are called in them, behind a dash.
_SITE_BEHIND = re.compile(
    rf"(?<=[{_ENDED}\w])\s?-+\s?[^-]{{0,20}}(?:网|網|网站|網站|官网|门户|門戶|日报|日報|晚报|晚報|时报|新闻|新聞|"
    r"在线|資訊|资讯|传媒|傳媒|频道|頻道|客户端|电视台|之家|社区|论坛|公司|大学|大學|医院|醫院|政府|学会|协会|"
    r"協会|委员会|博客|ニュース|オンライン|뉴스|일보|신문|닷컴)$"
)
# Of a title, at least this much is the headline that the page shows without the rest.
MIN_HEADLINE_PART = 0.4
# Shorter is a section, in scripts without spaces between words.
MIN_WIDE_HEADLINE = 6
# What may hold a headline where no heading does.
_HOLDERS = ("h2", "h3", "h4", "h5", "h6", "div", "span", "p", "td", "b", "strong", "font", "a")


def count_words(text: str) -> int:
    """Return how many words a text has; in scripts without spaces, two characters are one."""
    spaced = len(text.split())
    return spaced if text.isascii() else max(spaced, wide_characters(text) // 2)


def strip_site_name(title: str, names: Collection[str] = (), section: str = "") -> str:
    """Return a title without the site's name or section behind (or before) a separator.

    `names` are the site's, as `site_names` gives them.
    """
    stripped = without_names(_before_site(title, names), names)
    if stripped != title:
        stripped = _SECTION_WITHOUT_ROOM.sub("", stripped)
    if section and (cut := _cut_last(stripped)) and fold(cut[1]) == fold(section):
        stripped = cut[0]
    stripped = _before_wide_site(stripped)
    if stripped != title:
        return stripped
    parts = [part for part in TITLE_SEPARATOR.split(title) if part]
    if len(parts) < 2:
        return title
    first, last = parts[0], parts[-1]
    if len(last.split()) <= 4 and count_words(first) > count_words(last):
        return title[: title.rfind(last)].rstrip(" |｜ǀㅣ•·»«–—-")
    return title


def _before_site(title: str, names: Collection[str]) -> str:
    """Cut a title before the site's name where its slogan stands behind that."""
    marks = list(TITLE_SEPARATOR.finditer(title))
    for mark, following in pairwise(marks):
        if mark.start() and joined(title[mark.end() : following.start()]) in names:
            return title[: mark.start()]
    return title


def _before_wide_site(title: str) -> str:
    """Cut a title in a script without spaces before what its separators say is the site."""
    if title.isascii():
        return title
    opening = title.split("_", 1)[0].rstrip()
    if wide_characters(opening) >= MIN_WIDE_HEADLINE:
        title = opening
    site = _SITE_BEHIND.search(title)
    return (
        title[: site.start()] if site and site.start() > MIN_HEADLINE_PART * len(title) else title
    )


def without_names(title: str, names: Collection[str]) -> str:
    """Take the site's names off both ends of a title, as often as they are there."""
    while (cut := _cut_last(title)) and is_site_name(cut[1], names):
        title = cut[0]
    while True:
        head = _TIGHT_SEPARATOR.search(title)
        if head is None or not head.end() < len(title):
            return title
        if not is_site_name(title[: head.start()], names) or head[0].strip() == head[0]:
            return title
        title = title[head.end() :]


def _cut_last(title: str) -> tuple[str, str] | None:
    """Return what stands before and after the last separator."""
    last = None
    for last in _TIGHT_SEPARATOR.finditer(title):  # noqa: B007  # the last match is wanted
        pass
    if last is None or not last.start() or last.end() == len(title):
        return None
    return title[: last.start()], title[last.end() :]


def shown_openings(root: etree._Element, title: str) -> Iterator[str]:
    """Yield what the page shows of its title up to a separator: the headline without the site.

    In scripts without spaces one is a separator too. The longest is first.
    """
    start = title[:4]
    least = MIN_HEADLINE_PART * len(title)
    found: set[str] = set()
    for element in root.iter(*_HOLDERS) if _CUT.search(title) else ():
        text = (element.text or "").lstrip()
        if not text.startswith(start) or len(text := collapse(text)) < least or len(element) > 1:
            continue
        rest = title[len(text) :]
        if (
            title.startswith(text)
            and rest
            and _CUT.match(rest)
            and (not rest[0].isspace() or TITLE_SEPARATOR.match(rest) or is_wide(text[-1]))
        ):
            found.add(text)
    yield from sorted(found, key=len, reverse=True)
