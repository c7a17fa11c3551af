"""From the tree to pieces of text in reading order, each knowing where it came from.

One walk over the page gives every block a reader sees, with the share of its text that is links
and the furniture regions it lies in; which of them are the article is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from lxml import etree

from crawler.extract.boilerplate import (
    HIDDEN,
    NAVIGATION_TAGS,
    SKIPPED_TAGS,
    is_certain,
)
from crawler.extract.captions import Captions
from crawler.extract.document import collapse, text_of
from crawler.extract.embeds import POST_TAGS, embedded_post
from crawler.extract.markup_names import NO_MEANING, furniture_name, meaning_of
from crawler.extract.tables import is_layout, table_text
from crawler.extract.unclosed import MIN_PARAGRAPH, holds_page, holds_story, is_ended
from crawler.extract.unspoken import Drawing, drawing, is_drawn, is_unspoken
from crawler.items import Block, BlockType

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_QUOTES = frozenset({"blockquote", "q"})
_ITEMS = frozenset({"li", "dt", "dd"})
_FIGURES = frozenset({"figcaption", "figure"})
# Whatever stands within blocks of other kinds is of their kind.
_KINDS = frozenset({*_HEADINGS, *_QUOTES, *_ITEMS, *_FIGURES, "pre"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "img", "ins", "kbd", "mark", "q", "ruby", "rb", "rt", "rp", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "picture", "source", "nobr",
    "math", "semantics", "mrow", "mi", "mn", "mo", "mtext", "mstyle", "mfrac", "msqrt", "mroot",
    "msub", "msup", "msubsup", "mover", "munder", "munderover", "mpadded",
})  # fmt: skip
# A page with less text than this outside its navigation has a broken one, or says nothing.
MIN_TEXT = 1_000
# What is longer is a paragraph that is set large, or one after a heading without an end.
MAX_HEADING = 300
# A shell's state tells this many times more than the shell itself.
SHELL_SHARE = 2
# Neither text nor a post is in these; most of a page's elements that are not read.
_MUTE = frozenset(tag for tag in SKIPPED_TAGS - POST_TAGS if "-" not in tag)
_LINE_BREAK = "\u2028"  # stands for <br> until the block is flushed
# White space, and what has no width: an editor's empty paragraph.
_UNSEEN = (
    "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u00ad\u200b\u200c\u200d\u2060\ufeff"
)
_PARAGRAPH_BREAK = re.compile(rf"(?:\s*{_LINE_BREAK}\s*){{2,}}")

Region = tuple[etree._Element, str]


@dataclass(slots=True)
class Piece:
    """A block with what is needed to judge it.

    `link_length` counts the characters of its text that lie in links; `regions` are the elements
    around it that their markup calls furniture, outermost first, each with that name.
    """

    type: BlockType
    text: str
    level: int | None
    link_length: int
    element: etree._Element
    regions: tuple[Region, ...]

    @property
    def link_density(self) -> float:
        """The share of the text that is links, 0 to 1."""
        return min(1.0, self.link_length / max(1, len(self.text)))

    def block(self) -> Block:
        """Return the piece as the dataset has it."""
        return Block(self.type, self.text, self.level)


@dataclass(frozen=True, slots=True)
class _Context:
    """What the blocks around the text being read make of it."""

    type: BlockType
    level: int | None
    regions: tuple[Region, ...]
    preformatted: bool = False


@dataclass(slots=True)
class _Walk:
    """The walk's state: pieces so far and the text of the block being read."""

    left_out: Collection[etree._Element]
    skipped: frozenset[str]
    pieces: list[Piece] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    captions: Captions = field(default_factory=Captions)

    def read(
        self, element: etree._Element, block: etree._Element, context: _Context, in_link: bool
    ) -> None:
        """Read an element's own text and its children; its tail belongs to the parent.

        `block` is the element or, of an inline one, the nearest around it that is none.
        """
        kept = context.preformatted  # elsewhere the white space before a text is none of it
        text = element.text
        if text and (self.text or kept or not text.isspace()):
            self.add(text, in_link)
        for child in element:
            tag = child.tag
            if tag == "br":
                self.text.append("\n" if kept else _LINE_BREAK)
            elif tag not in _MUTE:
                self.enter(child, tag, block, context, in_link)
            text = child.tail
            if text and (self.text or kept or not text.isspace()):
                self.add(text, in_link)

    def add(self, text: str, in_link: bool) -> None:
        self.text.append(text)
        if in_link:
            self.links.append(text)

    def enter(
        self,
        element: etree._Element,
        tag: str,
        block: etree._Element,
        context: _Context,
        in_link: bool,
    ) -> None:
        if not isinstance(tag, str) or element in self.left_out:
            return
        said = meaning_of(classes) if (classes := element.get("class")) else NO_MEANING
        may_be_post = said.post or tag in POST_TAGS or "-" in tag
        if may_be_post and (post := embedded_post(element)) is not None:
            self.flush(block, context)
            self.pieces.append(Piece("embed", post, None, 0, element, context.regions))
            return
        if tag in self.skipped and not _is_read(element, context):
            return
        if said.hovering and self.is_amid():
            return
        drawn = drawing(classes) if classes and tag in _INLINE else None
        if drawn is not None and is_drawn(element, drawn):
            self.text += [_LINE_BREAK] if drawn is Drawing.BREAK else []
            return
        if not self.text and not element.text and not len(element):
            return  # an icon, a picture, an empty box: nothing ends with it, nothing is in it
        name = furniture_name(element, said)
        in_link = in_link or (tag == "a" and is_ended(element))
        if name == HIDDEN and tag in _INLINE and self.is_amid() and is_unspoken(element):
            return
        is_word = tag in _INLINE and (name is None or self.is_amid_text(element, name))
        if is_word or (tag == "button" and context.type == "heading"):
            self.read(element, block, context, in_link)
            return
        if self.text:
            self.flush(block, context)
        if name is not None or said.caption or tag in _KINDS:
            regions = context.regions if name is None else (*context.regions, (element, name))
            is_caption = said.caption or (tag in _FIGURES and not holds_story(element))
            context = _inner(tag, is_caption, context, regions)
        if tag == "table" and not is_layout(element):
            self.table(element, context)
        else:
            self.read(element, element, context, in_link)
        if self.text:
            self.flush(element, context)

    def is_amid_text(self, element: etree._Element, name: str) -> bool:
        """Whether an inline element is a word of a running sentence, whatever its class says."""
        follows = bool((element.tail or "").strip())
        if is_certain(name):  # a link within a sentence is its own, though it recommends
            return element.tag == "a" and follows and self.is_amid()
        return follows or self.is_amid()

    def is_amid(self) -> bool:
        """Whether some of a block's text has been read."""
        return any(map(str.strip, self.text))

    def table(self, element: etree._Element, context: _Context) -> None:
        """One block a table."""
        if text := table_text(element):
            links = sum(len(text_of(link)) for link in element.iter("a"))
            self.pieces.append(Piece("table", text, None, links, element, context.regions))

    def flush(self, block: etree._Element, context: _Context) -> None:
        """End the block being read; two line breaks in a row end a paragraph."""
        raw = "".join(self.text)
        if not raw or raw.isspace():  # most of a page is white space between tags
            self.text, self.links = [], []
            return
        link_length = len(collapse("".join(self.links))) if self.links else 0
        self.text, self.links = [], []
        parts = [raw.strip("\n")] if context.preformatted else _paragraphs(collapse(raw))
        total = sum(map(len, parts)) or 1
        kind = context.type
        if kind == "paragraph" and self.captions.holds(block, raw.strip()):
            kind = "caption"
        for part in parts:
            if not part or not part.strip(_UNSEEN):
                continue
            is_set_large = kind == "heading" and len(part) > MAX_HEADING
            as_kind, level = ("paragraph", None) if is_set_large else (kind, context.level)
            linked = link_length * len(part) // total
            self.pieces.append(Piece(as_kind, part, level, linked, block, context.regions))


