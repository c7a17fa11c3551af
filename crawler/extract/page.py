"""The general page object: what any article page is read by, and what a site rule builds on.

`ArticlePage` is a web-poet page. A site rule is a subclass that overrides a class attribute or a
field; everything it leaves alone stays general.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from crawler.extract.embed_places import with_bare_posts, with_embeds
from crawler.extract.galleries import tells_in_headings, told_apart
from crawler.extract.images import read_images
from crawler.extract.lede import Story, tell
from crawler.extract.live import references, with_times
from crawler.extract.machine_rights import read_rights
from crawler.extract.metadata import Metadata, read_metadata
from crawler.extract.page_type import refuse
from crawler.extract.paging import read_pages
from crawler.extract.site_names import site_names
from crawler.extract.state import StatedStory, is_shell, stated_story
from crawler.extract.stated_facts import stated_facts, stated_lede
from crawler.extract.structured import Structured, read_structured
from crawler.extract.survey import fold
from crawler.extract.traits import Known
from crawler.items import Article, Block, Comment, Image, Pages, Rights

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
        return parse(self.response.body, str(self.response.url), declared)

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
    def stated(self) -> StatedStory | None:
        """The story that the page's scripts start from, where its HTML shows none."""
        root = self.document.root
        return stated_story(root) if is_shell(root) else None

    @cached_method
    def structured(self) -> Structured:
        """What the page tells machines; of an empty shell, also what its state does."""
        structured = read_structured(self.document)
        stated = self.stated()
        if stated is None:
            return structured
        return replace(structured, article={**stated_facts(stated.owner), **structured.article})

    @cached_method
    def metadata(self) -> Metadata:
        """The facts besides the text; of an empty shell, with the lede that it would show."""
        metadata = read_metadata(self.document, self.structured())
        stated = self.stated()
        if stated is not None and (lede := stated_lede(stated.owner)):
            metadata.description, metadata.sources["description"] = lede, "json-ld"
        return metadata

    @cached_method
    def discussion(self) -> Discussion:
        """The readers' comments and where they stand."""
        return read_discussion(self.document, self.structured(), self.metadata().in_language)

    @cached_method
    def shown(self) -> list[Piece]:
        """Every block of the page but its comments."""
        stated = self.stated()
        told = stated.root if stated is not None else None
        return with_bare_posts(read_pieces(self.document.root, self.discussion().elements, told))

    @cached_method
    def pieces(self) -> list[Piece]:
        """The same without the posts of other services: none of them is prose."""
        return [piece for piece in self.shown() if piece.type != "embed"]

    @cached_method
    def known(self) -> list[Known]:
        """What the page says of its story elsewhere than in it; in two ways for a live blog."""
        metadata = self.metadata()
        sites = site_names(self.structured(), metadata.publisher or "")
        return [
            Known(
                headline=fold(metadata.headline or ""),
                authors=[fold(name) for name in metadata.authors],
                description=fold(metadata.description or ""),
                reference=fold(reference),
                sites=sites,
            )
            for reference in references(self.structured())
        ]

    @cached_method
    def story(self) -> Story:
        """The pieces that are the article, and its lede."""
        metadata = self.metadata()
        pieces = self.pieces()
        body = self._body(pieces)
        if not body or tells_in_headings(pieces, body):
            pieces = told_apart(pieces)
            body = self._body(pieces)
        return tell(pieces, body, metadata.headline or "", metadata.description or "")

    def _body(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """The pieces that are the article, by that reference which finds most of it."""
        bodies = (choose_body(pieces, known, self.furniture_line) for known in self.known())
        return max(bodies, key=lambda body: sum(len(piece.text) for piece in body))

    @cached_method
    def told(self) -> tuple[Block, ...]:
        """The story's blocks with what stands among them: embedded posts, times of entries."""
        pieces = with_embeds(self.shown(), self.story().body)
        dated = with_times(pieces, self.structured(), self.discussion().elements)
        return tuple(piece.block() for piece in dated)

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
        return self.told()

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
    def pages(self) -> Pages:
        return read_pages(self.document, self.metadata().canonical_url)

    @field
    def rights(self) -> Rights:
        """What the page itself says of its use; the rest, and the decision, come later."""
        return read_rights(self.structured())

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
