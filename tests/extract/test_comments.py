from __future__ import annotations

from crawler.extract.comments import read_discussion
from crawler.items import Comment
from tests.extract.pages import document, json_ld, page, structured


def comments(body: str, head: str = "") -> tuple[Comment, ...]:
    html = page(body, head)
    return read_discussion(document(html), structured(html), "fr").comments


def wordpress(number: int, author: str, text: str, replies: str = "") -> str:
    return (
        f'<li id="comment-{number}" class="comment byuser depth-1">'
        f'<div id="div-comment-{number}" class="comment-body">'
        f'<div class="comment-author vcard"><cite class="fn"><a href="#">{author}</a></cite>'
        f' <span class="says">dit :</span></div>'
        f'<div class="comment-meta commentmetadata"><a href="#">3 juin 2025 à 8 h 05</a></div>'
        f"<p>{text}</p><p>Et voilà.</p>"
        f'<div class="reply"><a href="#">Répondre</a></div></div>'
        f'<ul class="children">{replies}</ul></li>'
    )


def test_wordpress_comments_are_read_with_their_replies() -> None:
    reply = wordpress(12, "Bo", "Mais non.")
    found = comments(
        f'<ol class="commentlist">{wordpress(11, "Ann", "Bravo !", reply)}'
        f"{wordpress(13, 'Cy', 'Ah.')}</ol>"
    )
    assert [(c.comment_id, c.parent_id, c.author, c.text, c.position) for c in found] == [
        ("11", None, "Ann", "Bravo !\n\nEt voilà.", 0),
        ("12", "11", "Bo", "Mais non.\n\nEt voilà.", 1),
        ("13", None, "Cy", "Ah.\n\nEt voilà.", 2),
    ]
    assert found[0].date_created is not None
    assert found[0].date_created.isoformat() == "2025-06-03T08:05:00+00:00"


def test_microdata_comments_are_read_with_votes_and_their_own_ids() -> None:
    found = comments(
        '<div itemscope itemtype="https://schema.org/Comment" id="c7" >'
        '<span itemprop="author" itemscope><b itemprop="name">Ann</b></span>'
        '<meta itemprop="dateCreated" content="2025-06-03T08:05:00+02:00">'
        '<div itemprop="text">Bravo !</div><span itemprop="upvoteCount">4</span></div>'
    )
    assert len(found) == 1
    assert (found[0].comment_id, found[0].author, found[0].text, found[0].upvotes) == (
        "c7", "Ann", "Bravo !", 4,
    )  # fmt: skip


def test_json_ld_comments_serve_where_the_page_shows_none() -> None:
    found = comments(
        "",
        json_ld(
            '{"@type":"NewsArticle","comment":[{"@type":"Comment","@id":"u#comment-5",'
            '"text":"Un<br>deux",'
            '"author":{"name":"Ann"},"dateCreated":"2025-06-03","upvoteCount":2,'
            '"comment":{"@type":"Comment","@id":"u#comment-6","text":"Trois"}}]}'
        ),
    )
    assert [(c.comment_id, c.parent_id, c.text) for c in found] == [
        ("5", None, "Un\n\ndeux"),
        ("6", "5", "Trois"),
    ]
    assert (found[0].author, found[0].upvotes) == ("Ann", 2)


def test_ids_are_unique_on_the_page() -> None:
    bare = '<li class="comment"><div class="comment-text">{}</div></li>'
    found = comments("<ol>" + bare.format("Un.") + bare.format("Un.") + "</ol>")
    assert len({c.comment_id for c in found}) == len(found) == 2


def test_a_count_and_a_form_are_no_comments() -> None:
    assert not comments(
        '<div id="comments"><h2 class="comments-title">2 commentaires</h2><div id="respond" '
        'class="comment-respond"><form class="comment-form"><p class="comment-notes">Votre adresse '
        "ne sera pas publiée.</p></form></div></div>"
    )
