"""What the article is about, in the publisher's own keywords.

JSON-LD is trusted first, then the meta tags, then the tags shown below the headline; the headline
cut into words is no list of keywords, and one that opens with the site's own name comes last. A
meta tag and the page that list the same go before JSON-LD.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, text_of
from crawler.extract.names import clean_names
from crawler.extract.site_names import is_site_name, joined, site_names
from crawler.extract.structured import Structured, first_text, texts
from crawler.extract.survey import fold
from crawler.items import FieldSource

# What content systems put among the keywords for themselves: ids, "Page Type: Article", a_tag.
_MACHINE_WORD = re.compile(
    r"^[0-9a-f]{8}-[0-9a-f-]{27}$|^[\w ]{1,20}: ?\S|^[a-z]+_[a-z_]+$|^\d{5,}$|^[A-Za-z]$"
)
# Where the entries say what they are, these are the article's.
_SUBJECT = re.compile(r"^(?:subject|topic|tag|keyword)s?: ", re.IGNORECASE)
# What is said of every page of a news site, wherever it stands in the list.
_EVERY_PAGE = re.compile(
    r"^(?:(?:top|general|domestic|local|national|world|international|us|u\.s\.) )?news$|"
    r"^(?-i:[A-Z])[a-z]+ (?-i:news)$|\b(?:latest|breaking|today'?s?|top) news\b|"
    r"\bnews (?:live|today|latest|online)$|"
    r"^(?:articles?|story|web)$|^ニュース$|^新聞$",
    re.IGNORECASE,
)
_BREAKING = frozenset({"breakingnews", "latestnews"})
_SEPARATOR = re.compile(r"\s*[,;|、，]\s*")
# A list in Chinese or Japanese may be parted by spaces; Korean has some within its words.
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# Names of a list of tags, of one of its entries, and of the address of a tag.
_TAG_NAME = re.compile(
    r"(?:^| )(?:tags|tag ?(?:list|links?|items?|cloud|stack|names?)|[a-z]+ tag|tag|"
    r"keywords?(?: list)?|topics|topics? (?:list|row|tags?|links?)|article topics|themen|temas|"
    r"schlagworte?|etiquetas|mots cles)(?: |$)"
)
_TAG_PATH = re.compile(
    r"/(?:tags?|topics?|thema|themen|temas?|sujets?|schlagworte?|stichwort|etiquetas?|keywords?|"
    r"mot-cle|tagged|emne|amne|tagi|argomenti|onderwerp)/[^/?]"
)
_NOT_THIS_ARTICLE = re.compile(r"\b(?:related|trend\w*|popular|menu|header|navigation|share)\b")
# Names around a list that say it is another story's.
_OTHER_STORY = re.compile(r"\b(?:recommend\w*|trend\w*|popular)\b")
# A button, or the address of a story: a tag's has no number of five figures at its end.
_NO_TAG_ADDRESS = re.compile(r"^(?:#|javascript:|$)|/\d{5,}/?(?:$|[?#])")
_PAGE = frozenset({"html", "body", "main", "article", "nav", "footer", "p"})
_STOPS = _PAGE | {"ul", "ol"}
# How far above a link the name of its list may stand.
_REACH = 3
# Longer is a sentence.
MAX_KEYWORD = 100
MAX_WORDS = 8
# A longer list of links is a cloud of the site's tags, or its menu.
MAX_SHOWN = 25
# So many lists with the same names around them are those of so many stories.
MIN_ALIKE = 3
# More characters beside the links than a label ("Read more about:") make it prose.
MAX_LABEL = 40
# So many entries that end alike ("MN State Wire") say where a story is sent, not what it is about.
MIN_ROUTED = 4
# So many single words, all of them in the URL, are a headline cut into pieces.
MIN_SLUG_WORDS = 3


def keyword_lists(
    document: Document, structured: Structured, site: str, authors: Collection[str] = ()
) -> Iterator[tuple[FieldSource, tuple[str, ...]]]:
    """Yield the article's keywords as each source lists them, most trusted first.

    `site` is the publisher's name, which is no keyword of its articles; nor are their `authors`.
    """
    names = site_names(structured, site)
    slug = frozenset(fold(urlsplit(document.url).path).split())
    section = joined(first_text(structured.article.get("articleSection")) or "")
    last: list[tuple[FieldSource, tuple[str, ...]]] = []
    for source, values in _stated(document, structured, authors):
        if values and is_site_name(values[0], names):
            own = clean_keywords(_before_site_name(values[1:], names))
            last.append((source, own or clean_keywords(values[1:])))
            continue
        keywords = clean_keywords(_before_site_name(values, names))
        if len(keywords) == 1 and joined(keywords[0]) == section:
            last.append((source, keywords))
        elif not _is_slug(keywords, slug):
            yield source, keywords
    yield from last


def _stated(
    document: Document, structured: Structured, authors: Collection[str]
) -> Iterator[tuple[FieldSource, list[str]]]:
    meta = structured.meta
    told = split_list(texts(structured.article.get("keywords")))
    tags = [split_list(meta.get(name, ())) for name in ("news_keywords", "article:tag")]
    differing = [values for values in tags if told and values and _set_of(values) != _set_of(told)]
    shown = _shown(document.root) if differing else None
    # two sources that agree word for word outweigh one
    yield from (("meta", values) for values in differing if _set_of(values) == _set_of(shown or ()))
    yield "json-ld", told
    for values in (*tags, split_list(meta.get("parsely-tags", ()))):
        yield "meta", values
    yield "heuristic", _shown(document.root) if shown is None else shown
    signed = frozenset(map(joined, authors))
    listed = split_list(meta.get("keywords", ()))
    yield "meta", [value for value in listed if not _is_byline(value, signed)]


def split_list(values: Iterable[str]) -> list[str]:
    """Return the entries of a list, which may be written as one text with separators."""
    listed = list(values)
    if len(listed) != 1:
        return listed
    entries = _SEPARATOR.split(listed[0])
    words = listed[0].split()
    return words if len(entries) == 1 and all(map(_IDEOGRAPH.search, words)) else entries


def _is_byline(value: str, signed: Collection[str]) -> bool:
    """Whether an entry names the story's authors, one or all of them."""
    return bool(signed) and (
        joined(value) in signed
        or (" " in value and all(joined(name) in signed for name in clean_names([value]) or [""]))
    )


