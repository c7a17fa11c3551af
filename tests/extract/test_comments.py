from __future__ import annotations

from crawler.extract.comments import read_discussion
from crawler.items import Comment
from tests.extract.pages import PROSE, document, json_ld, page, structured


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


def test_json_ld_comments_beside_the_article_name_what_they_answer() -> None:
    found = comments(
        "",
        json_ld(
            '{"@graph":[{"@type":"NewsArticle","headline":"Le pont"},'
            '{"@type":"Comment","@id":"u#comment-5","text":"Bravo !","author":{"name":"Ann"},'
            '"upvoteCount":"3"},'
            '{"@type":"Comment","@id":"u#comment-6","text":"Oui.","author":{"name":"Bo"},'
            '"parentItem":{"@type":"Comment","@id":"u#comment-5"}}]}'
        ),
    )
    assert [(c.comment_id, c.parent_id, c.author, c.upvotes) for c in found] == [
        ("5", None, "Ann", 3),
        ("6", "5", "Bo", None),
    ]


def test_pingbacks_are_no_reader_s_words() -> None:
    pingback = '<li class="pingback" id="comment-9"><p>Pingback : <a href="#">Un autre</a></p></li>'
    found = comments(f'<ol class="commentlist">{pingback}{wordpress(11, "Ann", "Bravo !")}</ol>')
    assert [c.author for c in found] == ["Ann"]


def test_related_articles_under_a_heading_for_comments_are_no_comments() -> None:
    teaser = (
        '<li><h4><a href="/2025/05/le-gue/">Le gué rouvre aussi</a></h4><span>Par Cy</span>'
        "<time>3 mai 2025</time><p>Le gué, lui, n’avait jamais fermé.</p></li>"
    )
    assert not comments(f"<h3>Commentaires</h3><ul>{teaser}{teaser}</ul>")


def test_a_widget_of_the_last_comments_of_other_articles_is_no_discussion() -> None:
    assert not comments(
        '<div class="widget widget_recent_comments"><h3>Commentaires récents</h3>'
        '<ul id="recentcomments"><li class="recentcomments"><span class="comment-author-link">Cy'
        '</span> dans <a href="/x/#comment-3">Le gué rouvre</a>, 3 mai 2025</li></ul></div>'
    )


def test_an_author_box_and_dated_paragraphs_are_no_comments() -> None:
    assert not comments(
        '<article><h1>Le pont</h1><p>Le 3 juin 2025, le pont a rouvert.</p><div class="author-box">'
        "<b>Ann</b><p>Ann écrit sur les ponts depuis le 3 mai 2011, et les passe à pied.</p></div>"
        "<h2>Commentaires</h2><p>Les commentaires sont fermés.</p></article>"
    )


def test_a_notice_to_log_in_is_no_comment() -> None:
    assert not comments(
        '<div class="comments"><div class="comment-box"><p class="comment-text">Connectez-vous '
        "pour participer à la discussion entre abonnés.</p></div></div>"
    )


def test_a_comment_that_waits_for_moderation_is_read_without_the_notice() -> None:
    found = comments(
        '<ol><li class="comment" id="comment-5"><cite class="fn">Ann</cite><em '
        'class="comment-awaiting-moderation">Votre commentaire est en attente de modération.</em>'
        "<p>Bravo !</p></li></ol>"
    )
    assert [(c.author, c.text) for c in found] == [("Ann", "Bravo !")]


def test_depth_classes_thread_a_flat_list() -> None:
    item = '<div id="comment-{}" class="comment depth-{}"><b class="fn">{}</b><p>{}</p></div>'
    found = comments(
        item.format(1, 1, "Ann", "Un.") + item.format(2, 2, "Bo", "Deux.")
        + item.format(3, 3, "Cy", "Trois.") + item.format(4, 2, "Di", "Quatre.")
    )  # fmt: skip
    assert [c.parent_id for c in found] == [None, "1", "2", "1"]


def test_a_theme_that_calls_its_page_by_a_comment_s_name_keeps_its_article() -> None:
    html = page(f'<div class="post-comments"><article><h1>Le pont</h1>{PROSE}</article></div>')
    assert not read_discussion(document(html), structured(html), "fr").elements


def test_a_typed_comment_inside_another_answers_it_without_any_list_between() -> None:
    typed = 'itemscope itemtype="https://schema.org/Comment"'
    answer = f'<div id="c2" {typed}><b itemprop="author">Bo</b><p itemprop="text">Si.</p></div>'
    found = comments(
        f'<section class="reader-comments"><div id="c1" itemprop="comment" {typed}>'
        f'<b itemprop="author">Al</b><p itemprop="text">Non.</p>{answer}</div></section>'
    )
    assert [(one.text, one.author, one.parent_id) for one in found] == [
        ("Non.", "Al", None),
        ("Si.", "Bo", "c1"),
    ]


def test_a_count_of_comments_above_the_story_does_not_make_it_one() -> None:
    html = page(
        '<h1>Le pont</h1><div class="count"><span>3</span><div class="label">commentaires</div>'
        '</div><div id="story"><div class="by"><a href="/u/7"><span class="avatar">Ann</span></a>'
        '<span class="author vcard"><a href="/u/7/posts">Ann Lebrun</a></span> '
        '<span class="updated" title="2025-06-03T08:05:00Z">3 juin 2025 à 8 h 05</span></div>'
        f'<div class="entry-content">{PROSE}</div></div>'
    )
    found = read_discussion(document(html), structured(html), "fr")
    assert found.comments == ()
    assert found.elements == frozenset()
