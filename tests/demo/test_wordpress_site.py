"""`le-colporteur.localhost` behaves as a WordPress does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree

from crawler.demo.server import Newspaper
from crawler.demo.texts import Story
from tests.demo.conftest import Reader

HOST = "le-colporteur.localhost"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def base(paper: Newspaper) -> str:
    return paper.url(HOST).rstrip("/")


@pytest.fixture
def stories(paper: Newspaper) -> list[Story]:
    return [story for story in paper.stories if story.host == HOST]


def posts(reader: Reader, base: str, query: str) -> list[dict[str, Any]]:
    answer = reader.get(f"{base}/wp-json/wp/v2/posts?{query}")
    assert answer.status == 200
    found: list[dict[str, Any]] = json.loads(answer.body)
    return found


def test_pages_announce_the_api(base: str, reader: Reader) -> None:
    link = reader.get(f"{base}/").headers["link"]
    assert link == f'<{base}/wp-json/>; rel="https://api.w.org/"'
    index = json.loads(reader.get(f"{base}/wp-json/").body)
    assert "wp/v2" in index["namespaces"]


def test_the_api_pages_through_every_post_once(
    base: str, reader: Reader, stories: list[Story]
) -> None:
    answer = reader.get(f"{base}/wp-json/wp/v2/posts?per_page=15")
    assert answer.headers["x-wp-total"] == str(len(stories))
    pages = int(answer.headers["x-wp-totalpages"])
    assert pages == -(-len(stories) // 15)
    assert 'rel="next"' in answer.headers["link"]
    found = [
        post["slug"]
        for page in range(1, pages + 1)
        for post in posts(reader, base, f"per_page=15&page={page}")
    ]
    assert found == [story.slug for story in reversed(stories)]


def test_past_the_last_page_the_api_says_so(base: str, reader: Reader) -> None:
    answer = reader.get(f"{base}/wp-json/wp/v2/posts?page=99")
    assert answer.status == 400
    assert json.loads(answer.body)["code"] == "rest_post_invalid_page_number"


@pytest.mark.parametrize("query", ["per_page=101", "page=0", "orderby=luck", "after=yesterday"])
def test_a_parameter_that_makes_no_sense_is_refused(query: str, base: str, reader: Reader) -> None:
    answer = reader.get(f"{base}/wp-json/wp/v2/posts?{query}")
    assert answer.status == 400
    assert json.loads(answer.body)["code"] == "rest_invalid_param"


def test_fields_can_be_chosen(base: str, reader: Reader) -> None:
    (post,) = posts(reader, base, "per_page=1&_fields=id,title.rendered,link")
    assert set(post) == {"id", "title", "link"}
    assert set(post["title"]) == {"rendered"}


@pytest.mark.parametrize("limit", ["2026-10-19T15:00:00", "2026-10-19T13:00:00Z"])
def test_modified_after_gives_what_changed_since(
    limit: str, base: str, reader: Reader, stories: list[Story]
) -> None:
    changed = posts(reader, base, f"modified_after={limit}&orderby=modified&order=asc&per_page=100")
    assert changed[0]["slug"] == "le-thermostat-tiedou-garde-tout-en-memoire"
    assert 0 < len(changed) < len(stories)
    dates = [post["modified_gmt"] for post in changed]
    assert dates == sorted(dates)
    assert posts(reader, base, "modified_after=2027-01-01T00:00:00") == []


def test_a_post_has_its_own_address_in_the_api(base: str, reader: Reader) -> None:
    newest = posts(reader, base, "per_page=1")[0]
    answer = reader.get(f"{base}/wp-json/wp/v2/posts/{newest['id']}")
    assert json.loads(answer.body) == newest
    for path in ("wp/v2/posts/7", "wp/v2/menus"):
        assert reader.get(f"{base}/wp-json/{path}").status == 404


def test_the_short_link_leads_to_the_article(base: str, reader: Reader) -> None:
    newest = posts(reader, base, "per_page=1")[0]
    answer = reader.get(f"{base}/?p={newest['id']}")
    assert (answer.status, answer.headers["location"]) == (301, newest["link"])


def test_robots_leads_to_sitemaps_that_list_every_story(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    robots = reader.get(f"{base}/robots.txt").body.decode()
    assert "Disallow: /wp-admin/" in robots
    assert f"Sitemap: {base}/wp-sitemap.xml" in robots
    index = etree.fromstring(reader.get(f"{base}/wp-sitemap.xml").body)
    children = [str(loc.text) for loc in index.iter(f"{SITEMAP}loc")]
    assert len(children) == 5
    listed = {
        str(loc.text)
        for child in children
        for loc in etree.fromstring(reader.get(child).body).iter(f"{SITEMAP}loc")
    }
    assert {paper.story_url(story) for story in stories} <= listed
    assert all(reader.get(url).status == 200 for url in listed)


def test_the_feed_has_the_ten_newest(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    feed = etree.fromstring(reader.get(f"{base}/feed/").body)
    newest = [paper.story_url(story) for story in stories[:-11:-1]]
    assert [link.text for link in feed.iterfind("channel/item/link")] == newest


def test_the_home_pages_lead_to_every_story(
    base: str, paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    found: set[str] = set()
    for path in ["/", *(f"/page/{number}/" for number in range(2, -(-len(stories) // 10) + 1))]:
        found.update(reader.get(base + path).page.css("h2.entry-title a::attr(href)").getall())
    assert found == {paper.story_url(story) for story in stories}


def test_comments_stand_in_the_page_in_reading_order(
    paper: Newspaper, reader: Reader, stories: list[Story]
) -> None:
    for story in filter(lambda story: story.comments, stories):
        items = reader.get(paper.story_url(story)).page.css("li[id^=comment-]")
        shown = [
            (
                item.attrib["id"].removeprefix("comment-"),
                item.xpath("string(./article//b[@class='fn'])").get(),
                item.xpath("string(./article/div[@class='comment-content'])").get(),
                item.xpath("ancestor::li[1]/@id").getall(),
            )
            for item in items
        ]
        assert shown == [
            (
                comment.comment_id,
                comment.author,
                comment.text,
                [f"comment-{comment.parent_id}"] if comment.parent_id else [],
            )
            for comment in story.comments
        ]


def test_the_article_has_the_furniture_of_such_a_page(base: str, reader: Reader) -> None:
    page = reader.get(f"{base}/le-thermostat-tiedou-garde-tout-en-memoire/").page
    for name in (
        "skip-link",
        "price-widget",
        "follow-us",
        "app-box",
        "read-also",
        "author-box",
        "share-buttons",
        "related-posts",
        "newsletter",
        "cookie-notice",
        "comment-form",
    ):
        assert page.css(f".{name}"), name


def test_the_home_page_links_what_a_crawler_must_leave(base: str, reader: Reader) -> None:
    targets = "\n".join(reader.get(f"{base}/").page.css("a::attr(href)").getall())
    for part in ("/brouillons/", "/wp-admin/", "/boutique/", "utm_source=", "/amp/", "//m."):
        assert part in targets
    assert "#comments" in targets