def _inner(tag: str, is_caption: bool, outer: _Context, regions: tuple[Region, ...]) -> _Context:
    kind, level, preformatted = outer.type, outer.level, outer.preformatted
    if tag in _HEADINGS and outer.type != "quote":  # there it only sets what is quoted large
        kind, level = "heading", _HEADINGS[tag]
    elif tag in _ITEMS:
        kind, level = "list_item", (outer.level or 0) + 1 if outer.type == "list_item" else 1
    elif tag in _QUOTES:
        kind, level = "quote", None
    elif is_caption:
        kind, level = "caption", None
    elif tag == "pre":
        kind, level, preformatted = "code", None, True
    return _Context(kind, level, regions, preformatted)


def _is_read(element: etree._Element, context: _Context) -> bool:
    """Whether it is a heading's own button, or unclosed navigation with the page's main part."""
    if element.tag == "button" and context.type == "heading":
        return True
    return element.tag in NAVIGATION_TAGS and holds_page(element)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a block whose white space is folded."""
    if _LINE_BREAK not in text:
        return [text]
    return [_tidy(part) for part in _PARAGRAPH_BREAK.split(text)]


def _tidy(text: str) -> str:
    return "\n".join(filter(None, map(str.strip, text.split(_LINE_BREAK))))


def read_pieces(
    root: etree._Element,
    left_out: Collection[etree._Element] = frozenset(),
    stated: etree._Element | None = None,
) -> list[Piece]:
    """Return every block of text below `root`, but for the elements left out.

    Navigation is read only where nothing is left without it: a page that forgets to close it has
    its whole story inside, as a parser sees it. Where the HTML is an empty shell, the story that
    the page's scripts start from, `stated`, comes after it.
    """
    pieces = _read(root, left_out, SKIPPED_TAGS | NAVIGATION_TAGS)
    if sum(len(piece.text) for piece in pieces if piece.type != "embed") < MIN_TEXT:
        pieces = _read(root, left_out, SKIPPED_TAGS)
    if stated is not None and (prose := _prose(pieces)) < MIN_TEXT:
        told = _read(stated, (), SKIPPED_TAGS)
        if _prose(told) > SHELL_SHARE * prose:
            pieces += told
    return pieces


def _prose(pieces: Collection[Piece]) -> int:
    """The characters that may be a story's: no headings, no labels, no links."""
    return sum(
        len(piece.text) - piece.link_length
        for piece in pieces
        if piece.type not in ("heading", "embed") and len(piece.text) >= MIN_PARAGRAPH
    )


def _read(
    root: etree._Element, left_out: Collection[etree._Element], skipped: frozenset[str]
) -> list[Piece]:
    walk = _Walk(left_out, skipped)
    context = _Context("paragraph", None, ())
    walk.read(root, root, context, in_link=False)
    walk.flush(root, context)
    return walk.pieces


def body_text(blocks: Collection[Block]) -> str:
    """Return blocks as `article_body` has them: a blank line between, captions and posts out."""
    return "\n\n".join(block.text for block in blocks if block.type not in ("caption", "embed"))
