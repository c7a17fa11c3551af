"""What every later stage and the schema may take for granted of an article, made so or refused.

Only what makes an article is worth a refusal: its address, headline and body. Anything else that
cannot be true is emptied, and what is merely damaged is repaired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Any, Final, Self, TypeVar, get_args
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from crawler.errors import Reason, Refusal
from crawler.items import Article, Block, BlockType, Comment, Image
from pipelines import Refused
from pipelines.language import language_tag
from pipelines.normalize import normalize_line

# No newspaper put online reaches further back; what does is a default of some software.
FIRST_YEAR: Final = 1800
# Clocks are wrong and zones are mistaken by a day at most; further ahead is an announced event.
MAX_DATE_AHEAD: Final = timedelta(days=2)
# Servers refuse longer request lines (8 kB by default in Apache and nginx).
MAX_URL_CHARS: Final = 8_000
# Headlines have some 70 characters, ledes some 300: ten times that is another text by mistake.
MAX_HEADLINE_CHARS: Final = 1_000
MAX_DESCRIPTION_CHARS: Final = 5_000
# Captions and comments may be long, but a million characters of one is an attack on the reader.
MAX_CAPTION_CHARS: Final = 5_000
MAX_COMMENT_CHARS: Final = 100_000
# A name, section, keyword or date as the page writes it; longer ones are sentences by mistake.
MAX_NAME_CHARS: Final = 300
# Enough for any list of authors or keywords that a person wrote.
MAX_NAMES: Final = 200
MAX_COUNT: Final = 2**31 - 1  # what the schema's int32 holds
# HTML has six levels of heading; no reader follows a list deeper than this.
MAX_LEVEL: Final = {"heading": 6, "list_item": 100}

_T = TypeVar("_T")


def _repair_string(text: str) -> str:
    """Without NUL, which many readers take for an end, and without half a surrogate pair.

    Both halves, which careless JSON leaves, become the character they stand for.
    """
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _repair(value: Any) -> Any:
    """The value with every string in it repaired, and tuples for lists."""
    if isinstance(value, str):
        return _repair_string(value)
    if isinstance(value, list | tuple):
        return tuple(_repair(element) for element in value)
    if isinstance(value, Mapping):
        return {_repair(key): _repair(element) for key, element in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: _repair(getattr(value, field.name)) for field in fields(value)}
        return replace(value, **changes)
    return value


def _is_blank(value: object) -> bool:
    """Whether nothing of its beginning would be left once normalised, or it is no text at all."""
    if not isinstance(value, str):
        return True
    return not normalize_line(value.strip()[:MAX_NAME_CHARS], None)


def _prose(value: object, most: int) -> str | None:
    """A text, cut where it is too long to be what it should be."""
    return value.strip()[:most] if isinstance(value, str) and not _is_blank(value) else None


def _name(value: object) -> str | None:
    """A short text, or nothing: half of a long one would be wrong, not short."""
    text = _prose(value, MAX_NAME_CHARS + 1)
    return text if text and len(text) <= MAX_NAME_CHARS else None


def _is_web_url(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS or value.split() != [value]:
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _url(value: str | None) -> str | None:
    return value if _is_web_url(value) else None


def _date(value: object, downloaded: datetime | None) -> datetime | None:
    """A date that can be true, in UTC. One without a zone is no moment, so it is none."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    if not FIRST_YEAR <= value.year < MAXYEAR:
        return None
    if downloaded is not None and value > downloaded + MAX_DATE_AHEAD:
        return None
    return value.astimezone(UTC)


def _count(value: object, most: int = MAX_COUNT) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= most else None


def _elements(value: object, kind: type[_T]) -> tuple[_T, ...]:
    """What is of this kind in a list; a single one counts as a list of one."""
    elements = value if isinstance(value, tuple) else (value,)
    return tuple(element for element in elements if isinstance(element, kind))


def _names(value: object) -> tuple[str, ...]:
    names = (_name(name) for name in _elements(value, str))
    return tuple(name for name in names if name)[:MAX_NAMES]


def _blocks(value: object) -> tuple[Block, ...]:
    return tuple(
        replace(block, level=_count(block.level, MAX_LEVEL.get(block.type, 0)) or None)
        for block in _elements(value, Block)
        if block.type in get_args(BlockType) and not _is_blank(block.text)
    )


def _images(value: object) -> tuple[Image, ...]:
    return tuple(
        replace(image, caption=_prose(image.caption, MAX_CAPTION_CHARS))
        for image in _elements(value, Image)
        if _is_web_url(image.url)
    )