def _set_of(values: Iterable[str]) -> frozenset[str]:
    return frozenset(map(joined, values))


def clean_keywords(values: Iterable[str]) -> tuple[str, ...]:
    """Return keywords, each once, without a system's own ids."""
    kept: dict[str, str] = {}
    listed = list(values)
    if any(_SUBJECT.match(value) for value in listed):
        listed = [value for value in listed if _SUBJECT.match(value)]
    endings = Counter(_ending(value) for value in listed)
    for value in listed:
        if _ending(value) and endings[_ending(value)] >= MIN_ROUTED:
            continue
        keyword = _SUBJECT.sub("", value).strip(" #\t\xa0»›→>")
        if not 0 < len(keyword) <= MAX_KEYWORD or len(keyword.split()) > MAX_WORDS:
            continue
        if not _MACHINE_WORD.search(keyword) and not _EVERY_PAGE.search(keyword):
            kept.setdefault(keyword.casefold(), keyword)
    return tuple(kept.values())


def _ending(value: str) -> str:
    """The last two words of three or more: what the entries of a routing list have in common."""
    words = value.casefold().split()
    return " ".join(words[-2:]) if len(words) > 2 else ""


def _before_site_name(values: Iterable[str], names: Collection[str]) -> Iterator[str]:
    """Where a list comes to the site's own name, the words for every page of it begin."""
    for value in values:
        if (word := joined(value)) in names or word in _BREAKING:
            return
        yield value


def _is_slug(keywords: Collection[str], slug: Collection[str]) -> bool:
    words = [word for keyword in keywords for word in fold(keyword).split()]
    return len(words) >= MIN_SLUG_WORDS and all(word in slug for word in words)


def _shown(root: etree._Element) -> list[str]:
    """The first list below the headline whose links, address or name are those of tags."""
    lists: dict[etree._Element, list[str]] = {}
    below = False
    for element in root.iter("h1", "a"):
        below = below or element.tag == "h1"
        if below and element.tag == "a" and (box := _tag_list(element)) is not None:
            lists.setdefault(box, []).append(text_of(element))
    holders = Counter(one for box in lists for one in (box, *box.iterancestors()))
    alike = Counter(unit for unit, _ in {(_unit(box), box.getparent()) for box in lists})
    for box, keywords in sorted(lists.items(), key=lambda item: len(item[1]) == 1):
        repeated = alike[_unit(box)] >= MIN_ALIKE and not _is_with_headline(box, holders)
        if repeated or _is_other_story(box):
            continue
        label = len(text_of(box).replace(" ", "")) - sum(len(k.replace(" ", "")) for k in keywords)
        others = sum(1 for _ in box.iter("a")) - len(keywords)
        if len(keywords) <= MAX_SHOWN and label <= MAX_LABEL and others * 2 <= len(keywords):
            return keywords
    return []


def _unit(box: etree._Element) -> tuple[str | None, ...]:
    """The names around a list, which those of a page's teasers share."""
    return tuple(one.get("class") for one in islice((box, *box.iterancestors()), _REACH))


def _is_with_headline(box: etree._Element, holders: Counter[etree._Element]) -> bool:
    """Whether what holds this list and none of its like holds the headline too: a whole story."""
    own = list(takewhile(lambda one: holders[one] == 1, (box, *box.iterancestors())))
    return bool(own) and next(own[-1].iter("h1"), None) is not None


def _is_other_story(box: etree._Element) -> bool:
    return any(
        _OTHER_STORY.search(words_of(name))
        for one in islice((box, *box.iterancestors()), _REACH)
        for name in (one.get("class") or "").split()
        if one.tag not in ("body", "main", "article")
    )


def _tag_list(link: etree._Element) -> etree._Element | None:
    """The list that a tag's link stands in, or None where it is no tag's link."""
    href = link.get("href") or ""
    is_tag = "tag" in (link.get("rel") or "").split() or bool(_TAG_PATH.search(href))
    if not is_tag and (_NO_TAG_ADDRESS.search(href) or not _is_named_tag(link)):
        return None
    text = text_of(link)
    box = link.getparent()
    while box is not None and box.tag not in _STOPS and text_of(box) == text:
        box = box.getparent()
    return box if text and box is not None and box.tag not in _PAGE else None


def _is_named_tag(link: etree._Element) -> bool:
    """Whether the names of a link, or of what closely surrounds it, are those of tags."""
    around: etree._Element | None = link
    for _ in range(_REACH):
        if around is None or around.tag in _PAGE:
            return False
        if _is_tag_name(around.get("class") or ""):
            return True
        if around.tag in _STOPS:
            return False
        around = around.getparent()
    return False


@lru_cache(maxsize=16_384)
def _is_tag_name(attribute: str) -> bool:
    names = [words_of(name) for name in attribute.split()]
    return any(_TAG_NAME.search(name) and not _NOT_THIS_ARTICLE.search(name) for name in names)
