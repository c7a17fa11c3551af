"""What stands on a newspaper's site: its front page, feed, sitemaps and articles, as text."""

from __future__ import annotations

import html
import json
import random
import tomllib
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from tests.benchmarks.hourly.newspapers import FEED_LENGTH, Newspaper, Story
from tests.wordpress.writer import Writer

_VOCABULARY = tomllib.loads(
    (Path(__file__).parents[2] / "wordpress" / "vocabulary.toml").read_text("utf-8")
)
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def home(paper: Newspaper, stories: Sequence[Story]) -> str:
    """Its front page, which names its feed and its newest stories."""
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    links = "".join(
        f'<h2><a href="{story.path}">{html.escape(headline(paper, story))}</a></h2>'
        for story in reversed(stories[-FEED_LENGTH:])
    )
    return (
        f"<!doctype html><html lang=fr><head><title>{paper.name}</title>"
        f"{link if 'feed' in paper.ways else ''}</head><body>{links}</body></html>"
    )


def feed(paper: Newspaper, base: str, stories: Sequence[Story]) -> str:
    """RSS of stories, the newest first."""
    items = "".join(
        f"<item><title>{html.escape(headline(paper, story))}</title>"
        f"<link>{base}{story.path}</link>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
        for story in reversed(stories)
    )
    return f'<rss version="2.0"><channel><title>{paper.name}</title>{items}</channel></rss>'


def index(home: str, stories: Sequence[Story], at: datetime) -> str:
    """The index of a site's sitemaps, one a month, each dated as its newest entry."""
    dated: dict[str, datetime] = {}
    for story in stories:
        month = f"{story.listed:%Y-%m}"
        dated[month] = max(dated.get(month, story.listed), story.modified(at))
    entries = "".join(
        f"<sitemap><loc>{home}/sitemap-{month}.xml</loc>"
        f"<lastmod>{date.isoformat()}</lastmod></sitemap>"
        for month, date in dated.items()
    )
    return f'<sitemapindex xmlns="{_SITEMAPS}">{entries}</sitemapindex>'


def urlset(base: str, stories: Sequence[Story], at: datetime) -> str:
    """A sitemap of stories."""
    entries = "".join(
        f"<url><loc>{base}{story.path}</loc>"
        f"<lastmod>{story.modified(at).isoformat()}</lastmod></url>"
        for story in stories
    )
    return f'<urlset xmlns="{_SITEMAPS}">{entries}</urlset>'


def _writer(paper: Newspaper, story: Story) -> Writer:
    return Writer(random.Random(f"{paper.name}/{story.number}"), _VOCABULARY["french"])


def headline(paper: Newspaper, story: Story) -> str:
    """Its headline."""
    return _writer(paper, story).line("headline")


def page(paper: Newspaper, story: Story, version: int, *, is_redesigned: bool) -> str:
    """Its page; the redesigned one says neither when, nor by whom, nor in short what."""
    writer = _writer(paper, story)
    title = html.escape(writer.line("headline"))
    said = {name: writer.chance(share) for name, share in paper.room.filled.items()}
    lede = html.escape(writer.line("lede")) if said["description"] else ""
    author = writer.dice.choice(_VOCABULARY["people"]["authors"]) if said["authors"] else ""
    paragraphs = "".join(
        f"<p>{html.escape(' '.join(writer.line('sentence') for _ in range(4)))}</p>"
        for _ in range(2 + version)
    )
    if is_redesigned:
        head = byline = ""
    else:
        head = _head(story, title, lede, author)
        byline = f'<p class="byline">Par <a rel="author" href="/auteurs/">{author}</a></p>'
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title} - {paper.name}'
        f"</title>{head}</head><body><nav><a href=/>Une</a> <a href=/sports/>Sports</a></nav>"
        f"<article><h1>{title}</h1>{byline if author else ''}{paragraphs}</article>"
        f"<footer>{paper.name}</footer></body></html>"
    )


def _head(story: Story, title: str, lede: str, author: str) -> str:
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": story.published.isoformat(),
    }
    if author:
        said["author"] = {"@type": "Person", "name": author}
    described = f'<meta name="description" content="{lede}">' if lede else ""
    return f'<script type="application/ld+json">{json.dumps(said)}</script>{described}'
