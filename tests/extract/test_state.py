from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.items import Article
from tests.extract.pages import PROSE, URL, json_ld, page

TITLE = "Le pont de bois rouvre après dix ans"
TEXTS = [part.removeprefix("<p>") for part in PROSE.split("</p>") if part]
LONG = TEXTS + [f"{text} Ainsi parla le garde champêtre." for text in TEXTS]
MARKUP = "".join(f"<p>{text}</p>" for text in LONG)
OTHER = "".join(
    f"<p>Un tout autre récit, le numéro {n}, sur le bac et le gué.</p>" for n in range(40)
)


def next_data(value: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    "state",
    [
        next_data({"props": {"pageProps": {"post": {"title": TITLE, "body": MARKUP}}}}),
        next_data({"title": {"rendered": TITLE}, "content": {"rendered": MARKUP}}),
        "<script>window.__APOLLO_STATE__="
        + json.dumps({"a:1": {"headline": TITLE, "body": {"json": [
            {"type": "p", "children": [{"type": "text", "data": text}]} for text in LONG]}}})
        + ";</script>",
        "<script>window.Fusion=window.Fusion||{};Fusion.globalContent="
        + json.dumps({"headline": TITLE, "content_elements": [
            {"type": "text", "content": text} for text in LONG] + [{"type": "image", "url": "x"}]})
        + ";Fusion.x=1</script>",
        json_ld(json.dumps({"@type": "NewsArticle", "headline": TITLE,
                            "articleBody": "\n".join(LONG)})),
    ],
)  # fmt: skip
def test_the_story_of_an_empty_shell_is_read_from_its_state(state: str) -> None:
    article = extract(page(f'<div id="app"><h1>{TITLE}</h1></div>{state}'), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG


def test_the_story_that_bears_the_page_s_title_is_told_and_not_a_longer_one() -> None:
    state = {"a": {"title": "Le bac et le gué, un récit", "body": OTHER},
             "b": {"title": TITLE, "body": MARKUP}}  # fmt: skip
    article = extract(page(f"<h1>{TITLE}</h1>{next_data(state)}"), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG


def test_what_the_page_shows_goes_before_its_state() -> None:
    article = extract(page(f"<h1>{TITLE}</h1>{MARKUP}{next_data({'body': OTHER})}"), URL)
    assert isinstance(article, Article), article
    assert article.article_body.split("\n\n") == LONG
