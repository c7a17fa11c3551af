"""Stories around whose paragraphs an end tag is missing, or one too many."""

from __future__ import annotations

import pytest

from crawler.extract.blocks import read_pieces
from crawler.items import Block
from tests.extract.pages import document, page, story
from tests.extract.test_shapes import AROUND, HEAD, TEXTS, TITLE, set_in, told

FIRST, LAST = set_in("<p>{}</p>", TEXTS[:2]), set_in("<p>{}</p>", TEXTS[2:])


@pytest.mark.parametrize("tag", ["figure", "figcaption", "a name=haut", "a href=/pont"])
def test_what_follows_a_picture_or_a_link_without_an_end_is_the_story_s(tag: str) -> None:
    assert told(story(f"{FIRST}<{tag}>{LAST}")) == TEXTS


def test_a_picture_s_caption_of_three_paragraphs_stays_one() -> None:
    caption, rest = set_in("<p>{}</p>", TEXTS[:3]), set_in("<p>{}</p>", TEXTS[3:])
    figure = f"<figure><img src=x.jpg><figcaption>{caption}</figcaption></figure>"
    assert told(story(figure + rest)) == TEXTS[3:]


@pytest.mark.parametrize("end", ["</html>", "</body>", "</BODY >\n</HTML>", "</body></html>"])
def test_a_page_goes_on_after_an_end_that_came_too_early(end: str) -> None:
    assert told(story(FIRST + end + LAST)) == TEXTS


def test_what_comes_after_an_embed_is_not_in_it() -> None:
    assert told(story(f"{FIRST}<embed src=/film.swf width=9>{LAST}")) == TEXTS
    assert told(story(f"{FIRST}<EMBED src=/film.swf></EMBED>{LAST}")) == TEXTS


@pytest.mark.parametrize("stray", ["</div>", "</div></div>", "</div><div>"])
def test_a_story_goes_on_where_a_stray_end_closed_what_it_stands_in(stray: str) -> None:
    body = f'<div class="article-body">{FIRST}{stray}{LAST}</div>'
    assert told(page(AROUND.format(TITLE, body), HEAD)) == TEXTS


def test_a_single_paragraph_below_the_story_is_none_of_it() -> None:
    note = f"<p>{' '.join(TEXTS)}</p>"
    body = f'<div class="article-body">{FIRST}{LAST}</div>{note}'
    assert told(page(f"<main><h1>{TITLE}</h1>{body}</main>", HEAD)) == TEXTS


def test_a_heading_as_long_as_a_paragraph_is_one() -> None:
    found = read_pieces(document(page(f"<h2>Un pont</h2><h2>{' '.join(TEXTS)}</h2>")).root)
    assert [piece.block() for piece in found] == [
        Block("heading", "Un pont", 2),
        Block("paragraph", " ".join(TEXTS)),
    ]


def test_paragraphs_that_are_set_as_headings_are_the_story_where_they_say_more() -> None:
    note = "<p>La rédaction se réserve le droit de ne pas publier les lettres trop longues.</p>"
    assert told(story(set_in("<h4>{}</h4>") + note))[: len(TEXTS)] == TEXTS
