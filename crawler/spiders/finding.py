"""Finds where a site lists its articles: what its home page names, else the usual places.

An address that the site itself names is believed until it is read; a usual place counts only with
the right kind of answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from crawler.discovery.feeds import parse_feed
from crawler.discovery.home import (
    USUAL_FEED_PATHS,
    USUAL_SITEMAP_PATHS,
    USUAL_WORDPRESS_PATHS,
    Endpoints,
    find_endpoints,
    sitemaps_of_robots,
)
from crawler.discovery.sitemaps import parse_sitemap
from crawler.discovery.urls import resolve
from crawler.discovery.wordpress import parse_posts, posts_url
from crawler.errors import Refusal
from crawler.fetch.listings import Answer
from crawler.sources import Source
from crawler.spiders.extraction import Aside
from crawler.state.listings import Validators, Ways

Ask = Callable[[str, Validators], Awaitable[Answer | Refusal]]
Robots = Callable[[str], Awaitable[bytes]]
Parse = Callable[[bytes, str], object]


def configured_ways(source: Source) -> Ways | None:
    """The ways that the sources file names; None if it names none, so that they must be found."""
    ways = Ways(
        feeds=source.feeds,
        sitemaps=source.sitemaps,
        wordpress=(source.wordpress,) if source.wordpress else (),
        listings=source.listings,
    )
    return ways if ways != Ways() else None


async def find_ways(url: str, home: Answer, ask: Ask, robots: Robots, aside: Aside) -> Ways:
    """The ways of the site whose home page at `url` answered with `home`.

    An address that is itself a feed or a sitemap is the only way: the person chose it.
    """
    feed = await aside(parse_feed, home.body, home.url, home.content_type)
    if not isinstance(feed, Refusal) and feed.candidates:
        return Ways(feeds=(url,))
    if not isinstance(await aside(parse_sitemap, home.body, home.url), Refusal):
        return Ways(sitemaps=(url,))
    named = await aside(find_endpoints, home.body, home.url, home.links)
    if isinstance(named, Refusal):  # it will be told of when the page is read as a listing
        named = Endpoints()
    robots_url = resolve(home.url, "/robots.txt") or home.url
    sitemaps = sitemaps_of_robots(await robots(home.url), robots_url)
    return Ways(
        wordpress=named.wordpress
        or await _usual(home.url, USUAL_WORDPRESS_PATHS, parse_posts, ask, aside),
        sitemaps=tuple(dict.fromkeys(sitemaps + named.sitemaps))
        or await _usual(home.url, USUAL_SITEMAP_PATHS, parse_sitemap, ask, aside),
        feeds=named.feeds or await _usual(home.url, USUAL_FEED_PATHS, parse_feed, ask, aside),
        listings=(url,),
    )


async def _usual(
    home: str, paths: Iterable[str], parse: Parse, ask: Ask, aside: Aside
) -> tuple[str, ...]:
    """The first of the usual paths with the right answer; asked only if nothing is named."""
    for path in paths:
        url = resolve(home, path)
        if url is None:
            continue
        answer = await ask(posts_url(url) if parse is parse_posts else url, Validators())
        if isinstance(answer, Answer) and not isinstance(
            await aside(parse, answer.body, answer.url), Refusal
        ):
            return (url,)
    return ()
