"""One discussion in the markup of each comment system and theme: who, when, what, to whom.

A family is two files in `comment_families/`: the markup under an article, and what is to be read.
`comments` are in reading order, `parent` counts among them. Families named `none_…` only look like
comments: what is `kept` is the article's, and where nothing is, all of it is furniture.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extract import extract
from crawler.items import Article
from tests.extract.pages import PROSE, URL, page

FOLDER = Path(__file__).parent / "comment_families"
FAMILIES = sorted(path.stem for path in FOLDER.glob("*.html"))
HEAD = '<meta property="article:published_time" content="2025-06-03T08:00:00+02:00">'
BELOW = f"<article><h1>Le pont de bois rouvre après dix ans</h1>{PROSE}</article>%s"
INSIDE = f"<article><h1>Le pont de bois rouvre après dix ans</h1>{PROSE}%s</article>"
STORY = "\n\n".join(PROSE.removeprefix("<p>").removesuffix("</p>").split("</p><p>"))


def read(family: str, place: str) -> tuple[Article, dict[str, Any]]:
    """Return the article of a page with this discussion, and what is to be read."""
    markup = (FOLDER / f"{family}.html").read_text(encoding="utf-8")
    expected = json.loads((FOLDER / f"{family}.json").read_text(encoding="utf-8"))
    html = page(place.replace("%s", markup), HEAD).decode()
    language = expected["language"]
    article = extract(html.replace('lang="fr"', f'lang="{language}"', 1).encode(), URL)
    assert isinstance(article, Article), article
    return article, expected


def told(article: Article) -> list[dict[str, Any]]:
    """Return an article's comments as the families' files have them."""
    ids = [comment.comment_id for comment in article.comments]
    assert len(set(ids)) == len(ids)
    found = []
    for comment in article.comments:
        moment = comment.date_created
        values = {
            "author": comment.author,
            "date": moment.strftime("%Y-%m-%dT%H:%M") if moment else None,
            "text": comment.text,
            "parent": None if comment.parent_id is None else ids.index(comment.parent_id),
            "upvotes": comment.upvotes,
        }
        found.append({k: v for k, v in values.items() if v is not None})
    return found


@pytest.mark.parametrize("place", [BELOW, INSIDE], ids=["below", "inside"])
@pytest.mark.parametrize("family", [name for name in FAMILIES if not name.startswith("none_")])
def test_comments_are_read_and_leave_the_article_in_the_markup_of(family: str, place: str) -> None:
    article, expected = read(family, place)
    assert told(article) == expected["comments"]
    assert article.article_body == STORY


@pytest.mark.parametrize("family", [name for name in FAMILIES if name.startswith("none_")])
def test_nothing_is_taken_for_a_comment_in(family: str) -> None:
    article, expected = read(family, INSIDE)
    assert article.comments == ()
    for words in expected.get("kept", ()):
        assert words in article.article_body
    if "kept" not in expected:
        assert article.article_body == STORY
