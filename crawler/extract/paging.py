"""Where an article that is cut into pages goes on: its next page, its first, the one with all.

An address must be the article's own with a page number in it, and the link must be one that pages
are turned by. So neither the next article, nor a listing's pages, nor those of comments are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from crawler.extract.document import Document, text_of
from crawler.items import Pages

# A link that turns pages says a number or a word or two.
MAX_LABEL = 40
# How far around such a link the element lies that is named after its purpose.
REACH = 4

_WORD = (
    r"(?:page|pages|pageno|page_no|page_number|seite|pagina|página|strona|sivu|side|pg|p|part|teil)"
)
_ALL = r"(?:all|full|single|alles|komplettansicht)"
# The page's number at the end of a path: /2, /page/2, /page-2, -2.html, ,2.html, _p2.html.
_IN_PATH = re.compile(
    rf"(?P<base>.+?)(?:/(?:{_WORD}[/_.-]?)?|[-_.,;](?:{_WORD}[-_]?)?)"
    rf"(?P<number>\d{{1,3}}|{_ALL})(?P<ending>\.[a-z]{{2,5}})?/?",
    re.IGNORECASE,
)
_IN_QUERY = re.compile(_WORD, re.IGNORECASE)
_NUMBER = re.compile(rf"\d{{1,3}}|{_ALL}", re.IGNORECASE)
_ENDING = re.compile(r"(?:/index)?\.(?:html?|php|aspx?|jsp)$|/index$", re.IGNORECASE)
# Says nothing of which article it is.
_TRACKING = re.compile(r"utm_|fbclid|gclid|xtor|cmpid|mc_", re.IGNORECASE)
# Most of a page's links bear no number, and are not looked at twice. For lower case: a pattern of
# many words takes twice the time where it folds it by itself.
_MAY_BEAR_NUMBER = re.compile(
    rf"[/_.,;=-](?:{_WORD}[-_]?)?(?:\d{{1,3}}|{_ALL})(?:\.[a-z]{{2,5}})?/?(?:$|[?#&])"
)
_PAGER = re.compile(
    r"pagin|pager|page-?(?:links|nav|numbers|break)|multi-?page|next-?page", re.IGNORECASE
)
_TURNS = re.compile(
    r"\W*(?:(?:next|continue|suivante?|page suivante|weiter|nächste seite|seite|page|pagina|"
    r"siguiente|próxima|successiva|volgende|następna|nästa)\b|[>»›→])",
    re.IGNORECASE,
)

_RELATIONS = frozenset({"next", "prev", "first"})

# What an address is without its page number: host, path, query.
_Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An address as a page of something: of what, and which; 0 is the page with all."""

    base: _Key
    number: int


@dataclass(frozen=True, slots=True)
class _Turn:
    """A link that pages may be turned by: where it leads, what it says, its `rel`."""

    url: str
    label: str
    rel: frozenset[str]
    in_pager: bool


def read_pages(document: Document, canonical: str | None = None) -> Pages:
    """Return where the article goes on, where it begins if this is a later page, and all of it."""
    own = _key(document.url)
    if own is None or not (own[1] or own[2]):
        return Pages()  # a home page goes on with other articles
    is_later = any(page.number > 1 for page in _numbered(document.url))
    turns = list(_turns(document, own, is_later))
    if not turns and not is_later:
        return Pages()
    first = _first(document.url, turns, canonical)
    if first is not None:
        following = _following(turns, own, {first.base}, first.number)
        return Pages(
            next=following,
            first=_first_url(turns, first, canonical),
            whole=_whole(turns, {first.base}),
        )
    readings = list(_numbered(document.url))
    bases = {own} | {page.base for page in readings if page.number == 1}
    following = _following(turns, own, bases, 1)
    later = (_following(turns, own, {p.base}, p.number) for p in readings if p.number > 1)
    return Pages(
        next=following,
        onward=next(filter(None, later), None),
        whole=_whole(turns, bases) if following else None,
    )


