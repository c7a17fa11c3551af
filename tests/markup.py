"""Articles, feeds, sitemaps and API answers as text, for the sites that tests put on `server`."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

_WORDS = """
    harbour council winter railway teacher garden museum bridge river market budget engine forest
    doctor village theatre orchestra station airport student election minister factory weather
    island mountain library painter football captain reporter publisher satellite laboratory
    reactor battery vaccine glacier orchard lighthouse ferry tunnel harvest vineyard bakery
    archive parliament treaty embassy customs pension railwayman carpenter astronomer violinist
"""
_VERBS = ("opens", "closes", "repairs", "paints", "visits", "studies", "builds", "leaves", "sells")

# Long past, so that no listing date lies in the future.
EPOCH = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Story:
    """An article of a test's site; `version` changes its text."""

    number: int
    version: int = 1
    topic: str = ""

    @property
    def path(self) -> str:
        return f"/2026/03/{self.topic}story-number-{self.number}/"

    @property
    def published(self) -> datetime:
        return EPOCH + timedelta(hours=self.number)

    @property
    def modified(self) -> datetime:
        return self.published + timedelta(days=self.version - 1)

    @property
    def headline(self) -> str:
        return f"The {self.topic}{self.number}th story of the season"

    def html(self, head: str = "") -> str:
        """The page. Every story has words of its own, and so does every version."""
        chance = random.Random(f"{self.topic}{self.number}/{self.version}")
        paragraphs = "\n".join(
            "<p>" + " ".join(_sentence(chance) for _ in range(5)) + "</p>" for _ in range(4)
        )
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.headline,
            "datePublished": self.published.isoformat(),
            "author": {"@type": "Person", "name": "Jeanne Martin"},
        }
        return f"""<!doctype html><html lang="en"><head><title>{self.headline}</title>{head}
<script type="application/ld+json">{json.dumps(data)}</script></head>
<body><article><h1>{self.headline}</h1>{paragraphs}</article></body></html>"""


def stories(count: int, topic: str = "") -> list[Story]:
    """The first so many stories."""
    return [Story(number, topic=topic) for number in range(1, count + 1)]


def _sentence(chance: random.Random) -> str:
    subject, goal, place = chance.sample(_WORDS.split(), 3)
    return f"The {subject} {chance.choice(_VERBS)} the {goal} near the {place} this week."


def page(body: str = "", head: str = "") -> str:
    """A page that is no article."""
    return (
        f"<!doctype html><html><head><title>Gazette</title>{head}</head><body>{body}</body></html>"
    )


def rss(urls: Iterable[tuple[str, Story]]) -> str:
    """RSS 2.0 of addresses and their stories."""
    items = "".join(
        f"<item><title>{story.headline}</title><link>{url}</link>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
        for url, story in urls
    )
    return f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>'


def atom(urls: Iterable[tuple[str, Story]]) -> str:
    """Atom, which has a date of change."""
    entries = "".join(
        f'<entry><title>{story.headline}</title><id>{url}</id><link href="{url}"/>'
        f"<published>{story.published.isoformat()}</published>"
        f"<updated>{story.modified.isoformat()}</updated></entry>"
        for url, story in urls
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title>{entries}</feed>'


def json_feed(urls: Iterable[tuple[str, Story]]) -> str:
    """JSON Feed 1.1."""
    items = [
        {"id": url, "url": url, "title": story.headline, "content_text": "…"} for url, story in urls
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "Gazette", "items": items})


def sitemap(urls: Iterable[tuple[str, Story]]) -> str:
    """A urlset with `lastmod`."""
    entries = "".join(
        f"<url><loc>{url}</loc><lastmod>{story.modified.isoformat()}</lastmod></url>"
        for url, story in urls
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def news_sitemap(urls: Iterable[tuple[str, Story]]) -> str:
    """Google News' extension."""
    entries = "".join(
        f"<url><loc>{url}</loc><news:news><news:publication><news:name>Gazette</news:name>"
        "<news:language>en</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{story.headline}</news:title></news:news></url>"
        for url, story in urls
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
    )


def sitemap_index(urls: Iterable[str]) -> str:
    """An index of sitemaps, without dates."""
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def posts(urls: Iterable[tuple[str, Story]]) -> str:
    """An answer of WordPress' `wp/v2/posts`."""
    return json.dumps(
        [
            {
                "id": story.number,
                "link": url,
                "date_gmt": story.published.replace(tzinfo=None).isoformat(),
                "modified_gmt": story.modified.replace(tzinfo=None).isoformat(),
                "title": {"rendered": story.headline},
            }
            for url, story in urls
        ]
    )
