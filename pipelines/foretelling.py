"""What the stages will ask about a text, answered where the text was read (`pipelines.known`).

Loaded by workers, so by way of modules without Scrapy.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from crawler.items import Article
from pipelines.contacts import phone_regions
from pipelines.fingerprinting import hash_of_text, hashes_of_body
from pipelines.known import Answer, recorded
from pipelines.language import detect, labelled, language_tag
from pipelines.normalize import normalize_article
from pipelines.quality import measured

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Foretelling:
    """As the stages themselves are set up."""

    sample_chars: int
    phone_regions: tuple[str, ...]

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Raises: ConfigurationError."""
        return cls(settings.getint("LANGUAGE_SAMPLE_CHARS"), phone_regions(settings))

    def answers(self, article: Article) -> Sequence[Answer]:
        """What is asked of an article as it comes from its page, with its `domain`.

        As it will be unless something is taken out: validation repairs few, and what an earlier
        stage changes is asked anew.
        """
        with recorded() as answers, suppress(TypeError, AttributeError):  # validation's to repair
            self._ask(article)
        return answers

    def _ask(self, article: Article) -> None:
        claim = language_tag(article.in_language) if article.in_language else None
        article = normalize_article(replace(article, in_language=claim))
        measured(labelled(article, self.sample_chars), self.phone_regions)
        hashes_of_body(article.article_body)
        hash_of_text(article.headline, article.description, article.article_body)


def warm_up() -> None:
    """Load what the first text would load."""
    detect("Le premier texte charge les langues.")
