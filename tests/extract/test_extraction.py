from __future__ import annotations

import json
import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import Reason, Refusal
from crawler.extract import extract, warm_up
from crawler.items import Article, Image
from tests.extract.pages import PROSE, URL, page, story

SAVED = sorted((Path(__file__).parents[1] / "sites" / "fixtures").glob("*/*/inputs/*.html"))


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """What the first page of a process loads is not the time of any."""
    warm_up()


URLS = st.sampled_from([URL, "", "http://[", "https://gazette.example/", "not a url"])


@given(st.binary(max_size=2_000), URLS, st.sampled_from([None, "utf-8", "utf-16", "zz"]))
def test_any_bytes_give_an_article_or_a_refusal(
    body: bytes, url: str, encoding: str | None
) -> None:
    found = extract(body, url, encoding=encoding)
    assert isinstance(found, Article) or found.reason.startswith(("article/", "integrity/"))
    if not url.endswith("["):  # no crawl comes back from there
        assert isinstance(found, Article) or found.reason is not Reason.EXTRACTION_FAILED


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_a_damaged_page_gives_an_article_or_a_refusal(seed: int, cuts: int) -> None:
    chance = random.Random(seed)
    body = bytearray(SAVED[chance.randrange(len(SAVED))].read_bytes())
    for _ in range(cuts):
        start = chance.randrange(len(body))
        end = min(len(body), start + chance.randrange(200))
        body[start:end] = bytes(body[end : end + chance.randrange(60)]) * chance.randrange(4)
    found = extract(bytes(body), URL)
    assert isinstance(found, Article) or found.reason is not Reason.EXTRACTION_FAILED
    assert pickle.loads(pickle.dumps(found)) == found


# Whatever type may stand where another belongs, numbers and texts at their edges among them.
ANYTHING = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 1e308, 10**30, "", " ", "\0", "\ud83d", "\u202e", "0001-01-01",
         "9999-12-31T23:59:59-12:00", "2026-99-99", "http://[", "javascript:alert(1)", "Léa Bru"]
    ) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["@type", "@id", "@value", "@graph", "name", "url", "text", "author"]),
        inner,
        max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip
PROPERTIES = (
    "@type", "@id", "@graph", "@context", "headline", "name", "url", "mainEntityOfPage",
    "articleBody", "text", "description", "abstract", "author", "creator", "contributor",
    "publisher", "sourceOrganization", "datePublished", "dateModified", "dateCreated",
    "uploadDate", "articleSection", "keywords", "about", "inLanguage", "image",
    "thumbnailUrl", "isAccessibleForFree", "hasPart", "commentCount", "comment",
    "interactionStatistic", "liveBlogUpdate", "coverageStartTime", "itemListElement",
    "pagination", "isPartOf",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PROPERTIES), ANYTHING, max_size=8), st.booleans())
def test_anything_in_any_property_of_json_ld_gives_an_article_or_a_refusal(
    said: dict[str, object], typed: bool
) -> None:
    node = said | ({"@type": "NewsArticle"} if typed else {})
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    found = extract(story(PROSE, head=head), URL)
    # A page may say that it is a shop; it may not make its reader fail.
    assert isinstance(found, Article) or found.reason is not Reason.EXTRACTION_FAILED
    assert pickle.loads(pickle.dumps(found)) == found


def test_the_same_page_gives_the_same_article_twice() -> None:
    assert extract(story(), URL) == extract(story(), URL)


def test_the_header_s_charset_is_used() -> None:
    body = story().decode().replace('<meta charset="utf-8">', "").encode("cp1252")
    found = extract(body, URL, encoding="windows-1252")
    assert isinstance(found, Article)
    assert "dix ans après la crue" in found.article_body


def test_images_of_the_story_come_with_their_captions() -> None:
    found = extract(
        story(
            '<figure><img src="data:image/gif;base64,AA" data-src="/pont.jpg">'
            "<figcaption>Le pont</figcaption></figure>"
            + PROSE
            + '<img src="/pixel.gif" width="1" height="1"><img src="/ane.jpg"><p>Et voilà.</p>'
        ),
        URL,
    )
    assert isinstance(found, Article)
    assert found.images == (
        Image("https://gazette.example/pont.jpg", "Le pont"),
        Image("https://gazette.example/ane.jpg"),
    )


def test_nothing_is_fetched_while_extracting(no_network: None) -> None:
    assert isinstance(extract(page("<p>x</p>"), URL), Refusal)
