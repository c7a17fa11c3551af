"""Sites that list their articles in one way each: every way that the spider finds by itself."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from tests.markup import (
    Story,
    atom,
    json_feed,
    news_sitemap,
    page,
    posts,
    rss,
    sitemap,
    sitemap_index,
)
from tests.server import Body, Computed, Dated, Resource, Site, Validated

RSS_TYPE = "application/rss+xml"
API_REL = "https://api.w.org/"
Listed = list[tuple[str, Story]]
Lister = Callable[[Site, Listed], None]


def link(kind: str, href: str, rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}">'


def home(site: Site, head: str = "", robots: str | None = None) -> None:
    site.paths["/"] = Body(page("<p>Welcome.</p>", head))
    if robots:
        site.paths["/robots.txt"] = Body(f"Sitemap: {robots}\n", "text/plain")


def rss_by_link(site: Site, listed: Listed) -> None:
    home(site, link(RSS_TYPE, "/news.rss"))
    site.paths["/news.rss"] = Validated(rss(listed), RSS_TYPE)


def rss_by_header(site: Site, listed: Listed) -> None:
    header = f'<{site.url}out>; rel="alternate"; type="{RSS_TYPE}"'
    site.paths["/"] = Body(page("<p>Welcome.</p>"), headers={"Link": header})
    site.paths["/out"] = Validated(rss(listed), RSS_TYPE)


def rss_at_a_usual_path(site: Site, listed: Listed) -> None:
    home(site)
    site.paths["/feed/"] = Dated(rss(listed), RSS_TYPE, datetime(2026, 5, len(listed), tzinfo=UTC))


def rss_itself(site: Site, listed: Listed) -> None:
    site.paths["/"] = Validated(rss(listed), RSS_TYPE)


def atom_by_link(site: Site, listed: Listed) -> None:
    home(site, link("application/atom+xml", "/atom"))
    site.paths["/atom"] = Validated(atom(listed), "application/atom+xml")


def json_feed_by_link(site: Site, listed: Listed) -> None:
    home(site, link("application/feed+json", "/feed.json"))
    site.paths["/feed.json"] = Validated(json_feed(listed), "application/feed+json")


def index_in_robots(site: Site, listed: Listed) -> None:
    home(site, robots="/maps/index.xml")
    site.paths["/maps/index.xml"] = Validated(sitemap_index([f"{site.url}maps/articles-1.xml.gz"]))
    packed = gzip.compress(sitemap(listed).encode(), mtime=0)
    site.paths["/maps/articles-1.xml.gz"] = Validated(packed, "application/gzip")


def text_sitemap_in_robots(site: Site, listed: Listed) -> None:
    home(site, robots="/urls.txt")
    site.paths["/urls.txt"] = Validated("\n".join(url for url, _ in listed), "text/plain")


def news_sitemap_in_robots(site: Site, listed: Listed) -> None:
    home(site, robots="/news.xml")
    site.paths["/news.xml"] = Validated(news_sitemap(listed))


def sitemap_at_a_usual_path(site: Site, listed: Listed) -> None:
    home(site)
    site.paths["/sitemap.xml"] = Validated(sitemap(listed))


def api(listed: Listed) -> Resource:
    """WordPress' posts, as far as we ask: paged, and `modified_after`."""

    def answer(query: str) -> Resource:
        asked = parse_qs(query)
        after = datetime.fromisoformat(asked.get("modified_after", ["1970-01-01T00:00:00Z"])[0])
        changed = [(url, story) for url, story in listed if story.modified > after]
        size, number = int(asked["per_page"][0]), int(asked["page"][0])
        pages = {"X-WP-TotalPages": str(-(-len(changed) // size))}
        part = changed[size * (number - 1) : size * number]
        return Body(posts(part), "application/json", headers=pages)

    return Computed(answer)


def wordpress_by_header(site: Site, listed: Listed) -> None:
    header = f'<{site.url}wp-json/>; rel="https://api.w.org/"'
    site.paths["/"] = Body(page("<p>Welcome.</p>"), headers={"Link": header})
    site.paths["/wp-json/wp/v2/posts"] = api(listed)


def wordpress_without_pretty_links(site: Site, listed: Listed) -> None:
    front = Body(page("<p>Welcome.</p>", link("application/json", "/?rest_route=/", API_REL)))
    answers = api(listed)
    site.paths["/"] = Computed(lambda query: answers if "rest_route" in query else front)


def wordpress_below_a_folder(site: Site, listed: Listed) -> None:
    head = link("application/json", f"{site.url}blog/wp-json/", API_REL)
    site.paths["/blog/"] = Body(page("<p>Welcome.</p>", head))
    site.paths["/blog/wp-json/wp/v2/posts"] = api(listed)


def wordpress_at_its_usual_path(site: Site, listed: Listed) -> None:
    home(site)
    site.paths["/wp-json/wp/v2/posts"] = api(listed)


def pages_only(site: Site, listed: Listed) -> None:
    """Two articles a page, newest first, with a link to what is older."""
    newest_first = listed[::-1]
    for start in range(0, len(listed), 2):
        number = start // 2 + 1
        cards = "".join(
            f'<article><h2><a href="{url}">{story.headline}</a></h2></article>'
            for url, story in newest_first[start : start + 2]
        )
        more = f'<a rel="next" href="/page/{number + 1}/">Older</a>'
        last = start + 2 >= len(listed)
        path = "/" if number == 1 else f"/page/{number}/"
        site.paths[path] = Body(page(f"<main>{cards}{'' if last else more}</main>"))


WAYS: dict[str, Lister] = {
    "rss": rss_by_link,
    "header": rss_by_header,
    "usual-feed": rss_at_a_usual_path,
    "feed-itself": rss_itself,
    "atom": atom_by_link,
    "json-feed": json_feed_by_link,
    "index": index_in_robots,
    "text": text_sitemap_in_robots,
    "news": news_sitemap_in_robots,
    "usual-sitemap": sitemap_at_a_usual_path,
    "wordpress": wordpress_by_header,
    "rest-route": wordpress_without_pretty_links,
    "folder": wordpress_below_a_folder,
    "usual-api": wordpress_at_its_usual_path,
    "pages": pages_only,
}
