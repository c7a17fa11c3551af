from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import Refusal
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
    assert isinstance(found, Article) or found.reason.startswith("article/")


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
    assert isinstance(found, Article | Refusal)
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
