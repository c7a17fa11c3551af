from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crawler.extract.joining import adds, continues, join_pages
from crawler.items import Article, Block, Comment, Image, Pages

HEADLINE = "Le pont de bois rouvre après dix ans"
LEDE = (
    "Dix ans après la crue, le facteur et trois écoliers passent de nouveau la rivière à pied sec."
)
FURNITURE = (
    "Chaque semaine, l’almanach raconte le temps, les marées et les lanternes du port de la ville."
)


def told(
    *texts: str, headline: str = HEADLINE, url: str = "https://gazette.example/pont/",
    comments: Sequence[Comment] = (), pages: Pages | None = None, modified: int | None = None,
) -> Article:  # fmt: skip
    return Article(
        url=url,
        headline=headline,
        description=LEDE,
        article_body="\n\n".join(texts),
        blocks=tuple(Block("paragraph", text) for text in texts),
        comments=tuple(comments),
        images=(Image("https://gazette.example/pont.jpg"),),
        pages=pages or Pages(),
        date_modified=datetime(2026, 1, modified, tzinfo=UTC) if modified else None,
    )


def said(own: str, text: str, parent: str | None = None) -> Comment:
    return Comment(comment_id=own, text=text, position=0, parent_id=parent, author="Lectrice")


def test_headline_lede_and_furniture_of_later_pages_are_not_told_again() -> None:
    joined = join_pages(
        [
            told(LEDE, "Un.", FURNITURE, "Deux."),
            told(HEADLINE, LEDE, "Trois.", FURNITURE, "Quatre."),
            told(LEDE, "Cinq.", FURNITURE),
        ]
    )
    assert joined.article_body.split("\n\n") == [
        LEDE, "Un.", FURNITURE, "Deux.", "Trois.", "Quatre.", "Cinq.",
    ]  # fmt: skip
    assert [block.text for block in joined.blocks] == joined.article_body.split("\n\n")
    assert joined.images == (Image("https://gazette.example/pont.jpg"),)


def test_a_short_answer_may_be_given_on_two_pages() -> None:
    joined = join_pages([told("Vous y croyez ?", "Oui."), told("Et le maire ?", "Oui.", "Non.")])
    assert joined.article_body.split("\n\n") == [
        "Vous y croyez ?", "Oui.", "Et le maire ?", "Oui.", "Non.",
    ]  # fmt: skip


def test_comments_of_all_pages_are_kept_once_and_answer_whom_they_answered() -> None:
    answer = said("9", "À vous.", "7")
    pages = [
        told("Un.", comments=[said("1", "Enfin !"), said("2", "Oui.", "1")]),
        told("Deux.", comments=[said("7", "Enfin !"), said("1", "Un autre mot."), answer]),
    ]
    joined = join_pages(pages)
    assert [(c.comment_id, c.parent_id, c.position, c.text) for c in joined.comments] == [
        ("1", None, 0, "Enfin !"),
        ("2", "1", 1, "Oui."),
        ("1/2", None, 2, "Un autre mot."),
        ("9", "1", 3, "À vous."),
    ]
    assert joined.comment_count == 4


def test_the_newest_change_of_any_page_is_the_article_s() -> None:
    joined = join_pages([told("Un.", modified=3), told("Deux.", modified=5), told("Trois.")])
    assert joined.date_modified == datetime(2026, 1, 5, tzinfo=UTC)


def test_a_page_continues_the_article_whose_headline_it_bears_or_that_it_says_it_is_of() -> None:
    first = told("Un.")
    assert continues(first, told("Deux.", headline=f"{HEADLINE} – page 2"))
    assert continues(first, told("Deux.", headline="Les ânes", pages=Pages(first=first.url)))
    assert not continues(first, told("Deux.", headline="Le bac ferme pour de bon cet hiver"))


def test_a_page_that_says_the_same_again_adds_nothing() -> None:
    first = told(LEDE, "Un.", FURNITURE)
    assert not adds(first, told(LEDE, FURNITURE))
    assert adds(first, told(LEDE, "Deux.", FURNITURE))
