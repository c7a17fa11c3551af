"""The general page object: what any article page is read by, and what a site rule builds on.

`ArticlePage` is a web-poet page. A site rule is a subclass that overrides a class attribute or a
field; everything it leaves alone stays general.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import ClassVar

import parsel
from web_poet import WebPage, field
from web_poet.fields import get_fields_dict
from web_poet.utils import cached_method

from crawler.errors import Reason, Refusal
from crawler.extract.blocks import Piece, body_text, read_pieces
from crawler.extract.body import choose_body
from crawler.extract.comments import Discussion, read_discussion
from crawler.extract.container import common_ancestor
from crawler.extract.document import Document, parse
from crawler.extract.images import read_images
from crawler.extract.lede import Story, tell
from crawler.extract.metadata import Metadata, read_metadata
from crawler.extract.page_type import refuse
from crawler.extract.structured import Structured, first_text, read_structured
from crawler.items import Article, Block, Comment, Image

EXTRACTOR = f"colporteur/{version('colporteur')}"


class UnreadablePageError(ValueError):
    """The page's bytes give no tree; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class ArticlePage(WebPage[Article]):
    """Any page that may hold an article.

    A site rule (`crawler.sites`) is a subclass under `@web_poet.handle_urls`.
    """

    # A site rule may say by what words, as a whole line, the site's own furniture is known.
    furniture_line: ClassVar[re.Pattern[str] | None] = None

    @cached_method
    def parsed(self) -> Document | Refusal:
        """Parse the page once."""
        declared = self.response.headers.declared_encoding()
        return parse(bytes(self.response.body), str(self.response.url), declared)

    @property
    def document(self) -> Document:
        """The page, parsed; raises `UnreadablePageError` where it cannot be."""
        parsed = self.parsed()
        if isinstance(parsed, Refusal):
            raise UnreadablePageError(parsed)
        return parsed

    @property
    def selector(self) -> parsel.Selector:
        """parsel over the same tree, so that a site rule's `css` and `xpath` parse nothing anew."""
        return parsel.Selector(root=self.document.root, type="html")

    @cached_method
    def structured(self) -> Structured:
        """What the page tells machines."""
        return read_structured(self.document)

    @cached_method
    def metadata(self) -> Metadata:
        """The facts besides the text."""
        return read_metadata(self.document, self.structured())

    @cached_method
    def discussion(self) -> Discussion:
        """The readers' comments and where they stand."""
        return read_discussion(self.document, self.structured(), self.metadata().in_language)

    @cached_method
    def pieces(self) -> list[Piece]:
        """Every block of the page but its comments."""
        return read_pieces(self.document.root, self.discussion().elements)

    @cached_method
    def story(self) -> Story:
        """The pieces that are the article, and its lede."""
        reference = first_text(self.structured().article.get("articleBody")) or ""
        metadata = self.metadata()
        headline = metadata.headline or ""
        body = choose_body(
            self.pieces(),
            headline=headline,
            authors=metadata.authors,
            reference=reference,
            furniture_line=self.furniture_line,
        )
        return tell(self.pieces(), body, headline, metadata.description or "")

    def refusal(self) -> Refusal | None:
        """Return why this page gives no article, or None."""
        parsed = self.parsed()
        if isinstance(parsed, Refusal):
            return parsed
        if not self.metadata().headline:
            return Refusal(Reason.NO_HEADLINE)
        body = self.story().body
        refused = refuse(parsed, self.structured(), self.metadata(), self.pieces(), body)
        if refused is not None or body:
            return refused
        return Refusal(Reason.NO_BODY)

    @field
    def url(self) -> str:
        """As fetched, after redirects."""
        return self.document.url

    @field
    def canonical_url(self) -> str | None:
        return self.metadata().canonical_url

    @field
    def headline(self) -> str:
        return self.metadata().headline or ""

    @field
    def authors(self) -> tuple[str, ...]:
        return self.metadata().authors

    @field
    def date_published(self) -> datetime | None:
        return self.metadata().date_published

    @field
    def date_published_raw(self) -> str | None:
        return self.metadata().date_published_raw

    @field
    def date_modified(self) -> datetime | None:
        return self.metadata().date_modified

    @field
    def section(self) -> str | None:
        return self.metadata().section

    @field
    def keywords(self) -> tuple[str, ...]:
        return self.metadata().keywords

    @field
    def in_language(self) -> str | None:
        return self.metadata().in_language

    @field
    def publisher(self) -> str | None:
        return self.metadata().publisher

    @field
    def main_image(self) -> str | None:
        return self.metadata().main_image

    @field
    def is_accessible_for_free(self) -> bool | None:
        return self.metadata().is_accessible_for_free

    @field
    def description(self) -> str | None:
        """The lede as shown, else the meta description."""
        lede = self.story().lede
        return lede.text if lede is not None else self.metadata().description

    @field
    def article_body(self) -> str:
        return body_text(self.blocks)

    @field
    def blocks(self) -> tuple[Block, ...]:
        return tuple(piece.block() for piece in self.story().body)

    @field
    def images(self) -> tuple[Image, ...]:
        return read_images(self.document, common_ancestor(self.story().body))

    @field
    def comments(self) -> tuple[Comment, ...]:
        return self.discussion().comments

    @field
    def comment_count(self) -> int | None:
        """As the page says, else as read here; None where it shows no comments."""
        return self.metadata().comment_count or len(self.comments) or None

    @field
    def extractor(self) -> str:
        """Which page object read this, and of which version."""
        return f"{EXTRACTOR} {type(self).__name__}"

    @field
    def field_sources(self) -> Mapping[str, str]:
        """For each field that has a value: where it came from."""
        sources: dict[str, str] = dict(self.metadata().sources)
        if self.story().lede is not None:
            sources["description"] = "heuristic"
        sources["article_body"] = "heuristic"
        for name in get_fields_dict(self):
            if getattr(type(self), name) is not getattr(ArticlePage, name):
                sources[name] = "site rule"
        return sources
