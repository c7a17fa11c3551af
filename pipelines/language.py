"""Which language a text is in: a BCP 47 tag and how sure langdetect is, `und` where it cannot say.

The same text has the same label in every process, after whatever other texts, on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Self

from langdetect.detector import Detector

from crawler.items import Article
from pipelines.known import known
from pipelines.ngrams import Profiles

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Below this a body is put behind its headline: two sentences are needed for a label that holds.
SHORT_BODY_CHARS: Final = 200

# The scripts are what langdetect tells apart; who writes them, mainland or Taiwan, it cannot know.
# `no` stays as it is: the macrolanguage, as its profile does not tell Bokmål from Nynorsk.
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}

# The scripts of langdetect's languages, as the names of their characters begin. It labels a text
# in any other script by a few letters that strayed into a profile: Georgian as Estonian, for sure.
_KNOWN_SCRIPT = re.compile(
    "LATIN|CYRILLIC|GREEK|ARABIC|HEBREW|DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|TAMIL|TELUGU|KANNADA|"
    "MALAYALAM|THAI|CJK|HIRAGANA|KATAKANA|HANGUL|FULLWIDTH|HALFWIDTH"
)

_POSIX_SUFFIX = re.compile(r"[.@].*", re.DOTALL)
# langtag of RFC 5646, 2.1, without the grandfathered and the reserved four to eight letters.
_LANGTAG = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-z\d](?:-[a-z\d]{2,8})+)*)"
)


@dataclass(frozen=True, slots=True)
class Detected:
    """A BCP 47 tag, and langdetect's own probability for it, 0 to 1, to four decimals.

    The score ranks labels of long texts; it does not tell right ones from wrong ones.
    """

    language: str
    score: float


UNDETERMINED: Final = Detected("und", 0.0)


def language_tag(claim: str) -> str | None:
    """A page's word for its language in the letter case of BCP 47: `fr_FR` is `fr-FR`.

    None for what is no well-formed tag (RFC 5646) and for `und`. POSIX suffixes are cut
    (`fr_FR.UTF-8`); the subtags are not looked up in the registry.
    """
    tag = _POSIX_SUFFIX.sub("", claim.strip()).replace("_", "-").lower()
    match = _LANGTAG.fullmatch(tag)
    if not match or match["language"] == "und":
        return None
    script, region = match["script"], match["region"]
    subtags = [match["language"], script and script.title(), region and region.upper()]
    return "-".join(subtag for subtag in subtags if subtag) + match["rest"]


@cache
def _profiles() -> Profiles:
    """Loaded by the first article that needs them: most runs of a busy schedule find none."""
    return Profiles()


def _is_in_known_script(text: str) -> bool:
    """Whether at least half of the letters are of a script that langdetect has a language for."""
    letters = {letter: count for letter, count in Counter(text).items() if letter.isalpha()}
    known = sum(count for letter, count in letters.items() if _is_known(letter))
    return 2 * known >= sum(letters.values())


@cache
def _is_known(letter: str) -> bool:
    return _KNOWN_SCRIPT.match(unicodedata.name(letter, "")) is not None


@known(lambda text: text)
def detect(text: str) -> Detected:
    """The language of a text; `UNDETERMINED` where it has no letters of a language that is known.

    A whole article has no other label than its first 1,000 characters, at three times the price.
    """
    if not _is_in_known_script(text):
        return UNDETERMINED
    profiles = _profiles()
    # langdetect leaves out words in capitals, which is all there is of some headlines.
    chances = profiles.probabilities(text.lower() if text.isupper() else text)
    if chances is None or chances.max() <= Detector.PROB_THRESHOLD:
        return UNDETERMINED
    name = profiles.languages[chances.argmax()]
    return Detected(_TAGS.get(name, name), round(float(chances.max()), 4))


def _sample(article: Article, chars: int) -> str:
    """The beginning of the body, behind the headline where the body is short."""
    if len(article.article_body) >= SHORT_BODY_CHARS:
        return article.article_body[:chars]
    return f"{article.headline}\n{article.article_body}"[:chars]


def labelled(article: Article, sample_chars: int) -> Article:
    """The article with the label of so many characters of its text."""
    detected = detect(_sample(article, sample_chars))
    return replace(article, language=detected.language, language_score=detected.score)


class LanguagePipeline:
    """Labels an article with the language of its text; the page's claim stays beside it."""

    def __init__(self, sample_chars: int) -> None:
        self.sample_chars = sample_chars

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("LANGUAGE_SAMPLE_CHARS"))

    def process_item(self, item: Article) -> Article:
        return labelled(item, self.sample_chars)
