"""`world-courier.localhost` offers sitemaps and microdata, and nothing else."""

from __future__ import annotations

import gzip

import pytest
from lxml import etree

from crawler.demo.server import Newspaper
from crawler.demo.texts import Story
from tests.demo.conftest import Reader

HOST = "world-courier.localhost"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture
def base(paper: Newspaper) -> str:
    return paper.url(HOST).rstrip("/")


@pytest.fixture
def stories(paper: Newspaper) -> list[Story]:
    return [story for story in paper.stories if story.host == HOST]


def locations(document: bytes) -> list[str]:
    return [str(loc.text) for loc in etree.fromstring(document).iter(LOC)]


def test_robots_leads_to_the_three_sitemaps(base: str, reader: Reader) -> None:
    robots = reader.get(f"{base}/robots.txt").body.decode()
    assert f"Sitemap: {base}/sitemaps/index.xml" in robots
    assert locations(reader.get(f"{base}/sitemaps/index.xml").body) == [
        f"{base}/sitemaps/articles.xml.gz",
        f"{base}/sitemaps/news.xml",
        f"{base}/sitemaps/languages.txt",
    ]


def test_each_sitemap_is_of_its_kind_and_all_are_needed(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    packed = reader.get(f"{base}/sitemaps/articles.xml.gz")
    assert packed.body.startswith(b"\x1f\x8b")
    assert "content-encoding" not in packed.headers
    parts = [
        set(locations(gzip.decompress(packed.body))),
        set(locations(reader.get(f"{base}/sitemaps/news.xml").body)),
        set(reader.get(f"{base}/sitemaps/languages.txt").body.decode().splitlines()),
    ]
    articles = {paper.story_url(story) for story in stories}
    assert articles <= set.union(*parts)
    assert not set.intersection(*parts)
    for part in parts:
        assert not articles <= set.union(*(other for other in parts if other is not part))


def test_the_news_sitemap_has_googles_fields(
    base: str, reader: Reader, stories: list[Story]
) -> None:
    document = etree.fromstring(reader.get(f"{base}/sitemaps/news.xml").body)
    titles = [str(title.text) for title in document.iter(f"{NEWS}title")]
    assert titles == [story.title for story in stories[-5:]]
    assert len(list(document.iter(f"{NEWS}publication_date"))) == 5


def test_the_sitemaps_list_pages_that_are_no_articles(base: str, reader: Reader) -> None:
    listed = locations(gzip.decompress(reader.get(f"{base}/sitemaps/articles.xml.gz").body))
    for path in ("/", "/store/tote-bag", "/signin", "/topic/harbours", "/people/ines-falkenrath"):
        assert base + path in listed
        assert reader.get(base + path).status == 200
    assert f"{base}/embargo/prize-list" in listed
    assert "Disallow: /embargo/" in reader.get(f"{base}/robots.txt").body.decode()


def test_there_are_neither_feeds_nor_json_ld(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    for path in ("/feed/", "/rss.xml", "/atom.xml", "/wp-json/", "/sitemap.xml"):
        assert reader.get(base + path).status == 404
    for url in (f"{base}/", paper.story_url(stories[0])):
        page = reader.get(url).body.decode()
        assert "ld+json" not in page
        assert 'rel="alternate"' not in page


def test_an_article_describes_itself_in_microdata(
    paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    for story in stories:
        page = reader.get(paper.story_url(story)).page
        (article,) = page.css('[itemtype="https://schema.org/NewsArticle"]')
        assert article.xpath('string(.//*[@itemprop="headline"])').get() == story.title
        published = article.css("[itemprop=datePublished]::attr(datetime)").get()
        assert published == story.published.isoformat()
        assert page.xpath("/html/@lang").get() == story.language
        assert page.xpath("/html/@dir").get() == ("rtl" if story.language == "ar" else "ltr")
        shown = article.css("[itemprop=comment] > [itemprop=text] > p::text").getall()
        assert shown == [comment.text for comment in story.comments]
