from __future__ import annotations

import pytest

from crawler.extract.access import comment_counts, free_access
from tests.extract.pages import document, json_ld, page, structured

WALL = "<p>La suite est réservée aux abonnés. Déjà abonnée, déjà abonné ? Identifiez-vous.</p>"


def free(body: str = "", head: str = "") -> tuple[str, bool] | None:
    html = page(body, head)
    answers = free_access(document(html), structured(html))
    return next(((source, answer) for source, answer in answers if answer is not None), None)


def counted(body: str = "", head: str = "") -> int | None:
    counts = comment_counts(structured(page(body, head)))
    return next((count for _, count in counts if count is not None), None)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('"isAccessibleForFree":false', False),
        ('"isAccessibleForFree":"True"', True),
        ('"isAccessibleForFree":"http://schema.org/False"', False),
        ('"hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False"}', False),
        ('"hasPart":[{"isAccessibleForFree":true},{"isAccessibleForFree":false}]', False),
    ],
)
def test_json_ld_says_whether_the_article_is_free(said: str, expected: bool) -> None:
    stated = json_ld(f'{{"@type":"NewsArticle","headline":"Le pont",{said}}}')
    assert free(head=stated) == ("json-ld", expected)


def test_a_free_article_with_a_free_part_only_says_nothing_of_a_wall() -> None:
    stated = json_ld('{"@type":"NewsArticle","hasPart":{"isAccessibleForFree":true}}')
    assert free(head=stated) is None


def test_a_content_tier_says_it_too() -> None:
    tier = '<meta property="article:content_tier" content="{}">'
    assert free(head=tier.format("locked")) == ("meta", False)
    assert free(head=tier.format("free")) == ("meta", True)


def test_a_wall_that_the_page_shows_in_the_article_says_it_last() -> None:
    wall = f'<div class="story-paywall">{WALL}</div>'
    assert free(f"<article><h1>Le pont</h1>{wall}</article>") == ("heuristic", False)
    tier = '<meta property="article:content_tier" content="free">'
    assert free(f"<article>{wall}</article>", tier) == ("meta", True)


def test_an_empty_box_or_one_around_the_story_or_elsewhere_is_no_wall() -> None:
    assert free('<article><div class="paywall"></div></article>') is None
    assert free(f'<article><div class="paywall">{WALL * 20}</div></article>') is None
    assert free(f'<div class="paywall">{WALL}</div>') is None
    assert free(f'<article><div class="drywall">{WALL}</div></article>') is None


def test_comments_are_counted_as_the_page_counts_them() -> None:
    counter = (
        '{"@type":"InteractionCounter","interactionType":{"@type":"%s"},"userInteractionCount":%s}'
    )
    both = f"[{counter % ('LikeAction', 9)},{counter % ('CommentAction', 4)}]"
    stated = json_ld(
        f'{{"@type":"NewsArticle","headline":"Le pont","interactionStatistic":{both}}}'
    )
    assert counted(head=stated) == 4
    assert counted(head=json_ld('{"@type":"NewsArticle","commentCount":"0"}')) == 0
    item = '<div itemscope itemtype="https://schema.org/NewsArticle">{}</div>'
    assert counted(item.format('<meta itemprop="interactionCount" content="UserComments:7">')) == 7
    assert counted(item.format('<span itemprop="commentCount">3</span>')) == 3
    assert counted(item.format('<span itemprop="commentCount">trois</span>')) is None
