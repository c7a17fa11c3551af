"""Pages made to cost: whatever fills ten megabytes, reading is soon done or soon refused.

CPU time is measured where the page is read, in a process that was warmed up.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable

import pytest
from lxml import etree

from crawler.errors import Reason, Refusal
from crawler.extract import extract, warm_up
from crawler.extract.document import MAX_DEPTH, MAX_ELEMENTS, MAX_TEXT
from crawler.items import Article
from crawler.markup import MAX_ATTRIBUTES
from tests.extract.pages import URL, page

BYTES = 10_000_000
# On an idle core all are below one second; a CPU that others use, too, counts three times as much.
SECONDS = 3.0


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def filled(unit: str | Callable[[int], str]) -> str:
    """So many units as give ten megabytes."""
    if isinstance(unit, str):
        return unit * (BYTES // len(unit.encode()))
    parts, size, number = [], 0, 0
    while size < BYTES:
        parts.append(unit(number))
        size += len(parts[-1])
        number += 1
    return "".join(parts)


def sentence(number: int) -> str:
    return f"The harbour opens the winter near the {number}th bridge this week. "


def nested(depth: int, start: str, end: str) -> str:
    return "".join(start.format(number) for number in range(depth)) + end * depth


def json_ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def comment(number: int) -> str:
    return (
        f'<li class="comment"><cite class="fn">Jean {number}</cite><time>1 January 2026</time>'
        f"<p>{sentence(number)}</p></li>"
    )


def signed(tag: str) -> str:
    return f"<div><b>Jean</b> <{tag}>1 January 2026</{tag}><p>At last it is open.</p></div>"


def teaser() -> str:
    tags = "<div class='tags'><a href='/tag/x'>x</a> <a href='/tag/y'>y</a></div>"
    return f"<div class='teaser'><div class='meta'>{tags}</div></div>"


MANY_ATTRIBUTES = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES - 1))

# What stands in the body, after an article's own paragraphs.
BODIES: dict[str, Callable[[], str]] = {
    "text": lambda: f"<p>{filled(sentence)}</p>",
    "one word": lambda: f"<p>{filled('x')}</p>",
    "spaces": lambda: f"<p>{filled(' ')}</p>",
    "dots": lambda: f"<p>{filled('.')}</p>",
    "entities": lambda: f"<p>{filled('&eacute;&#8217;&foo; ')}</p>",
    "paragraphs": lambda: filled(lambda n: f"<p>{sentence(n)}</p>"),
    "short paragraphs": lambda: filled("<p>a"),
    "line breaks": lambda: filled("<br>"),
    "links": lambda: filled(lambda n: f'<a href="/{n}/">{sentence(n)}</a>'),
    "lists": lambda: filled(lambda n: f"<ul><li>{sentence(n)}</li></ul>"),
    "cells": lambda: f"<table><tr>{filled(lambda n: f'<td>{n}</td>')}</tr></table>",
    "images": lambda: filled(lambda n: f'<figure><img src="/{n}.jpg">{sentence(n)}</figure>'),
    "unknown tags": lambda: filled(lambda n: f"<x{n}>{n}</x{n}>"),
    "angle brackets": lambda: filled("<"),
    "markup comments": lambda: filled("<!-- x -->"),
    "a tag with attributes": lambda: f"<p {filled(lambda n: f'a{n}=1 ')}>x</p>",
    # libxml2 compares each attribute of a tag with the others: these are as many as are allowed.
    "tags with attributes": lambda: f"<p {MANY_ATTRIBUTES}>x</p>" * 1_000,
    "a class": lambda: f"<div class='{filled('comment list ')}'>x</div>",
    "a class in one word": lambda: f"<div class='{filled('c-')}'>x</div>",
    "a style": lambda: f"<div style='{filled('color:red;')}'>x</div>",
    "comments": lambda: f"<ol class='comments'>{filled(comment)}</ol>",
    "100,000 comments": lambda: "<div class='comment'>Yes.</div>" * 100_000,
    # More than a page of readers' comments has, in every way that comments are found.
    "comments by name": lambda: "".join(map(comment, range(2_000))),
    "comments below a heading": lambda: f"<h2>Comments</h2>{signed('time') * 900}",
    "comments below a heading each": lambda: f"<div><h2>Comments</h2>{signed('i')}</div>" * 2_000,
    "comments in a section each": lambda: f"<div class='comments'>{signed('i')}</div>" * 2_000,
    "comments with a button each": lambda: f"<div>{signed('i')}<a>Reply</a></div>" * 2_000,
    "a script": lambda: f"<script>{filled('var a = {b: [1, 2]};')}</script>",
    "a script of braces": lambda: f"<script>{filled('{')}</script>",
    "scripts": lambda: filled("<script>a()</script>"),
    "tags in teasers": lambda: teaser() * 5_000,
    "deep divs": lambda: nested(2_000, "<div class='comment c{}'><p>Yes.</p>", "</div>"),
    "deep tables": lambda: nested(600, "<table><tr><td><p>{}</p>", "</td></tr></table>"),
    "deep lists": lambda: nested(1_000, "<ul><li>{}", "</li></ul>"),
    # As many elements as are allowed: one figure in another, and one line beside another.
    "deep figures": lambda: nested(190, "<figure>", "</figure>").replace(
        "</figure>", "<p>x</p>" * 20_000, 1
    ),
    "lines that end in a picture": lambda: "<p>word <img src=x></p>" * 11_000,
    "deep spans": lambda: nested(2_000, "<span>{}", "</span>"),
}  # fmt: skip
STATED = {"@type": "NewsArticle", "headline": "The bridge is open again", "keywords": ["a", "b"]}
SAID = {"@type": "Comment", "text": "At last it is open.", "author": {"name": "Jean"}}
DEEPER = '{"a":['


def referring(number: int) -> dict[str, object]:
    return {"@type": "Person", "@id": f"#{number}", "author": {"@id": f"#{number + 1}"}}


# What stands in the head.
HEADS: dict[str, Callable[[], str]] = {
    "a title": lambda: f"<title>{filled('a | ')}</title>",
    "a stated title": lambda: f'<meta property="og:title" content="{filled(sentence)}">',
    "a stated date": lambda: f'<meta property="article:published_time" content="{filled("12 ")}">',
    "stated authors": lambda: f'<meta name="author" content="{filled("(and ")}">',
    "a description": lambda: f'<meta name="description" content="{filled(sentence)}">',
    "metas": lambda: filled(lambda n: f'<meta property="article:tag" content="tag {n}">'),
    "json-ld": lambda: json_ld([STATED] * 100_000),
    "json-ld that refers": lambda: json_ld({"@graph": [referring(n) for n in range(200_000)]}),
    "json-ld too deep": lambda: f'<script type="application/ld+json">{filled(DEEPER)}</script>',
    "json-ld comments": lambda: json_ld({"@type": "NewsArticle", "comment": [SAID] * 20_000}),
}  # fmt: skip


def prose() -> str:
    paragraphs = "".join(f"<p>{sentence(n) * 3}</p>" for n in range(8))
    return f"<h1>The bridge is open again</h1>{paragraphs}"


def cost(body: bytes) -> tuple[Article | Refusal, float]:
    started = time.process_time()
    found = extract(body, URL)
    return found, time.process_time() - started


@pytest.mark.parametrize("name", BODIES)
def test_a_body_full_of_one_thing_is_soon_read_or_refused(name: str) -> None:
    found, seconds = cost(page(f"<article>{prose()}{BODIES[name]()}</article>"))
    assert seconds < SECONDS, found
    assert isinstance(found, Article) or found.reason.startswith("extract/"), found


@pytest.mark.parametrize("name", HEADS)
def test_a_head_full_of_one_thing_is_soon_read_or_refused(name: str) -> None:
    found, seconds = cost(page(f"<article>{prose()}</article>", head=HEADS[name]()))
    assert seconds < SECONDS, found
    if isinstance(found, Article):
        assert len(found.headline) < 100
        assert found.article_body.startswith("The harbour")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("<i>a</i>" * MAX_ELEMENTS, f"more than {MAX_ELEMENTS} elements"),
        ("a " * (MAX_TEXT // 2), f"more than {MAX_TEXT} characters of text"),
        ("<div>" * MAX_DEPTH, f"nested deeper than {MAX_DEPTH} elements"),
    ],
)
def test_a_page_over_a_limit_is_refused_and_says_which(more: str, reason: str) -> None:
    found = extract(page(f"<article>{prose()}{more}</article>"), URL)
    assert found == Refusal(Reason.TOO_LARGE_TO_READ, reason)


def test_data_in_scripts_counts_for_no_limit() -> None:
    data = json.dumps({"html": "<i>a</i>" * MAX_ELEMENTS, "text": "a " * MAX_TEXT})
    found = extract(page(f"<article>{prose()}</article><script>{data}</script>"), URL)
    assert isinstance(found, Article)


def test_a_page_s_tree_goes_with_it_and_waits_for_no_collector() -> None:
    body = page(f"<article>{prose()}</article>")
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(one, etree._Element) for one in gc.get_objects())
        assert isinstance(extract(body, URL), Article)
        after = sum(isinstance(one, etree._Element) for one in gc.get_objects())
    finally:
        gc.enable()
    assert after == before
