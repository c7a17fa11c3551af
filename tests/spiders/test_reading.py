"""When the listings of a site mislead: what is asked next, and what the person is told."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

from crawler.errors import ExitCode
from tests.crawls import crawl, rows
from tests.markup import page, rss, sitemap, stories
from tests.server import Body, Server, Site
from tests.spiders.ways import API_REL, link


def publish(site: Site, count: int) -> list[str]:
    """Put stories on a site, and give their addresses."""
    told = stories(count, f"{site.host.partition('.')[0]}-")
    for story in told:
        site.paths[story.path] = Body(story.html())
    return [urljoin(site.url, story.path) for story in told]


def test_an_api_that_names_no_post_does_not_speak_for_its_site(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("pages-only")
        urls = publish(site, 3)
        listed = list(zip(urls, stories(3, "pages-only-"), strict=True))
        head = f'<link rel="{API_REL}" href="/wp-json/">'
        site.paths["/"] = Body(page("<p>Welcome.</p>", head))
        site.paths["/robots.txt"] = Body(f"Sitemap: {site.url}sitemap.xml\n", "text/plain")
        site.paths["/wp-json/wp/v2/posts"] = Body("[]", "application/json")
        site.paths["/sitemap.xml"] = Body(sitemap(listed), "application/xml")
        for _ in range(2):
            run = crawl(tmp_path / "data", "-a", f"url={site.url}")
            assert run.exit_code == ExitCode.COMMITTED, run.output
            assert {row["url"] for row in rows(tmp_path / "data")} == set(urls)


def test_a_sitemap_index_that_dates_nothing_anew_spares_the_front_page(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("dated")
        urls = publish(site, 3)
        listed = list(zip(urls, stories(3, "dated-"), strict=True))
        dated = f"<loc>{site.url}2026.xml</loc><lastmod>2026-03-02</lastmod>"
        index = sitemap([]).replace("urlset", "sitemapindex")
        index = index.replace("</", f"<sitemap>{dated}</sitemap></")
        site.paths["/"] = Body(page("<p>Welcome.</p>"))
        site.paths["/robots.txt"] = Body(f"Sitemap: {site.url}sitemap.xml\n", "text/plain")
        site.paths["/sitemap.xml"] = Body(index, "application/xml")
        site.paths["/2026.xml"] = Body(sitemap(listed), "application/xml")
        assert crawl(tmp_path / "data", "-a", f"url={site.url}").exit_code == ExitCode.COMMITTED
        assert {row["url"] for row in rows(tmp_path / "data")} == set(urls)
        site.forget()
        assert crawl(tmp_path / "data", "-a", f"url={site.url}").exit_code == ExitCode.COMMITTED
        assert site.targets() == ["/sitemap.xml"]


def test_a_site_whose_articles_are_all_on_another_one_is_told_so(tmp_path: Path) -> None:
    with Server() as server:
        portal, paper = server.site("portal"), server.site("paper")
        urls = publish(paper, 2)
        listed = list(zip(urls, stories(2, "paper-"), strict=True))
        portal.paths["/"] = Body(page("", link("application/rss+xml", "/feed.rss")))
        portal.paths["/feed.rss"] = Body(rss(listed), "application/rss+xml")
        run = crawl(tmp_path / "data", "-a", f"url={portal.url}")
        assert run.exit_code == ExitCode.SOURCE_UNHEALTHY
        (sentence,) = run.sentences
        assert "are on paper.localhost, another site" in sentence
        assert "allowed_domains" in sentence
        assert run.counts("portal.localhost")["refused/guard/off-site"] == 2
        assert paper.targets() == []
