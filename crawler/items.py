"""What flows through Colporteur: an `Article` with its `Block`s, `Image`s and `Comment`s.

Frozen values, named after schema.org in snake case. The extractor makes an `Article` from a page's
bytes; every later stage returns a changed copy (`dataclasses.replace`). Its fields are the columns
of the dataset (`pipelines.schema`, held equal by a test), and `comments`, which become a table of
their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

BlockType = Literal[
    "heading", "paragraph", "quote", "list_item", "caption", "code", "table", "embed"
]
Availability = Literal["available", "gone", "redirected", "retracted"]
DuplicateKind = Literal["exact", "near", "contained"]

# The sources of a field, in the words of the column `field_sources`.
FieldSource = Literal["json-ld", "meta", "microdata", "site rule", "heuristic", "feed"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body, in reading order.

    `level` is 1 to 6 for a heading, the depth from 1 for a list item, else None. An `embed` is a
    post of another service: its address, and on further lines the words that the page quotes.
    """

    type: BlockType
    text: str
    level: int | None = None

    def __reduce__(self) -> tuple[object, ...]:
        """An article has dozens on its way from a worker: pickled as such, in half the time."""
        return Block, (self.type, self.text, self.level)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article, absolute URL, with the caption that the reader sees."""

    url: str
    caption: str | None = None


# How the id begins of a comment that its page gives none: the rest is its place on that page.
BY_POSITION = "position-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A reader's comment, with the page's own ids and names until the privacy stage.

    `position` counts from 0 in reading order over the whole page, replies included.
    """

    comment_id: str
    text: str
    position: int
    parent_id: str | None = None
    author: str | None = None
    author_pseudonym: str | None = None
    date_created: datetime | None = None
    upvotes: int | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """The other pages of an article that is cut into several, as its page links to them.

    `first` is there on a later page only; `whole` is the page that has the text of all. `onward` is
    the next page if this is a later one, by its address, though nothing else on it says so.
    """

    next: str | None = None
    onward: str | None = None
    first: str | None = None
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What the publisher said about the use of the page when fetched, and what was decided."""

    robots_txt: str = "allowed"
    x_robots_tag: str | None = None
    meta_robots: str | None = None
    tdm_reservation: str | None = None
    ai_preferences: str | None = None
    decision: str = "collected"


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of the text (`pipelines.quality` says whose); nothing is dropped for them.

    `*_words` are shares of the words, `*_blocks` and `*_lines` of these, `*_chars` and `*grams` of
    the characters, 0 to 1. None: not measured, or no such thing in this language.
    """

    # Gopher
    mean_word_length: float
    alphabetic_words: float
    duplicate_blocks: float
    ellipsis_blocks: float
    symbol_words: float | None = None  # `#` and ellipses for each word
    bullet_blocks: float | None = None
    stop_words: int | None = None  # how many different ones, of the eight of its language
    duplicate_lines: float | None = None
    duplicate_line_chars: float | None = None  # FineWeb's too
    duplicate_block_chars: float | None = None
    top_2grams: float | None = None
    top_3grams: float | None = None
    top_4grams: float | None = None
    duplicate_5grams: float | None = None
    duplicate_6grams: float | None = None
    duplicate_7grams: float | None = None
    duplicate_8grams: float | None = None
    duplicate_9grams: float | None = None
    duplicate_10grams: float | None = None
    # C4 and FineWeb
    sentences: int | None = None
    terminal_lines: float | None = None  # that end like a sentence
    short_lines: float | None = None
    has_lorem_ipsum: bool | None = None
    has_javascript: bool | None = None
    has_curly_bracket: bool | None = None
    # ours
    language_agrees: bool | None = None  # what was detected, with what the page says
    email_addresses: int | None = None
    phone_numbers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One story as one page tells it.

    Dates are aware; what is unknown is None or empty, never a guess. No columns: `pages`, where the
    article goes on, `requested_id`, the id of the URL that was asked for, where the page's own
    identity is another, and `vocabulary`, which the state compares texts by beside `minhash`.
    """

    # what extraction takes from the page
    url: str
    headline: str
    article_body: str
    canonical_url: str | None = None
    description: str | None = None
    blocks: tuple[Block, ...] = ()
    authors: tuple[str, ...] = ()
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_modified: datetime | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    in_language: str | None = None
    publisher: str | None = None
    main_image: str | None = None
    images: tuple[Image, ...] = ()
    is_accessible_for_free: bool | None = None
    comment_count: int | None = None
    comments: tuple[Comment, ...] = ()
    extractor: str = ""
    field_sources: Mapping[str, str] = field(default_factory=dict)
    pages: Pages = Pages()

    # what the run and the exchange know
    article_id: str = ""
    requested_id: str = ""
    source: str = ""
    domain: str = ""
    run_id: str = ""
    date_first_seen: datetime | None = None
    date_downloaded: datetime | None = None
    http_status: int = 200
    etag: str | None = None
    last_modified: str | None = None
    rights: Rights = Rights()
    warc_file: str | None = None
    warc_record_id: str | None = None
    availability: Availability = "available"
    date_availability: datetime | None = None

    # what the pipelines add
    language: str = "und"
    language_score: float = 0.0
    agency: str | None = None
    word_count: int = 0
    quality: Quality | None = None
    content_hash: str = ""
    minhash: bytes = b""
    vocabulary: bytes = b""
    cluster_id: str = ""
    cluster_size: int = 1
    revision: int = 1
    revision_count: int = 1

    # set for a copy only: these three make it a row of `duplicates`
    duplicate_of: str | None = None
    similarity: float | None = None
    duplicate_kind: DuplicateKind | None = None
