"""The story that an empty HTML shell keeps in the state its scripts start from, with its facts.

JSON-LD's articleBody, and whatever Next.js, Nuxt, Apollo, Fusion, WordPress' REST answers and their
like leave in a script, read by shape: a long text with markup, or a list of typed paragraphs. Also
what the page keeps for readers without scripts, and what it puts into templates.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from crawler.extract.boilerplate import SKIPPED_TAGS
from crawler.extract.document import collapse, text_of
from crawler.extract.payloads import stated_values
from crawler.extract.story_markup import TAG, MarkupWriter, kind_of

# Shorter is a teaser, or a line of the interface.
MIN_STATED: Final = 600
# The object that bears the page's title holds its story no deeper than this.
OWNER_REACH: Final = 5
# What has a title of its own is so much further off: it may be another article.
FOREIGN: Final = 2
# Shorter or longer is no title.
MIN_TITLE, MAX_TITLE = 15, 300
# Deeper than any front end nests its content; as many objects are looked at in 50 ms.
MAX_DEPTH: Final = 60
MAX_OBJECTS: Final = 40_000
# A page that shows more prose than this in longer lines than these is no shell.
MAX_SHELL, MIN_LINE = 1_000, 80

_PARAGRAPH_TAG = re.compile(r"</p\s*>|<br\s*/?>\s*<br", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|br|h[2-6])\b", re.IGNORECASE)
_TITLE_KEYS = ("headline", "title", "name", "headlines")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StatedStory:
    """A story as a tree of its own, and the object that holds it, if that is the page's own."""

    root: etree._Element
    owner: Facts


@dataclass(frozen=True, slots=True)
class _Found:
    """What may be a story, how far above it the page's title is, and what bears a title."""

    markup: str
    distance: int
    owner: Facts

    @property
    def length(self) -> int:
        """The characters that a reader would see."""
        return len(TAG.sub("", self.markup))

    def rank(self) -> tuple[bool, bool, float]:
        """What speaks for it; a longer story further below the title may be of another article."""
        parted = self.markup.count("</p>") > 1  # an articleBody often is one wall of text
        reach = min(self.distance, OWNER_REACH + 1)
        return self.distance <= OWNER_REACH, parted, self.length / (1 + reach)


def is_shell(root: etree._Element) -> bool:
    """Whether the page shows hardly any prose of its own; most pages tell at their first lines."""
    shown = 0
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if element.tag in SKIPPED_TAGS or element.tag in ("a", "nav", "footer"):
            walk.skip_subtree()
            continue
        for text in (element.text, element.tail):
            if text and len(text) >= MIN_LINE:
                shown += len(text.strip())
        if shown >= MAX_SHELL:
            return False
    return True


def stated_story(root: etree._Element) -> StatedStory | None:
    """Return the story in the page's scripts that is likeliest its own, or None."""
    titles = " ".join(
        collapse(html.unescape(text)).casefold()
        for text in (
            *(text_of(element) for element in root.iter("title", "h1")),
            *(e.get("content") or "" for e in root.iter("meta") if e.get("property") == "og:title"),
        )
    ).strip()
    offered = (*_searched(root, titles), *_set_apart(root))
    found = [story for story in offered if story.length >= MIN_STATED]
    best = max(found, key=_Found.rank, default=None)
    if best is None:
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree = etree.fromstring(f"<article>{best.markup}</article>".encode("utf-8", "replace"), parser)
    if tree is None:
        return None
    return StatedStory(tree, best.owner if best.distance <= OWNER_REACH or not titles else {})


def _searched(root: etree._Element, titles: str) -> Iterator[_Found]:
    search = _Search(titles)
    for value in stated_values(root):
        yield from search.stories(value)


def _set_apart(root: etree._Element) -> Iterator[_Found]:
    """What stands in the HTML but is not shown: for readers without scripts, or for a shadow."""
    for element in root.iter("noscript", "template"):
        if len(element) and len(text_of(element)) >= MIN_STATED:
            markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
            yield _Found(re.sub(r"</?(?:noscript|template)\b[^>]*>", "", markup), MAX_DEPTH, {})


