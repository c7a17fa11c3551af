from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract.dating import published_dates
from tests.extract.pages import document, page, structured


def published(body: str) -> datetime | None:
    html = page(body)
    dates = published_dates(document(html), structured(html), "fr")
    return next((dated[0] for _, dated in dates if dated is not None), None)


def test_a_time_that_a_theme_calls_published_and_updated_is_the_publications() -> None:
    own = '<time class="entry-date published updated" datetime="2025-03-02T01:09:40Z">2 mars</time>'
    reply = '<li class="comment"><time datetime="2025-03-02T09:18:28Z">2 mars</time></li>'
    found = published(f"<article><h1>Le pont</h1><footer>{own}</footer></article><ol>{reply}</ol>")
    assert found == datetime(2025, 3, 2, 1, 9, 40, tzinfo=UTC)


def test_the_time_of_a_comment_is_not_the_articles() -> None:
    reply = '<li class="comment"><time datetime="2025-03-02T09:18:28Z">un jour</time></li>'
    assert (
        published(f"<article><h1>Le pont</h1><p>Il rouvre.</p></article><ol>{reply}</ol>") is None
    )
