from __future__ import annotations

import html
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message

import pytest
from parsel import Selector

from tests.wordpress.content import PARIS, Newsroom
from tests.wordpress.posts import Post
from tests.wordpress.site import POSTS, WordPressSite

pytestmark = pytest.mark.wordpress


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    body: str


def ask(url: str, **headers: str) -> Answer:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return Answer(response.status, response.headers, response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read().decode())


def xml(url: str) -> Selector:
    selector = Selector(ask(url).body, type="xml")
    selector.remove_namespaces()
    return selector


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def urls(posts: list[Post]) -> set[str]:
    return {post.url for post in posts}


def test_there_are_300_posts_of_two_years_and_most_are_discussed(site: WordPressSite) -> None:
    posts = site.posts()[:POSTS]
    assert len(urls(posts)) == POSTS
    assert (posts[-1].date - posts[0].date).days > 700
    assert sum(bool(post.comments) for post in posts) > POSTS * 0.6
    assert any(comment.parent is not None for post in posts for comment in post.comments)


def test_a_page_shows_what_the_database_has(site: WordPressSite) -> None:
    for post in site.posts()[::10]:
        page = Selector(ask(post.url).body)
        assert page.xpath("string(//h1)").get() == post.headline
        assert page.xpath("string(//a[@rel='author'])").get() == post.author
        published = page.css("article time.published::attr(datetime)").get()
        assert published == post.date.astimezone(PARIS).isoformat()
        assert lines(page.css(".entry-content").xpath("string()").get("")) == lines(post.body)
        shown = page.css(".comment-content").xpath("string()").getall()
        assert list(map(lines, shown)) == [lines(comment.text) for comment in post.comments]


def test_a_thread_is_nested_and_ordered_as_the_database_says(site: WordPressSite) -> None:
    for post in site.posts()[:40]:
        items = Selector(ask(post.url).body).css(".comment-list li.comment")
        order_of = {item.attrib["id"]: order for order, item in enumerate(items)}
        assert len(items) == len(post.comments)
        for comment, item in zip(post.comments, items, strict=True):
            assert item.xpath("string(.//b[@class='fn'])").get() == comment.author
            above = item.xpath("ancestor::li[1]/@id").get()
            assert (order_of[above] if above else None) == comment.parent


def test_comments_that_wait_and_spam_are_not_shown(site: WordPressSite) -> None:
    url_of = {post.headline: post.url for post in site.posts()}
    drafts = [draft for draft in Newsroom().archive(POSTS) if draft.hidden_comments()]
    assert drafts
    for draft in drafts:
        page = ask(url_of[html.unescape(draft.headline)]).body
        assert "comment-form" in page
        assert all(comment.author not in page for comment in draft.hidden_comments())


def test_the_rest_api_pages_through_all_posts(site: WordPressSite) -> None:
    posts = site.posts()
    home = ask(site.url)
    assert home.headers["Link"] == f'<{site.url}wp-json/>; rel="https://api.w.org/"'
    found: set[str] = set()
    pages = 1 + (len(posts) - 1) // 100
    for page in range(1, pages + 1):
        answer = ask(f"{site.url}wp-json/wp/v2/posts?per_page=100&page={page}")
        assert answer.headers["X-WP-TotalPages"] == str(pages)
        found |= {post["link"] for post in json.loads(answer.body)}
    assert found == urls(posts)


def test_the_sitemap_of_robots_txt_lists_all_posts(site: WordPressSite) -> None:
    assert f"Sitemap: {site.url}wp-sitemap.xml" in ask(f"{site.url}robots.txt").body
    assert "wp-sitemap-posts-post-1.xml" in ask(f"{site.url}wp-sitemap.xml").body
    listed = xml(f"{site.url}wp-sitemap-posts-post-1.xml").xpath("//loc/text()").getall()
    assert set(listed) - {site.url} == urls(site.posts())


def test_the_listing_pages_reach_all_posts(site: WordPressSite) -> None:
    posts = site.posts()
    found: set[str] = set()
    url: str | None = site.url
    while url:
        page = Selector(ask(url).body)
        found |= set(page.css("article h2 a::attr(href)").getall())
        url = page.css("a.next::attr(href)").get()
    assert found == urls(posts)


def test_the_feed_has_the_newest_ten_and_is_not_sent_twice(site: WordPressSite) -> None:
    links = xml(f"{site.url}feed/").xpath("//item/link/text()").getall()
    assert set(links) == urls(site.posts()[-10:])
    headers = ask(f"{site.url}feed/").headers
    validators = {
        "If-None-Match": headers["ETag"],
        "If-Modified-Since": headers["Last-Modified"],
    }
    assert ask(f"{site.url}feed/", **validators).status == 304


def test_without_the_rest_api_nothing_leads_there(site: WordPressSite) -> None:
    site.switch(rest_api=False, sitemaps=True)
    assert ask(f"{site.url}wp-json/wp/v2/posts").status == 401
    assert ask(f"{site.url}wp-json/").status == 401
    home = ask(site.url)
    assert home.headers["Link"] is None
    assert "https://api.w.org/" not in home.body
    assert ask(f"{site.url}wp-sitemap.xml").status == 200


def test_without_sitemaps_nothing_leads_there(site: WordPressSite) -> None:
    site.switch(rest_api=True, sitemaps=False)
    assert ask(f"{site.url}wp-sitemap.xml").status == 404
    assert ask(f"{site.url}wp-sitemap-posts-post-1.xml").status == 404
    assert "Sitemap" not in ask(f"{site.url}robots.txt").body
    assert ask(f"{site.url}wp-json/wp/v2/posts").status == 200
    assert ask(f"{site.url}feed/").status == 200


def test_a_new_post_comes_first_in_the_feed(site: WordPressSite) -> None:
    before = urls(site.posts())
    site.add_posts(1)
    [new] = urls(site.posts()) - before
    assert xml(f"{site.url}feed/").xpath("string(//item/link)").get() == new


def test_an_edited_post_shows_its_new_text_and_date(site: WordPressSite) -> None:
    post = site.posts()[5]
    paragraphs = [*post.body.split("\n"), "Rectification : le marché est fermé."]
    site.edit_post(post.url, "\n\n".join(map(html.escape, paragraphs)))
    assert "<p>Rectification : le marché est fermé.</p>" in ask(post.url).body
    [entry] = json.loads(ask(f"{site.url}wp-json/wp/v2/posts?slug={post.url.split('/')[-2]}").body)
    assert entry["modified_gmt"] > "2025-06" > entry["date_gmt"]


def test_a_deleted_post_is_not_found(site: WordPressSite) -> None:
    site.add_posts(1)
    post = site.posts()[-1]
    assert ask(post.url).status == 200
    site.delete_post(post.url)
    assert ask(post.url).status == 404
    assert post.url not in urls(site.posts())


def test_every_request_is_counted_once(site: WordPressSite) -> None:
    ask(f"{site.url}robots.txt")
    ask(f"{site.url}no-such-page/?a=b")
    ask(f"{site.url}wp-includes/css/dist/block-library/style.min.css")
    assert site.requests() == [
        "GET /robots.txt",
        "GET /no-such-page/?a=b",
        "GET /wp-includes/css/dist/block-library/style.min.css",
    ]
    assert not re.search(r"PHP (Warning|Fatal|Parse)", site.log())
