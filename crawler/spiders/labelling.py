"""Extraction that labels a text with its language on the way, in the worker that has the page.

Of what the pipelines do it takes longest, half of their time; done by workers, the process that
writes keeps up with more of them. An article that a pipeline changes is labelled again.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.errors import Refusal
from crawler.extract import extract
from crawler.extract import warm_up as warm_up_extraction
from crawler.items import Article
from pipelines.language import labelled
from pipelines.language import warm_up as warm_up_language
from pipelines.normalize import normalize_article

if TYPE_CHECKING:
    from crawler.spiders.extraction import Aside, Extract


def warm_up() -> None:
    """Load what the first page would have to wait for."""
    warm_up_extraction()
    warm_up_language()


def extract_and_label(
    body: bytes, url: str, sample_chars: int, *, encoding: str | None = None
) -> Article | Refusal:
    """The article as it was extracted, with the label of its text as that is written."""
    article = extract(body, url, encoding=encoding)
    if isinstance(article, Refusal):
        return article
    label = labelled(normalize_article(article), sample_chars)
    return replace(
        article,
        language=label.language,
        language_score=label.language_score,
        labelled_by=label.labelled_by,
    )


def labelling_extraction(aside: Aside, sample_chars: int) -> Extract:
    """Extraction in workers that label."""

    def call(body: bytes, url: str, *, encoding: str | None = None) -> Awaitable[Article | Refusal]:
        return aside(extract_and_label, body, url, sample_chars, encoding=encoding)

    return call