def _turns(document: Document, own: _Key, is_later: bool) -> Iterator[_Turn]:
    """The page's links to addresses that begin like its own and might be a page of it.

    Only a later page looks for its first, whose address may bear no number.
    """
    for element in document.root.iter("a", "link"):
        href = element.get("href")
        if not href or href[0] == "#" or not (is_later or _MAY_BEAR_NUMBER.search(href.lower())):
            continue
        rel = frozenset((element.get("rel") or "").lower().split())
        if element.tag == "link" and rel.isdisjoint(_RELATIONS):
            continue
        label = text_of(element) if element.tag == "a" else ""
        if len(label) > MAX_LABEL or (not rel and not label):
            continue
        url = (document.absolute(href) or "").partition("#")[0]
        if url and _may_be_page(url, own):
            yield _Turn(url, label, rel, _is_in_pager(element))


def _may_be_page(url: str, own: _Key) -> bool:
    """Whether the address is on the article's host and in the same folder, below or above."""
    key = _key(url)
    if key is None or key[0] != own[0]:
        return False
    folder = own[1].rpartition("/")[0].rpartition("/")[0]
    return key[1].startswith(folder)


def _is_in_pager(element: etree._Element) -> bool:
    around = (element, *islice(element.iterancestors(), REACH))
    return any(
        _PAGER.search(f"{one.get('class') or ''} {one.get('id') or ''}") is not None
        for one in around
        if one.tag not in ("body", "html")
    )


def _following(turns: list[_Turn], own: _Key, bases: set[_Key], number: int) -> str | None:
    """The address with the next number; a count from 0 has 1 on the second page."""
    found: list[tuple[int, str]] = []
    for turn in turns:
        if _key(turn.url) == own:
            continue
        next_by_rel = "next" in turn.rel
        for page in _numbered(turn.url):
            if page.base not in bases or page.number == 0:
                continue
            label = turn.label.strip(" .[]()")
            is_next = next_by_rel or (turn.in_pager and _TURNS.match(turn.label) is not None)
            if page.number == number + 1 and (is_next or label == str(number + 1)):
                found.append((0, turn.url))
            elif page.number == number and (next_by_rel or label == str(number + 1)):
                found.append((1, turn.url))  # counted from 0
    return min(found)[1] if found else None


def _first(url: str, turns: list[_Turn], canonical: str | None) -> _Numbered | None:
    """What this page is a later page of, if its address and its links both say so.

    The address bears a number, and another page of the same is called the first: by a canonical
    link, by the label 1, or as the page before the second.
    """
    for page in _numbered(url):
        if page.number < 2:
            continue
        if canonical is not None and _is_first(canonical, page.base):
            return page
        for turn in turns:
            says = (
                turn.label.strip(" .[]()") == "1"
                or "first" in turn.rel
                or (page.number == 2 and "prev" in turn.rel)
            )
            if says and _is_first(turn.url, page.base):
                return page
    return None


def _is_first(url: str, base: _Key) -> bool:
    return _key(url) == base or any(
        page.base == base and page.number == 1 for page in _numbered(url)
    )


def _first_url(turns: list[_Turn], first: _Numbered, canonical: str | None) -> str | None:
    stated = [canonical] if canonical else []
    links = [*stated, *(turn.url for turn in turns)]
    return next((link for link in links if _is_first(link, first.base)), None)


def _whole(turns: list[_Turn], bases: set[_Key]) -> str | None:
    """The address of the page that has all pages' text."""
    for turn in turns:
        if any(page.base in bases and page.number == 0 for page in _numbered(turn.url)):
            return turn.url
    return None


def _key(url: str) -> _Key | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.")
        port = parts.port
    except ValueError:
        return None
    query = (pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0]))
    path = _ENDING.sub("", parts.path.rstrip("/")).rstrip("/")
    return f"{host}:{port}" if port else host, path, tuple(sorted(query))


def _numbered(url: str) -> Iterator[_Numbered]:
    """Every way to read an address as the numbered page of something."""
    key = _key(url)
    if key is None:
        return
    host, path, query = key
    for pair in query:
        if _IN_QUERY.fullmatch(pair[0]) and _NUMBER.fullmatch(pair[1]):
            rest = tuple(other for other in query if other != pair)
            yield _Numbered((host, path, rest), _as_number(pair[1]))
    if (found := _IN_PATH.fullmatch(urlsplit(url).path)) is not None:
        base = _ENDING.sub("", found["base"].rstrip("/"))
        yield _Numbered((host, base, query), _as_number(found["number"]))


def _as_number(text: str) -> int:
    return int(text) if text.isdigit() else 0
