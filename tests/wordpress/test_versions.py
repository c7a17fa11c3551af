"""What a run makes of a real WordPress on which posts were edited, taken away and commented on.

Ten posts are edited, three of them only beside their text; two are deleted, one is put into the bin
with a redirect to the home page; four comments are written. The run after it, and one more.
"""

from __future__ import annotations

import html
import os
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crawls import Crawl, crawl, rows, state
from tests.wordpress.posts import Post
from tests.wordpress.site import WordPressSite

pytestmark = pytest.mark.wordpress

CORRECTION = "Rectification : le marché du port ouvre à neuf heures."
ADDED = 9  # its words: an apostrophe or a colon is none
HEADLINE = "Un titre corrigé après relecture"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class After:
    """The dataset after one run, by address and by id, and what the run asked the site for."""

    run: Crawl
    requests: list[str]
    snapshot: str
    articles: dict[str, Row]
    revisions: dict[str, Row]
    comments: dict[str, Row]
    duplicates: int


@dataclass(frozen=True, slots=True)
class Story:
    """Three runs, and what happened to which post between the first two."""

    rewritten: list[str]
    renamed: str
    beside: list[str]
    deleted: list[str]
    trashed: str
    discussed: Counter[str]
    first: After
    second: After
    third: After


@pytest.fixture(scope="module")
def story(running_site: WordPressSite, tmp_path_factory: pytest.TempPathFactory) -> Story:
    site, data = running_site, tmp_path_factory.mktemp("versions") / "data"
    site.switch(rest_api=True, sitemaps=True)

    def run() -> After:
        site.reset_requests()
        done = crawl(data, "-a", f"url={site.url}")
        assert done.exit_code == 0, done.output[-4000:]
        return After(
            run=done,
            requests=site.requests(),
            snapshot=os.readlink(data / "latest"),
            articles={row["url"]: row for row in rows(data)},
            revisions={row["url"]: row for row in rows(data, "revisions")},
            comments={row["comment_id"]: row for row in rows(data, "comments")},
            duplicates=len(rows(data, "duplicates")),
        )

    first = run()
    posts = site.posts()[20:200:10]
    rewritten, beside = posts[:6], posts[7:10]
    for post in rewritten:
        rewrite(site, post)
    site.edit_headline(posts[6].url, HEADLINE)
    for post in beside:
        site.edit_sidebar(post.url, "Une nouvelle liste de nos articles les plus lus")
    deleted, trashed = posts[10:12], posts[12]
    for post in deleted:
        site.delete_post(post.url)
    site.trash_post(trashed.url)
    discussed = [posts[13], posts[14], posts[14], rewritten[0]]
    for number, post in enumerate(discussed):
        site.add_comment(post.url, f"Lectrice {number}", f"Merci pour ce texte, le {number}e.")
    second, third = run(), run()
    assert state(data, "SELECT count(*) FROM urls WHERE status <> 'collected'") == [(0,)]
    return Story(
        rewritten=[post.url for post in rewritten],
        renamed=posts[6].url,
        beside=[post.url for post in beside],
        deleted=[post.url for post in deleted],
        trashed=trashed.url,
        discussed=Counter(post.url for post in discussed),
        first=first,
        second=second,
        third=third,
    )


def rewrite(site: WordPressSite, post: Post) -> None:
    """The post with a paragraph more, and without its first."""
    paragraphs = [*post.body.split("\n"), CORRECTION]
    site.edit_post(post.url, "\n\n".join(map(html.escape, paragraphs)))


def test_the_edited_posts_and_no_others_are_new_versions(story: Story) -> None:
    edited = {*story.rewritten, story.renamed}
    versions = {url: row["revision"] for url, row in story.second.articles.items()}
    assert {url for url, revision in versions.items() if revision > 1} == edited
    for url in story.rewritten:
        assert CORRECTION.split(" : ")[1] in story.second.articles[url]["article_body"]
    assert story.second.articles[story.renamed]["headline"] == HEADLINE
    for url in edited:
        before, after = story.first.articles[url], story.second.articles[url]
        assert (after["article_id"], after["revision"]) == (before["article_id"], 2)
        assert after["date_first_seen"] == before["date_first_seen"]


def test_the_superseded_versions_are_kept_as_they_were_with_what_changed(story: Story) -> None:
    assert set(story.second.revisions) == {*story.rewritten, story.renamed}
    assert story.first.revisions == {}
    for url, row in story.second.revisions.items():
        before = story.first.articles[url]
        assert {name: row[name] for name in before} == before
    for url in story.rewritten:
        row = story.second.revisions[url]
        assert "article_body" in row["changed_fields"]
        assert (row["words_added"], row["words_removed"]) == (ADDED, 0)
    assert story.second.revisions[story.renamed]["changed_fields"] == ["headline"]


def test_posts_that_were_taken_away_keep_their_rows_and_say_so(story: Story) -> None:
    told = {
        url: (row["availability"], row["http_status"])
        for url, row in story.second.articles.items()
        if row["availability"] != "available"
    }
    assert told == {
        story.deleted[0]: ("gone", 404),
        story.deleted[1]: ("gone", 404),
        story.trashed: ("redirected", 200),
    }
    for url in told:
        row = story.second.articles[url]
        assert row["date_availability"] > row["date_downloaded"]
        assert row["article_body"] == story.first.articles[url]["article_body"]


def test_what_was_changed_beside_a_text_or_commented_on_is_the_row_it_was(story: Story) -> None:
    changed = {*story.rewritten, story.renamed, *story.deleted, story.trashed}
    assert set(story.second.articles) == set(story.first.articles)
    for url, row in story.first.articles.items():
        if url not in changed:
            assert story.second.articles[url] == row
    assert story.second.duplicates == story.first.duplicates == 0


def test_the_new_comments_are_added_and_the_others_stay_as_they_are(story: Story) -> None:
    before, after = story.first.comments, story.second.comments
    assert {key: after[key] for key in before} == before
    new = [row for key, row in after.items() if key not in before]
    url_of = {row["article_id"]: url for url, row in story.first.articles.items()}
    assert Counter(url_of[row["article_id"]] for row in new) == story.discussed
    assert sorted(row["text"] for row in new) == [
        f"Merci pour ce texte, le {number}e." for number in range(4)
    ]


def test_only_what_has_changed_was_asked_for(story: Story) -> None:
    pages = {target.removeprefix("GET ") for target in story.second.requests}
    asked = {url for url in story.first.articles if f"/{url.split('/', 3)[3]}" in pages}
    changed = {
        *story.rewritten, story.renamed, *story.beside, *story.deleted, story.trashed,
        *story.discussed,
    }  # fmt: skip
    assert asked == changed
    assert len(story.second.requests) <= len(changed) + 10, story.second.requests


def test_a_second_run_asks_little_and_changes_nothing(story: Story) -> None:
    assert len(story.third.requests) <= 6, story.third.requests
    assert story.third.run.file["snapshot"] is None
    assert story.third.snapshot == story.second.snapshot
    assert story.third.articles == story.second.articles
    assert story.third.comments == story.second.comments
