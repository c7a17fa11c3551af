"""Readers' comments one by one, threaded, apart from the article.

Read from WordPress's comment lists, from schema.org Comment in microdata, and from JSON-LD where
the page shows none; in reading order, each with its parent, author, date, text and votes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from crawler.extract.blocks import read_pieces
from crawler.extract.boilerplate import words_of
from crawler.extract.dates import parse_date
from crawler.extract.document import Document, find, text_of
from crawler.extract.stated_comments import stated_comments
from crawler.extract.structured import Structured
from crawler.items import Comment

_ID = re.compile(
    r"^(?:li-|div-|article-)?comment[-_]?(?P<number>[0-9a-f][0-9a-f-]*)$", re.IGNORECASE
)
_ITEM_CLASS = re.compile(
    r"^(?:(?:c|js|user|blog|article|single|reader|single user) )?"
    r"(?:comments?|kommentar|commentaire|postcomment)"
    r"(?: (?:item|entry|list item|card|box|wrapper|container|thread|article|single|body wrapper))?$"
)
_TEXT_CLASS = re.compile(
    r"^(?:c )?(?:comments?|commentaire|kommentar) (?:\w+ )?(?:content|text|body|copy|message|txt|"
    r"inner text|entry|description|story|p|inhalt|texte)$|^(?:commenttext|comment entry content|"
    r"commentbody|commentcontent|message|commentmessage)$"
)
_AUTHOR_CLASS = re.compile(
    r"\b(?:fn|comment author|author name|commenter|comment user|username|user name|author|"
    r"comment by|comment name|commentauthor|nickname)\b"
)
_FURNITURE_CLASS = re.compile(
    r"\b(?:meta|metadata|author|vcard|reply|date|time|avatar|awaiting|moderation|actions|tools|edit|"
    r"permalink|says|votes?|rating|likes?|number|reply link|report|share|header|info|footer)\b"
)
_SECTION = re.compile(
    r"^(?:comments?|commentlist|comment list|comments (?:area|section|wrapper|container|list|block|"
    r"template|box|wrap)|comment (?:section|area|wrap|respond|form)|respond|commentform|"
    r"disqus thread|reader comments|commentaires|kommentare|disqus comments|discussion|"
    r"wp comments|commentsarea|article comments|post comments)$"
)
_DATE_WORDS = re.compile(r"\b(?:date|time|datetime|published|posted|timestamp|metadata|meta)\b")
_VOTES = re.compile(r"\b(?:upvotes?|votes?(?: up)?|likes?(?: count)?|score|karma)\b")
_SAYS = re.compile(
    r"\s*(?:says|said|a dit|dit|sagt|dice|schreibt|writes|wrote)?\s*[:,]?\s*$", re.IGNORECASE
)
_CHROME = re.compile(
    r"\s*(?:reply|répondre|antworten|responder|rispondi|report|like|edit|permalink)\s*(?:↓|→|↵)?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page's comments, and the elements they stand in (never part of the body)."""

    comments: tuple[Comment, ...]
    elements: frozenset[etree._Element]


def read_discussion(document: Document, structured: Structured, language: str | None) -> Discussion:
    """Return the comments that the page shows, else those its JSON-LD lists."""
    items = _items(document.root)
    comments = tuple(_dom_comments(items, language)) or tuple(stated_comments(structured))
    return Discussion(comments, frozenset([*items, *_sections(document.root)]))


def _items(root: etree._Element) -> list[etree._Element]:
    """Elements that are one comment each, in page order; the outermost of those sharing an id."""
    found: list[etree._Element] = []
    taken: set[etree._Element] = set()
    keys: set[str] = set()
    for element in root.iter("li", "div", "article", "section", "dl", "table", "tr", "dd"):
        if not _is_item(element):
            continue
        key = _page_id(element)
        parent = next((a for a in element.iterancestors() if a in taken), None)
        if key is not None and key in keys:
            continue
        if (
            parent is not None
            and (key is None or _page_id(parent) is None)
            and not _nested(element, parent)
        ):
            continue  # div.comment inside li.comment: one comment
        found.append(element)
        taken.add(element)
        if key is not None:
            keys.add(key)
    return found


def _is_item(element: etree._Element) -> bool:
    identifier, classes = element.get("id") or "", element.get("class") or ""
    if _ID.match(identifier):
        return True
    if (element.get("itemtype") or "").rstrip("/").endswith(("/Comment", "/UserComments")):
        return True
    if "omm" not in classes:
        return False
    return any(_ITEM_CLASS.match(words_of(name)) for name in classes.split()) and _holds_text(
        element
    )


def _holds_text(element: etree._Element) -> bool:
    return any(
        _TEXT_CLASS.match(words_of(name))
        for inner in element.iter("div", "p", "section", "span", "blockquote", "dd", "td")
        for name in (inner.get("class") or "").split()
    )


