"""Articles of several pages on a real socket: followed, joined, and what may go wrong there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from tests.crawls import Crawl, crawl, rows, sources_file, urls
from tests.markup import EPOCH, Story, rss, stories
from tests.server import Body, Computed, Redirect, Server, Site, Status

PAGES_MAX = 6
FURNITURE = "<p>Every week the almanac tells of the weather, the tides and the harbour lights.</p>"
COMMENT = (
    '<li class="comment" id="comment-{0}"><div class="comment-author">Reader {0}</div>'
    '<time datetime="2026-03-03T08:0{0}:00Z">then</time><div class="comment-body"><p>'
    "I have seen the {0}th lighthouse myself, and it is taller than that.</p></div></li>"
)


def paragraphs(name: str, number: int) -> list[str]:
    """What one page of an article tells, in words that no other page has."""
    chance = random.Random(f"{name}/{number}")
    return [
        " ".join("".join(chance.sample("abcdefghilmnoprstu", 7)) for _ in range(25)).capitalize()
        + "."
        for _ in range(3)
    ]


def told(name: str, number: int, link: str = "", comments: Sequence[int] = ()) -> str:
    """One page of an article: headline, lede and furniture are on every page."""
    text = "".join(f"<p>{text}</p>" for text in paragraphs(name, number))
    said = "".join(COMMENT.format(comment) for comment in comments)
    return (
        f"<!doctype html><html lang=en><head><title>The long story of {name}</title>"
        f'<meta property="og:type" content="article"><meta property="article:published_time" '
        f'content="{EPOCH.isoformat()}"></head><body><article><h1>The long story of {name}</h1>'
        f"<p class=standfirst>A lede on {name} that stands above the text of every page.</p>"
        f"<div class=article-body>{text}{FURNITURE}</div></article>{link}"
        f"<ol class=comment-list>{said}</ol></body></html>"
    )


def following(url: str) -> str:
    return f'<div class="pagination"><a rel="next" href="{url}">Next page</a></div>'


@dataclass(frozen=True, slots=True)
class Runs:
    crawl: Crawl
    second: Crawl
    table: dict[str, dict[str, Any]]
    comments: list[dict[str, Any]]
    states: dict[str, tuple[str, str | None]]
    asked: list[str]
    away: list[str]
    asked_again: list[str]

    def body(self, name: str) -> list[str]:
        return list(self.table[f"The long story of {name}"]["article_body"].split("\n\n"))


def lay_out(site: Site, away: str) -> list[str]:
    """Put every article on the site; the answer is what the feed names."""

    def put(name: str, pages: dict[int, str]) -> None:
        for number, link in pages.items():
            back = f'<p class="page-links"><a href="/2026/{name}/">1</a> <b>{number}</b></p>'
            path = f"/2026/{name}/" + (f"{number}/" if number > 1 else "")
            site.paths[path] = Body(told(name, number, link + back if number > 1 else link))

    put("whole", {n: following(f"/2026/whole/{n + 1}/") if n < 3 else "" for n in (1, 2, 3)})
    put("broken", {n: following(f"/2026/broken/{n + 1}/") for n in (1, 2)})
    put("failing", {1: following("/2026/failing/2/")})
    site.paths["/2026/failing/2/"] = Status(500)
    put("circle", {1: following("/2026/circle/2/"), 2: following("/2026/circle/1/")})
    site.paths["/2026/circle/1/"] = Body(told("circle", 1, following("/2026/circle/2/")))
    put("abroad", {1: following(f"{away}2026/abroad/2/")})
    put("guarded", {1: following("/2026/guarded/2/"), 2: ""})
    put("turned", {1: following("/2026/turned/2/")})
    site.paths["/2026/turned/2/"] = Redirect("/2026/turned/")
    put("neighbour", {1: following("/2026/neighbour/2/")})
    site.paths["/2026/neighbour/2/"] = Body(told("another matter altogether, number two", 1))
    site.paths["/2026/endless/"] = Computed(
        lambda query: Body(
            told("endless", number := int(query.rpartition("=")[2] or 1),
                 following(f"/2026/endless/?page={number + 1}")),
        )
    )  # fmt: skip
    site.paths["/2026/spoken/"] = Body(told("spoken", 1, following("/2026/spoken/2/"), (1, 2)))
    site.paths["/2026/spoken/2/"] = Body(told("spoken", 2, "", (2, 3)))
    once = following("/2026/once/2/").replace("</div>", '<a href="/2026/once/all/">All</a></div>')
    put("once", {1: once, 2: ""})
    everything = told("once", 1).replace(FURNITURE, "".join(
        f"<p>{text}</p>" for text in paragraphs("once", 2)) + FURNITURE)  # fmt: skip
    site.paths["/2026/once/all/"] = Body(everything)
    put("found", {1: following("/2026/found/2/"), 2: ""})
    names = ("whole", "broken", "failing", "circle", "abroad", "guarded", "turned", "neighbour",
             "endless", "spoken", "once")  # fmt: skip
    return [*(f"/2026/{name}/" for name in names), "/2026/whole/2/", "/2026/found/2/"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("turning")
    with Server() as server:
        site, away = server.site("gazette"), server.site("elsewhere")
        away.paths["/2026/abroad/2/"] = Body(told("abroad", 2))
        named = lay_out(site, away.url)
        site.paths["/robots.txt"] = Body("User-agent: *\nDisallow: /2026/guarded/2", "text/plain")
        entries = [(urljoin(site.url, path), story) for path, story in zip(
            named, stories(len(named)), strict=True)]  # fmt: skip
        site.paths["/news.rss"] = Body(rss(entries), "application/rss+xml")
        source = Source(name="gazette", url=site.url, feeds=(urljoin(site.url, "/news.rss"),))
        words = ("-s", sources_file(folder / "sources.toml", source),
                 "-s", f"ARTICLE_PAGES_MAX={PAGES_MAX}",
                 # What all pages repeat is to be seen: once in each article.
                 "-s", "BOILERPLATE_MIN_ARTICLES=1000")  # fmt: skip
        first = crawl(folder / "data", *words)
        asked = site.targets()
        site.forget()
        later = [(urljoin(site.url, "/2026/whole/3/"), Story(99))]
        site.paths["/news.rss"] = Body(rss([*entries, *later]), "application/rss+xml")
        second = crawl(folder / "data", *words)
        yield Runs(
            first,
            second,
            {row["headline"]: row for row in rows(folder / "data")},
            rows(folder / "data", "comments"),
            {url.removeprefix(site.url): state for url, state in urls(folder / "data").items()},
            asked,
            away.targets(),
            site.targets(),
        )


def test_the_pages_of_an_article_are_one_row_in_which_nothing_is_told_twice(runs: Runs) -> None:
    assert runs.crawl.exit_code == 0, runs.crawl.output[-3000:]
    lede = "A lede on whole that stands above the text of every page."
    once = [text.removeprefix("<p>").removesuffix("</p>") for text in (FURNITURE,)]
    first, *others = (paragraphs("whole", number) for number in (1, 2, 3))
    assert runs.body("whole") == [lede, *first, *once, *others[0], *others[1]]
    assert runs.table["The long story of whole"]["url"].endswith("/2026/whole/")


def test_a_page_is_asked_for_once_though_a_feed_names_it_too(runs: Runs) -> None:
    for path in ("/2026/whole/", "/2026/whole/3/"):
        assert runs.asked.count(path) == 1
    assert runs.asked.count("/2026/whole/2/") <= 2
    assert "/2026/whole/3/" not in runs.asked_again


def test_a_later_page_is_no_article_of_its_own(runs: Runs) -> None:
    assert len(runs.table) == 12
    for path in ("2026/whole/2/", "2026/whole/3/", "2026/found/2/"):
        assert runs.states[path] == ("refused", "article/later-page")


def test_a_later_page_that_is_found_by_itself_leads_to_the_article(runs: Runs) -> None:
    assert runs.body("found")[-3:] == paragraphs("found", 2)


@pytest.mark.parametrize(
    ("name", "pages", "reason"),
    [
        ("broken", 2, "http/gone"),
        ("failing", 1, "http/server-error"),
        ("guarded", 1, "robots/disallowed"),
        ("endless", PAGES_MAX, "article/too-many-pages"),
    ],
)
def test_an_article_is_kept_as_far_as_it_came_and_what_is_missing_is_counted(
    runs: Runs, name: str, pages: int, reason: str
) -> None:
    body = runs.body(name)
    for number in range(1, pages + 1):
        assert set(paragraphs(name, number)) <= set(body)
    assert not set(paragraphs(name, pages + 1)) & set(body)
    assert runs.crawl.counts("gazette")[f"incomplete/{reason}"] == 1


def test_a_server_may_not_send_the_reader_round_in_a_circle(runs: Runs) -> None:
    assert runs.body("circle")[-3:] == paragraphs("circle", 2)
    assert sum(target.startswith("/2026/circle/") for target in runs.asked) <= 3
    assert set(paragraphs("turned", 1)) <= set(runs.body("turned"))


def test_another_host_s_page_is_never_asked_for(runs: Runs) -> None:
    assert runs.away == []
    assert set(paragraphs("abroad", 1)) <= set(runs.body("abroad"))


def test_a_next_page_that_is_another_article_is_not_joined(runs: Runs) -> None:
    assert set(paragraphs("neighbour", 1)) <= set(runs.body("neighbour"))
    assert "altogether" not in str(runs.table["The long story of neighbour"])


def test_an_endless_article_is_followed_as_far_as_the_setting_says(runs: Runs) -> None:
    assert sum(target.startswith("/2026/endless/") for target in runs.asked) == PAGES_MAX


def test_the_comments_of_all_pages_are_the_article_s_and_none_is_there_twice(runs: Runs) -> None:
    article_id = runs.table["The long story of spoken"]["article_id"]
    own = [row for row in runs.comments if row["article_id"] == article_id]
    assert [row["text"].split()[4] for row in sorted(own, key=lambda row: row["position"])] == [
        "1th", "2th", "3th",
    ]  # fmt: skip


def test_the_page_with_all_is_read_instead_of_the_others(runs: Runs) -> None:
    assert set(paragraphs("once", 1) + paragraphs("once", 2)) <= set(runs.body("once"))
    assert "/2026/once/2/" not in runs.asked


def test_every_url_that_was_found_is_explained(runs: Runs) -> None:
    counts = runs.crawl.counts("gazette")
    refused = sum(count for thing, count in counts.items() if thing.startswith("refused/"))
    assert counts["found"] == counts["articles"] + refused


def test_an_article_whose_later_page_is_not_asked_for_in_this_run_is_the_next_ones_whole(
    tmp_path: Path,
) -> None:
    with Server() as server:
        site = server.site("large")
        listed = [(urljoin(site.url, "/2026/long/"), stories(1)[0])]
        site.paths["/"] = Body(rss(listed), "application/rss+xml")
        site.paths["/2026/long/"] = Body(told("long", 1, following("/2026/long/2/")))
        site.paths["/2026/long/2/"] = Body(told("long", 2))
        # The home page, the feed that it is, and the first page.
        short, enough = (Source("large", site.url, requests=most) for most in (3, None))
        first = crawl(tmp_path / "data", "-s", sources_file(tmp_path / "short.toml", short))
        assert first.counts("large")["refused/host/over-budget"] == 1
        assert "articles" not in first.counts("large")
        states = urls(tmp_path / "data")
        assert states[f"{site.url}2026/long/"] == ("due", "host/over-budget")
        second = crawl(tmp_path / "data", "-s", sources_file(tmp_path / "enough.toml", enough))
    assert second.exit_code == 0, second.output[-3000:]
    (row,) = rows(tmp_path / "data")
    assert row["article_body"].split("\n\n")[-1] == paragraphs("long", 2)[-1]
