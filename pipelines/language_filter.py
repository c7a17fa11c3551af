"""Lets go of articles in other languages than are wanted, off unless `LANGUAGES` names some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.items import Article
from pipelines.language import language_tag
from pipelines.refused import Refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class LanguageFilterPipeline:
    """Judges by the label that the text was given; what its page says of it may be wrong."""

    def __init__(self, languages: Sequence[str]) -> None:
        """BCP 47 tags, of which `zh` takes `zh-Hans` too. Raises: ConfigurationError."""
        self._languages = tuple(map(_tag, languages))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getlist("LANGUAGES"))

    def process_item(self, item: Article) -> Article:
        """The article as it is. Raises: Refused."""
        if self._languages and not any(
            f"{item.language}-".startswith(f"{wanted}-") for wanted in self._languages
        ):
            raise Refused(Refusal(Reason.OTHER_LANGUAGE, item.language))
        return item


def _tag(claim: str) -> str:
    tag = language_tag(claim) if claim.strip() != "und" else "und"
    if tag is None:
        raise ConfigurationError(f'"{claim}" is no language; give tags such as fr or zh-Hans.')
    return tag