def _without_circles(parents: Mapping[str, str | None]) -> dict[str, str | None]:
    """The replies' links with every circle opened at its first comment in reading order."""
    opened = dict(parents)
    rooted: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        step: str | None = start
        while step is not None and step not in rooted and step not in path:
            path[step] = None
            step = opened[step]
        if step in path:
            opened[step] = None
        rooted.update(path)
    return opened


def _comments(value: object, downloaded: datetime | None) -> tuple[Comment, ...]:
    """The comments in reading order, each with an id of its own and a parent that is there."""
    kept: dict[str, Comment] = {}
    for comment in _elements(value, Comment):
        if _is_blank(comment.text):
            continue
        comment_id = _name(comment.comment_id) or ""
        twin = kept.get(comment_id)
        if twin and twin.text == comment.text:
            continue  # shown twice: once among the best, once in its place
        if twin or not comment_id:
            comment_id = f"{comment_id}#{len(kept)}"
        kept[comment_id] = comment
    parents = _without_circles(
        {
            comment_id: comment.parent_id if comment.parent_id in kept else None
            for comment_id, comment in kept.items()
        }
    )
    return tuple(
        replace(
            comment,
            comment_id=comment_id,
            parent_id=parents[comment_id],
            position=position,
            text=comment.text.strip()[:MAX_COMMENT_CHARS],
            author=_name(comment.author),
            date_created=_date(comment.date_created, downloaded),
            upvotes=_count(comment.upvotes),
        )
        for position, (comment_id, comment) in enumerate(kept.items())
    )


def _sources_of_filled(article: Article) -> dict[str, str]:
    """`field_sources` without the fields that are empty, or were emptied here."""
    return {
        name: source
        for name, source in article.field_sources.items()
        if getattr(article, name, None) not in (None, "", ())
    }


def _refusal(article: Article, max_body_chars: int) -> Refusal | None:
    if not _is_web_url(article.url):
        return Refusal(Reason.BAD_ROW, f"no http(s) URL: {str(article.url)[:MAX_NAME_CHARS]!r}")
    if _is_blank(article.headline):
        return Refusal(Reason.NO_HEADLINE)
    if _is_blank(article.article_body):
        return Refusal(Reason.NO_BODY)
    if len(article.article_body) > max_body_chars:
        return Refusal(Reason.BAD_ROW, f"a body of {len(article.article_body)} characters")
    return None


def validate(article: Article, max_body_chars: int) -> Article | Refusal:
    """The article with nothing in it that cannot be, or why it is none.

    Repaired: strings with NUL or half a surrogate pair, lists with something else among their
    elements, comments that share an id or answer one that is not there. Emptied: dates before 1800
    or ahead of the download (`date_published_raw` keeps the page's words), URLs that are not
    http(s), negative counts, over-long names. Cut: over-long headlines, descriptions, captions and
    comments. `in_language` becomes a BCP 47 tag.
    """
    article = _repair(article)
    if refusal := _refusal(article, max_body_chars):
        return refusal
    downloaded = article.date_downloaded
    free = article.is_accessible_for_free
    article = replace(
        article,
        headline=article.headline.strip()[:MAX_HEADLINE_CHARS],
        canonical_url=_url(article.canonical_url),
        description=_prose(article.description, MAX_DESCRIPTION_CHARS),
        blocks=_blocks(article.blocks),
        authors=_names(article.authors),
        date_published=_date(article.date_published, downloaded),
        date_published_raw=_name(article.date_published_raw),
        date_modified=_date(article.date_modified, downloaded),
        section=_name(article.section),
        keywords=_names(article.keywords),
        in_language=language_tag(_name(article.in_language) or ""),
        publisher=_name(article.publisher),
        main_image=_url(article.main_image),
        images=_images(article.images),
        is_accessible_for_free=free if isinstance(free, bool) else None,
        comment_count=_count(article.comment_count),
        comments=_comments(article.comments, downloaded),
    )
    return replace(article, field_sources=_sources_of_filled(article))


class ValidatePipeline:
    """Lets articles on that are whole, and refuses the others."""

    def __init__(self, max_body_chars: int) -> None:
        self.max_body_chars = max_body_chars

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("VALIDATE_MAX_BODY_CHARS"))

    def process_item(self, item: Article) -> Article:
        validated = validate(item, self.max_body_chars)
        if isinstance(validated, Refusal):
            raise Refused(validated)
        return validated
