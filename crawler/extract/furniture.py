"""Which blocks between an article's paragraphs are furniture, by what they say and how they link.

The words of the big news markets for "read also", "follow us", "advertisement" and the like; and
the shapes of bylines, datelines, and lines that only point elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_furniture_line
from crawler.extract.survey import fold

# A byline with its date is shorter than this.
MAX_BYLINE = 90
# In a dateline this share of the characters are digits; a sentence with a year has far fewer.
DATELINE_DIGITS = 0.15
# A line that points elsewhere is little longer than the headline it names, which is its link.
MAX_POINTER = 220
POINTER_LINK_SHARE = 0.35
# The headline again, with all that folding takes off, is no longer than so many times its own.
MAX_REPEATED = 3
# A disclosure is a paragraph at most, and so is what is told of an author.
MAX_DISCLOSURE = 600
MAX_PROFILE = 900

ENDS_SENTENCE = re.compile(r"[.!?…:;»”\"’)。！？]\s*$")
# A word before the full stop: a sentence, where "8:30 h." is none.
_SPEAKS = re.compile(r"[^\W\d_]{3,}[.!?…]\s*$|[。！？]\s*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A name after the word for it; in languages in which a place follows the same word, too, a title
# above the story is not often two words with capitals and nothing else.
_SIGNED = re.compile(
    r"(?:By|Par|Von|Por|Door|Przez|Av|Af)\s+(?:[^\W\d_a-zà-ÿ][\w'’.-]*\s+){1,3}"
    r"[^\W\d_a-zà-ÿ][\w'’-]*(?=[\s,;|]|$)"
)
# A date as lists of other stories have it, beside each title; and the time.
_DATE = (
    r"(?:(?:19|20)\d\d\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}日?|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)"
    r"(?:,?\s*\d{1,2}:\d\d(?::\d\d)?)?"
)
_DATED = re.compile(rf"\W*{_DATE}|{_DATE}\W*$")
# The word before a link to another story, set large: "PHOTOS: …".
_HEADLINE_LABEL = re.compile(r"[^\W\d_][^:：.!?]{1,24}[:：]\s*")
# A teaser ends in a link to the rest of its story.
_GOES_ON = re.compile(
    r"(?:\b(?:more|read more|lire la suite|en savoir plus|weiterlesen|mehr|leer más|ler mais|"
    r"leia mais|leggi tutto|lees meer|läs mer|les mer|læs mere|czytaj (?:dalej|więcej)|"
    r"читать далее|devamını oku|selengkapnya|xem thêm)|"
    r"続きを読む|阅读全文|閱讀全文|더보기)\s*[\])]?\s*[»›→>…]+$",
    re.IGNORECASE,
)
_ARROWS = tuple("»›→>…")
_POINTS = re.compile(
    r"""\W*(?:(?:read|see|watch|listen|learn|find\ out|check\ out|discover|more|view|explore|
    get\ started|click|go\ to|visit|also|next|previous)\b|
    (?:lire|voir|découvr\w+|écouter|à\ (?:lire|voir)|retrouvez|consultez)\b|
    (?:lesen|auch|mehr|weitere?|jetzt|hier|zum|zur|sehen|alles|alle)\b|
    (?:lea|lee|ver|vea|mira|conoce|más)\b|(?:leggi|guarda|scopri|vedi)\b|(?:leia|veja|saiba)\b|
    lees\b|(?:czytaj|zobacz|dowiedz|więcej)\b|läs\b|[>»→▶➡])""",
    re.VERBOSE | re.IGNORECASE,
)
# Between the links of a list stand commas, dates and dashes.
LISTED_LINK_SHARE = 0.8
# One of these stands in every disclosure, and in few lines.
_DISCLOSING = ("affili", "commission", "views expressed", "provision", "声明", "聲明", "免责",
               "权说明", "權說明")  # fmt: skip
_DISCLOSES = re.compile(
    r"""\b(?:affiliate\ (?:links?|commissions?|program\w*)|earn\ (?:an?\ )?(?:\w+\ )?commissions?|
    views\ expressed\ .{0,80}\bdo\ not\ (?:necessarily\ )?(?:reflect|represent)|
    liens?\ (?:affiliés?|d.affiliation)|affiliate-links?|provisions-links?)\b|
    ^\W*\w{0,8}(?:声明|聲明|版权说明|版權說明)[：:]
    .*(?:参考|參考|代表|不构成|不構成|转载|轉載|侵权|侵權|版权|版權|自负|自担)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What of this very page is no part of the story: folded headline, folded names, a line."""

    headline: str
    names: Sequence[str]
    line: re.Pattern[str] | None

    def holds(self, piece: Piece) -> bool:
        """Whether the piece is furniture, by its own words or by the page's."""
        if self.line is not None and self.line.fullmatch(piece.text):
            return True
        if piece.type != "code" and is_furniture_line(piece.text):
            return True
        if (
            self.headline
            and piece.type != "quote"
            and len(piece.text) <= MAX_REPEATED * len(self.headline)
            and fold(piece.text) == self.headline
        ):
            return True
        if piece.link_length and (
            is_link_line(piece)
            or _is_pointer(piece)
            or _is_teaser(piece)
            or _is_list_of_links(piece)
        ):
            return True
        return _is_byline(piece, self.names) or _is_dateline(piece) or _is_disclosure(piece)