def _nested(element: etree._Element, parent: etree._Element) -> bool:
    """Whether an item inside another is a reply: it lies in a list of its own."""
    for ancestor in element.iterancestors():
        if ancestor is parent:
            return False
        words = words_of(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}")
        if ancestor.tag in ("ol", "ul") or re.search(
            r"\b(?:children|replies|child|thread)\b", words
        ):
            return True
    return False


def _page_id(element: etree._Element) -> str | None:
    if match := _ID.match(element.get("id") or ""):
        return match["number"]
    for attribute in ("data-comment-id", "data-id", "data-commentid"):
        if value := element.get(attribute):
            return str(value)
    return element.get("id")


def _dom_comments(items: list[etree._Element], language: str | None) -> Iterator[Comment]:
    all_items = set(items)
    ids: dict[etree._Element, str] = {}
    used: set[str] = set()
    for item in items:
        text = _text(item, all_items)
        if not text:
            continue
        position = len(ids)
        identifier = _page_id(item) or f"position-{position}"
        while identifier in used:
            identifier += "-2"
        used.add(identifier)
        ids[item] = identifier
        parent = next((ids[a] for a in item.iterancestors() if a in ids), None)
        yield Comment(
            comment_id=identifier,
            text=text,
            position=position,
            parent_id=parent or _stated_parent(item, used),
            author=_author(item, all_items),
            date_created=_date(item, all_items, language),
            upvotes=_upvotes(item, all_items),
        )


def _own(item: etree._Element, items: set[etree._Element]) -> Iterator[etree._Element]:
    """Yield an item's descendants in page order, without those of the replies inside it."""
    for child in item:
        if isinstance(child.tag, str) and child not in items:
            yield child
            yield from _own(child, items)


def _text(item: etree._Element, items: set[etree._Element]) -> str:
    """The comment's words: of its text element, else all but names, dates and buttons."""
    for element in _own(item, items):
        is_text = element.get("itemprop") in ("text", "commentText") or any(
            _TEXT_CLASS.match(words_of(name)) for name in (element.get("class") or "").split()
        )
        if is_text and (text := _prose(element, items)):
            return text
    return _prose(item, items)


def _prose(element: etree._Element, items: set[etree._Element]) -> str:
    left_out = {
        inner
        for inner in _own(element, items)
        if _FURNITURE_CLASS.search(words_of(inner.get("class") or ""))
        or inner.get("itemprop")
        in ("author", "creator", "dateCreated", "datePublished", "upvoteCount")
        or inner.tag in ("time", "footer", "header")
    }
    left_out |= items - {element}
    pieces = read_pieces(element, left_out)
    return "\n\n".join(piece.text for piece in pieces if not _CHROME.fullmatch(piece.text))


def _author(item: etree._Element, items: set[etree._Element]) -> str | None:
    own = list(_own(item, items))
    for element in own:
        if element.get("itemprop") in ("author", "creator"):
            named = find(element, "descendant-or-self::*[@itemprop='name'][1]")
            said = named[0].get("content") if named else None
            if name := _name(said or text_of(named[0] if named else element)):
                return name
    for wanted in (re.compile(r"\bfn\b"), _AUTHOR_CLASS):
        for element in own:
            if wanted.search(words_of(element.get("class") or "")):
                inner = find(element, ".//*[contains(concat(' ', @class, ' '), ' fn ')][1]")
                if name := _name(text_of(inner[0] if inner else element)):
                    return name
    return None


def _name(text: str) -> str | None:
    name = _SAYS.sub("", text).strip()
    return name if 0 < len(name) <= 80 else None


def _date(
    item: etree._Element, items: set[etree._Element], language: str | None
) -> datetime | None:
    own = list(_own(item, items))
    for element in own:
        stated = element.get("datetime") or (
            element.get("content")
            if element.get("itemprop") in ("dateCreated", "datePublished", "commentTime")
            else None
        )
        if moment := parse_date(stated):
            return moment
    for element in own:
        if element.tag == "time" or _DATE_WORDS.search(words_of(element.get("class") or "")):
            said = re.sub(r"\b(?:at|à|um|alle|a las|às)\b", " ", text_of(element))
            if moment := parse_date(said, language):
                return moment
    return None


def _upvotes(item: etree._Element, items: set[etree._Element]) -> int | None:
    for element in _own(item, items):
        counted = element.get("itemprop") == "upvoteCount" or _VOTES.search(
            words_of(element.get("class") or "")
        )
        if counted and (match := re.fullmatch(r"\D{0,3}(\d{1,7})\D{0,8}", text_of(element))):
            return int(match[1])
    return None


def _stated_parent(item: etree._Element, known: set[str]) -> str | None:
    for attribute in ("data-parent-id", "data-parent", "data-parentid"):
        if (value := item.get(attribute)) and value in known:
            return str(value)
    return None


def _sections(root: etree._Element) -> Iterator[etree._Element]:
    """Comment areas and forms, named so by class or id."""
    for element in root.iter("div", "section", "ol", "ul", "form", "aside", "article"):
        for name in ((element.get("class") or "") + " " + (element.get("id") or "")).split():
            if name[:1] in "cCrRdkawp" and _SECTION.match(words_of(name)):
                yield element
                break
