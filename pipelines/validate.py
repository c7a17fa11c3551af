"""What every later stage and the schema may take for granted of an article, made so or refused.

Only what makes an article is worth a refusal: its address, headline and body. Anything else that
cannot be true is emptied, and what is merely damaged is repaired; each time the run counts what was
wrong, under `mended/FIELD/FLAW` of the source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any, Final, Self, get_args

from scrapy.crawler import Crawler

from crawler.errors import Reason, Refusal
from crawler.items import Article, Block, BlockType, Image
from pipelines.comments import sound_comments
from pipelines.language import language_tag
from pipelines.refused import Refused
from pipelines.values import (
    MAX_NAME_CHARS,
    Flaw,
    Tell,
    count,
    date,
    elements,
    is_blank,
    is_web_url,
    name,
    names,
    prose,
    repair,
    truth,
    url,
)

# Headlines have some 70 characters, ledes some 300: ten times that is another text by mistake.
MAX_HEADLINE_CHARS: Final = 1_000
MAX_DESCRIPTION_CHARS: Final = 5_000
MAX_CAPTION_CHARS: Final = 5_000
# HTML has six levels of heading; no reader follows a list deeper than this.
MAX_LEVEL: Final = {"heading": 6, "list_item": 100}
_BLOCK_TYPES: Final = get_args(BlockType)

# Told which field had which flaw.
Note = Callable[[str, Flaw], None]


def _nobody(field: str, flaw: Flaw) -> None:
    """Nobody wants to know."""


def _blocks(value: object, tell: Tell) -> tuple[Block, ...]:
    listed = elements(value, Block, tell)
    known = [block for block in listed if block.type in _BLOCK_TYPES]
    if len(known) < len(listed):
        tell(Flaw.WRONG_TYPE)
    told = [block for block in known if not is_blank(block.text)]
    if len(told) < len(known):
        tell(Flaw.BLANK)
    levels = [count(block.level, tell, MAX_LEVEL.get(block.type, 0)) or None for block in told]
    return tuple(
        block if block.level is level else replace(block, level=level)
        for block, level in zip(told, levels, strict=True)
    )


def _images(value: object, tell: Tell) -> tuple[Image, ...]:
    return tuple(
        replace(image, caption=prose(image.caption, MAX_CAPTION_CHARS, tell))
        for image in elements(value, Image, tell)
        if url(image.url, tell)
    )


def _language(value: object, tell: Tell) -> str | None:
    claim = name(value, tell)
    tag = language_tag(claim) if claim else None
    if claim and tag is None:
        tell(Flaw.NO_LANGUAGE)
    return tag


def _sources_of_filled(article: Article, sound: Mapping[str, Any]) -> dict[str, str]:
    """`field_sources` without the fields that are empty, or were emptied here."""
    return {
        name: source
        for name, source in article.field_sources.items()
        if sound.get(name, getattr(article, name, None)) not in (None, "", ())
    }


def _refusal(article: Article, max_body_chars: int) -> Refusal | None:
    if not is_web_url(article.url):
        return Refusal(Reason.BAD_ROW, f"no http(s) URL: {str(article.url)[:MAX_NAME_CHARS]!r}")
    if is_blank(article.headline):
        return Refusal(Reason.NO_HEADLINE)
    if is_blank(article.article_body):
        return Refusal(Reason.NO_BODY)
    if len(article.article_body) > max_body_chars:
        return Refusal(Reason.BAD_ROW, f"a body of {len(article.article_body)} characters")
    return None


def validate(article: Article, max_body_chars: int, note: Note = _nobody) -> Article | Refusal:
    """The article with nothing in it that cannot be, or why it is none.

    Repaired: strings with NUL or half a surrogate pair, lists with something else among their
    elements, comments that share an id or answer one that is not there. Emptied: dates before 1800
    or ahead of the download (`date_published_raw` keeps the page's words), URLs that are not
    http(s), negative counts, over-long names. Cut: over-long headlines, descriptions, captions and
    comments. `in_language` becomes a BCP 47 tag.
    """
    repaired: dict[str, Any] = {
        field.name: repair(getattr(article, field.name), partial(note, field.name))
        for field in fields(article)
    }
    article = replace(article, **repaired)
    if refusal := _refusal(article, max_body_chars):
        return refusal
    if article.date_published is None and article.date_published_raw:
        note("date_published", Flaw.UNREADABLE)  # extraction kept the words, and believed none
    sound = _sound_fields(article, note)
    return replace(article, **sound, field_sources=_sources_of_filled(article, sound))


def _sound_fields(article: Article, note: Note) -> dict[str, Any]:
    """The fields of an article that may be damaged, made sound."""
    downloaded = article.date_downloaded
    sound: dict[str, Callable[[Any, Tell], Any]] = {
        "headline": lambda value, tell: prose(value, MAX_HEADLINE_CHARS, tell),
        "canonical_url": url,
        "description": lambda value, tell: prose(value, MAX_DESCRIPTION_CHARS, tell),
        "blocks": _blocks,
        "authors": names,
        "date_published": lambda value, tell: date(value, downloaded, tell),
        "date_published_raw": name,
        "date_modified": lambda value, tell: date(value, downloaded, tell),
        "section": name,
        "keywords": names,
        "in_language": _language,
        "publisher": name,
        "main_image": url,
        "images": _images,
        "is_accessible_for_free": truth,
        "comment_count": count,
        "comments": lambda value, tell: sound_comments(value, downloaded, tell),
    }
    return {
        field: make(getattr(article, field), partial(note, field)) for field, make in sound.items()
    }


class ValidatePipeline:
    """Lets articles on that are whole, and refuses the others."""

    def __init__(
        self, max_body_chars: int, count_flaw: Callable[[str, str, Flaw], None] | None = None
    ) -> None:
        """`count_flaw` is told the source, the field and what was wrong with it."""
        self.max_body_chars = max_body_chars
        self._count_flaw = count_flaw or (lambda source, field, flaw: None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        def count_flaw(source: str, field: str, flaw: Flaw) -> None:
            crawler.stats.inc_value(f"source/{source}/mended/{field}/{flaw}")

        return cls(crawler.settings.getint("VALIDATE_MAX_BODY_CHARS"), count_flaw)

    def process_item(self, item: Article) -> Article:
        """Raises: Refused."""
        note = partial(self._count_flaw, item.source)
        validated = validate(item, self.max_body_chars, note)
        if isinstance(validated, Refusal):
            raise Refused(validated)
        return validated
