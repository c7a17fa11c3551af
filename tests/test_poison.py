"""Poisoned pages crawled for real: each is mended or refused with a reason, and harms no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.crawls import Crawl, crawl, rows
from tests.markup import Story, rss, stories
from tests.server import Body, Server

MEGABYTE = 1_000_000
FAR = datetime.now(UTC) + timedelta(days=7)


def said(story: Story, **changes: Any) -> str:
    """The story's page, whose JSON-LD says something else."""
    before, _, rest = story.html().partition('<script type="application/ld+json">')
    data, _, after = rest.partition("</script>")
    node = json.dumps(json.loads(data) | changes)
    return f'{before}<script type="application/ld+json">{node}</script>{after}'


def nested(depth: int) -> str:
    return '{"@graph": [' * depth + "{}" + "]}" * depth


def poisoned(told: list[Story]) -> dict[str, tuple[Story, str | bytes]]:
    """A page of each poison, by its name."""
    one = iter(told)

    def page(**changes: Any) -> tuple[Story, str]:
        story = next(one)
        return story, said(story, **changes)

    def edited(old: str, new: str) -> tuple[Story, str]:
        story = next(one)
        return story, story.html().replace(old, new)

    def script(data: str) -> tuple[Story, str]:
        story = next(one)
        head = f'<script type="application/ld+json">{data}</script>'
        return story, story.html(head)

    wrong: dict[str, Any] = {
        "author": [7, None, {"name": {"name": ["Jo Bru"]}}, [["x"]]], "keywords": {"a": 1},
        "articleSection": [[]], "inLanguage": {"name": 7}, "image": [True, {"url": 5}],
        "publisher": [["Gazette"]], "commentCount": "many", "isAccessibleForFree": {"a": []},
        "datePublished": {"@value": 20260302}, "mainEntityOfPage": [{"@id": []}],
    }  # fmt: skip
    return {
        "NUL in the text": edited("week.", "week\0."),
        "NUL in JSON": page(articleSection="Vil\0lage"),
        "half a pair": page(articleSection="Village \ud83d"),
        "a pair in halves": page(articleSection="\ud83d\ude00 Village"),
        "bidi controls": page(headline="The \u202egnol\u202c story of the \u2066season\u2069"),
        "year 1": page(datePublished="0001-01-01T00:00:00Z"),
        "year 9999": page(datePublished="9999-12-31T23:59:59-12:00"),
        "next week": page(datePublished=FAR.isoformat(), dateModified=FAR.isoformat()),
        "wrong types": page(**wrong),
        "numbers beyond": page(commentCount=10**30, dateModified=1e308),
        "10 MB of one string": page(articleSection="x" * 10 * MEGABYTE),
        "10 MB headline": page(headline="x" * 10 * MEGABYTE),
        "10 MB in a meta tag": edited(
            "<title>", f'<meta name=author content="{"x" * 10 * MEGABYTE}"><title>'),
        "nested too deep": script(nested(20_000)),
        "JSON without end": script('{"@type": "NewsArticle", "headline": "' + "[" * 100_000),
        "schemes": page(url="javascript:alert(1)", image="file:///etc/passwd"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[Story, str | bytes]]:
    return poisoned(stories(40))


@pytest.fixture(scope="module")
def run(
    told: dict[str, tuple[Story, str | bytes]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Crawl, dict[str, dict[str, Any]]]]:
    data = tmp_path_factory.mktemp("poison") / "data"
    with Server() as server:
        site = server.site("poison")
        for story, html in told.values():
            site.paths[story.path] = Body(html)
        listed = [(urljoin(site.url, story.path), story) for story, _ in told.values()]
        site.paths["/"] = Body(rss(listed), "application/rss+xml")
        crawled = crawl(data, "-a", f"url={site.url}")
        found = {row["url"]: row for row in rows(data)}
        by_name = {
            name: found[url]
            for name, (url, _) in zip(told, listed, strict=True)
            if url in found
        }  # fmt: skip
        yield crawled, by_name


def test_no_poison_ends_the_run_or_takes_a_page_with_it_without_a_reason(
    run: tuple[Crawl, dict[str, dict[str, Any]]], told: dict[str, tuple[Story, str | bytes]]
) -> None:
    crawled, found = run
    assert crawled.exit_code == 0, crawled.output[-3000:]
    assert "Traceback" not in crawled.output
    assert set(found) == set(told)
    [counts] = crawled.file["sources"].values()
    assert [key for key in counts if key.startswith("refused/")] == []


def test_what_is_collected_has_only_values_that_can_be(
    run: tuple[Crawl, dict[str, dict[str, Any]]],
) -> None:
    _, found = run
    for name, row in found.items():
        text = json.dumps(row, default=str, ensure_ascii=False)
        text.encode()
        assert "\0" not in text, name
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(text), name
        assert len(row["headline"]) <= 1_000
        assert len(row["section"] or "") <= 300
        for date in (row["date_published"], row["date_modified"]):
            assert date is None or datetime(1800, 1, 1, tzinfo=UTC) <= date < FAR, name
        assert len(row["article_body"]) > 500, name
    assert found["year 1"]["date_published_raw"] == "0001-01-01T00:00:00Z"
    assert found["a pair in halves"]["section"] == "😀 Village"


def test_what_was_mended_is_counted_by_field(
    run: tuple[Crawl, dict[str, dict[str, Any]]],
) -> None:
    crawled, _ = run
    [counts] = crawled.file["sources"].values()
    mended = {key: value for key, value in counts.items() if key.startswith("mended/")}
    assert mended == {
        "mended/section/nul": 1,
        "mended/section/surrogate": 1,
        "mended/date_published/unreadable": 3,
    }