def _is_byline(piece: Piece, names: Sequence[str]) -> bool:
    """A short line that is little more than an author's name: "By …", a role, a date."""
    if piece.type == "quote" or len(piece.text) > MAX_BYLINE or ENDS_SENTENCE.search(piece.text):
        return False
    folded = fold(piece.text)
    return any(name and name in folded and len(folded) < 3 * len(name) for name in names)


def is_profile(piece: Piece, names: Sequence[str]) -> bool:
    """A paragraph that begins with an author's full name, as those do that say who wrote."""
    if piece.type == "heading" or len(piece.text) > MAX_PROFILE:
        return False
    folded = fold(piece.text)
    return any(" " in name and folded.startswith(f"{name} ") for name in names)


def is_head_matter(piece: Piece) -> bool:
    """Whether a line above the first paragraph is the story's date or byline, and no part of it."""
    text = piece.text
    if len(text) > MAX_BYLINE or _SPEAKS.search(text):
        return False
    if piece.type == "heading":
        return text[:1].isdigit() and _is_of_date(text)
    return piece.type == "paragraph" and _SIGNED.match(text) is not None


def _is_of_date(text: str) -> bool:
    return bool(_YEAR.search(text)) and (sum(map(str.isdigit, text)) >= DATELINE_DIGITS * len(text))


def _is_dateline(piece: Piece) -> bool:
    """A short line that is little more than a date: "Updated at …" in whatever language."""
    text = piece.text
    if piece.type == "list_item" and text[:1].isdigit() and _DATED.fullmatch(text):
        return True
    if piece.type != "paragraph" or len(text) > MAX_BYLINE or _SPEAKS.search(text):
        return False
    return _is_of_date(text)


def is_link_line(piece: Piece) -> bool:
    """Whether a line is a link and nothing else, and no sentence."""
    if piece.link_density < 0.9 or piece.type in ("table", "code"):
        return False
    return piece.type == "list_item" or not ENDS_SENTENCE.search(piece.text) or len(piece.text) < 30


def _is_pointer(piece: Piece) -> bool:
    """A line that sends the reader to another page: "Learn more about …", with its link."""
    return (
        piece.link_density >= POINTER_LINK_SHARE
        and len(piece.text) <= MAX_POINTER
        and piece.type in ("paragraph", "quote", "heading")
        and not piece.text.endswith(".")
        and _POINTS.match(piece.text) is not None
    )


def _is_teaser(piece: Piece) -> bool:
    """A line of a list of other stories: a title, which is the link, and a date or a label.

    Or some words on one of them, which end in a link to the rest.
    """
    length, linked = len(piece.text), piece.link_length
    if length > MAX_POINTER or piece.type in ("table", "code"):
        return False
    if piece.text.endswith(_ARROWS) and _GOES_ON.search(piece.text):
        return True
    if piece.link_density < POINTER_LINK_SHARE or piece.type == "heading":
        return False
    if (date := _DATED.search(piece.text)) is not None:
        return linked >= length - len(date.group()) - 2
    label = _HEADLINE_LABEL.match(piece.text)
    return (
        label is not None
        and label.group().isupper()
        and " " in piece.text[label.end() :].strip()
        and linked >= length - label.end() - 2
        and piece.type == "paragraph"
    )


def _is_list_of_links(piece: Piece) -> bool:
    """A label over links in one paragraph, a line each."""
    label, ends, links = piece.text.partition("\n")
    return (
        bool(ends)
        and piece.link_length >= LISTED_LINK_SHARE * len(links)
        and is_furniture_line(label)
    )


def _is_disclosure(piece: Piece) -> bool:
    """Where the publisher speaks of itself: what it earns by links, whose views these are."""
    if piece.type not in ("paragraph", "quote") or len(piece.text) > MAX_DISCLOSURE:
        return False
    line = piece.text.lower()
    return any(map(line.__contains__, _DISCLOSING)) and _DISCLOSES.search(line) is not None
