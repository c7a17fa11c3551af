from __future__ import annotations

import pytest
from lxml import html

from crawler.extract.markup_names import NO_MEANING, Meaning, furniture_name, meaning_of


@pytest.mark.parametrize(
    ("names", "meaning"),
    [
        ("", NO_MEANING),
        ("row col-md-6", NO_MEANING),
        ("post footer", Meaning(furniture="footer")),
        ("row related-posts newsletter", Meaning(furniture="related-posts")),
        ("article-body", Meaning(content=True)),
        ("entry-content share", Meaning(furniture="share", content=True)),
        ("wp-caption-text", Meaning(caption=True)),
        ("lazyYouTube", Meaning(post=True)),
        ("kitchen-recipe-card", Meaning(furniture="kitchen-recipe-card", recipe=True)),
        ("profile-rollover-block", Meaning(hovering=True)),
        ("tooltipText", Meaning(furniture="tooltipText", hovering=True)),
        ("hovercard", Meaning(hovering=True)),
        ("hover:text-red", NO_MEANING),
        ("last:border-navigation-border-color", NO_MEANING),
        ("print:px-6", NO_MEANING),
        ("print:hidden", Meaning(furniture="print:hidden")),
        ("comments-enabled", NO_MEANING),
        ("twitter-tweet", Meaning(furniture="twitter-tweet", post=True)),
    ],
)
def test_a_class_means_what_any_of_its_names_does(names: str, meaning: Meaning) -> None:
    assert meaning_of(names) == meaning


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("<div>", None),
        ("<div class='row'>", None),
        ("<aside class='article-body'>", "aside"),
        ("<div class='entry-content share'>", None),
        ("<div class='row share' id='comments'>", "share"),
        ("<div class='row' id='comments'>", "comments"),
        ("<h2 id='comments'>", None),
        ("<div class='entry-content' role='search'>", "search"),
        ("<div class='entry-content' role='main'>", None),
        ("<div id='how-to-shop-for-a-bridge'><h2>How to shop for a bridge</h2>", None),
        ("<div id='how-to-shop-for-a-bridge'><h2>Bridges</h2>", "how-to-shop-for-a-bridge"),
        ("<div id='related-posts'><h2>Related posts</h2>", "related-posts"),
        ("<div hidden>", "hidden"),
        ("<div aria-hidden='true'>", "hidden"),
        ("<div aria-hidden='false'>", None),
        ("<div style='color: red; Display: none'>", None),
        ("<div style='color: red; display: NONE'>", "hidden"),
        ("<p class='entry-content share'>", "share"),
        ("<p role='search'>", None),
        ("<article class='share'>", None),
        ("<section class='teaser-card'>", "teaser-card"),
        ("<section class='rounded-card recipe-card'>", None),
    ],
)
def test_furniture_is_named_by_tag_role_class_or_id(markup: str, name: str | None) -> None:
    element = html.fragment_fromstring(markup)
    assert furniture_name(element, meaning_of(element.get("class") or "")) == name