class _Search:
    """Looks through values, each object once, for what may be a story."""

    def __init__(self, titles: str) -> None:
        self._titles = titles
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # an object that is gone gives its id to another
        self._entries: dict[str, Any] = {}
        self._writer = MarkupWriter(self._follow)

    def stories(self, value: Any) -> Iterator[_Found]:
        """Yield them in the value's own order."""
        self._kept.append(value)
        if isinstance(value, dict):
            tables = [value, *(entry for entry in value.values() if isinstance(entry, dict))]
            for table in tables:
                self._entries |= {key: entry for key, entry in table.items() if ":" in key}
        yield from self._stories(value, MAX_DEPTH, {}, 0)

    def _follow(self, value: Any) -> Any:
        """What a reference of Apollo's cache stands for."""
        if isinstance(value, dict) and self._entries and len(value) <= 4:
            named = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
            if isinstance(named, str):
                return self._entries.get(named, self._entries.get(f"${named}"))
        return value

    def _stories(self, value: Any, distance: int, owner: Facts, depth: int) -> Iterator[_Found]:
        value = self._follow(value)
        if isinstance(value, str):
            if len(value) >= MIN_STATED:
                yield from self._in_text(value, distance, owner)
            return
        if not isinstance(value, dict | list) or id(value) in self._seen:
            return
        if depth > MAX_DEPTH or len(self._seen) > MAX_OBJECTS:
            return
        self._seen.add(id(value))
        if isinstance(value, list):
            if self._is_typed(value):
                yield _Found(self._writer.write(value), distance, owner)
            entries = value
        else:
            distance, owner = self._owned(value, distance, owner)
            if isinstance(text := value.get("articleBody"), str) and not TAG.search(text):
                yield _Found(_as_paragraphs(text), distance, owner)
            if isinstance(updates := value.get("liveBlogUpdate"), list):
                yield _Found("".join(map(_as_update, updates)), distance, owner)
            entries = list(value.values())
        for entry in entries:
            if isinstance(entry, dict | list | str):
                yield from self._stories(entry, distance + 1, owner, depth + 1)

    def _is_typed(self, values: list[Any]) -> bool:
        """Whether a list has several objects that say of what kind they are, as paragraphs do."""
        objects = (entry for entry in map(self._follow, values) if isinstance(entry, dict))
        return sum(kind_of(entry) != "" for entry in objects) > 1

    def _owned(self, value: dict[str, Any], distance: int, owner: Facts) -> tuple[int, Facts]:
        """The object that bears a title owns what lies below, above all if it is the page's."""
        titles = [collapse(entry) for entry in value.values() if isinstance(entry, str)]
        if any(MIN_TITLE <= len(t) <= MAX_TITLE and t.casefold() in self._titles for t in titles):
            return 0, value
        for key in _TITLE_KEYS:
            if isinstance(entry := value.get(key), dict):  # {"rendered": …}, {"basic": …}
                inner = [collapse(text) for text in entry.values() if isinstance(text, str)]
                if any(len(t) >= MIN_TITLE and t.casefold() in self._titles for t in inner):
                    return 0, value
            if (
                isinstance(entry, str) and len(entry) >= MIN_TITLE
            ):  # another's title, or a section's
                return distance + FOREIGN, value if distance > OWNER_REACH else owner
        return distance, owner

    def _in_text(self, text: str, distance: int, owner: Facts) -> Iterator[_Found]:
        if _ESCAPED_TAG.search(text):
            text = html.unescape(text)
        if _PARAGRAPH_TAG.search(text):
            yield _Found(text, distance, owner)


def _as_paragraphs(text: str) -> str:
    lines = html.unescape(text).splitlines() if "&" in text else text.splitlines()
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line.strip())


def _as_update(update: Any) -> str:
    """An entry of a live blog, as JSON-LD lists it."""
    if not isinstance(update, Mapping):
        return ""
    headline, body = update.get("headline"), update.get("articleBody")
    title = f"<h3>{html.escape(headline, quote=False)}</h3>" if isinstance(headline, str) else ""
    if not isinstance(body, str):
        return ""
    return title + (body if _PARAGRAPH_TAG.search(body) else _as_paragraphs(TAG.sub(" ", body)))
