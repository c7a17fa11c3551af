"""What the page tells machines that its story is about, as a reader would read it.

Many a description is the headline again, with the site's name or the keywords behind it: that is
no lede. Where more follows the headline, the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from crawler.extract.keywords import split_list
from crawler.extract.site_names import is_site_name, joined, site_names
from crawler.extract.structured import Structured, first_text
from crawler.extract.survey import fold
from crawler.extract.titles import count_words
from crawler.items import FieldSource

_META = ("og:description", "description", "twitter:description")
# "Read 'The headline' on The Site." before the description itself.
_SENTENCE = re.compile(r"^(.{10,200}?[.。])\s+(?=\S)")
# What parts a list of keywords, or a headline from what follows it.
_PARTS = re.compile(r"[,，、;；|｜_]|\s+|(?<=[^\x00-\x7f])-+|-+(?=[^\x00-\x7f])")
# The end of a headline within a text, and how it shows in scripts without spaces.
_APART = re.compile(r"\s*(?:$|[|｜:：–—―]|\s-+\s)|[.!?]\s")
_WIDE_APART = re.compile(r"[\s,，、_「【-]")
_JOINT = " \t\xa0-–—―:：|｜,，。、_…"
# A label before a lede: "Abstract:", "摘要：".
_LABEL = re.compile(
    r"^(?:[^\W\d_][^:\n]{2,30}:\s*\n|(?:摘要|内容摘要|摘　要|导读|導讀|核心提示|内容提要|要約|"
    r"概要|リード|요약|abstract|summary|synopsis|résumé|zusammenfassung|resumen|resumo|riassunto|samenvatting|"
    r"sammanfattning|streszczenie|краткое содержание|аннотация|özet|ملخص)\s*[:：]\s*)",
    re.IGNORECASE,
)
# Some describe a story by all of its text; what is longer is a page in the wrong place.
MAX_DESCRIPTION = 100_000
# Shorter is a keyword, not a sentence.
MAX_KEYWORD = 10
# A shorter headline in a script without spaces is a word that its lede may begin with.
MIN_WORDS = 2
# What follows a repeated headline and is shorter is a label.
MIN_REST = 20


def descriptions(
    structured: Structured, headline: str, site: str
) -> Iterator[tuple[FieldSource, str | None]]:
    """Yield the description as each source gives it; None where it says nothing of its own."""
    names = site_names(structured, site)
    keywords = frozenset(map(joined, split_list(structured.meta.get("keywords", ()))))
    offers: tuple[tuple[FieldSource, str | None], ...] = (
        *(("meta", structured.first_meta(name)) for name in _META),
        ("json-ld", first_text(structured.article.get("description"))),
    )
    for source, text in offers:
        read = text is not None and len(text) <= MAX_DESCRIPTION
        yield source, _own_words(text or "", headline, names, keywords) if read else None


def without_label(lede: str) -> str:
    """Return a lede without the word that says that it is one."""
    return _LABEL.sub("", lede, count=1) or lede


def only_repeats(text: str, headline: str) -> bool:
    """Whether every word of a text is the headline's."""
    words = fold(text).split()
    return set(words) <= set(fold(headline).split()) or joined(text) in joined(headline)


def _own_words(
    text: str, headline: str, names: Collection[str], keywords: Collection[str]
) -> str | None:
    """A description without the headline that it repeats; None where nothing else is left."""
    opening = _SENTENCE.match(text)
    said = joined(opening[1]) if opening else ""
    title = joined(headline)
    if title and title in said and len(said) < 2 * len(title) and _names_site(said, names):
        text = text[len(opening[0]) :] if opening else text
    if headline and text.startswith(headline):
        rest = text[len(headline) :]
        if _APART.match(rest) or (_is_wide(headline) and _WIDE_APART.match(rest)):
            text = rest.lstrip(_JOINT)
            if len(text) < MIN_REST or _is_list(text):
                return None
    parts = map(joined, _PARTS.split(text))
    if joined(text) in names or all(
        not part or part in keywords or is_site_name(part, names) for part in parts
    ):
        return None
    return None if headline and only_repeats(text, headline) else without_label(text)


def _is_wide(headline: str) -> bool:
    """Whether a headline is more than a word, in a script without spaces."""
    return count_words(headline) > max(MIN_WORDS, len(headline.split()))


def _names_site(said: str, names: Collection[str]) -> bool:
    return any(name in said for name in names)


def _is_list(text: str) -> bool:
    """Whether a text is keywords, or the names of sections, and no sentence."""
    parts = [part for part in _PARTS.split(text) if part]
    return not text.rstrip().endswith((".", "。", "！", "？", "!", "?", "…", "...")) and all(
        len(part) <= MAX_KEYWORD for part in parts
    )
