"""The page this project set out from, in text and markup of our own, word for word.

A technology blog's article between a skip link and a comment form, with a price, a plea to follow,
an app's box and the count of the comments, twice, around it; in the markup of four themes.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract import extract
from crawler.items import Article

FOLDER = Path(__file__).parent / "model_page"
URL = "https://tisane.example/2025/04/11/des-bouilloires-comptent-nos-tasses-de-the/"


@pytest.mark.parametrize("theme", sorted(path.stem for path in FOLDER.glob("*.html")))
def test_headline_lede_body_and_two_comments_are_all_there_is_on(theme: str) -> None:
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    article = extract((FOLDER / f"{theme}.html").read_bytes(), URL)
    assert isinstance(article, Article), article
    assert article.headline == expected["headline"]
    assert article.description == expected["description"]
    assert article.article_body == expected["article_body"]
    assert [[b.type, b.text, b.level] for b in article.blocks] == expected["blocks"]
    assert [comment.text for comment in article.comments] == expected["comments"]
    assert article.comment_count == len(expected["comments"])
